// @ts-check
/** What went wrong, what was done, and what a screen reader hears of it. */
import { h, say } from "../dom.js";
import { keptHere, text } from "../strings.js";

const TOAST_MS = 3500;

export class Notices {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {{words: string, label_id: number | null}[]} */
  #conflicts = [];

  /** @param {(label_id: number) => void} open */
  constructor(open) {
    this.open = open;
    this.away = h("p", { class: "bar warning", hidden: true }, h("b", { "aria-hidden": "true" }, "▲ "), h("span"));
    this.conflicts = h("div", { class: "conflicts" });
    this.toast = h("p", { class: "toast", "aria-hidden": "true" });
    this.live = h("p", { class: "spoken", role: "status", "aria-live": "polite" });
    this.element = h("div", { class: "notices" }, this.away, this.conflicts);
  }

  /** @param {import("./outbox.js").Outbox} outbox */
  connection({ away, pending }) {
    this.away.hidden = !away;
    if (away) say(/** @type {Element} */ (this.away.lastElementChild), keptHere(pending));
  }

  /** Says it on the screen for a moment. @param {string} words */
  tell(words) {
    clearTimeout(this.#timer);
    say(this.toast, words);
    this.toast.classList.add("shown");
    this.#timer = setTimeout(() => this.toast.classList.remove("shown"), TOAST_MS);
  }

  /** @param {string} words */
  speak(words) {
    say(this.live, words);
  }

  /** Stays until it is dealt with; one at a time. @param {string} words @param {number | null} label_id */
  conflict(words, label_id) {
    this.#conflicts.push({ words, label_id });
    this.speak(words);
    this.#showConflict();
  }

  #showConflict() {
    const [first] = this.#conflicts;
    if (!first) return this.conflicts.replaceChildren();
    const { words, label_id } = first;
    const more = this.#conflicts.length > 1 ? `1 of ${this.#conflicts.length}` : "";
    const next = () => (this.#conflicts.shift(), this.#showConflict());
    const button = (/** @type {string} */ name, /** @type {() => void} */ does) => h("button", { type: "button", class: "small", onclick: does }, name);
    const bar = h("p", { class: "bar problem" }, h("b", { "aria-hidden": "true" }, "✖ "), h("span", {}, words), h("span", {}, more));
    if (label_id !== null) bar.append(button(text.openLabel, () => (next(), this.open(label_id))));
    bar.append(button(text.dismiss, next));
    return this.conflicts.replaceChildren(bar);
  }
}
