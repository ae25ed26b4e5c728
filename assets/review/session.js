// @ts-check
/** One person's way through a queue: what is on the screen, what comes next, what was decided. No DOM. */
import { freshKey } from "../api.js";
import { Outbox } from "./outbox.js";

/** @typedef {import("../api.js").Item} Item */
/** @typedef {import("../api.js").Verdict} Verdict */
/** @typedef {{label_id: number, verdict: Verdict, frame: number | null}} Done */
/** @typedef {Done & {recalled: boolean}} Undone `recalled`: the server never had it */

const AHEAD = 10;
const PAGE = 20;
const BEHIND = 200;
const COUNTED = new Set(["accept", "keep", "set", "remove"]);

/**
 * Fires `move` (another label is current), `fresh` (the same one, with news), `more` (labels ahead), `tally` (counts changed), `saved` {at}, `notice` {kind, words, label_id}.
 */
export class Session extends EventTarget {
  /** @type {Item[]} */
  items = [];
  index = 0;
  /** Labels seen before the first of `items`. */
  gone = 0;
  /** @type {import("../api.js").Tally} */
  tally = { total: 0, decided: 0 };
  /** Labels skipped in this sitting and not decided since. @type {Set<number>} */
  skipped = new Set();
  /** @type {Done[]} */
  #done = [];
  /** @type {Undone[]} */
  #undone = [];
  /** Undone decisions of an earlier sitting: the server knows which. */
  #undoneElsewhere = 0;
  /** @type {string | number | null} */
  #next = null;
  #ended = false;
  #started = false;
  /** @type {Promise<void> | null} */
  #filling = null;

  /**
   * @param {import("../api.js").Api} api
   * @param {import("../api.js").Dataset} dataset
   * @param {{queue: string, label: string}} filter
   * @param {() => string} annotator
   */
  constructor(api, dataset, filter, annotator) {
    super();
    this.api = api;
    this.dataset = dataset;
    this.filter = filter;
    this.annotator = annotator;
    this.outbox = new Outbox(api, `${dataset.id}.${dataset.created_at ?? dataset.name}`);
    this.outbox.addEventListener("sent", (event) => this.#sent(/** @type {CustomEvent} */ (event).detail));
    this.outbox.addEventListener("refused", (event) => this.#refused(/** @type {CustomEvent} */ (event).detail));
  }

  /** @returns {Item | null} */
  get current() {
    return this.items[this.index] ?? null;
  }

  /** The next labels in the order in which they will be shown. */
  get upcoming() {
    return this.items.slice(this.index + 1, this.index + 1 + AHEAD);
  }

  /** Decided as far as this person sees: what the server counts, and what is on its way. */
  get decided() {
    const waiting = this.outbox.letters().filter(({ kind, body }) => kind === "decision" && COUNTED.has(String(body.verdict)));
    return Math.min(this.tally.total, this.tally.decided + waiting.length);
  }

  get left() {
    return Math.max(0, this.tally.total - this.decided);
  }

  /** Whether the server has no more labels for this queue. */
  get ended() {
    return this.#ended;
  }

  get canUndo() {
    return this.#done.length > 0 || this.tally.decided > 0;
  }

  get canRedo() {
    return this.#undone.length + this.#undoneElsewhere > 0;
  }

  /** Loads the first labels; `label_id` goes before them. @param {number | null} label_id */
  async start(label_id) {
    this.outbox.send();
    const [asked] = await Promise.all([label_id === null ? null : this.api.get(`/labels/${label_id}`), this.fill()]);
    if (asked) this.#insert(asked);
    this.#started = true;
    this.#moved();
  }

  close() {
    this.outbox.close();
  }

  /** Looks for a suggestion that was not there, or only provisional, and takes the labels ahead anew if there is. */
  async refresh() {
    const item = this.current;
    if (!item || (item.suggestion && !item.suggestion.provisional)) return;
    const fresh = await this.api.get(`/labels/${item.label_id}`);
    if (item !== this.current || fresh.suggestion?.id === item.suggestion?.id) return;
    if (!item.suggestion) this.items[this.index] = fresh;
    this.items.length = this.index + 1;
    this.#next = null;
    this.#ended = false;
    await this.fill();
    if (fresh === this.current) this.dispatchEvent(new Event("fresh"));
  }

  /** Asks for more labels when fewer than `AHEAD` are left; rejects when the server does not answer. */
  fill() {
    if (this.#ended || this.items.length - this.index > AHEAD) return Promise.resolve();
    this.#filling ??= this.#fetchPage().finally(() => (this.#filling = null));
    return this.#filling;
  }

  /** Decides the current label and moves on. @param {Verdict} verdict @param {number | null} frame */
  decide(verdict, frame) {
    const item = this.current;
    if (!item) return;
    this.#undone.length = this.#undoneElsewhere = 0;
    this.#carry(item, { label_id: item.label_id, verdict, frame });
    this.#step(1);
  }

  /** Moves without deciding. @param {1 | -1} step @returns {boolean} false at either end */
  browse(step) {
    if (!this.items[this.index + step]) return false;
    this.#step(step);
    return true;
  }

  /** Takes the last decision back and returns to its label. @returns {Promise<boolean>} false when there is none */
  async undo() {
    const done = this.#done.pop();
    const recalled = this.outbox.takeBack();
    if (recalled) {
      const { verdict, frame } = /** @type {Done} */ (/** @type {unknown} */ (recalled.body));
      this.#undone.push({ label_id: Number(recalled.label_id), verdict, frame, recalled: true });
      return this.#goTo(Number(recalled.label_id));
    }
    if (!done) return this.#ask("undo");
    this.#undone.push({ ...done, recalled: false });
    this.#write("undo", done.label_id);
    return this.#goTo(done.label_id);
  }

  /** Makes the last undone decision again and moves on. @returns {Promise<boolean>} false when there is none */
  async redo() {
    const undone = this.#undoneElsewhere ? null : this.#undone.pop();
    if (!undone) return this.#ask("redo");
    const { recalled, ...done } = undone;
    await this.#goTo(done.label_id);
    const item = this.current;
    if (!item) return false;
    if (recalled) this.#carry(item, done);
    else {
      this.#mark(item, done);
      this.#write("redo", done.label_id);
    }
    this.#step(1);
    return true;
  }

  /** Shows this label. @param {number} label_id @returns {Promise<boolean>} */
  async #goTo(label_id) {
    const at = this.items.findIndex((item) => item.label_id === label_id);
    if (at < 0) this.#insert(await this.api.get(`/labels/${label_id}`));
    else this.index = at;
    this.skipped.delete(label_id);
    if (this.current) this.current.decision = null;
    this.#moved();
    return true;
  }

  /** Puts an item where we are, or goes to it. @param {Item} item */
  #insert(item) {
    const at = this.items.findIndex(({ label_id }) => label_id === item.label_id);
    if (at < 0) this.items.splice(this.index, 0, item);
    else {
      this.items[at] = item;
      this.index = at;
    }
  }

  /** @param {Item} item @param {Done} done */
  #carry(item, done) {
    const { label_id, verdict, frame } = done;
    const body = { label_id, verdict, frame, suggestion_id: item.suggestion?.id ?? null, annotator: this.annotator() };
    this.#mark(item, done);
    this.outbox.put({ kind: "decision", path: "/decisions", body, label_id });
  }

  /** @param {Item} item @param {Done} done */
  #mark(item, done) {
    const { verdict, frame } = done;
    item.decision = { verdict, frame, annotator: this.annotator(), decided_at: new Date().toISOString() };
    if (verdict === "skip") this.skipped.add(item.label_id);
    else this.skipped.delete(item.label_id);
    this.#done.push(done);
  }

  /** @param {"undo" | "redo"} kind @param {number} label_id */
  #write(kind, label_id) {
    this.outbox.put({ kind, path: `/datasets/${this.dataset.id}/${kind}`, body: { annotator: this.annotator() }, label_id });
  }

  /** For decisions of an earlier sitting, which only the server knows. @param {"undo" | "redo"} kind */
  async #ask(kind) {
    const path = `/datasets/${this.dataset.id}/${kind}`;
    const answer = await this.api.post(path, { key: freshKey(), annotator: this.annotator() });
    this.#count(answer.progress);
    if (answer.label_id === null) return false;
    this.#undoneElsewhere = Math.max(0, this.#undoneElsewhere + (kind === "undo" ? 1 : -1));
    this.#insert(answer.item ?? (await this.api.get(`/labels/${answer.label_id}`)));
    this.#moved();
    return true;
  }

  /** @param {number} by */
  #step(by) {
    this.index = Math.max(0, this.index + by);
    if (this.index > 2 * BEHIND) this.#forget();
    this.#moved();
  }

  /** A long sitting must not fill the memory: `undo` asks the server for what is gone. */
  #forget() {
    this.items.splice(0, BEHIND);
    this.index -= BEHIND;
    this.gone += BEHIND;
  }

  #moved() {
    this.dispatchEvent(new Event("move"));
    this.fill().catch(() => undefined);
  }

  async #fetchPage() {
    const { queue, label } = this.filter;
    const query = { queue, class: label, after: this.#next, limit: PAGE, annotator: this.annotator() };
    /** @type {import("../api.js").QueuePage} */
    const page = await this.api.get(`/datasets/${this.dataset.id}/queue`, query);
    const known = new Set(this.items.map(({ label_id }) => label_id));
    const wanted = this.#started && this.current === null;
    this.items.push(...page.items.filter(({ label_id }) => !known.has(label_id)));
    this.#next = page.next;
    this.#ended = page.next === null || page.items.length === 0;
    this.#count(page.progress);
    this.dispatchEvent(new Event(wanted && this.current ? "move" : "more"));
  }

  /** @param {import("../api.js").Tally | undefined} tally */
  #count(tally) {
    if (tally) this.tally = tally;
    this.dispatchEvent(new Event("tally"));
  }

  /** @param {{letter: import("./outbox.js").Letter, answer: any}} detail */
  #sent({ letter, answer }) {
    this.#count(answer.progress);
    if (answer.saved_at) this.dispatchEvent(new CustomEvent("saved", { detail: { at: answer.saved_at } }));
    if (letter.kind !== "decision" && answer.label_id !== letter.label_id) this.#surprise(letter.kind, answer);
  }

  /** The server undid another decision than the one shown here: go to it. @param {string} kind @param {any} answer */
  #surprise(kind, answer) {
    if (answer.item) {
      this.#insert(answer.item);
      this.#moved();
    }
    this.#notice({ kind: answer.item ? "elsewhere" : `nothing to ${kind}`, words: "", label_id: answer.label_id });
  }

  /** @param {{letter: import("./outbox.js").Letter, error: import("../api.js").Refused}} detail */
  #refused({ letter, error }) {
    const item = this.items.find(({ label_id }) => label_id === letter.label_id);
    if (item && letter.kind === "decision") item.decision = null;
    const at = this.#done.findLastIndex(({ label_id }) => label_id === letter.label_id);
    if (at >= 0 && letter.kind === "decision") this.#done.splice(at, 1);
    const kind = error.status === 409 ? "conflict" : "refused";
    this.#notice({ kind, words: error.message, label_id: letter.label_id });
  }

  /** @param {{kind: string, words: string, label_id: number | null}} detail */
  #notice(detail) {
    this.dispatchEvent(new CustomEvent("notice", { detail }));
  }
}
