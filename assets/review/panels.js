// @ts-check
/** The enlarged pictures: the tagged frame, the candidate beside it, and the loop around both. */
import { h, say } from "../dom.js";
import { signed, text } from "../strings.js";
import { calm } from "../theme.js";
import { Screen } from "./screen.js";
import { at } from "./view.js";

/** @typedef {import("./view.js").View} View */

const SPEEDS = [0.1, 0.25, 0.5, 1];
const SPEED_KEPT = "respot.loop.speed";
const AROUND = 6;
const UNKNOWN_RATE = 25;
const HOLD_S = 0.4;

export class Panels {
  constructor() {
    this.tagged = new Still("tagged");
    this.candidate = new Still("candidate");
    this.loop = new Loop();
    this.elements = [this.tagged.element, this.candidate.element, this.loop.element];
  }

  /** @param {View} view */
  show(view) {
    const { item, candidate, chosen } = view;
    this.tagged.show(view, item.frame, text.tagged);
    this.candidate.show(view, candidate, chosen ? text.chosen : item.suggestion ? text.suggested : text.nothingChosen);
    this.candidate.element.classList.toggle("chosen", chosen);
    this.candidate.element.classList.toggle("none", !chosen && !item.suggestion);
    this.loop.show(view);
  }
}

/** One enlarged frame under its name, number and score. */
class Still {
  /** @param {string} kind */
  constructor(kind) {
    this.name = h("strong");
    this.score = h("span", { class: "score" });
    this.number = h("span");
    this.shift = h("span", { class: "by" });
    this.screen = new Screen("");
    const place = h("span", { class: "place" }, this.number, this.shift);
    const head = h("figcaption", {}, this.name, this.score, place);
    this.element = h("figure", { class: `panel ${kind}` }, head, this.screen.canvas);
  }

  /** @param {View} view @param {number} frame @param {string} name */
  show({ item, sprite }, frame, name) {
    const score = item.suggestion ? at(item.suggestion.scores, item, frame) : null;
    const shift = frame - item.frame;
    this.screen.show(sprite, frame);
    this.screen.canvas.setAttribute("aria-label", `${name}: frame ${frame}`);
    say(this.name, name);
    say(this.score, score === null ? "" : `score ${score.toFixed(2)}`);
    say(this.number, String(frame));
    say(this.shift, shift ? ` (${signed(shift)})` : "");
  }
}

/** The pictures around the event again and again, frame by frame. */
export class Loop {
  /** @type {View | null} */
  #view = null;
  #range = { first: 0, last: 0 };
  #position = 0;
  #time = 0;
  #running = 0;
  /** Told the frame that is shown. @type {(frame: number) => void} */
  moved = () => undefined;

  constructor() {
    this.playing = !calm();
    this.speed = storedSpeed();
    this.screen = new Screen("The frames around the event, looped");
    this.screen.appeared = () => this.#run();
    this.place = h("span", { class: "place" });
    this.button = h("button", { type: "button", class: "small", "aria-keyshortcuts": "Space", onclick: () => this.toggle() });
    this.speeds = h("select", { "aria-label": "Speed", onchange: () => this.#choose(Number(this.speeds.value)) });
    this.speeds.append(...SPEEDS.map((speed) => h("option", { value: speed, selected: speed === this.speed }, `${speed}×`)));
    const head = h("figcaption", {}, h("strong", {}, text.loop), this.button, this.speeds, this.place);
    this.ticks = h("div", { class: "ticks", "aria-hidden": "true" }, h("i", { class: "at" }), h("i", { class: "tag" }), h("i", { class: "candidate" }));
    this.element = h("figure", { class: "panel loop" }, head, h("div", { class: "film" }, this.screen.canvas, this.ticks));
    this.#name();
  }

  /** @param {View} view */
  show(view) {
    const another = view.item !== this.#view?.item;
    this.#view = view;
    this.#range = around(view);
    if (another) this.#position = this.#range.first;
    this.#mark(1, view.item.frame);
    this.#mark(2, view.candidate);
    this.#draw(this.playing ? Math.floor(this.#position) : view.candidate);
    this.#run();
  }

  toggle() {
    this.playing = !this.playing;
    this.#name();
    this.#run();
  }

  stop() {
    cancelAnimationFrame(this.#running);
    this.#running = 0;
  }

  #run() {
    if (this.#running || !this.playing || !this.screen.visible) return;
    this.#time = performance.now();
    this.#running = requestAnimationFrame((now) => this.#step(now));
  }

  /** @param {number} now */
  #step(now) {
    this.#running = 0;
    const view = this.#view;
    if (!this.playing || !this.screen.visible || !this.element.isConnected || !view) return;
    const rate = (view.item.fps || UNKNOWN_RATE) * this.speed;
    this.#position += ((now - this.#time) / 1000) * rate;
    this.#time = now;
    if (this.#position > this.#range.last + 1 + HOLD_S * rate) this.#position = this.#range.first;
    this.#draw(Math.min(this.#range.last, Math.floor(this.#position)));
    this.#running = requestAnimationFrame((next) => this.#step(next));
  }

  /** @param {number} frame */
  #draw(frame) {
    if (!this.#view) return;
    this.screen.show(this.#view.sprite, frame);
    say(this.place, String(frame));
    this.#mark(0, frame);
    this.moved(frame);
  }

  /** @param {number} tick @param {number} frame */
  #mark(tick, frame) {
    const { first, last } = this.#range;
    const share = (frame - first + 0.5) / (last - first + 1);
    const mark = /** @type {HTMLElement} */ (this.ticks.children[tick]);
    mark.style.insetInlineStart = `${Math.max(0, Math.min(1, share)) * 100}%`;
  }

  #name() {
    say(this.button, this.playing ? text.pause : text.play);
  }

  /** @param {number} speed */
  #choose(speed) {
    this.speed = speed;
    try {
      localStorage.setItem(SPEED_KEPT, String(speed));
    } catch {
      return;
    }
  }
}

/** The frames to loop over: both marks and some before and after. @param {View} view */
function around({ item, candidate, sprite }) {
  const from = sprite?.first ?? item.strip.first;
  const until = from + (sprite?.count ?? item.strip.count) - 1;
  const first = Math.max(from, Math.min(item.frame, candidate) - AROUND);
  return { first, last: Math.min(until, Math.max(item.frame, candidate) + AROUND) };
}

function storedSpeed() {
  try {
    const speed = Number(localStorage.getItem(SPEED_KEPT));
    return SPEEDS.includes(speed) ? speed : 0.25;
  } catch {
    return 0.25;
  }
}
