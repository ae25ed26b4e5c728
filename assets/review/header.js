// @ts-check
/** The lines above the pictures: what is reviewed, how far it is, what is saved, and by whom. */
import { h, say } from "../dom.js";
import { className, clock, queues, text } from "../strings.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./session.js").Session} Session */
/**
 * @typedef {object} Choices
 * @property {(queue: string, label: string) => void} filter
 * @property {(dataset: number) => void} dataset
 * @property {(action: string) => void} act
 */

export class Header {
  /** @param {Choices} choices */
  constructor(choices) {
    const filter = () => choices.filter(this.queue.value, this.label.value);
    this.class = h("span", { class: "class" });
    this.clip = h("span", { class: "clip" });
    this.frame = h("span", { class: "frame" });
    this.position = h("span", { class: "position" });
    this.datasets = h("select", { "aria-label": text.dataset, onchange: () => choices.dataset(Number(this.datasets.value)) });
    this.queue = h("select", { "aria-label": text.queue, onchange: filter });
    this.label = h("select", { "aria-label": text.classFilter, onchange: filter });
    this.queue.append(...queues.map(([value, words]) => h("option", { value }, words)));
    this.savedAt = h("span");
    this.saved = h("span", { class: "saved" }, h("span", { class: "long" }), this.savedAt);
    this.name = h("span");
    const small = (/** @type {string} */ action, /** @type {string} */ label, /** @type {Node | string} */ inside) =>
      h("button", { type: "button", class: "small", "aria-label": label, onclick: () => choices.act(action) }, inside);
    this.annotator = h("button", { type: "button", class: "small who", onclick: () => choices.act("help") }, this.name);
    this.browse = h("span", { class: "browse" }, small("previous", text.previous, "↑"), this.position, small("next", text.next, "↓"));
    this.subject = h("div", { class: "subject" }, this.class, this.clip, this.frame);
    const tools = h("div", { class: "tools" }, this.datasets, this.queue, this.label, this.annotator, small("help", text.help, "?"));
    this.bar = h("progress", { "aria-label": "Decided labels" });
    this.done = h("span");
    this.count = h("span", { class: "count" }, this.done, h("span", { class: "long" }, " decided"));
    const progress = h("div", { class: "progress" }, this.bar, this.count, this.saved);
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
    this.queue.value = filter.queue;
  }

  /** No label is shown. */
  clear() {
    this.subject.hidden = this.browse.hidden = true;
  }

  /** @param {View} view @param {Session} session */
  show({ item }, session) {
    this.subject.hidden = this.browse.hidden = false;
    say(this.class, className(item.label));
    say(this.clip, item.clip);
    this.clip.title = item.clip;
    say(this.frame, `tagged ${item.frame}`);
    say(this.position, `${session.gone + session.index + 1}`);
  }

  /** @param {Session} session @param {string} annotator @param {string | null} savedAt */
  tally({ decided, tally, outbox }, annotator, savedAt) {
    const waiting = outbox.pending;
    this.bar.max = Math.max(1, tally.total);
    this.bar.value = decided;
    say(this.done, `${decided.toLocaleString("en")} of ${tally.total.toLocaleString("en")}`);
    say(/** @type {Element} */ (this.saved.firstElementChild), waiting ? "saving " : savedAt ? "saved " : "");
    say(this.savedAt, waiting ? `${waiting}…` : savedAt ? clock(savedAt) : "");
    this.saved.classList.toggle("waiting", waiting > 0);
    this.saved.classList.toggle("known", waiting > 0 || savedAt !== null);
    say(this.name, annotator || text.unknownAnnotator);
    this.annotator.setAttribute("aria-label", `${text.settings}, ${annotator || text.unknownAnnotator}`);
  }
}
