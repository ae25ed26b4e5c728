// @ts-check
/** The overlay with the keys and the few settings of this browser. */
import { h } from "../dom.js";
import { text } from "../strings.js";
import { bindings } from "./keys.js";

const KEPT = "respot.review";

/** What this browser remembers: who reviews, and how. */
export class Settings {
  annotator = "";
  letters = true;
  oneClick = false;

  constructor() {
    try {
      const { annotator, letters, oneClick } = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
      if (typeof annotator === "string") this.annotator = annotator;
      if (typeof letters === "boolean") this.letters = letters;
      if (typeof oneClick === "boolean") this.oneClick = oneClick;
    } catch {
      return;
    }
  }

  keep() {
    try {
      localStorage.setItem(KEPT, JSON.stringify(this));
    } catch {
      return;
    }
  }
}

export class Guide {
  /** @param {Settings} settings @param {string} annotator unless another is given here @param {() => void} changed */
  constructor(settings, annotator, changed) {
    this.settings = settings;
    this.changed = changed;
    const rows = bindings.flatMap(({ shown, words }) => [h("dt", {}, h("kbd", {}, shown)), h("dd", {}, words)]);
    this.name = h("input", { type: "text", maxlength: 80, autocomplete: "username", placeholder: annotator, oninput: () => this.#set("annotator", this.name.value.trim()) });
    this.name.value = settings.annotator;
    const close = h("button", { type: "button", class: "small", "aria-label": text.close, onclick: () => this.toggle() }, "✕");
    const title = h("h2", { id: "guide-title" }, "Keys and settings");
    const fields = h("div", { class: "fields" }, h("label", { class: "name" }, text.yourName, this.name));
    fields.append(this.#box("letters", text.singleKeys), this.#box("oneClick", text.oneClick));
    this.element = h("dialog", { class: "guide", "aria-labelledby": "guide-title" });
    this.element.append(h("header", {}, title, close), fields, h("dl", {}, ...rows));
    this.element.addEventListener("click", (event) => event.target === this.element && this.#close());
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
  }

  toggle() {
    if (this.element.open) this.#close();
    else this.element.showModal();
  }

  /** Closed at once: a box that kept the focus until the next frame would take the next key as typed into it. */
  #close() {
    /** @type {HTMLElement | null} */ (this.element.querySelector(":focus"))?.blur();
    this.element.close();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const typing = event.composedPath()[0] === this.name;
    event.stopPropagation();
    if (event.isComposing || (event.key !== "Escape" && (event.key !== "?" || typing))) return;
    event.preventDefault();
    this.#close();
  }

  /** @param {"letters" | "oneClick"} setting @param {string} words */
  #box(setting, words) {
    const box = h("input", { type: "checkbox", checked: this.settings[setting], onchange: () => this.#set(setting, box.checked) });
    return h("label", {}, box, words);
  }

  /** @param {"annotator" | "letters" | "oneClick"} setting @param {string | boolean} value */
  #set(setting, value) {
    Object.assign(this.settings, { [setting]: value });
    this.settings.keep();
    this.changed();
  }
}
