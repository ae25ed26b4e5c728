// @ts-check
/** One person's way through a queue: what is on the screen, what comes next, what was decided. No DOM. */
import { Refused } from "../api.js";
import { Journal } from "./journal.js";
import { Outbox } from "./outbox.js";

/** @typedef {import("../api.js").Item} Item */
/** @typedef {import("../api.js").Verdict} Verdict */
/** @typedef {import("./journal.js").Done} Done */
/** @typedef {{queue: string, label: string, clip: number | null}} Filter `label`: a class, or "" for all */

const AHEAD = 10;
const FIRST_PAGE = 6;
const PAGE = 20;
const BEHIND = 200;
const COUNTED = new Set(["accept", "keep", "set", "relabel", "remove"]);
const SETTLED = new Set([...COUNTED, "flag"]);

/** What is asked for of a queue: a short page first. @param {Filter} filter @param {string} annotator @param {string | number | null} after */
export const queueQuery = ({ queue, label, clip }, annotator, after) => ({ queue, class: label, clip, after, limit: after === null ? FIRST_PAGE : PAGE, annotator });

/** A label that is not there is no reason to show nothing. @param {unknown} error */
const unknown = (error) => (error instanceof Refused && error.status === 404 ? null : Promise.reject(error));

/**
 * Fires `move` (another label is current), `fresh` (the same one, with news), `more` (labels ahead), `tally` (counts
 * changed), `saved` {at}, `notice` {kind, words, label_id, mine, theirs}.
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
  /** Clips that this sitting leaves out, because their pictures cannot be shown. @type {Set<number>} */
  without = new Set();
  journal = new Journal(this);
  /** @type {string | number | null} */
  #next = null;
  #ended = false;
  #started = false;
  /** @type {Promise<void> | null} */
  #filling = null;

  /**
   * @param {import("../api.js").Api} api
   * @param {import("../api.js").Dataset} dataset
   * @param {Filter} filter
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

  /** Loads the first labels; `label_id` goes before them. @param {number | null} label_id */
  async start(label_id) {
    this.outbox.send();
    const asking = label_id === null ? null : this.api.get(`/labels/${label_id}`).catch(unknown);
    const [asked] = await Promise.all([asking, this.fill()]);
    const ours = asked?.dataset_id === this.dataset.id;
    if (ours) this.#insert(asked);
    this.#started = true;
    this.#moved();
    if (label_id !== null && !ours) this.#notice({ kind: "other dataset", words: "", label_id });
  }

  close() {
    this.outbox.close();
  }

  /** There are newer suggestions: takes the labels ahead anew, and the current one if it had none. @param {Item} fresh the current one, as it is now */
  async renew(fresh) {
    if (!this.current?.suggestion) this.items[this.index] = fresh;
    this.items.length = this.index + 1;
    this.#next = null;
    this.#ended = false;
    await this.fill();
    if (fresh === this.current) this.dispatchEvent(new Event("fresh"));
  }

  /** Asks for more labels when fewer than `AHEAD` are left; rejects when the server does not answer. */
  fill() {
    if (this.#ended || this.items.length - this.index > AHEAD) return Promise.resolve();
    return this.#fetch();
  }

  /** Decides the current label and moves on. @param {Verdict} verdict @param {number | null} frame @param {string | null} label another class, to relabel */
  decide(verdict, frame, label) {
    const item = this.current;
    if (!item) return;
    this.journal.settle();
    this.carry(item, { label_id: item.label_id, verdict, frame, label });
    this.step(1);
  }

  /** Moves without deciding. @param {1 | -1} step @returns {boolean} false at either end */
  browse(step) {
    if (!this.items[this.index + step]) return false;
    this.step(step);
    return true;
  }

  /** Goes on to the next label that nobody has settled. @returns {Promise<boolean>} false when there is none ahead */
  async nextUndecided() {
    for (let at = this.index + 1; ; at++) {
      while (at >= this.items.length && !this.#ended) await this.#fetch();
      const item = this.items[at];
      if (!item) return false;
      if (item.decision && SETTLED.has(item.decision.verdict)) continue;
      this.step(at - this.index);
      return true;
    }
  }

  /** Leaves the clip of the current label out of this sitting; nothing is decided. */
  leaveClip() {
    const clip = this.current?.clip_id;
    if (clip === undefined) return;
    this.without.add(clip);
    const behind = this.items.slice(0, this.index).filter(({ clip_id }) => clip_id !== clip);
    const ahead = this.items.slice(this.index).filter(({ clip_id }) => clip_id !== clip);
    this.items = [...behind, ...ahead];
    this.index = behind.length;
    this.#moved();
  }

  /** Somebody else decided meanwhile: this decision holds all the same. @param {import("./outbox.js").Letter} letter @param {Item} theirs */
  insist({ kind, path, body, label_id }, theirs) {
    const { verdict, frame } = /** @type {Done} */ (/** @type {unknown} */ (body));
    this.outbox.put({ kind, path, body: { ...body, seen: theirs.decision?.id ?? 0 }, label_id });
    this.adopt({ ...theirs, decision: { verdict, frame, annotator: this.annotator(), decided_at: new Date().toISOString() } });
  }

  /** Takes over what the server says of a label. @param {Item} item */
  adopt(item) {
    const at = this.items.findIndex(({ label_id }) => label_id === item.label_id);
    if (at < 0) return;
    this.items[at] = item;
    if (at === this.index) this.#moved();
  }

  /** Shows this label, undecided. @param {number} label_id @returns {Promise<boolean>} */
  async goTo(label_id) {
    const at = this.items.findIndex((item) => item.label_id === label_id);
    if (at < 0) this.#insert(await this.api.get(`/labels/${label_id}`));
    else this.index = at;
    this.skipped.delete(label_id);
    if (this.current) this.current.decision = null;
    this.#moved();
    return true;
  }

  /** Shows this item, as it is. @param {Item} item */
  show(item) {
    this.#insert(item);
    this.#moved();
  }

  /** Decides a label and lets the server know. @param {Item} item @param {Done} done */
  carry(item, done) {
    const { label_id, verdict, frame, label } = done;
    const seen = item.decision?.id ?? 0;
    const body = { label_id, verdict, frame, label, suggestion_id: item.suggestion?.id ?? null, annotator: this.annotator(), seen };
    this.mark(item, done);
    this.outbox.put({ kind: "decision", path: "/decisions", body, label_id });
  }

  /** Shows a label as decided. @param {Item} item @param {Done} done */
  mark(item, done) {
    const { verdict, frame } = done;
    item.decision = { id: item.decision?.id, verdict, frame, annotator: this.annotator(), decided_at: new Date().toISOString() };
    if (verdict === "skip") this.skipped.add(item.label_id);
    else this.skipped.delete(item.label_id);
    this.journal.add(done);
  }

  /** @param {number} by */
  step(by) {
    this.index = Math.max(0, this.index + by);
    if (this.index > 2 * BEHIND) this.#forget();
    this.#moved();
  }

  /** @param {import("../api.js").Tally | undefined} tally */
  count(tally) {
    if (tally) this.tally = tally;
    this.dispatchEvent(new Event("tally"));
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

  /** A long sitting must not fill the memory: `undo` asks the server for what is gone. */
  #forget() {
    const surplus = this.index - BEHIND;
    this.items.splice(0, surplus);
    this.index -= surplus;
    this.gone += surplus;
  }

  #moved() {
    this.dispatchEvent(new Event("move"));
    this.fill().catch(() => undefined);
  }

  #fetch() {
    this.#filling ??= this.#fetchPage().finally(() => (this.#filling = null));
    return this.#filling;
  }

  /** @returns {Promise<void>} once there are new labels, or no more */
  async #fetchPage() {
    const query = queueQuery(this.filter, this.annotator(), this.#next);
    /** @type {import("../api.js").QueuePage} */
    const page = await this.api.get(`/datasets/${this.dataset.id}/queue`, query);
    const known = new Set(this.items.map(({ label_id }) => label_id));
    const wanted = this.#started && this.current === null;
    const fresh = page.items.filter(({ label_id, clip_id }) => !known.has(label_id) && !this.without.has(clip_id));
    this.items.push(...fresh);
    this.#next = page.next;
    this.#ended = page.next === null || page.items.length === 0;
    this.count(page.progress);
    if (!fresh.length && !this.#ended) return this.#fetchPage();
    this.dispatchEvent(new Event(wanted && this.current ? "move" : "more"));
  }

  /** @param {{letter: import("./outbox.js").Letter, answer: any}} detail */
  #sent({ letter, answer }) {
    this.count(answer.progress);
    if (answer.saved_at) this.dispatchEvent(new CustomEvent("saved", { detail: { at: answer.saved_at } }));
    if (letter.kind !== "decision" && answer.label_id !== letter.label_id) return this.#surprise(letter.kind, answer);
    const item = this.items.find(({ label_id }) => label_id === letter.label_id);
    if (item?.decision && letter.kind === "decision") item.decision.id = answer.decision_id;
  }

  /** The server undid another decision than the one shown here: go to it. @param {string} kind @param {any} answer */
  #surprise(kind, answer) {
    if (answer.item) this.show(answer.item);
    this.#notice({ kind: answer.item ? "elsewhere" : `nothing to ${kind}`, words: "", label_id: answer.label_id });
  }

  /** @param {{letter: import("./outbox.js").Letter, error: import("../api.js").Refused}} detail */
  #refused({ letter, error }) {
    const item = this.items.find(({ label_id }) => label_id === letter.label_id);
    if (item && letter.kind === "decision") item.decision = null;
    if (letter.kind === "decision") this.journal.drop(Number(letter.label_id));
    const kind = error.status === 409 ? "conflict" : "refused";
    this.#notice({ kind, words: error.message, label_id: letter.label_id, letter });
  }

  /** @param {{kind: string, words: string, label_id: number | null, letter?: import("./outbox.js").Letter}} detail */
  #notice(detail) {
    this.dispatchEvent(new CustomEvent("notice", { detail }));
  }
}
