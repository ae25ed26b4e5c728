// @ts-check
/** The small dialog that goes to a label or a frame by its number, or finds a clip by its name. */
import { h, say } from "../dom.js";
import { counted, text } from "../strings.js";

/** @typedef {{id: number, name: string, labels: unknown[]}} Clip */
/**
 * @typedef {object} Hands
 * @property {(label_id: number) => void} open
 * @property {(frame: number) => void} frame chooses it, for the label on the screen
 * @property {(clip_id: number) => void} clip
 * @property {(words: string) => Promise<Clip[]>} search
 */

const PAUSE_MS = 150;
const NUMBER = /^[0-9]+$/;

export class Finder {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = 0;
  /** @type {Clip[]} */
  #found = [];

  /** @param {Hands} hands */
  constructor(hands) {
    this.hands = hands;
    this.field = h("input", { type: "text", required: true, autocomplete: "off", spellcheck: "false", oninput: () => this.#typed() });
    this.said = h("p", { class: "said", role: "status" });
    this.list = h("div", { class: "answers" });
    const go = h("button", { class: "action main" }, text.go);
    const cancel = h("button", { type: "button", class: "action", onclick: () => this.#close() }, text.cancel);
    const form = h("form", { method: "dialog" }, h("label", { class: "name" }, text.findWhat, this.field), this.said, this.list, h("div", { class: "buttons" }, go, cancel));
    this.element = h("dialog", { class: "guide finder", "aria-label": text.goTo }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#go();
    });
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
  }

  open() {
    this.field.value = "";
    this.#show([], "");
    this.element.showModal();
    this.field.focus();
  }

  /** @returns {string} what is looked for */
  get #words() {
    return this.field.value.trim();
  }

  async #go() {
    const words = this.#words;
    if (NUMBER.test(words)) return this.#leave(() => this.hands.open(Number(words)));
    await this.#search();
    const [clip] = this.#found;
    return clip && this.#leave(() => this.hands.clip(clip.id));
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), NUMBER.test(this.#words) ? 0 : PAUSE_MS);
  }

  async #search() {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const words = this.#words;
    if (NUMBER.test(words)) return this.#offer(Number(words));
    if (!words) return this.#show([], "");
    const found = await this.hands.search(words).catch(() => null);
    if (asked !== this.#asked) return undefined;
    const count = found?.length ?? 0;
    return this.#show(found ?? [], found === null ? text.failed : count ? text.clipsFound(count) : text.noClip);
  }

  /** @param {Clip[]} found @param {string} words */
  #show(found, words) {
    this.#found = found;
    say(this.said, words);
    this.list.replaceChildren(...found.map(({ id, name, labels }) => this.#row(name, () => this.hands.clip(id), counted(labels.length, "label"))));
  }

  /** What a number may mean. @param {number} number */
  #offer(number) {
    this.#show([], "");
    const label = this.#row(text.goLabel(number), () => this.hands.open(number));
    this.list.replaceChildren(label, this.#row(text.goFrame(number), () => this.hands.frame(number)));
  }

  /** @param {string} name @param {() => void} goes @param {string} [more] */
  #row(name, goes, more = "") {
    return h("button", { type: "button", class: "action", onclick: () => this.#leave(goes) }, name, more ? h("small", {}, more) : null);
  }

  /** @param {() => void} then */
  #leave(then) {
    this.#close();
    then();
  }

  /** At once, so that the next key is not taken as typed. */
  #close() {
    this.#asked++;
    /** @type {HTMLElement | null} */ (this.element.querySelector(":focus"))?.blur();
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
