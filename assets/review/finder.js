// @ts-check
/** The small dialog that goes to a label by its number. */
import { h } from "../dom.js";
import { text } from "../strings.js";

export class Finder {
  /** @param {(label_id: number) => void} open */
  constructor(open) {
    this.number = h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]+", required: true, autocomplete: "off" });
    const go = h("button", { class: "action main" }, text.go);
    const cancel = h("button", { type: "button", class: "action", onclick: () => this.#close() }, text.cancel);
    const form = h("form", { method: "dialog" }, h("label", { class: "name" }, text.labelNumber, this.number), h("div", { class: "buttons" }, go, cancel));
    this.element = h("dialog", { class: "guide finder", "aria-label": text.goTo }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#close();
      open(Number(this.number.value));
    });
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
  }

  open() {
    this.number.value = "";
    this.element.showModal();
    this.number.focus();
  }

  /** At once, so that the next key is not taken as typed. */
  #close() {
    this.number.blur();
    this.element.close();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    event.stopPropagation();
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.#close();
  }
}
