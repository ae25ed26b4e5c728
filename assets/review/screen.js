// @ts-check
/** A canvas that shows one picture of a sprite, or a part of it, as sharp as the screen allows. */
import { h } from "../dom.js";

/** @typedef {import("./pictures.js").Sprite} Sprite */
/** @typedef {import("./settings.js").Window} Window */

/** @type {WeakMap<Element, Screen>} */
const screens = new WeakMap();
const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) screens.get(target)?.fit(contentRect);
});

export class Screen {
  /** @type {Sprite | null} */
  #sprite = null;
  #frame = 0;
  /** @type {Window} */
  #part = { x: 0.5, y: 0.5, size: 1 };
  /** False while nothing of it can be seen. */
  visible = false;
  /** @type {(() => void) | null} called when the screen comes into view */
  appeared = null;

  /** @param {string | null} label null where a neighbouring text says it already */
  constructor(label) {
    const named = label === null ? { "aria-hidden": "true" } : { role: "img", "aria-label": label };
    this.canvas = h("canvas", { class: "screen", ...named });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    screens.set(this.canvas, this);
    sizes.observe(this.canvas);
  }

  /** @param {Sprite | null} sprite @param {number} frame @param {Window} part */
  show(sprite, frame, part) {
    const { x, y, size } = this.#part;
    const same = x === part.x && y === part.y && size === part.size;
    if (same && sprite === this.#sprite && frame === this.#frame) return;
    this.#sprite = sprite;
    this.#frame = frame;
    this.#part = part;
    this.#draw();
  }

  /** @param {{width: number, height: number}} box in CSS pixels */
  fit({ width, height }) {
    const appears = !this.visible && width > 0;
    this.visible = width > 0;
    const [w, t] = [width, height].map((size) => Math.max(1, Math.round(size * devicePixelRatio)));
    if (w !== this.canvas.width || t !== this.canvas.height) {
      this.canvas.width = w;
      this.canvas.height = t;
      this.#draw();
    }
    if (appears) this.appeared?.();
  }

  #draw() {
    const { width, height } = this.canvas;
    this.context.clearRect(0, 0, width, height);
    if (this.#sprite?.has(this.#frame)) this.#sprite.draw(this.context, this.#frame, this.#part);
  }
}
