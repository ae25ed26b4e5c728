// @ts-check
/** The lines above the pictures: what is reviewed, how far it is, what is saved, and by whom. */
import { h, say } from "../dom.js";
import { className, clock, queues, text } from "../strings.js";
import { flagReasons } from "../strings/review.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./session.js").Session} Session */
/**
 * @typedef {object} Choices
 * @property {(filter: import("./session.js").Filter) => void} filter
 * @property {(dataset: number) => void} dataset
 * @property {(action: string) => void} act
 */

export class Header {
  /** The clip that the queue is limited to. @type {number | null} */
  #clip = null;
  /** The clip of the label on the screen. @type {number | null} */
  #shown = null;

  /** @param {Choices} choices */
  constructor(choices) {
    const filter = (clip = this.#clip) => choices.filter({ queue: this.queue.value, label: this.label.value, clip, reason: this.queue.value === "flagged" ? this.reason.value : "" });
    const oneClip = () => filter(this.#clip === null ? this.#shown : null);
    this.class = h("span", { class: "class" });
    this.clipName = h("span");
    this.clip = h("button", { type: "button", class: "clip", onclick: oneClip }, this.clipName);
    this.frame = h("span", { class: "frame" });
    this.position = h("span", { class: "position" });
    this.datasets = h("select", { "aria-label": text.dataset, onchange: () => choices.dataset(Number(this.datasets.value)) });
    this.queue = h("select", { "aria-label": text.queue, onchange: () => filter() });
    this.label = h("select", { "aria-label": text.classFilter, onchange: () => filter() });
    this.reason = h("select", { "aria-label": text.flagFilter, onchange: () => filter() }, h("option", { value: "" }, text.allReasons));
    this.reason.append(...Object.entries(flagReasons).map(([reason, words]) => h("option", { value: reason }, words)));
    this.savedAt = h("span");
    this.saved = h("span", { class: "saved" }, h("span", { class: "long" }), this.savedAt);
    this.name = h("span");
    const small = (/** @type {string} */ action, /** @type {string} */ label, /** @type {Node | string} */ inside) =>
      h("button", { type: "button", class: "small", "aria-label": label, onclick: () => choices.act(action) }, inside);
    this.annotator = h("button", { type: "button", class: "small who", onclick: () => choices.act("help") }, this.name);
    this.browse = h("span", { class: "browse" }, small("previous", text.previous, "↑"), this.position, small("next", text.next, "↓"), small("undecided", text.nextUndecided, "⇥"));
    this.subject = h("div", { class: "subject" }, this.class, this.clip, this.frame);
    const tools = h("div", { class: "tools" }, this.datasets, this.queue, this.reason, this.label, small("link", text.link, "↗"), small("goto", text.goTo, "#"), this.annotator, small("help", text.help, "?"));
    this.bar = h("progress", { "aria-label": text.decidedLabels });
    this.done = h("span");
    this.count = h("span", { class: "count" }, this.done, h("span", { class: "long" }, text.decided));
    this.pace = h("span", { class: "pace" });
    this.training = h("span", { class: "training", hidden: true });
    const progress = h("div", { class: "progress" }, this.bar, this.count, this.pace, this.training, this.saved);
    this.element = h("header", { class: "head" }, this.subject, this.browse, tools, progress);
  }

  /** @param {import("../api.js").Dataset[]} datasets @param {Session} session */
  offer(datasets, { dataset, filter }) {
    const options = datasets.map(({ id, name }) => h("option", { value: id, selected: id === dataset.id }, name));
    this.datasets.replaceChildren(...options);
    this.datasets.hidden = datasets.length < 2;
    const classes = dataset.classes.map((label) => h("option", { value: label }, className(label)));
    this.label.replaceChildren(h("option", { value: "" }, text.allClasses), ...classes);
    this.label.value = filter.label;
    this.reason.hidden = filter.queue !== "flagged";
    this.reason.value = filter.reason;
    this.queues([{ name: "likely", count: 0 }], filter.queue);
    this.#clip = filter.clip;
    this.clip.setAttribute("aria-pressed", String(filter.clip !== null));
  }

  /** Offers the queues that hold something, and the one that is open. @param {import("../api.js").Queue[]} known @param {string} open */
  queues(known, open) {
    const offered = known.filter(({ name, count }) => count > 0 || name === open || name === "likely");
    if (!offered.some(({ name }) => name === open)) offered.push({ name: open, count: 0 });
    const options = offered.map(({ name, count }) => h("option", { value: name }, (queues[name] ?? name) + (count ? ` (${count.toLocaleString("en")})` : "")));
    this.queue.replaceChildren(...options);
    this.queue.value = open;
  }

  /** How far the run is that trains now. @param {import("../api.js").Run | null} run */
  trains(run) {
    this.training.hidden = run === null;
    say(this.training, run ? text.training(run) : "");
  }

  /** No label is shown. */
  clear() {
    this.subject.hidden = this.browse.hidden = true;
  }

  /** @param {View} view @param {Session} session */
  show({ item }, session) {
    this.subject.hidden = this.browse.hidden = false;
    say(this.class, className(item.label));
    this.#shown = item.clip_id;
    say(this.clipName, item.clip);
    this.clip.title = this.#clip === null ? text.onlyClip(item.clip) : text.allClips;
    say(this.frame, text.taggedAt(item.frame, item.fps, item.proposed));
    say(this.position, text.place(...session.place));
  }

  /** @param {Session} session @param {string} annotator @param {string | null} savedAt @param {import("./pace.js").Pace} pace */
  tally({ decided, tally, outbox }, annotator, savedAt, pace) {
    const waiting = outbox.pending;
    this.bar.max = Math.max(1, tally.total);
    this.bar.value = decided;
    say(this.done, `${decided.toLocaleString("en")} of ${tally.total.toLocaleString("en")}`);
    say(/** @type {Element} */ (this.saved.firstElementChild), waiting ? text.saving : savedAt ? text.saved : "");
    say(this.savedAt, waiting ? `${waiting}…` : savedAt ? clock(savedAt) : "");
    this.saved.classList.toggle("waiting", waiting > 0);
    this.saved.classList.toggle("known", waiting > 0 || savedAt !== null);
    say(this.pace, pace.words);
    say(this.name, annotator || text.unknownAnnotator);
    this.annotator.setAttribute("aria-label", `${text.settings}, ${annotator || text.unknownAnnotator}`);
  }
}
