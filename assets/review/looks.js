// @ts-check
/** What changes how a label is looked at, and decides nothing: playing, cropping, hiding the model. */

/** @typedef {import("../api.js").Item} Item */
/** @typedef {import("./pictures.js").Sprite} Sprite */

/** A key that is down for longer is held. */
const HELD_MS = 350;

export class Looks {
  /** While the model is hidden, a label shows as if it had no suggestion. */
  hidden = false;
  /** While the pause key is held, playing forward or backward means one picture on. */
  #stepping = false;
  /** When the blink key went down, and whether the loop ran then. @type {{at: number, playing: boolean} | null} */
  #blinking = null;

  /** @param {import("./loop.js").Loop} loop @param {import("./lens.js").Lens} lens */
  constructor(loop, lens) {
    this.loop = loop;
    this.lens = lens;
  }

  /** @param {string} action @param {Item} item @param {Sprite | null} sprite @returns {boolean} whether it is one of these */
  act(action, item, sprite) {
    const does = /** @type {Record<string, () => void>} */ ({
      play: () => this.loop.toggle(),
      backward: () => this.#play("backward", -1),
      forward: () => this.#play("forward", 1),
      pause: () => ((this.#stepping = true), this.loop.pause()),
      speed: () => this.loop.nextSpeed(),
      pingPong: () => this.loop.switch("pingPong"),
      blink: () => this.#blink(),
      crop: () => this.lens.toggle(),
      zoomIn: () => this.lens.zoom(item, sprite, 1),
      zoomOut: () => this.lens.zoom(item, sprite, -1),
      zoomReset: () => this.lens.reset(item),
      hide: () => (this.hidden = true),
    })[action];
    does?.();
    return does !== undefined;
  }

  /** A key was let go. @param {string} action @returns {boolean} whether the label looks different now */
  letGo(action) {
    if (action === "pause") this.#stepping = false;
    if (action === "blink") this.#calm();
    if (action !== "hide" || !this.hidden) return false;
    this.hidden = false;
    return true;
  }

  #blink() {
    const { playing } = this.loop;
    this.loop.switch("blink");
    this.#blinking = this.loop.mode === "blink" ? { at: performance.now(), playing } : null;
  }

  /** A tap leaves the blink on; held, it lasts as long as the key. */
  #calm() {
    const held = this.#blinking;
    this.#blinking = null;
    if (!held || performance.now() - held.at < HELD_MS || this.loop.mode !== "blink") return;
    this.loop.switch("blink");
    if (!held.playing) this.loop.pause();
  }

  /** @param {"forward" | "backward"} mode @param {1 | -1} step */
  #play(mode, step) {
    if (this.#stepping) this.loop.step(step);
    else this.loop.play(mode);
  }

  /** The item as it is shown. @param {Item} item @returns {Item} */
  shown(item) {
    return this.hidden && item.suggestion ? { ...item, suggestion: null } : item;
  }
}
