// @ts-check
/** How long a label was looked at: from its pictures on the screen to the decision, while the page could be seen. */

export class Stopwatch {
  #spent = 0;
  /** When it began to run, ms; null while it stands. @type {number | null} */
  #since = null;
  #started = false;

  /** Another label comes. */
  reset() {
    this.#spent = 0;
    this.#since = null;
    this.#started = false;
  }

  /** Its pictures are there. */
  start() {
    if (this.#started) return;
    this.#started = true;
    if (!document.hidden) this.#since = performance.now();
  }

  /** The page was hidden, or shown again. */
  looked() {
    if (!this.#started) return;
    this.#spent = this.#passed();
    this.#since = document.hidden ? null : performance.now();
  }

  /** Null when the pictures never came. @returns {number | null} */
  get seconds() {
    return this.#started ? Math.round(this.#passed()) / 1000 : null;
  }

  #passed() {
    return this.#spent + (this.#since === null ? 0 : performance.now() - this.#since);
  }
}
