// @ts-check
/** How fast this sitting goes: seconds per label and labels per hour, over the latest decisions. */
import { text } from "../strings.js";

const KEPT = 60;
const LEAST = 5;
/** Longer than this between two decisions is a break. */
const BREAK_S = 60;

export class Pace {
  /** @type {number[]} */
  #seconds = [];
  /** @type {number | null} */
  #before = null;
  /** @type {import("../api.js").Audit | null} */
  audit = null;

  /** A label was decided now. @param {number} [now] milliseconds */
  decided(now = performance.now()) {
    const seconds = this.#before === null ? Infinity : (now - this.#before) / 1000;
    this.#before = now;
    if (seconds > BREAK_S) return;
    this.#seconds.push(seconds);
    if (this.#seconds.length > KEPT) this.#seconds.shift();
  }

  /** Median seconds per label and labels per hour, with the blind audit beside them; nothing before there are a few. */
  get words() {
    const { length } = this.#seconds;
    if (length < LEAST) return "";
    const sorted = [...this.#seconds].sort((a, b) => a - b);
    const mean = sorted.reduce((sum, each) => sum + each, 0) / length;
    const median = (sorted[(length - 1) >> 1] + sorted[length >> 1]) / 2;
    return text.pace(median, 3600 / Math.max(mean, 0.001), this.audit);
  }
}
