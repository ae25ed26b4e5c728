// @ts-check
/** A small dialog that asks for one of a few answers: a digit or a click. */
import { h } from "../dom.js";
import { text } from "../strings.js";

/** @typedef {[string, string]} Answer its value, and its words */

export class Chooser {
  /** @type {Answer[]} */
  #answers = [];

  /** @param {string} question @param {(value: string) => void} chosen */
  constructor(question, chosen) {
    this.chosen = chosen;
    this.list = h("div", { class: "answers" });
    const cancel = h("button", { type: "button", class: "action", onclick: () => this.#close() }, text.cancel);
    this.element = h("dialog", { class: "guide", "aria-label": question }, h("h2", {}, question), this.list, h("div", { class: "buttons" }, cancel));
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** @param {Answer[]} answers @param {string | null} present the one that holds now */
  open(answers, present) {
    this.#answers = answers;
    const rows = answers.map(([value, words], at) => {
      const cap = at < 9 ? h("kbd", { "aria-hidden": "true" }, String(at + 1)) : null;
      return h("button", { type: "button", class: "action", "aria-pressed": String(value === present), onclick: () => this.#choose(value) }, cap, words);
    });
    this.list.replaceChildren(...rows);
    this.element.showModal();
  }

  /** At once, so that the next key is the review's again. */
  #close() {
    /** @type {HTMLElement | null} */ (this.element.querySelector(":focus"))?.blur();
    this.element.close();
  }

  /** @param {string} value */
  #choose(value) {
    this.#close();
    this.chosen(value);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    event.stopPropagation();
    const answer = /^[1-9]$/.test(event.key) ? this.#answers[Number(event.key) - 1] : undefined;
    if (event.isComposing || event.repeat || (event.key !== "Escape" && !answer)) return;
    event.preventDefault();
    if (answer) this.#choose(answer[0]);
    else this.#close();
  }
}
