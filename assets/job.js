// @ts-check
/** <respot-job job="12">: one piece of background work: how far it is, what it found, and a button to stop it. */
import { Api } from "./api.js";
import { h, say } from "./dom.js";
import { duration, percent } from "./strings.js";
import { words } from "./strings/job.js";
import { followTheme, styled } from "./theme.js";

/**
 * @typedef {{level: "fixed" | "refused" | "noted", clip: string, event: number | null, message: string}} Finding
 * @typedef {object} Job
 * @property {number} id
 * @property {string} kind
 * @property {string} state
 * @property {number} done
 * @property {number} total
 * @property {string} note
 * @property {string | null} error
 * @property {number | null} seconds_left
 * @property {{dataset_id?: number, clips?: number, labels?: number, report?: Finding[]} | null} result
 */

const POLL_MS = 1000;
const OVER = new Set(["done", "failed", "stopped"]);
const SHOWN = 200;

/** Fires `finished` {id, kind, state, dataset_id} once when the job it watches is over. */
export class RespotJob extends HTMLElement {
  static observedAttributes = ["job"];
  #api = new Api("/api/v1");
  #root = this.attachShadow({ mode: "open" });
  #closing = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = 0;

  #state = h("strong", { role: "status" });
  #note = h("span", { class: "note" });
  #left = h("span", { class: "left" });
  #bar = h("progress", { max: "1", "aria-label": words.progress });
  #stop = h("button", { type: "button", onclick: () => this.#askToStop() }, words.stop);
  #report = h("div", { class: "report" });
  #box = h(
    "section",
    { hidden: true },
    h("div", { class: "line" }, this.#state, this.#note, this.#left, this.#stop),
    this.#bar,
    this.#report,
  );

  connectedCallback() {
    this.#closing = new AbortController();
    if (!this.#box.isConnected) {
      this.#root.append(this.#box);
      styled(this.#root, ["job.css"]);
    }
    followTheme(this, this.#closing.signal);
    const { signal } = this.#closing;
    document.addEventListener("visibilitychange", () => this.#watch(), { signal });
    this.#watch();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#closing.abort();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#watch();
  }

  /** Asks about the job now, and again each second while it lasts and the page can be seen. */
  async #watch() {
    clearTimeout(this.#timer);
    const id = this.getAttribute("job");
    this.#box.hidden = !id;
    if (!id || document.hidden) return;
    const asked = ++this.#asked;
    try {
      const job = /** @type {Job} */ (await this.#api.get(`/jobs/${id}`));
      if (asked !== this.#asked) return;
      this.#show(job);
      if (OVER.has(job.state)) return this.#finished(job);
    } catch {
      say(this.#note, words.away);
    }
    if (asked === this.#asked) this.#timer = setTimeout(() => this.#watch(), POLL_MS);
  }

  async #askToStop() {
    await this.#api.post(`/jobs/${this.getAttribute("job")}/stop`).catch(() => undefined);
    this.#watch();
  }

  /** @param {Job} job */
  #finished(job) {
    if (this.dataset.told === String(job.id)) return;
    this.dataset.told = String(job.id);
    const detail = { id: job.id, kind: job.kind, state: job.state, dataset_id: job.result?.dataset_id ?? null };
    this.dispatchEvent(new CustomEvent("finished", { detail }));
  }

  /** @param {Job} job */
  #show(job) {
    this.#box.dataset.state = job.state;
    say(this.#state, words.states[job.state] ?? job.state);
    say(this.#note, job.error ?? job.note);
    say(this.#left, job.seconds_left ? words.left(duration(job.seconds_left)) : "");
    this.#stop.hidden = OVER.has(job.state);
    this.#bar.hidden = OVER.has(job.state);
    if (job.total > 0) this.#bar.value = job.done / job.total;
    else this.#bar.removeAttribute("value");
    this.#bar.title = job.total > 0 ? percent(job.done / job.total) : "";
    this.#report.replaceChildren(...(job.result?.report ? reported(job.result.report) : []));
  }
}

/** @param {Finding[]} report @returns {Node[]} */
function reported(report) {
  const order = ["refused", "fixed", "noted"];
  const sorted = [...report].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  if (!sorted.length) return [h("p", {}, words.clean)];
  const rows = sorted.slice(0, SHOWN).map(({ level, clip, event, message }) =>
    h("tr", {}, h("td", { class: level }, words.levels[level]), h("td", {}, place(clip, event)), h("td", {}, message)),
  );
  const more = sorted.length - rows.length;
  return [
    h("table", {}, h("thead", {}, h("tr", {}, ...words.columns.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, ...rows)),
    h("p", {}, more > 0 ? words.more(more) : ""),
  ];
}

/** @param {string} clip @param {number | null} event */
const place = (clip, event) => (event === null ? clip : words.event(clip, event));

customElements.define("respot-job", RespotJob);
