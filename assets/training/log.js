// @ts-check
/** What the log says about the run that is shown, read when it is opened. */
import { h, say } from "../dom.js";
import { words } from "../strings/training.js";

const LINES = 200;

export class RunLog {
  #text = h("pre", { class: "log", tabindex: "0", role: "region", "aria-label": words.log });

  /** @param {() => import("../api.js").Api} api @param {() => number | null} run */
  constructor(api, run) {
    this.element = h("details", {}, h("summary", {}, words.log), this.#text);
    this.element.addEventListener("toggle", () => this.element.open && this.#read(api(), run()));
  }

  /** @param {import("../api.js").Api} api @param {number | null} run */
  async #read(api, run) {
    try {
      const { lines } = await api.get(`/runs/${run}/log`, { lines: LINES });
      say(this.#text, lines.join("\n") || words.noLog);
      this.#text.scrollTop = this.#text.scrollHeight;
    } catch (error) {
      say(this.#text, String(error));
    }
  }
}
