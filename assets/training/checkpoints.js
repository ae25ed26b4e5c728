// @ts-check
/** The epochs of a run that were looked at on held-out clips: what speaks for each, which one suggests, and undo. */
import { h, say } from "../dom.js";
import { clock } from "../strings.js";
import { words } from "../strings/training.js";

/** @typedef {{epoch: number, tagged: number | null, true: number | null}} Look */
/** @typedef {{epoch: number | null, annotator: string, created_at: string}} Choice */
/** @typedef {{usual: number[], chosen: number | null, looks: Look[], choices: Choice[], job_id?: number}} Checkpoints */

const SHOWN = 5;

export class EpochChoice {
  #api;
  #annotator;
  /** @type {number | null} */
  #run = null;
  #body = h("tbody");
  #history = h("ul", { class: "choices" });
  #undo = h("button", { type: "button", class: "small", onclick: () => this.#order("/undo", {}) }, words.undoChoice);
  #problem = h("p", { class: "bar problem", role: "alert", hidden: true });
  #job = document.createElement("respot-job");

  /** @param {() => import("../api.js").Api} api @param {() => string} annotator */
  constructor(api, annotator) {
    this.#api = api;
    this.#annotator = annotator;
    const head = h("thead", {}, h("tr", {}, ...words.lookColumns.map((name) => h("th", { scope: "col" }, name))));
    const scroll = h("div", { class: "looks card", tabindex: "0", role: "region", "aria-label": words.looks }, h("table", {}, head, this.#body));
    this.element = h("details", { hidden: true }, h("summary", {}, words.looks), h("p", { class: "unit" }, words.looksMean), this.#problem, scroll, this.#job, this.#history, this.#undo);
  }

  /** Asks for the epochs of a run. @param {number} run */
  async show(run) {
    this.#run = run;
    const told = await this.#api().get(`/runs/${run}/checkpoints`);
    if (run === this.#run) this.#fill(told);
  }

  /** @param {Checkpoints} told */
  #fill({ usual, chosen, looks, choices }) {
    this.element.hidden = !looks.length;
    this.#problem.hidden = true;
    say(/** @type {HTMLElement} */ (this.element.firstElementChild), words.suggesting(chosen, usual));
    const late = this.#row(words.late(usual), [null, null], null, chosen);
    this.#body.replaceChildren(late, ...looks.map((look) => this.#row(String(look.epoch), [look.tagged, look.true], look.epoch, chosen)));
    this.#history.replaceChildren(...choices.slice(0, SHOWN).map((one) => h("li", {}, words.choice(one.epoch, one.annotator, one.created_at.slice(0, 10), clock(one.created_at)))));
    this.#undo.hidden = !choices.length;
  }

  /** @param {string} name @param {(number | null)[]} figures @param {number | null} epoch @param {number | null} chosen */
  #row(name, figures, epoch, chosen) {
    const holds = epoch === chosen;
    const use = h("button", { type: "button", class: "small", "aria-pressed": String(holds), onclick: () => holds || this.#order("", { epoch }) }, holds ? words.inUse : words.use);
    use.setAttribute("aria-label", `${use.textContent}: ${name}`);
    const cells = figures.map((value) => h("td", { class: "number" }, value === null ? "–" : value.toFixed(2)));
    return h("tr", { class: holds ? "chosen" : "" }, h("th", { scope: "row" }, name), ...cells, h("td", {}, use));
  }

  /** @param {string} route @param {object} asked */
  async #order(route, asked) {
    try {
      const told = await this.#api().post(`/runs/${this.#run}/checkpoints${route}`, { ...asked, annotator: this.#annotator() });
      this.#fill(told);
      this.#job.setAttribute("job", String(told.job_id));
    } catch (error) {
      this.#problem.hidden = false;
      say(this.#problem, error instanceof Error ? error.message : String(error));
    }
  }
}
