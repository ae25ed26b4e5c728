// @ts-check
/** The pictures around each label: one sprite per label, fetched and decoded before it is needed. */

import { Refused, detailOf } from "../api.js";
import { actionIn } from "./lens.js";

/** @typedef {import("../api.js").Item} Item */
/** @typedef {import("./settings.js").Window} Window */

const SPRITES_KEPT = 24;

/** The frames `first … first + count - 1` of a clip, decoded. */
export class Sprite {
  /** @param {ImageBitmap} bitmap @param {import("../api.js").Strip} strip @param {Window} action where things move around the tag */
  constructor(bitmap, strip, action) {
    this.bitmap = bitmap;
    this.action = action;
    this.first = strip.first;
    this.count = strip.count;
    this.width = bitmap.width / strip.count;
    this.height = bitmap.height;
  }

  /** @param {number} frame */
  has(frame) {
    return frame >= this.first && frame < this.first + this.count;
  }

  /** Fits a part of the picture of `frame` into the canvas. @param {CanvasRenderingContext2D} context @param {number} frame @param {Window} part */
  draw(context, frame, { x, y, size }) {
    const { width, height } = context.canvas;
    const [partWidth, partHeight] = [this.width * size, this.height * size];
    const scale = Math.min(width / partWidth, height / partHeight);
    const [w, h] = [partWidth * scale, partHeight * scale];
    const left = (frame - this.first) * this.width + x * this.width - partWidth / 2;
    const top = y * this.height - partHeight / 2;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.bitmap, left, top, partWidth, partHeight, (width - w) / 2, (height - h) / 2, w, h);
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
  #start(item) {
    const { strip } = item;
    /** @type {{loading: Promise<Sprite>, sprite: Sprite | null}} */
    const entry = { loading: decoded(item), sprite: null };
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

/** @param {Item} item @returns {Promise<Sprite>} */
async function decoded({ strip, frame }) {
  const answer = await fetch(strip.url, { credentials: "same-origin" });
  if (!answer.ok) throw new Refused(answer.status, await detailOf(answer));
  const bitmap = await createImageBitmap(await answer.blob());
  return new Sprite(bitmap, strip, actionIn(bitmap, strip, frame));
}
