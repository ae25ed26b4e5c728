// @ts-check
/** The small dialog that gives a label another class: a digit or a click. */
import { h } from "../dom.js";
import { className, text } from "../strings.js";

export class ClassChooser {
  /** @type {string[]} */
  #classes = [];

  /** @param {(label: string) => void} chosen */
  constructor(chosen) {
    this.chosen = chosen;
    this.list = h("div", { class: "classes" });
    const cancel = h("button", { type: "button", class: "action", onclick: () => this.#close() }, text.cancel);
    this.element = h("dialog", { class: "guide", "aria-label": text.relabelTitle }, h("h2", {}, text.relabelTitle), this.list, h("div", { class: "buttons" }, cancel));
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** @param {string[]} classes @param {string} present */
  open(classes, present) {
    this.#classes = classes;
    const rows = classes.map((label, at) => {
      const cap = at < 9 ? h("kbd", { "aria-hidden": "true" }, String(at + 1)) : null;
      return h("button", { type: "button", class: "action", "aria-pressed": String(label === present), onclick: () => this.#choose(label) }, cap, className(label));
    });
    this.list.replaceChildren(...rows);
    this.element.showModal();
  }

  /** At once, so that the next key is the review's again. */
  #close() {
    /** @type {HTMLElement | null} */ (this.element.querySelector(":focus"))?.blur();
    this.element.close();
  }

  /** @param {string} label */
  #choose(label) {
    this.#close();
    this.chosen(label);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    event.stopPropagation();
    const label = /^[1-9]$/.test(event.key) ? this.#classes[Number(event.key) - 1] : undefined;
    if (event.isComposing || event.repeat || (event.key !== "Escape" && !label)) return;
    event.preventDefault();
    if (label) this.#choose(label);
    else this.#close();
  }
}
