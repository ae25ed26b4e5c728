// @ts-check
/** The labels of a queue, read page by page as somebody walks along it. No DOM. */

/** @typedef {import("../api.js").Item} Item */
/** @typedef {{queue: string, label: string, clip: number | null, reason: string}} Filter `label`: a class, `reason`: why it was flagged; "" for all */

const AHEAD = 10;
const FIRST_PAGE = 6;
const PAGE = 20;
const BEHIND = 200;
const SETTLED = new Set(["accept", "keep", "set", "relabel", "remove", "flag"]);

/** What is asked for of a queue: a short page first. @param {Filter} filter @param {string} annotator @param {string | number | null} after */
export const queueQuery = ({ queue, label, clip, reason }, annotator, after) => ({ queue, class: label, clip, reason, after, limit: after === null ? FIRST_PAGE : PAGE, annotator });

/** Fires `move` (another label is current), `fresh` (the same one, with news), `more` (labels ahead), `tally` (counts changed). */
export class Queue extends EventTarget {
  /** @type {Item[]} */
  items = [];
  index = 0;
  /** Labels seen before the first of `items`. */
  gone = 0;
  /** Labels in the queue when it was opened; 0 while unknown. */
  size = 0;
  /** @type {import("../api.js").Tally} */
  tally = { total: 0, decided: 0 };
  /** Clips that this sitting leaves out, because their pictures cannot be shown. @type {Set<number>} */
  without = new Set();
  /** Whether the first label was shown. */
  started = false;
  /** @type {string | number | null} */
  #next = null;
  #ended = false;
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
  }

  /** @returns {Item | null} */
  get current() {
    return this.items[this.index] ?? null;
  }

  /** The next labels in the order in which they will be shown. */
  get upcoming() {
    return this.items.slice(this.index + 1, this.index + 1 + AHEAD);
  }

  /** Whether the server has no more labels for this queue. */
  get ended() {
    return this.#ended;
  }

  /** The place of the current label, from 1, and how many labels there are. @returns {[number, number]} */
  get place() {
    const place = this.gone + this.index + 1;
    return [place, Math.max(place, this.size)];
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
    this.moved();
  }

  /** Shows this item, as it is. @param {Item} item */
  show(item) {
    this.insert(item);
    this.moved();
  }

  /** @param {number} by */
  step(by) {
    this.index = Math.max(0, this.index + by);
    if (this.index > 2 * BEHIND) this.#forget();
    this.moved();
  }

  /** @param {import("../api.js").Tally | undefined} tally */
  count(tally) {
    if (tally) this.tally = tally;
    this.dispatchEvent(new Event("tally"));
  }

  /** Puts an item where we are, or goes to it. @param {Item} item */
  insert(item) {
    const at = this.items.findIndex(({ label_id }) => label_id === item.label_id);
    if (at < 0) this.items.splice(this.index, 0, item);
    else {
      this.items[at] = item;
      this.index = at;
    }
  }

  moved() {
    this.dispatchEvent(new Event("move"));
    this.fill().catch(() => undefined);
  }

  /** A long sitting must not fill the memory: `undo` asks the server for what is gone. */
  #forget() {
    const surplus = this.index - BEHIND;
    this.items.splice(0, surplus);
    this.index -= surplus;
    this.gone += surplus;
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
    const wanted = this.started && this.current === null;
    const fresh = page.items.filter(({ label_id, clip_id }) => !known.has(label_id) && !this.without.has(clip_id));
    this.items.push(...fresh);
    this.size = Math.max(this.size, page.size ?? 0);
    this.#next = page.next;
    this.#ended = page.next === null || page.items.length === 0;
    this.count(page.progress);
    if (!fresh.length && !this.#ended) return this.#fetchPage();
    this.dispatchEvent(new Event(wanted && this.current ? "move" : "more"));
  }
}
