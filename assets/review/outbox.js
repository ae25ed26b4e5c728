// @ts-check
/** Decisions on their way to the server: kept in the browser, in order, until the server has them. */
import { Refused, freshKey } from "../api.js";

/**
 * @typedef {object} Letter
 * @property {string} place      where it lies in storage; sorts by time
 * @property {"decision" | "undo" | "redo"} kind
 * @property {string} path
 * @property {Record<string, unknown> & {key: string}} body  `key` makes sending it twice the same as once
 * @property {number | null} label_id
 * @property {boolean} tried     the server may have it
 */
/** @typedef {{kind: Letter["kind"], path: string, body: Record<string, unknown>, label_id: number | null}} Writing */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

/** Fires `sent` {letter, answer}, `refused` {letter, error} and `state` when `pending` or `away` changed. */
export class Outbox extends EventTarget {
  /** @type {Map<string, string>} used where the browser keeps nothing */
  #memory = new Map();
  #serial = 0;
  #sending = false;
  #wait = FIRST_WAIT_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import("../api.js").Api} api @param {string} name keeps the decisions of different databases apart */
  constructor(api, name) {
    super();
    this.api = api;
    this.prefix = `respot.outbox.${name}.`;
    /** True while the server does not answer. */
    this.away = false;
    this.closing = new AbortController();
    const { signal } = this.closing;
    addEventListener("online", () => this.send(), { signal });
    addEventListener("storage", () => this.#changed(), { signal });
  }

  get pending() {
    return this.letters().length;
  }

  /** Oldest first. @returns {Letter[]} */
  letters() {
    const texts = this.#entries().filter(([place]) => place.startsWith(this.prefix));
    return texts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, json]) => JSON.parse(json));
  }

  /** Keeps `writing` and starts to send it. @param {Writing} writing @returns {Letter} */
  put(writing) {
    const time = String(Date.now()).padStart(15, "0") + String(this.#serial++).padStart(6, "0");
    const body = { ...writing.body, key: freshKey() };
    const letter = { ...writing, body, place: this.prefix + time, tried: false };
    this.#keep(letter);
    this.#changed();
    this.send();
    return letter;
  }

  /** Takes the newest letter back if it is a decision that the server cannot have yet. @returns {Letter | null} */
  takeBack() {
    const newest = this.letters().at(-1);
    if (!newest || newest.tried || newest.kind !== "decision") return null;
    this.#drop(newest);
    this.#changed();
    return newest;
  }

  /** Sends what is there, one at a time and in order, in one tab at a time. */
  async send() {
    clearTimeout(this.#timer);
    if (this.#sending || this.closing.signal.aborted) return;
    this.#sending = true;
    try {
      if (navigator.locks) await navigator.locks.request(this.prefix, () => this.#drain());
      else await this.#drain();
    } finally {
      this.#sending = false;
    }
    if (this.pending && !this.away) this.send();
  }

  close() {
    clearTimeout(this.#timer);
    this.closing.abort();
  }

  async #drain() {
    for (let letter = this.letters()[0]; letter; letter = this.letters()[0]) {
      if (this.closing.signal.aborted || !(await this.#post(letter))) return;
    }
  }

  /** @param {Letter} letter @returns {Promise<boolean>} whether the next may go */
  async #post(letter) {
    if (!letter.tried) this.#keep({ ...letter, tried: true });
    try {
      const answer = await this.api.post(letter.path, letter.body);
      this.#settle(letter, "sent", { letter, answer });
    } catch (error) {
      if (!(error instanceof Refused) || error.passing) return this.#later();
      this.#settle(letter, "refused", { letter, error });
    }
    return true;
  }

  /** @param {Letter} letter @param {string} event @param {object} detail */
  #settle(letter, event, detail) {
    this.#drop(letter);
    this.away = false;
    this.#wait = FIRST_WAIT_MS;
    this.dispatchEvent(new CustomEvent(event, { detail }));
    this.#changed();
  }

  #later() {
    this.away = true;
    this.#changed();
    this.#timer = setTimeout(() => this.send(), this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(LONGEST_WAIT_MS, this.#wait * 2);
    return false;
  }

  #changed() {
    this.dispatchEvent(new Event("state"));
  }

  /** @param {Letter} letter */
  #keep(letter) {
    const json = JSON.stringify(letter);
    try {
      localStorage.setItem(letter.place, json);
    } catch {
      this.#memory.set(letter.place, json);
    }
  }

  /** @param {Letter} letter */
  #drop(letter) {
    this.#memory.delete(letter.place);
    try {
      localStorage.removeItem(letter.place);
    } catch {
      return;
    }
  }

  /** @returns {[string, string][]} */
  #entries() {
    try {
      return [...Object.entries(localStorage), ...this.#memory];
    } catch {
      return [...this.#memory];
    }
  }
}
