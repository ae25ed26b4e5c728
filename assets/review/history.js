// @ts-check
/** Every decision about one label, oldest first, those that were taken back too. */
import { h } from "../dom.js";
import { text } from "../strings.js";
import { decided } from "./trust.js";

/** @typedef {import("../api.js").Item} Item */

export class History {
  #asked = 0;

  /** @param {() => import("./session.js").Session | null} session */
  constructor(session) {
    this.session = session;
    this.rows = h("ol", { class: "rows" });
    this.element = h("div", { class: "page" }, this.rows);
  }

  /** @param {Item} item */
  async load(item) {
    const asked = ++this.#asked;
    const tagged = h("li", {}, text.taggedAt(item.frame));
    /** @type {(import("../api.js").Decision & {undoes: number | null})[]} */
    const rows = (await this.session()?.api.get(`/labels/${item.label_id}/history`).catch(() => [])) ?? [];
    if (asked !== this.#asked) return;
    const gone = new Set(rows.map(({ undoes }) => undoes));
    const lines = rows.map((row) => {
      const words = row.undoes === null ? decided(row, item.frame) : text.tookBack(row.annotator, row.decided_at);
      return h("li", { class: gone.has(Number(row.id)) ? "undone" : "" }, words);
    });
    this.rows.replaceChildren(tagged, ...(rows.length ? lines : [h("li", { class: "soft" }, text.noDecisionYet)]));
  }
}
