// @ts-check
/** The small dialog that asks where the videos of a dataset are now, and has them looked for. */
import { Refused } from "../api.js";
import { h, say } from "../dom.js";
import { text } from "../strings.js";
import { moving } from "../strings/review.js";

/** @typedef {import("../api.js").Api} Api */
/** @typedef {{state: import("../api.js").State, note: string, error: string | null, result: {words: string, found: number} | null}} Job */

const LOOK_MS = 500;
const ENDED = new Set(["done", "failed", "stopped"]);

export class Moved {
  #busy = false;

  /** @param {() => {api: Api, dataset_id: number} | null} where @param {() => void} found something was found again */
  constructor(where, found) {
    this.where = where;
    this.found = found;
    this.field = h("input", { type: "text", required: true, autocomplete: "off", spellcheck: "false" });
    this.said = h("p", { class: "said", role: "status" });
    const look = h("button", { class: "action main" }, moving.look);
    const close = h("button", { type: "button", class: "action", onclick: () => this.#close() }, text.close);
    const form = h("form", { method: "dialog" }, h("p", {}, moving.why), h("label", { class: "name" }, moving.folder, this.field), this.said, h("div", { class: "buttons" }, look, close));
    this.element = h("dialog", { class: "guide finder", "aria-label": moving.title }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#look();
    });
    this.element.addEventListener("keydown", (event) => event.stopPropagation());
  }

  open() {
    say(this.said, "");
    this.element.showModal();
    this.field.focus();
  }

  async #look() {
    const where = this.where();
    if (this.#busy || !where) return;
    this.#busy = true;
    try {
      const { job_id } = await where.api.post(`/datasets/${where.dataset_id}/relink`, { media: this.field.value.trim() });
      await this.#follow(where.api, job_id);
    } catch (error) {
      say(this.said, error instanceof Refused ? error.message : text.failed);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {Api} api @param {number} job_id */
  async #follow(api, job_id) {
    for (;;) {
      /** @type {Job} */
      const job = await api.get(`/jobs/${job_id}`);
      say(this.said, job.result?.words ?? job.error ?? (job.note || moving.waits));
      if (job.result?.found) this.found();
      if (ENDED.has(job.state)) return;
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }

  #close() {
    this.field.blur();
    this.element.close();
  }
}
