// @ts-check
/** The class score and the probability of each frame, on the filmstrip's own axis, with the neighbouring events. */
import { h, s } from "../dom.js";
import { signed, text } from "../strings.js";
import { figures } from "../strings/review.js";
import { Figures } from "./figures.js";
import { neighboursIn } from "./filmstrip.js";
import { at } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{x: (frame: number) => number, y: (value: number) => number, pitch: number, width: number, height: number}} Scale */

const LANE = 26;
const TOP = 16;
const EDGE = 8;
/** Rough width of a letter of the names, px. */
const LETTER = 6.6;

export class Curve {
  /** @type {View | null} */
  #view = null;
  #size = { width: 0, height: 0 };

  constructor() {
    this.svg = s("svg", { class: "plot", role: "img" });
    this.head = h("div", { class: "playhead", "aria-hidden": "true" });
    this.figures = new Figures();
    this.switch = h("button", { type: "button", class: "small", "aria-pressed": "false", onclick: () => this.#turn() }, figures.show);
    const marks = h("span", { "aria-hidden": "true" }, h("span", { class: "is-score" }, text.score), h("span", { class: "is-posterior" }, text.posterior));
    this.drawn = h("div", { class: "drawn" }, this.svg, this.head);
    this.element = h("div", { class: "curve" }, this.drawn, this.figures.element, h("p", { class: "legend" }, marks, this.switch));
    new ResizeObserver(([{ contentRect }]) => {
      this.#size = contentRect;
      this.#draw();
    }).observe(this.svg);
  }

  /** @param {View} view */
  show(view) {
    this.#view = view;
    this.#draw();
    if (!this.figures.element.hidden) this.figures.show(view);
  }

  /** The table instead of the drawing, or back. */
  #turn() {
    const table = this.figures.element.hidden;
    this.figures.element.hidden = !table;
    this.drawn.hidden = table;
    this.switch.setAttribute("aria-pressed", String(table));
    if (table && this.#view) this.figures.show(this.#view);
  }

  /** Marks the frame that the loop shows. @param {number} frame */
  point(frame) {
    const view = this.#view;
    if (!view || !this.#size.width) return;
    const column = frame - view.first;
    this.head.hidden = column < 0 || column >= view.count;
    this.head.style.transform = `translateX(${((column + 0.5) * this.#size.width) / view.count}px)`;
  }

  #draw() {
    const view = this.#view;
    const { width, height } = this.#size;
    if (!view || !width) return;
    const scale = scaleOf(view, width, height);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("aria-label", described(view));
    /** @type {SVGElement[]} */
    const parts = [grid(scale), bands(view, scale), bars(view, scale), scores(view, scale), values(view, scale)];
    if (!view.item.suggestion && !view.item.proposed) parts.push(s("text", { class: "none", x: width / 2, y: scale.y(0.5) - 8, "text-anchor": "middle" }, view.item.audit ? text.keptScores : text.noScores));
    this.svg.replaceChildren(...parts, lane(view, scale));
  }
}

/** @param {View} view @param {number} width @param {number} height @returns {Scale} */
function scaleOf({ first, count }, width, height) {
  const pitch = width / count;
  const floor = height - LANE;
  const x = (/** @type {number} */ frame) => (frame - first + 0.5) * pitch;
  const y = (/** @type {number} */ value) => floor - value * (floor - TOP);
  return { x, y, pitch, width, height };
}

/** The frames drawn, and one more at either side. @param {View} view */
const framesOf = ({ first, count }) => Array.from({ length: count + 2 }, (_, n) => first - 1 + n);

/** @param {Scale} scale */
function grid({ y, width }) {
  const lines = [0, 0.5, 1].map((value) => [
    s("line", { class: value ? "rule" : "rule base", x1: 0, x2: width, y1: y(value), y2: y(value) }),
    s("text", { class: "tick", x: 2, y: y(value) - 4 }, String(value)),
  ]);
  return s("g", {}, ...lines.flat());
}

/** @param {View} view @param {Scale} scale */
function bands({ item, candidate, chosen }, { x, y, pitch }) {
  const band = (/** @type {string} */ name, /** @type {number} */ frame) =>
    s("rect", { class: `band ${name}`, x: x(frame) - pitch / 2 + 3, y: y(1), width: pitch - 6, height: y(0) - y(1), rx: 4 });
  const marks = [band("tagged", item.frame)];
  if (item.suggestion) marks.push(band("suggested", item.suggestion.frame));
  if (chosen) marks.push(band("chosen", candidate));
  return s("g", {}, ...marks);
}

/** @param {View} view @param {Scale} scale */
function bars(view, { x, y, pitch }) {
  const posterior = view.item.suggestion?.posterior ?? [];
  const width = Math.min(26, pitch * 0.3);
  const drawn = framesOf(view).map((frame) => {
    const share = at(posterior, view.item, frame) ?? 0;
    const place = { x: x(frame) - width / 2, y: y(share), width, height: Math.max(0, y(0) - y(share)), rx: 2 };
    return s("rect", { class: "bar", ...place });
  });
  return s("g", {}, ...drawn);
}

/** The score as a line that breaks where there is no score. @param {View} view @param {Scale} scale */
function scores(view, { x, y }) {
  const values = view.item.suggestion?.scores ?? [];
  /** @type {[number, number][][]} */
  const runs = [[]];
  for (const frame of framesOf(view)) {
    const value = at(values, view.item, frame);
    if (value === null) runs.push([]);
    else runs.at(-1)?.push([x(frame), y(value)]);
  }
  const drawn = runs.filter(({ length }) => length > 0).flatMap((run) => {
    const path = `M${run.map((point) => point.join(",")).join("L")}`;
    const under = `${path}L${run[run.length - 1][0]},${y(0)}L${run[0][0]},${y(0)}Z`;
    const dots = run.map(([cx, cy]) => s("circle", { class: "dot", cx, cy, r: 3 }));
    return [s("path", { class: "area", d: under }), s("path", { class: "line", d: path }), ...dots];
  });
  return s("g", {}, ...drawn);
}

/** The scores in figures where one looks for them. @param {View} view @param {Scale} scale */
function values({ item, candidate, chosen }, { x, y, width }) {
  const suggestion = item.suggestion;
  const frames = new Set([item.frame, suggestion?.frame, chosen ? candidate : undefined]);
  const words = [...frames].map((frame) => {
    const value = frame === undefined || !suggestion ? null : at(suggestion.scores, item, frame);
    if (frame === undefined || value === null) return null;
    const last = x(frame) > width - 44;
    const place = { x: x(frame) + (last ? -8 : 8), y: Math.max(12, y(value) - 7), "text-anchor": last ? "end" : "start" };
    return s("text", { class: "value", ...place }, value.toFixed(2));
  });
  return s("g", {}, ...words);
}

/** A diamond where each neighbour is; of those beyond either edge the nearest, with its distance. Names where there is room. @param {View} view @param {Scale} scale */
function lane(view, { x, width, height }) {
  const middle = height - LANE / 2 + 2;
  const near = neighboursIn(view);
  const before = near.filter(({ frame }) => x(frame) <= 0).at(-1);
  const after = near.find(({ frame }) => x(frame) >= width);
  const marks = near.filter(({ frame }) => x(frame) > 0 && x(frame) < width).map(({ name, frame }) => ({ at: x(frame), name }));
  if (after) marks.unshift({ at: width - EDGE, name: `${after.name} ${signed(after.shift)}` });
  if (before) marks.unshift({ at: EDGE, name: `${before.name} ${signed(before.shift)}` });
  const taken = marks.map(({ at }) => /** @type {[number, number]} */ ([at - EDGE, at + EDGE]));
  return s("g", {}, ...marks.flatMap(({ at, name }) => diamond(at, middle, name, width, taken)));
}

/** @param {number} x @param {number} y @param {string} words @param {number} width @param {[number, number][]} taken stretches where words are */
function diamond(x, y, words, width, taken) {
  const right = x > width * 0.6;
  const wide = words.length * LETTER;
  const [from, to] = right ? [x - EDGE - wide, x - EDGE] : [x + EDGE, x + EDGE + wide];
  const mark = s("path", { class: "diamond", d: `M${x - 6},${y}l6,-6l6,6l-6,6Z` }, s("title", {}, words));
  if (taken.some(([start, end]) => from < end && to > start)) return [mark];
  taken.push([from, to]);
  return [mark, s("text", { class: "neighbour", x: x + (right ? -11 : 11), y: y + 4, "text-anchor": right ? "end" : "start" }, words)];
}

/** @param {View} view */
function described(view) {
  const { item } = view;
  const near = neighboursIn(view).map(({ name, shift }) => `${name} at ${signed(shift)}`);
  const around = near.length ? ` Neighbouring events: ${near.join(", ")}.` : "";
  if (!item.suggestion) return `${text.noSuggestion}.${around}`;
  const score = (/** @type {number} */ frame) => at(item.suggestion?.scores ?? [], item, frame)?.toFixed(2) ?? "unknown";
  return `Class score ${score(item.frame)} at the tag, ${score(item.suggestion.frame)} at the suggestion.${around}`;
}
