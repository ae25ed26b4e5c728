// @ts-check
/** The parts of the review screen put together, and one call that shows a view on all of them. */
import { h } from "../dom.js";
import { calm } from "../theme.js";
import { Actions } from "./actions.js";
import { Curve } from "./curve.js";
import { Filmstrip } from "./filmstrip.js";
import { Guide } from "./guide.js";
import { Header } from "./header.js";
import { Notices } from "./notices.js";
import { Panels } from "./panels.js";
import { Trust } from "./trust.js";
import { cellsFor } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./session.js").Session} Session */
/**
 * @typedef {object} Hands what the board's parts ask for
 * @property {(action: string) => void} act
 * @property {(frame: number, decide: boolean) => void} pick
 * @property {(queue: string, label: string) => void} filter
 * @property {(dataset: number) => void} dataset
 * @property {(label_id: number) => void} open
 * @property {() => void} resized
 * @property {() => void} settled
 * @property {string} annotator
 */

export class Board {
  /** Frames in the filmstrip. */
  cells = 9;

  /** @param {Hands} hands @param {import("./guide.js").Settings} settings */
  constructor(hands, settings) {
    this.header = new Header(hands);
    this.notices = new Notices(hands.open);
    this.panels = new Panels();
    this.trust = new Trust();
    this.filmstrip = new Filmstrip(hands.pick);
    this.curve = new Curve();
    this.actions = new Actions(hands.act, this.notices.toast);
    this.guide = new Guide(settings, hands.annotator, hands.settled);
    this.panels.loop.moved = (frame) => this.curve.point(frame);
    const pictures = h("div", { class: "pictures" }, ...this.panels.elements, this.trust.element);
    const film = h("div", { class: "card" }, this.filmstrip.element, this.curve.element);
    this.work = h("div", { class: "work" }, pictures, film, this.actions.element);
    this.empty = h("div", { class: "instead", hidden: true });
    const { element: notices, live } = this.notices;
    this.element = h("section", { class: "review", tabindex: "-1", "aria-label": "Review of event labels" });
    this.element.append(this.header.element, notices, this.work, this.empty, live, this.guide.element);
    this.element.addEventListener("click", (event) => this.#giveKeysBack(event));
    this.#watch(hands.resized);
  }

  /** @param {View} view @param {Session} session @param {boolean} removing */
  show(view, session, removing) {
    this.empty.hidden = true;
    this.work.hidden = false;
    this.header.show(view, session);
    this.filmstrip.show(view);
    this.curve.show(view);
    this.panels.show(view);
    this.trust.show(view);
    this.actions.show(view, { removing, canUndo: session.canUndo, canRedo: session.canRedo });
  }

  /** Shows something else than a label. @param {HTMLElement} scene */
  instead(scene) {
    this.header.clear();
    this.work.hidden = true;
    this.empty.hidden = false;
    this.empty.replaceChildren(scene);
    this.panels.loop.stop();
  }

  /** Boxes have the shape of the first picture, so that no later one moves them. @param {import("./pictures.js").Sprite} sprite */
  shape({ width, height }) {
    if (this.element.style.getPropertyValue("--shape")) return;
    const shape = Math.max(0.75, Math.min(16 / 9, width / height));
    this.element.style.setProperty("--shape", String(shape));
  }

  /** After a press with the mouse the keys work again. @param {MouseEvent} event */
  #giveKeysBack(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.detail > 0 && target.closest("button") && !target.closest("dialog")) this.element.focus({ preventScroll: true });
  }

  /** @param {() => void} resized */
  #watch(resized) {
    new ResizeObserver(([{ contentRect }]) => {
      const cells = contentRect.width ? cellsFor(contentRect.width) : this.cells;
      if (cells === this.cells) return;
      this.cells = cells;
      resized();
    }).observe(this.element);
    this.element.classList.toggle("calm", calm());
  }
}
