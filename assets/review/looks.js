// @ts-check
/** What changes how a label is looked at, and decides nothing: playing, cropping, hiding the model. */

/** @typedef {import("../api.js").Item} Item */
/** @typedef {import("./pictures.js").Sprite} Sprite */

export class Looks {
  /** While the model is hidden, a label shows as if it had no suggestion. */
  hidden = false;

  /** @param {import("./loop.js").Loop} loop @param {import("./lens.js").Lens} lens */
  constructor(loop, lens) {
    this.loop = loop;
    this.lens = lens;
  }

  /** @param {string} action @param {Item} item @param {Sprite | null} sprite @returns {boolean} whether it is one of these */
  act(action, item, sprite) {
    const does = /** @type {Record<string, () => void>} */ ({
      play: () => this.loop.toggle(),
      backward: () => this.loop.play("backward"),
      forward: () => this.loop.play("forward"),
      pause: () => this.loop.pause(),
      speed: () => this.loop.nextSpeed(),
      pingPong: () => this.loop.switch("pingPong"),
      blink: () => this.loop.switch("blink"),
      crop: () => this.lens.toggle(),
      zoomIn: () => this.lens.zoom(item, sprite, 1),
      zoomOut: () => this.lens.zoom(item, sprite, -1),
      zoomReset: () => this.lens.reset(item),
      hide: () => (this.hidden = true),
    })[action];
    does?.();
    return does !== undefined;
  }

  /** The item as it is shown. @param {Item} item @returns {Item} */
  shown(item) {
    return this.hidden && item.suggestion ? { ...item, suggestion: null } : item;
  }
}
