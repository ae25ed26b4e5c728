// @ts-check
/** The log of one's own decisions, newest first; each leads to its label. Undo and redo walk along it. */
import { freshKey } from "../api.js";
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
 */
/** @typedef {{id: number, kind: string, words: string, annotator: string, created_at: string, undone: boolean}} Batch many decisions made as one */

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
    const batches = await this.#batches();
    /** @type {[string, HTMLElement][]} */
    const steps = [...page.decisions.map(this.#step), ...batches.map(this.#bulk)];
    const rows = steps.sort(([one], [other]) => (one < other ? 1 : -1)).map(([, row]) => row);
    this.rows.replaceChildren(...(rows.length ? rows : [h("li", { class: "soft" }, text.noDecisions)]));
  }

  async #add() {
    const page = await this.#fetch(this.next);
    if (page) this.rows.append(...page.decisions.map((entry) => this.#step(entry)[1]));
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

  /** The bulk steps of this person; each is undone whole. @returns {Promise<Batch[]>} */
  async #batches() {
    const session = this.session();
    if (!session) return [];
    /** @type {Batch[]} */
    const all = await session.api.get(`/datasets/${session.dataset.id}/batches`).catch(() => []);
    return all.filter(({ annotator, kind }) => annotator === session.annotator() && kind !== "undo");
  }

  /** A decision, which leads to its label. @param {Entry} entry @returns {[string, HTMLElement]} when, and its row */
  #step = ({ label_id, label, clip, tagged, verdict, frame, decided_at, undone }) => {
    const words = `${decisionWords(verdict, (frame ?? tagged) - tagged)} · ${className(label)}`;
    const button = h("button", { type: "button", class: "entry", onclick: () => this.open(label_id) }, h("span", {}, words), h("small", {}, `${clip} · ${tagged} · ${clock(decided_at)}`));
    return [decided_at, h("li", { class: undone ? "undone" : "" }, button)];
  };

  /** A bulk step. @param {Batch} batch @returns {[string, HTMLElement]} when, and its row */
  #bulk = ({ id, words, created_at, undone }) => {
    const undo = undone ? null : h("button", { type: "button", class: "small", onclick: () => this.#takeBack(id) }, text.undo);
    return [created_at, h("li", { class: "bulk" }, h("span", { class: undone ? "undone" : "" }, `${words} · ${clock(created_at)}`), undo)];
  };

  /** @param {number} batch_id */
  async #takeBack(batch_id) {
    const session = this.session();
    const answer = await session?.api.post(`/batches/${batch_id}/undo`, { key: freshKey(), annotator: session.annotator() }).catch((/** @type {Error} */ error) => error);
    if (answer instanceof Error) this.rows.prepend(h("li", { class: "problem" }, answer.message));
    else await this.load();
  }
}
