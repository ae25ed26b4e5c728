// @ts-check
/** The overlay with the keys, which can be changed there, and the few settings of this browser. */
import { h, say } from "../dom.js";
import { text } from "../strings.js";
import { keyWords } from "../strings/keys.js";
import { capOf, keymap, presets, rebound } from "./keymap.js";
import { chordOf } from "./keys.js";

/** @typedef {import("./settings.js").Settings} Settings */

const BARE_MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Tab"]);

export class Guide {
  /** The action that waits for its new key. @type {string | null} */
  #recording = null;

  /** @param {Settings} settings @param {() => {name: string, fixed: boolean}} known who it is unless another name is given here; `fixed`: no other counts @param {() => void} changed */
  constructor(settings, known, changed) {
    this.known = known;
    this.settings = settings;
    this.changed = changed;
    this.name = h("input", { type: "text", maxlength: 80, autocomplete: "username", oninput: () => this.#set({ annotator: this.name.value.trim() }) });
    this.name.value = settings.annotator;
    this.preset = h("select", { onchange: () => this.#set({ preset: this.preset.value, keys: {} }) });
    this.preset.append(...Object.keys(presets).map((name) => h("option", { value: name, selected: name === settings.preset }, text.presets[name])));
    this.keys = h("dl");
    this.said = h("p", { class: "said", role: "status" });
    const close = h("button", { type: "button", class: "small", "aria-label": text.close, onclick: () => this.toggle() }, "✕");
    const title = h("h2", { id: "guide-title" }, text.keysAndSettings);
    const fields = h("div", { class: "fields" }, h("label", { class: "name" }, text.yourName, this.name), h("label", { class: "name" }, text.keysLike, this.preset));
    fields.append(this.#box("letters", text.singleKeys), this.#box("careful", text.careful));
    const reset = h("button", { type: "button", class: "small", onclick: () => this.#set({ keys: {} }) }, text.keysReset);
    this.element = h("dialog", { class: "guide", "aria-labelledby": "guide-title" });
    this.element.append(h("header", {}, title, close), fields, h("div", { class: "over" }, h("p", {}, text.keysChange), reset), this.said, this.keys);
    this.element.addEventListener("click", (event) => event.target === this.element && this.#close());
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list();
  }

  toggle() {
    if (this.element.open) return this.#close();
    const { name, fixed } = this.known();
    this.name.placeholder = name;
    this.name.disabled = fixed;
    return this.element.showModal();
  }

  /** Closed at once: a box that kept the focus until the next frame would take the next key as typed into it. */
  #close() {
    this.#recording = null;
    /** @type {HTMLElement | null} */ (this.element.querySelector(":focus"))?.blur();
    this.element.close();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const typing = event.composedPath()[0] === this.name;
    event.stopPropagation();
    if (this.#recording) return this.#record(event);
    if (event.isComposing || (event.key !== "Escape" && (event.key !== "?" || typing))) return;
    event.preventDefault();
    this.#close();
  }

  #list() {
    const { preset, keys } = this.settings;
    const rows = keymap(preset, keys).flatMap(({ action, chords, fixed }) => [h("dt", {}, this.#cap(action, chords, fixed)), h("dd", {}, keyWords[action])]);
    this.keys.replaceChildren(...rows);
  }

  /** @param {string} action @param {string[]} chords @param {boolean} [fixed] */
  #cap(action, chords, fixed) {
    const caps = action === "digit" ? [h("kbd", {}, "1 – 9")] : chords.map((chord) => h("kbd", {}, capOf(chord)));
    if (fixed) return h("span", { class: "caps" }, ...caps);
    const onclick = () => this.#listen(action);
    return h("button", { type: "button", class: "caps", "data-action": action, "aria-label": text.changeKey(keyWords[action]), onclick }, ...(caps.length ? caps : [h("kbd", {}, "–")]));
  }

  /** @param {string} action */
  #listen(action) {
    this.#recording = action;
    say(this.said, text.pressKey(keyWords[action]));
  }

  /** @param {KeyboardEvent} event */
  #record(event) {
    if (event.isComposing || BARE_MODIFIERS.has(event.key)) return;
    event.preventDefault();
    const { preset, keys } = this.settings;
    const action = String(this.#recording);
    this.#recording = null;
    if (event.key === "Escape") return say(this.said, "");
    const chord = chordOf(event);
    const own = rebound(keymap(preset, keys), action, chord);
    say(this.said, own ? text.keySet(capOf(chord)) : text.keyTaken(capOf(chord)));
    if (own) this.#set({ keys: { ...keys, ...own } });
    /** @type {HTMLElement | null} */ (this.keys.querySelector(`[data-action="${action}"]`))?.focus();
  }

  /** @param {"letters" | "careful"} setting @param {string} words */
  #box(setting, words) {
    const box = h("input", { type: "checkbox", checked: this.settings[setting], onchange: () => this.#set({ [setting]: box.checked }) });
    return h("label", {}, box, words);
  }

  /** @param {Partial<Settings>} changed */
  #set(changed) {
    this.settings.change(changed);
    this.#list();
    this.changed();
  }
}
