// @ts-check
/** The log of one's own decisions, newest first; each leads to its label. Undo and redo walk along it. */
import { h } from "../dom.js";
import { className, clock, decisionWords, text } from "../strings.js";

/**
 * @typedef {object} Entry
 * @property {number} id
 * @property {number} label_id
 * @property {string} label
 * @property {string} clip
 * @property {number} tagged
 * @property {import("../api.js").Verdict} verdict
 * @property {number | null} frame
 * @property {string} decided_at
 * @property {boolean} undone
 * @property {number} labels how many labels the step covers: more than one for a bulk step
 */

export class Log {
  #asked = 0;

  /** @param {() => import("./session.js").Session | null} session @param {(label_id: number) => void} open */
  constructor(session, open) {
    this.session = session;
    this.open = open;
    this.rows = h("ol", { class: "rows" });
    this.more = h("button", { type: "button", class: "small", hidden: true, onclick: () => this.#add() }, text.earlierDecisions);
    this.element = h("div", { class: "page" }, this.rows, this.more);
    /** @type {number | null} */
    this.next = null;
  }

  /** Shows the newest decisions. */
  async load() {
    const page = await this.#fetch(null);
    if (!page) return;
    const rows = page.decisions.map((entry) => this.#row(entry));
    this.rows.replaceChildren(...(rows.length ? rows : [h("li", { class: "soft" }, text.noDecisions)]));
  }

  async #add() {
    const page = await this.#fetch(this.next);
    if (page) this.rows.append(...page.decisions.map((entry) => this.#row(entry)));
  }

  /** @param {number | null} before @returns {Promise<{decisions: Entry[], next: number | null} | null>} */
  async #fetch(before) {
    const asked = ++this.#asked;
    const session = this.session();
    if (!session) return null;
    const query = { annotator: session.annotator(), before };
    const page = await session.api.get(`/datasets/${session.dataset.id}/decisions`, query).catch(() => null);
    if (!page || asked !== this.#asked) return null;
    this.next = page.next;
    this.more.hidden = page.next === null;
    return page;
  }

  /** @param {Entry} entry */
  #row({ label_id, label, clip, tagged, verdict, frame, decided_at, undone, labels }) {
    const words = decisionWords(verdict, (frame ?? tagged) - tagged);
    const what = labels > 1 ? text.bulkStep(words, labels) : `${words} · ${className(label)}`;
    const button = h("button", { type: "button", class: "entry", onclick: () => this.open(label_id) }, h("span", {}, what), h("small", {}, `${clip} · ${tagged} · ${clock(decided_at)}`));
    return h("li", { class: undone ? "undone" : "" }, button);
  }
}
