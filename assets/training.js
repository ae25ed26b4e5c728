// @ts-check
/** `<respot-training run="3">`: how a training goes, asked about once a second while it can be seen. */
import { Api } from "./api.js";
import { h, say } from "./dom.js";
import { percent, progress, text } from "./strings.js";
import { followTheme, styled } from "./theme.js";
import { Chart, LINES, averaged, fillTable } from "./training/chart.js";
import { EpochChoice } from "./training/checkpoints.js";
import { Fitting } from "./training/fitting.js";
import { RunLog } from "./training/log.js";
import { MARKS, Members } from "./training/members.js";
import { Runs } from "./training/runs.js";
import { words } from "./strings/training.js";

/** @typedef {import("./api.js").Run} Run */
/** @typedef {import("./api.js").EpochRow} EpochRow */
/** @typedef {import("./training/chart.js").Series} Series */

const POLL_MS = 1000;
const AWAY_MS = 3000;
const SETTLED_MS = 10_000;
const ACTIVE = new Set(["queued", "running"]);
/**
 * Attributes: `run` (an id) or `dataset` (its newest run), `annotator`, `api`. `data-state` is empty, failed, or the run's state.
 * Fires `respot-run` {id, state} when the state changes.
 */
export class RespotTraining extends HTMLElement {
  static observedAttributes = ["run", "dataset"];
  /** @type {EpochRow[]} */
  #epochs = [];
  /** @type {number | null} the run whose epochs these are */
  #of = null;
  #life = new AbortController();
  #asked = 0;
  #compared = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  api = new Api("/api/v1");

  #state = h("strong", { class: "state" });
  #left = h("span", { class: "left" });
  #bar = h("progress", { max: "1", "aria-label": words.progress });
  #stop = h("button", { type: "button", class: "action", onclick: () => this.#order("stop") }, words.stop);
  #resume = h("button", { type: "button", class: "action main", onclick: () => this.#order("resume") }, words.resume);
  #delete = h("button", { type: "button", class: "action", onclick: () => this.#remove() }, words.remove);
  #fitting = new Fitting(() => this.api, (id) => this.setAttribute("run", String(id)), (error) => this.#away(error));
  #choice = new EpochChoice(() => this.api, () => this.getAttribute("annotator") ?? "");
  #runs = new Runs(() => this.api, (id) => this.setAttribute("run", String(id)));
  #log = new RunLog(() => this.api, () => this.#of);
  #problem = h("p", { class: "bar problem", role: "alert", hidden: true });
  #held = h("p", { class: "held" });
  #members = new Members();
  #loss = new Chart(words.loss[0], words.loss[1]);
  #offsets = new Chart(words.offsets[0], words.offsets[1]);
  #table = h("table");
  #live = h("p", { class: "spoken", role: "status", "aria-live": "polite" });
  #run = h(
    "section",
    { class: "run", hidden: true, "aria-label": words.run },
    h("header", {}, this.#state, this.#left, this.#stop, this.#fitting.element, this.#resume, this.#delete),
    this.#bar,
    this.#held,
    this.#members.element,
    h("div", { class: "charts" }, this.#loss.element, this.#offsets.element),
    h("details", {}, h("summary", {}, words.figures), h("div", { class: "figures", tabindex: "0", role: "region", "aria-label": words.figures }, this.#table)),
    this.#choice.element,
    this.#runs.element,
    this.#log.element,
  );
  #empty = h("p", { class: "stage" });

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.api = new Api(this.getAttribute("api") ?? "/api/v1");
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren();
    styled(root, ["theme.css", "training.css"]).then(() => root.append(this.#problem, this.#empty, this.#run, this.#live));
    followTheme(this, signal, () => [this.#loss, this.#offsets].forEach((chart) => chart.draw()));
    document.addEventListener("visibilitychange", () => this.#watch(), { signal });
    const seen = new IntersectionObserver(() => this.#watch());
    seen.observe(this);
    signal.addEventListener("abort", () => seen.disconnect());
    say(this.#empty, text.loading);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#life.abort();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#watch();
  }

  /** Asks now, and again after a while for as long as it can be seen. */
  async #watch() {
    clearTimeout(this.#timer);
    if (document.hidden || !this.isConnected || !this.checkVisibility()) return;
    const asked = ++this.#asked;
    let wait = SETTLED_MS;
    try {
      const run = await this.#newest();
      if (asked !== this.#asked) return;
      this.#problem.hidden = true;
      if (run && ACTIVE.has(run.state)) wait = POLL_MS;
      if (run) this.#show(run);
      if (run) await this.#compare(run, asked);
      else this.#say("empty", words.none);
    } catch (error) {
      wait = AWAY_MS;
      this.#away(error);
    }
    if (asked === this.#asked) this.#timer = setTimeout(() => this.#watch(), wait);
  }

  /** @returns {Promise<Run | null>} with the epochs that came since the last time */
  async #newest() {
    const id = Number(this.getAttribute("run")) || (await this.#latest());
    if (!id) return null;
    if (id !== this.#of) this.#calm();
    if (id !== this.#of) this.#epochs = [];
    this.#of = id;
    const after = Math.max(0, ...this.#epochs.map((epoch) => epoch.id));
    const [run, { epochs }] = await Promise.all([this.api.get(`/runs/${id}`), this.api.get(`/runs/${id}/epochs`, { after })]);
    if (id === this.#of && epochs.length) this.#epochs = merged(this.#epochs, epochs);
    return run;
  }

  /** Looks at the other runs when another run is shown or its state has changed. @param {Run} run @param {number} asked */
  async #compare(run, asked) {
    const { id, dataset_id, state } = run;
    const now = `${id} ${state}`;
    if (now === this.#compared) return;
    const [runs] = await Promise.all([this.api.get(`/datasets/${dataset_id}/runs/compared`), this.#choice.show(id), this.#fitting.show(run)]);
    if (asked !== this.#asked) return;
    this.#compared = now;
    this.#runs.show(runs, id);
  }

  /** The first press asks, the second deletes; any refusal is said. */
  async #remove() {
    if (this.#delete.dataset.sure !== "1") {
      this.#delete.dataset.sure = "1";
      say(this.#delete, words.removeAgain);
      return;
    }
    try {
      await this.api.delete(`/runs/${this.#of}`);
      this.#compared = "";
      this.removeAttribute("run");
      this.#watch();
    } catch (error) {
      this.#away(error);
    }
    this.#calm();
  }

  #calm() {
    this.#delete.dataset.sure = "";
    say(this.#delete, words.remove);
  }

  /** @returns {Promise<number | null>} */
  async #latest() {
    const dataset = Number(this.getAttribute("dataset"));
    if (!dataset) return null;
    return (await this.api.get(`/datasets/${dataset}`)).latest_run?.id ?? null;
  }

  /** @param {"stop" | "resume"} order */
  async #order(order) {
    try {
      await this.api.post(`/runs/${this.#of}/${order}`);
    } catch (error) {
      this.#away(error);
    }
    this.#watch();
  }

  /** @param {Run} run */
  #show(run) {
    const before = this.dataset.state;
    this.#empty.hidden = true;
    this.#run.hidden = false;
    this.dataset.state = run.state;
    say(this.#state, words.state(MARKS[run.state], run.id, words.states[run.state]));
    this.#progress(run);
    this.#stop.hidden = !ACTIVE.has(run.state);
    this.#delete.hidden = ACTIVE.has(run.state);
    this.#resume.hidden = run.state !== "stopped" && run.state !== "failed";
    this.#resume.textContent = run.state === "failed" ? text.retry : words.resume;
    say(this.#held, run.held_out ? words.held(run.held_out) : "");
    this.#members.show(run.members, this.#epochs, run.config?.epochs);
    this.#draw(run);
    if (run.error) this.#complain(run.error);
    if (before === run.state) return;
    say(this.#live, words.announced(run.id, words.states[run.state]));
    this.dispatchEvent(new CustomEvent("respot-run", { detail: { id: run.id, state: run.state }, bubbles: true, composed: true }));
  }

  /** @param {Run} run */
  #progress(run) {
    this.#bar.value = run.share;
    say(this.#left, run.state === "running" ? progress(run) : percent(run.share));
  }

  /** @param {Run} run */
  #draw(run) {
    const none = this.#epochs.length ? text.noMatches : text.noEpochs;
    this.#loss.show(lossLines(this.#epochs, run.members.length), none);
    this.#offsets.show(offsetLines(this.#epochs, run.expected ?? null), none);
    const figure = (/** @type {number | null} */ value) => (value === null ? "–" : value.toFixed(3));
    const rows = this.#epochs.map((one) => [
      ...[one.member + 1, one.epoch, figure(one.loss), figure(one.matched_tagged), figure(one.matched_true)],
      Math.round(one.frames_per_second),
    ]);
    fillTable(this.#table, words.epochColumns, rows);
  }

  /** @param {string} state @param {string} words */
  #say(state, words) {
    this.dataset.state = state;
    this.#run.hidden = true;
    this.#empty.hidden = false;
    say(this.#empty, words);
  }

  /** @param {unknown} error */
  #away(error) {
    this.#complain(`${text.failed}: ${error instanceof Error ? error.message : error}`);
    if (this.#run.hidden) this.#say("failed", words.again);
  }

  /** @param {string} words */
  #complain(words) {
    this.#problem.hidden = false;
    say(this.#problem, words);
  }
}

/** A resumed epoch replaces its first try. @param {EpochRow[]} old @param {EpochRow[]} fresh */
function merged(old, fresh) {
  const rows = new Map([...old, ...fresh].map((row) => [`${row.member}/${row.epoch}`, row]));
  return [...rows.values()].sort((a, b) => a.epoch - b.epoch || a.member - b.member);
}

/** @param {EpochRow[]} epochs @param {number} members @returns {Series[]} */
function lossLines(epochs, members) {
  return Array.from({ length: members }, (_, member) => {
    const [colour, mark, dash] = LINES[member % LINES.length];
    const points = epochs.filter((row) => row.member === member).map((row) => /** @type {[number, number]} */ ([row.epoch, row.loss]));
    return { name: words.fold(member + 1), colour, mark, dash: [...dash], points };
  });
}

/** The paper's Fig. 5: how far the matches are from the tags, from the truth, and how far the tags are from it. @param {EpochRow[]} epochs @param {number | null} expected @returns {Series[]} */
function offsetLines(epochs, expected) {
  const last = Math.max(2, ...epochs.map(({ epoch }) => epoch));
  const tagged = averaged(epochs, "matched_tagged");
  const level = /** @type {[number, number][]} */ (expected === null || !tagged.length ? [] : [[1, expected], [last, expected]]);
  return [
    { name: words.offsetLines.tagged, colour: "--blue", mark: "dot", dash: [], points: tagged },
    { name: words.offsetLines.true, colour: "--green", mark: "square", dash: [], points: averaged(epochs, "matched_true") },
    { name: words.offsetLines.expected, colour: "--soft", mark: "none", dash: [3, 4], points: level },
  ];
}

if (!customElements.get("respot-training")) customElements.define("respot-training", RespotTraining);
