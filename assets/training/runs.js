// @ts-check
/** All runs of a dataset side by side: settings, state, where their matches and suggestions ended; one is shown. */
import { h, say } from "../dom.js";
import { words } from "../strings/training.js";
import { RunCurves } from "./curves.js";
import { MARKS } from "./members.js";

/** @typedef {import("../api.js").State} State */
/** @typedef {{id: number, state: State, objective: string, reach: number, epochs: number, folds: number, created_at: string, loss: number | null, tagged: number | null, true: number | null, suggested: number | null}} Compared */

const COLUMNS = words.runColumns;

export class Runs {
  #body = h("tbody");
  #pick;
  #curves;
  /** @type {Compared[]} */
  #all = [];

  /** @param {() => import("../api.js").Api} api @param {(id: number) => void} pick */
  constructor(api, pick) {
    this.#pick = pick;
    this.#curves = new RunCurves(api);
    const head = h("thead", {}, h("tr", {}, ...COLUMNS.map(([, name]) => h("th", { scope: "col" }, name))));
    const scroll = h("div", { class: "runs card", tabindex: "0", role: "region", "aria-label": words.runs }, h("table", {}, head, this.#body));
    this.element = h("details", { hidden: true }, h("summary", {}, words.runs), scroll, this.#curves.element);
    this.element.addEventListener("toggle", () => this.#draw());
  }

  /** @param {Compared[]} runs newest first @param {number | null} shown */
  show(runs, shown) {
    this.element.hidden = runs.length < 2;
    this.#body.replaceChildren(...runs.map((run) => this.#row(run, run.id === shown)));
    say(/** @type {HTMLElement} */ (this.element.firstElementChild), words.comparing(runs.length));
    this.#all = runs;
    this.#draw();
  }

  #draw() {
    if (this.element.open) this.#curves.show(this.#all);
  }

  /** @param {Compared} run @param {boolean} chosen */
  #row(run, chosen) {
    const pick = h("button", { type: "button", class: "small", "aria-pressed": String(chosen), onclick: () => this.#pick(run.id) }, `${run.id}`);
    const cells = COLUMNS.slice(1).map(([name]) => h("td", {}, told(name, run)));
    return h("tr", { class: chosen ? "chosen" : "" }, h("td", {}, pick), ...cells);
  }
}

/** @param {typeof COLUMNS[number][0]} name @param {Compared} run */
function told(name, run) {
  const value = run[name];
  if (name === "state") return `${MARKS[run.state]} ${words.states[run.state]}`;
  if (name === "created_at") return run.created_at.slice(0, 16).replace("T", " ");
  if (value === null || value === undefined) return "–";
  return typeof value === "number" ? String(Number(value.toFixed(3))) : value;
}
