// @ts-check
/** A line chart on a canvas, with axes, a legend in the page, and colours from the style sheet. */
import { h, say } from "../dom.js";
import { words } from "../strings/training.js";

/** @typedef {[number, number][]} Points */
/** @typedef {{name: string, colour: string, dash: number[], mark: "dot" | "square" | "diamond" | "none", points: Points}} Series */
/** @typedef {{x: (value: number) => number, y: (value: number) => number, left: number, right: number, top: number, bottom: number}} Scale */

/** Colour, mark and dash of the lines of a chart, in turn. */
export const LINES = /** @type {const} */ ([
  ["--blue", "dot", []],
  ["--orange-edge", "square", [6, 4]],
  ["--green", "diamond", [2, 3]],
  ["--red", "none", [10, 4, 2, 4]],
]);

const LEFT = 44;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 34;
const TICKS = 5;

export class Chart {
  /** @type {Series[]} */
  #series = [];
  #size = { width: 0, height: 0 };

  /** @param {string} title @param {string} yName */
  constructor(title, yName) {
    this.title = title;
    this.canvas = h("canvas", { role: "img", "aria-label": title });
    this.legend = h("p", { class: "legend" });
    this.empty = h("p", { class: "waiting" });
    this.unit = h("span", { class: "unit" }, yName);
    this.heading = h("strong", {}, title);
    const head = h("figcaption", {}, this.heading, this.unit);
    this.element = h("figure", { class: "chart card" }, head, this.legend, h("div", { class: "plot" }, this.canvas, this.empty));
    new ResizeObserver(([{ contentRect }]) => {
      this.#size = contentRect;
      this.draw();
    }).observe(this.canvas);
  }

  /** @param {string} title @param {string} unit */
  rename(title, unit) {
    this.title = title;
    say(this.heading, title);
    say(this.unit, unit);
  }

  /** @param {Series[]} series @param {string} nothing said where there is nothing to draw */
  show(series, nothing) {
    this.#series = series.filter(({ points }) => points.length > 0);
    say(this.empty, nothing);
    this.empty.hidden = this.#series.length > 0;
    this.legend.replaceChildren(...this.#series.map((one) => h("span", {}, swatch(one), one.name)));
    const last = this.#series.map(({ name, points }) => `${name} ${points[points.length - 1][1].toFixed(2)}`);
    this.canvas.setAttribute("aria-label", `${this.title}. Latest: ${last.join(", ") || "nothing yet"}.`);
    this.draw();
  }

  draw() {
    const { width, height } = this.#size;
    if (!width) return;
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.scale(devicePixelRatio, devicePixelRatio);
    if (this.#series.length === 0) return;
    const style = getComputedStyle(this.canvas);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const all = this.#series.flatMap(({ points }) => points);
    const xs = steps(1, Math.max(2, ...all.map(([x]) => x)), true);
    const ys = steps(0, Math.max(...all.map(([, y]) => y)), false);
    const scale = scaled(width, height, xs, ys);
    context.font = `12px ${style.fontFamily}`;
    axes(context, scale, xs, ys, colour);
    for (const one of this.#series) line(context, scale, one, colour(one.colour));
  }
}

/** Round values from `from` to at least `until`; whole ones end at `until` itself. @param {number} from @param {number} until @param {boolean} whole */
function steps(from, until, whole) {
  const rough = Math.max((until - from) / TICKS, 1e-6);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const size = whole ? Math.max(1, Math.round(step)) : step;
  const count = Math.ceil((until - from) / size - 1e-9);
  const round = Array.from({ length: count + 1 }, (_, n) => from + n * size);
  return whole ? [...round.filter((value) => until - value >= size / 2), until] : round;
}

/** @param {number} width @param {number} height @param {number[]} xs @param {number[]} ys @returns {Scale} */
function scaled(width, height, xs, ys) {
  const [left, right, top, bottom] = [LEFT, width - RIGHT, TOP, height - BOTTOM];
  const between = (/** @type {number[]} */ values, /** @type {number} */ value) =>
    (value - values[0]) / (values[values.length - 1] - values[0] || 1);
  const x = (/** @type {number} */ value) => left + between(xs, value) * (right - left);
  const y = (/** @type {number} */ value) => bottom - between(ys, value) * (bottom - top);
  return { x, y, left, right, top, bottom };
}

/** @param {CanvasRenderingContext2D} context @param {Scale} scale @param {number[]} xs @param {number[]} ys @param {(name: string) => string} colour */
function axes(context, { x, y, left, right, bottom }, xs, ys, colour) {
  context.strokeStyle = colour("--line");
  context.fillStyle = colour("--soft");
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ys) {
    context.beginPath();
    context.moveTo(left, y(value));
    context.lineTo(right, y(value));
    context.stroke();
    context.fillText(String(Number(value.toPrecision(3))), left - 8, y(value));
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of xs) context.fillText(String(value), x(value), bottom + 6);
  context.fillText("epoch", (left + right) / 2, bottom + 20);
}

/** @param {CanvasRenderingContext2D} context @param {Scale} scale @param {Series} series @param {string} colour */
function line(context, { x, y }, { points, dash, mark }, colour) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.beginPath();
  for (const [epoch, value] of points) context.lineTo(x(epoch), y(value));
  context.stroke();
  context.setLineDash([]);
  const sparse = Math.ceil(points.length / 40);
  const marked = points.filter((_, n) => n % sparse === 0 || n === points.length - 1);
  for (const [epoch, value] of marked) MARKS[mark](context, x(epoch), y(value));
}

/** @type {Record<Series["mark"], (context: CanvasRenderingContext2D, x: number, y: number) => void>} */
const MARKS = {
  none: () => undefined,
  square: (context, x, y) => context.fillRect(x - 3, y - 3, 6, 6),
  dot: (context, x, y) => {
    context.beginPath();
    context.arc(x, y, 3.2, 0, 2 * Math.PI);
    context.fill();
  },
  diamond: (context, x, y) => {
    context.beginPath();
    for (const [dx, dy] of [[0, -4.5], [4.5, 0], [0, 4.5], [-4.5, 0]]) context.lineTo(x + dx, y + dy);
    context.fill();
  },
};

/** @param {Series} series */
function swatch({ colour, dash, mark }) {
  const sample = h("i", { class: `swatch ${mark}`, "aria-hidden": "true" });
  sample.style.setProperty("--swatch", `var(${colour})`);
  sample.classList.toggle("dashed", dash.length > 0);
  return sample;
}

/** The same figures as a table. @param {string[]} names @param {(string | number)[][]} rows @param {HTMLTableElement} table */
export function fillTable(table, names, rows) {
  if (table.tBodies[0]?.rows.length === rows.length) return;
  const head = h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
  const body = h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((value) => h("td", {}, String(value))))));
  table.replaceChildren(head, body);
  say(/** @type {HTMLElement} */ (table.createCaption()), words.epochFigures);
}

/** Mean over the folds, epoch by epoch. @param {import("../api.js").EpochRow[]} epochs @param {"loss" | "matched_tagged" | "matched_true"} field @returns {Points} */
export function averaged(epochs, field) {
  /** @type {Map<number, number[]>} */
  const values = new Map();
  for (const row of epochs) {
    const value = row[field];
    if (value !== null) values.set(row.epoch, [...(values.get(row.epoch) ?? []), value]);
  }
  const means = [...values].map(([epoch, all]) => /** @type {[number, number]} */ ([epoch, all.reduce((a, b) => a + b) / all.length]));
  return means.sort(([a], [b]) => a - b);
}
