// @ts-check
/** What the server knows about a label beyond its item: fetched when somebody stays to look, and kept for a while. */

/**
 * @typedef {object} Background
 * @property {{run_id: number, epochs: number[], offsets: number[], near: number, of: number} | null} trace
 *   what the training matched this label to, per epoch: mean offset in frames; `near` of the last `of` epochs lie within a frame of the last
 * @property {Record | null} record   how right suggestions as sure as this one were, decided blind
 * @property {Norm | null} class_norm   decided − tagged over the class, by everybody
 * @property {Norm | null} own_norm     the same, by this annotator
 * @property {Definition | null} definition
 * @property {Bias[]} biases             what is off as a whole where the label belongs
 * @property {{class: string, video: string, annotator?: string}} belongs   to which class, source video and annotator, as told at import
 */
/** @typedef {{mean: number, sd: number, count: number}} Norm in frames */
/** @typedef {{right: number, of: number, low: number, high: number, alike: boolean}} Record `alike`: of the same confidence in words */
/** @typedef {{of: "all" | "class" | "annotator" | "video", name: string, frames: number, labels: number, low: number | null, high: number | null}} Bias events lie `frames` later than their labels; `low` and `high` by the blind audit, null: nobody has checked */
/** @typedef {{frame: number, clip_id: number, clip: string, url: string}} Example one picture */
/** @typedef {{text: string, examples: Example[], annotator: string, changed_at: string}} Definition */

const STAY_MS = 150;
const KEPT = 40;

export class Facts {
  /** @type {Map<number, Background>} */
  #known = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(label_id: number) => Promise<Background>} ask */
  constructor(ask) {
    this.ask = ask;
  }

  /** Tells what is known of a label: now if it is, or after a moment unless another is asked for. @param {number} label_id @param {(found: Background | null) => void} tell null while unknown */
  about(label_id, tell) {
    clearTimeout(this.#timer);
    const known = this.#known.get(label_id);
    tell(known ?? null);
    if (!known) this.#timer = setTimeout(() => this.#fetch(label_id, tell), STAY_MS);
  }

  /** What was known may have changed. */
  forget() {
    this.#known.clear();
  }

  /** @param {number} label_id @param {(found: Background) => void} tell */
  async #fetch(label_id, tell) {
    const timer = this.#timer;
    const found = await this.ask(label_id).catch(() => null);
    if (!found) return;
    this.#known.set(label_id, found);
    if (this.#known.size > KEPT) this.#known.delete(/** @type {number} */ (this.#known.keys().next().value));
    if (timer === this.#timer) tell(found);
  }
}
