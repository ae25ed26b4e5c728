// @ts-check
/** The enlarged pictures: the tagged frame, the candidate beside it, and the loop around both. */
import { h, say } from "../dom.js";
import { signed, text } from "../strings.js";
import { Loop } from "./loop.js";
import { Screen } from "./screen.js";
import { at } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{act: (action: string) => void, pan: (dx: number, dy: number) => void}} Hands */

const LENS = /** @type {const} */ ([
  ["crop", "▣"],
  ["zoomOut", "−"],
  ["zoomIn", "+"],
  ["zoomReset", "⟲"],
]);

export class Panels {
  /** @param {import("./settings.js").Settings} settings @param {Hands} hands */
  constructor(settings, hands) {
    this.tagged = new Still("tagged", hands.pan);
    this.candidate = new Still("candidate", hands.pan);
    this.loop = new Loop(settings);
    const buttons = LENS.map(([action, mark]) => h("button", { type: "button", class: `small ${action}`, "aria-label": text.lens[action], title: text.lens[action], onclick: () => hands.act(action) }, mark));
    this.lens = h("div", { class: "lens", role: "group", "aria-label": text.lens.name }, ...buttons);
    this.crop = buttons[0];
    this.loop.film.append(this.lens);
    this.elements = [this.tagged.element, this.candidate.element, this.loop.element];
  }

  /** @param {View} view */
  show(view) {
    const { item, candidate, chosen, part } = view;
    this.tagged.show(view, item.frame, item.proposed ? text.proposedAt : text.tagged);
    this.candidate.show(view, candidate, chosen ? text.chosen : item.suggestion ? text.suggested : text.nothingChosen);
    this.candidate.element.classList.toggle("chosen", chosen);
    this.candidate.element.classList.toggle("none", !chosen && !item.suggestion);
    this.crop.setAttribute("aria-pressed", String(part.size < 1));
    this.loop.show(view);
  }
}

/** One enlarged frame under its name, number and score. Dragging it moves what is seen of it. */
class Still {
  /** @type {{x: number, y: number} | null} */
  #held = null;

  /** @param {string} kind @param {(dx: number, dy: number) => void} pan */
  constructor(kind, pan) {
    this.pan = pan;
    this.name = h("strong");
    this.score = h("span", { class: "score" });
    this.number = h("span");
    this.shift = h("span", { class: "by" });
    this.screen = new Screen("");
    const place = h("span", { class: "place" }, this.number, this.shift);
    const head = h("figcaption", {}, this.name, this.score, place);
    const { canvas } = this.screen;
    this.element = h("figure", { class: `panel ${kind}` }, head, canvas);
    canvas.addEventListener("pointerdown", (event) => this.#hold(event));
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (this.#held = null));
  }

  /** @param {View} view @param {number} frame @param {string} name */
  show({ item, sprite, part }, frame, name) {
    const score = item.suggestion ? at(item.suggestion.scores, item, frame) : null;
    const shift = frame - item.frame;
    const { canvas } = this.screen;
    this.screen.show(sprite, frame, part);
    canvas.setAttribute("aria-label", `${name}: frame ${frame}`);
    canvas.classList.toggle("movable", part.size < 1);
    say(this.name, name);
    say(this.score, score === null ? "" : `score ${score.toFixed(2)}`);
    say(this.number, String(frame));
    say(this.shift, shift ? ` (${signed(shift)})` : "");
  }

  /** @param {PointerEvent} event */
  #hold({ pointerId, clientX, clientY }) {
    const { canvas } = this.screen;
    if (!canvas.classList.contains("movable")) return;
    canvas.setPointerCapture(pointerId);
    this.#held = { x: clientX, y: clientY };
  }

  /** @param {PointerEvent} event */
  #drag({ clientX, clientY }) {
    if (!this.#held) return;
    const { clientWidth, clientHeight } = this.screen.canvas;
    const [dx, dy] = [(this.#held.x - clientX) / clientWidth, (this.#held.y - clientY) / clientHeight];
    this.#held = { x: clientX, y: clientY };
    this.pan(dx, dy);
  }
}
