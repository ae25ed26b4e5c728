// @ts-check
/** The pictures around each label: one sprite per label, fetched and decoded before it is needed. */

/** @typedef {import("../api.js").Item} Item */

const SPRITES_KEPT = 24;

/** The frames `first … first + count - 1` of a clip, decoded. */
export class Sprite {
  /** @param {ImageBitmap} bitmap @param {import("../api.js").Strip} strip */
  constructor(bitmap, strip) {
    this.bitmap = bitmap;
    this.first = strip.first;
    this.count = strip.count;
    this.width = bitmap.width / strip.count;
    this.height = bitmap.height;
  }

  /** @param {number} frame */
  has(frame) {
    return frame >= this.first && frame < this.first + this.count;
  }

  /** Fits the whole picture of `frame` into the canvas. @param {CanvasRenderingContext2D} context @param {number} frame */
  draw(context, frame) {
    const { width, height } = context.canvas;
    const scale = Math.min(width / this.width, height / this.height);
    const [w, h] = [this.width * scale, this.height * scale];
    const left = (frame - this.first) * this.width;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.bitmap, left, 0, this.width, this.height, (width - w) / 2, (height - h) / 2, w, h);
  }
}

/** Holds the newest sprites, by address. */
export class Pictures {
  /** @type {Map<string, {loading: Promise<Sprite>, sprite: Sprite | null}>} */
  #held = new Map();

  /** The sprite if it is decoded already. @param {Item} item @returns {Sprite | null} */
  ready(item) {
    return this.#held.get(item.strip.url)?.sprite ?? null;
  }

  /** @param {Item} item @returns {Promise<Sprite>} */
  load(item) {
    const { url } = item.strip;
    const held = this.#held.get(url) ?? this.#start(item);
    this.#held.delete(url);
    this.#held.set(url, held);
    this.#forget();
    return held.loading;
  }

  /** Screens may still show what was held: the browser frees it after them. */
  close() {
    this.#held.clear();
  }

  /** @param {Item} item */
  #start({ strip }) {
    /** @type {{loading: Promise<Sprite>, sprite: Sprite | null}} */
    const entry = { loading: decoded(strip), sprite: null };
    entry.loading.then(
      (sprite) => (entry.sprite = sprite),
      () => this.#held.delete(strip.url),
    );
    return entry;
  }

  #forget() {
    for (const [url, { sprite }] of this.#held) {
      if (this.#held.size <= SPRITES_KEPT) return;
      this.#held.delete(url);
      sprite?.bitmap.close();
    }
  }
}

/** @param {import("../api.js").Strip} strip @returns {Promise<Sprite>} */
async function decoded(strip) {
  const answer = await fetch(strip.url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return new Sprite(await createImageBitmap(await answer.blob()), strip);
}
