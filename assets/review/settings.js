// @ts-check
/** What this browser remembers: who reviews, and how. */
import { presets } from "./keymap.js";

/** @typedef {{x: number, y: number, size: number}} Window part of a picture: its centre and its size, as shares */

const KEPT = "respot.review";

export class Settings {
  annotator = "";
  /** Who reviewed here last, named here or by the page. */
  lastName = "";
  /** Whether single characters are shortcuts. */
  letters = true;
  /** Careful: a digit or a click only chooses, Enter decides. */
  careful = false;
  preset = "respot";
  /** The keys that a person changed. @type {Record<string, string[]>} */
  keys = {};
  speed = 0.25;
  pingPong = false;
  /** Whether the pictures are cropped to the action. */
  cropped = true;
  /** Crops that a person adjusted, by dataset and class. @type {Record<string, Window>} */
  crops = {};

  constructor() {
    /** @type {Record<string, any>} */
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}") ?? {};
    } catch {
      return;
    }
    for (const [name, value] of Object.entries(this)) {
      if (typeof kept[name] === typeof value) Object.assign(this, { [name]: kept[name] });
    }
    if (!(this.preset in presets)) this.preset = "respot";
  }

  /** Remembers some of them. @param {Partial<Settings>} changed */
  change(changed) {
    Object.assign(this, changed);
    try {
      localStorage.setItem(KEPT, JSON.stringify(this));
    } catch {
      return;
    }
  }
}
