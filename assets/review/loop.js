// @ts-check
/** The pictures around the event again and again: onward, backward, there and back, or tag against choice. */
import { h, say } from "../dom.js";
import { text } from "../strings.js";
import { calm } from "../theme.js";
import { Screen } from "./screen.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {"forward" | "backward" | "pingPong" | "blink"} Mode */

const SPEEDS = [0.1, 0.25, 0.5, 1];
const AROUND = 6;
const UNKNOWN_RATE = 25;
const HOLD_S = 0.4;
const BLINK_S = 0.45;

export class Loop {
  /** @type {View | null} */
  #view = null;
  #range = { first: 0, last: 0 };
  /** Seconds since the loop began, at full speed. */
  #turned = 0;
  #time = 0;
  #running = 0;
  /** The frame that is shown. */
  #at = 0;
  /** The frame that was stepped to. @type {number | null} */
  #still = null;
  /** @type {Mode} */
  mode;
  /** Told the frame that is shown. @type {(frame: number) => void} */
  moved = () => undefined;

  /** @param {import("./settings.js").Settings} settings */
  constructor(settings) {
    this.settings = settings;
    this.playing = !calm();
    this.mode = settings.pingPong ? "pingPong" : "forward";
    this.screen = new Screen(text.loopPictures);
    this.screen.appeared = () => this.#run();
    this.place = h("span", { class: "place" });
    this.button = h("button", { type: "button", class: "small play", "aria-keyshortcuts": "Space", onclick: () => this.toggle() });
    this.speeds = h("select", { class: "speeds", "aria-label": text.speed, onchange: () => this.settings.change({ speed: Number(this.speeds.value) }) });
    this.speeds.append(...SPEEDS.map((speed) => h("option", { value: speed }, `${speed}×`)));
    this.modes = h("select", { class: "modes", "aria-label": text.loop, onchange: () => this.play(/** @type {Mode} */ (this.modes.value)) });
    this.modes.append(...Object.entries(text.modes).map(([mode, words]) => h("option", { value: mode }, words)));
    const head = h("figcaption", {}, this.button, this.modes, this.speeds, this.place);
    this.ticks = h("div", { class: "ticks", "aria-hidden": "true" }, h("i", { class: "at" }), h("i", { class: "tag" }), h("i", { class: "candidate" }));
    this.film = h("div", { class: "film" }, this.screen.canvas, this.ticks);
    this.element = h("figure", { class: "panel loop" }, head, this.film);
    this.#name();
  }

  /** @param {View} view */
  show(view) {
    const another = view.item.label_id !== this.#view?.item.label_id;
    if (another || view.candidate !== this.#view?.candidate) this.#still = null;
    this.#view = view;
    this.#range = around(view);
    if (another) this.#turned = 0;
    this.#mark(1, view.item.frame);
    this.#mark(2, view.candidate);
    this.#draw(this.playing ? this.#frame() : (this.#still ?? view.candidate));
    this.#run();
  }

  toggle() {
    this.playing = !this.playing;
    this.#name();
    this.#run();
  }

  pause() {
    if (this.playing) this.toggle();
  }

  /** One picture on, standing still. @param {1 | -1} by */
  step(by) {
    this.pause();
    const { first, last } = this.#range;
    this.#still = Math.max(first, Math.min(last, this.#at + by));
    this.#draw(this.#still);
  }

  /** Starts over in this mode; once more in it: faster. @param {Mode} mode */
  play(mode) {
    const again = this.playing && this.mode === mode;
    if (again) this.faster();
    else this.#turned = 0;
    this.mode = mode;
    this.#still = null;
    this.playing = true;
    this.settings.change({ pingPong: mode === "pingPong" });
    this.#name();
    this.#run();
  }

  /** On with this mode, or if it is on, back to the plain loop. @param {"pingPong" | "blink"} mode */
  switch(mode) {
    this.play(this.playing && this.mode === mode ? "forward" : mode);
  }

  faster() {
    const next = SPEEDS[SPEEDS.indexOf(this.settings.speed) + 1];
    if (next) this.#setSpeed(next);
  }

  /** The next speed, and after the fastest the slowest. */
  nextSpeed() {
    this.#setSpeed(SPEEDS[(SPEEDS.indexOf(this.settings.speed) + 1) % SPEEDS.length]);
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
    if (!this.playing || !this.screen.visible || !this.element.isConnected || !this.#view) return;
    const seconds = Math.max(0, (now - this.#time) / 1000);
    this.#turned += this.mode === "blink" ? seconds : seconds * this.settings.speed;
    this.#time = now;
    this.#draw(this.#frame());
    this.#running = requestAnimationFrame((next) => this.#step(next));
  }

  /** The frame whose turn it is. */
  #frame() {
    const view = /** @type {View} */ (this.#view);
    const { first, last } = this.#range;
    if (this.mode === "blink") return Math.floor(this.#turned / BLINK_S) % 2 ? view.candidate : view.item.frame;
    const rate = view.item.fps || UNKNOWN_RATE;
    const length = last - first;
    const pass = length + 1 + HOLD_S * rate * this.settings.speed;
    const gone = this.#turned * rate;
    const step = Math.min(length, Math.floor(gone % pass));
    const back = this.mode === "backward" || (this.mode === "pingPong" && Math.floor(gone / pass) % 2 === 1);
    return back ? last - step : first + step;
  }

  /** @param {number} frame */
  #draw(frame) {
    const view = this.#view;
    if (!view) return;
    this.#at = frame;
    this.screen.show(view.sprite, frame, view.part);
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
    this.modes.value = this.mode;
    this.speeds.value = String(this.settings.speed);
  }

  /** @param {number} speed */
  #setSpeed(speed) {
    this.settings.change({ speed });
    this.#name();
  }
}

/** The frames to loop over: both marks and some before and after. @param {View} view */
function around({ item, candidate, sprite }) {
  const from = sprite?.first ?? item.strip.first;
  const until = from + (sprite?.count ?? item.strip.count) - 1;
  const first = Math.max(from, Math.min(item.frame, candidate) - AROUND);
  return { first, last: Math.min(until, Math.max(item.frame, candidate) + AROUND) };
}
