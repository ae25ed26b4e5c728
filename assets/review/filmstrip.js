// @ts-check
/** The filmstrip: the tagged frame in the middle, its neighbours around it, and the arrow of the paper's Fig. 3. */
import { h, s, say } from "../dom.js";
import { className, signed, text } from "../strings.js";
import { Screen } from "./screen.js";
import { realShift } from "./view.js";

/** @typedef {import("./view.js").View} View */

const ARROW_HEIGHT = 34;
const BOX = { width: 52, height: 20 };
const LINE_Y = 27;
const EDGE = 8;
/** What the button at an end of the filmstrip takes. */
const CHIP = 72;

export class Filmstrip {
  /** @type {Cell[]} */
  #cells = [];
  /** @type {View | null} */
  #view = null;
  #width = 0;

  /** @param {(frame: number, decide: boolean) => void} picked @param {(frame: number) => void} chosen */
  constructor(picked, chosen) {
    this.picked = picked;
    this.arrow = s("svg", { class: "arrow", height: ARROW_HEIGHT, "aria-hidden": "true" });
    this.row = h("div", { class: "cells", role: "group", "aria-label": text.framesAround });
    this.edges = [new Edge("before", chosen), new Edge("after", chosen)];
    this.element = h("div", { class: "filmstrip" }, this.arrow, ...this.edges.map(({ element }) => element), this.row);
    new ResizeObserver(([{ contentRect }]) => {
      this.#width = contentRect.width;
      this.#drawArrow();
    }).observe(this.row);
  }

  /** @param {View} view */
  show(view) {
    this.#view = view;
    this.#have(view.count);
    this.#cells.forEach((cell, at) => cell.show(view, view.first + at));
    for (const edge of this.edges) edge.show(view);
    this.#drawArrow();
    if (this.row.matches(":focus-within")) this.focus();
  }

  /** On the frame that Enter would set. */
  focus() {
    /** @type {HTMLElement | null} */ (this.row.querySelector('[tabindex="0"]'))?.focus();
  }

  /** @param {number} count */
  #have(count) {
    if (this.#cells.length === count) return;
    this.#cells = Array.from({ length: count }, () => new Cell(this.picked));
    this.row.style.setProperty("--cells", String(count));
    this.row.replaceChildren(...this.#cells.map(({ element }) => element));
  }

  #drawArrow() {
    const view = this.#view;
    const suggestion = view?.item.suggestion;
    if (!view || !suggestion || !this.#width) return this.arrow.replaceChildren();
    const pitch = this.#width / view.count;
    const shift = realShift(suggestion);
    const from = (view.item.frame - view.first + 0.5) * pitch;
    const to = Math.max(EDGE, Math.min(this.#width - EDGE, from + shift * pitch));
    const beyond = to === EDGE || to === this.#width - EDGE;
    const seen = beyond ? Math.max(CHIP, Math.min(this.#width - CHIP, to)) : to;
    this.arrow.replaceChildren(...line(from, to), ...box((from + seen) / 2, shift, this.#width));
  }
}

/** @param {number} from @param {number} to */
function line(from, to) {
  const way = Math.sign(to - from);
  const start = s("circle", { class: "start", cx: from, cy: LINE_Y, r: 3.5 });
  if (Math.abs(to - from) < 4) return [start];
  const tip = `${to},${LINE_Y} ${to - 10 * way},${LINE_Y - 6} ${to - 10 * way},${LINE_Y + 6}`;
  return [s("line", { x1: from, x2: to - 8 * way, y1: LINE_Y, y2: LINE_Y }), start, s("polygon", { points: tip })];
}

/** @param {number} middle @param {number} offset @param {number} width */
function box(middle, offset, width) {
  const x = Math.max(BOX.width / 2, Math.min(width - BOX.width / 2, middle));
  const place = { x: x - BOX.width / 2, y: 0, width: BOX.width, height: BOX.height, rx: 4 };
  return [s("rect", place), s("text", { x, y: 14.5, "text-anchor": "middle" }, signed(offset, 1))];
}

/** What lies beyond this end of the filmstrip: the chosen frame, else the suggested one. A press brings it to the enlarged pictures. */
class Edge {
  #frame = 0;

  /** @param {"before" | "after"} side @param {(frame: number) => void} chosen */
  constructor(side, chosen) {
    this.side = side;
    this.element = h("button", { type: "button", class: `edge ${side}`, onclick: () => chosen(this.#frame) });
  }

  /** @param {View} view */
  show({ item, candidate, chosen, first, count }) {
    const beyond = (/** @type {number | undefined} */ frame) => frame !== undefined && (this.side === "before" ? frame < first : frame >= first + count);
    const suggested = item.suggestion?.frame;
    const frame = chosen && beyond(candidate) ? candidate : suggested;
    this.element.hidden = !beyond(frame);
    if (frame === undefined || this.element.hidden) return;
    this.#frame = frame;
    const mark = frame === candidate && chosen ? "✔ " : "";
    const shift = `${mark}${signed(frame - item.frame)}`;
    say(this.element, this.side === "before" ? `◀ ${shift}` : `${shift} ▶`);
    this.element.classList.toggle("chosen", mark !== "");
    this.element.setAttribute("aria-label", `${mark ? text.chosen : text.suggested}: ${frame}, ${shift}`);
  }
}

/** One frame: its shift, its picture, its digit and its number. */
class Cell {
  #frame = 0;

  /** @param {(frame: number, decide: boolean) => void} picked */
  constructor(picked) {
    this.shift = h("span", { class: "shift" });
    this.screen = new Screen(null);
    this.outside = h("span", { class: "outside" }, text.outside);
    this.digit = h("kbd", { "aria-hidden": "true" });
    this.number = h("span", { class: "number" });
    this.marks = h("span", { class: "spoken" });
    const picture = h("span", { class: "picture" }, this.screen.canvas, this.outside);
    const foot = h("span", { class: "foot" }, this.digit, this.number);
    const onclick = () => picked(this.#frame, false);
    const ondblclick = () => picked(this.#frame, true);
    this.element = h("button", { type: "button", class: "cell", "data-enter": "", onclick, ondblclick }, this.shift, this.marks, picture, foot);
  }

  /** @param {View} view @param {number} frame */
  show({ item, sprite, part, candidate, chosen, first, count }, frame) {
    const shift = frame - item.frame;
    const inside = frame >= 0 && frame < item.num_frames;
    const is = {
      tagged: shift === 0,
      suggested: frame === item.suggestion?.frame,
      chosen: chosen && frame === candidate,
      beyond: !inside,
    };
    this.#frame = frame;
    this.screen.show(inside ? sprite : null, frame, part);
    for (const [name, on] of Object.entries(is)) this.element.classList.toggle(name, on);
    this.element.disabled = !inside;
    const reached = candidate >= first && candidate < first + count ? candidate : item.frame;
    this.element.tabIndex = frame === reached ? 0 : -1;
    this.element.setAttribute("aria-pressed", String(is.chosen));
    say(this.marks, spoken(is));
    say(this.shift, shift === 0 ? (item.proposed ? text.newTag : text.tag) : signed(shift));
    say(this.number, inside ? String(frame) : "–");
    const digit = Math.abs(shift) <= 4 && inside ? String(shift + 5) : "";
    say(this.digit, digit);
    this.element.setAttribute("aria-keyshortcuts", digit);
  }
}

/** What the marks around the picture say to the eye. @param {Record<string, boolean>} is */
function spoken(is) {
  const marks = [is.suggested && text.suggested, is.chosen && text.chosen];
  return marks.filter((mark) => mark).join(", ");
}

/** Names and distances of the neighbouring events, for the curve's lane. @param {View} view */
export const neighboursIn = ({ item }) =>
  item.neighbours
    .filter(({ frame, label }) => frame !== item.frame || label !== item.label)
    .map(({ label, frame }) => ({ name: className(label), frame, shift: frame - item.frame }));
