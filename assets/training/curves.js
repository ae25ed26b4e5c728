// @ts-check
/** The curves of several runs over each other, read when they are opened: loss, or how far matches are. */
import { h } from "../dom.js";
import { words } from "../strings/training.js";
import { Chart, LINES, averaged } from "./chart.js";

/** @typedef {import("../api.js").EpochRow} EpochRow */
/** @typedef {"loss" | "matched_tagged" | "matched_true"} Quantity */

const MOST = LINES.length;

export class RunCurves {
  /** @type {Map<number, EpochRow[]>} */
  #epochs = new Map();
  /** @type {import("./runs.js").Compared[]} */
  #runs = [];
  #api;
  #quantity = h("select", { "aria-label": words.quantity, onchange: () => this.#draw() }, ...words.quantities.map(([value, name]) => h("option", { value }, name)));
  #picked = h("fieldset", { class: "picked" }, h("legend", {}, words.drawn));
  #chart = new Chart(words.compared, "");
  #table = h("table");
  #figures = h("details", {}, h("summary", {}, words.drawnFigures), h("div", { class: "figures", tabindex: "0", role: "region", "aria-label": words.drawnFigures }, this.#table));

  /** @param {() => import("../api.js").Api} api */
  constructor(api) {
    this.#api = api;
    this.element = h("div", { class: "curves" }, h("div", {}, words.quantity, " ", this.#quantity), this.#picked, this.#chart.element, this.#figures);
  }

  /** Takes up new runs and redraws. @param {import("./runs.js").Compared[]} runs newest first */
  async show(runs) {
    const known = new Set(this.#runs.map(({ id }) => id));
    const off = new Set([...this.#boxes].filter(({ checked }) => !checked).map(({ value }) => Number(value)));
    this.#runs = runs;
    const boxes = runs.map(({ id }, at) => this.#box(id, known.has(id) ? !off.has(id) : at < MOST));
    this.#picked.replaceChildren(/** @type {Node} */ (this.#picked.firstElementChild), ...boxes);
    await this.#read();
  }

  get #boxes() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (this.#picked.querySelectorAll("input"));
  }

  /** @param {number} id @param {boolean} checked */
  #box(id, checked) {
    return h("label", {}, h("input", { type: "checkbox", value: id, checked, onchange: () => this.#read() }), ` ${id}`);
  }

  /** Reads what is missing of the runs that are ticked. A finished run is read once. */
  async #read() {
    const wanted = this.#ticked.filter(({ id, state }) => !this.#epochs.has(id) || state === "running");
    const read = await Promise.all(wanted.map(({ id }) => this.#api().get(`/runs/${id}/epochs`)));
    wanted.forEach(({ id }, at) => this.#epochs.set(id, read[at].epochs));
    this.#draw();
  }

  get #ticked() {
    const on = new Set([...this.#boxes].filter(({ checked }) => checked).map(({ value }) => Number(value)));
    return this.#runs.filter(({ id }) => on.has(id));
  }

  #draw() {
    const quantity = /** @type {Quantity} */ (this.#quantity.value);
    const [, title, unit] = words.quantities[this.#quantity.selectedIndex];
    const series = this.#ticked.map(({ id, objective }) => {
      const [colour, mark, dash] = LINES[this.#runs.findIndex((run) => run.id === id) % LINES.length];
      return { name: words.line(id, objective), colour, mark, dash: [...dash], points: averaged(this.#epochs.get(id) ?? [], quantity) };
    });
    this.#chart.rename(title, unit);
    this.#chart.show(series, words.nothingDrawn);
    this.#fill(series.filter(({ points }) => points.length));
  }

  /** The same as numbers. @param {import("./chart.js").Series[]} series */
  #fill(series) {
    this.#figures.hidden = !series.length;
    const lines = series.map(({ points }) => new Map(points));
    const epochs = [...new Set(lines.flatMap((line) => [...line.keys()]))].sort((a, b) => a - b);
    const head = [words.drawnEpoch, ...series.map(({ name }) => name)].map((name) => h("th", { scope: "col" }, name));
    const rows = epochs.map((epoch) => h("tr", {}, h("th", { scope: "row" }, String(epoch)), ...lines.map((line) => h("td", {}, line.get(epoch)?.toFixed(3) ?? "–"))));
    this.#table.replaceChildren(h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
  }
}
