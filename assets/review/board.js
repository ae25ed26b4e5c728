// @ts-check
/**
 * The parts of the review screen put together, and one call that shows a view on all of them. The Tab key meets them as
 * they are needed: filmstrip, buttons, the panel that says why, enlarged pictures, header; style sheets place them.
 */
import { h } from "../dom.js";
import { text } from "../strings.js";
import { calm } from "../theme.js";
import { Actions } from "./actions.js";
import { Chooser } from "./chooser.js";
import { Curve } from "./curve.js";
import { Filmstrip } from "./filmstrip.js";
import { Finder } from "./finder.js";
import { Guide } from "./guide.js";
import { Header } from "./header.js";
import { capOf, isCharacter, keymap } from "./keymap.js";
import { Lens } from "./lens.js";
import { Looks } from "./looks.js";
import { Moved } from "./moved.js";
import { Notices } from "./notices.js";
import { Pace } from "./pace.js";
import { Panels } from "./panels.js";
import { Side } from "./side.js";
import { cellsFor } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./session.js").Session} Session */
/**
 * @typedef {object} Hands what the board's parts ask for
 * @property {(action: string) => void} act
 * @property {(frame: number, decide: boolean) => void} pick
 * @property {(frame: number) => void} choose
 * @property {(dx: number, dy: number) => void} pan
 * @property {(filter: import("./session.js").Filter) => void} filter
 * @property {(dataset: number) => void} dataset
 * @property {(label_id: number) => void} open
 * @property {() => void} retry
 * @property {() => void} next
 * @property {(label: string) => void} relabel
 * @property {(reason: string) => void} flag
 * @property {(frame: number) => void} frame go to it, by its number
 * @property {(clip_id: number) => void} clip
 * @property {(words: string) => Promise<import("./finder.js").Clip[]>} search clips by their names
 * @property {() => void} leaveClip
 * @property {() => void} restart
 * @property {() => {api: import("../api.js").Api, dataset_id: number} | null} where the dataset on the screen comes from
 * @property {() => void} ask for the label that somebody else has
 * @property {(give: boolean) => void} answer whoever asks for the label on the screen
 * @property {() => void} resized
 * @property {() => void} settled
 * @property {() => {name: string, fixed: boolean}} known who reviews, unless another name is given here; `fixed`: no other counts
 */

export class Board {
  /** Frames in the filmstrip. */
  cells = 9;
  /** The label on the screen. @type {number | null} */
  #shown = null;
  /** @type {Map<string, import("./keymap.js").Binding>} */
  byChord = new Map();

  /** @param {Hands} hands @param {import("./settings.js").Settings} settings */
  constructor(hands, settings) {
    this.settings = settings;
    this.pace = new Pace();
    this.lens = new Lens(settings);
    this.header = new Header(hands);
    this.moved = new Moved(hands.where, hands.retry);
    this.notices = new Notices({ ...hands, moved: () => this.moved.open() });
    this.panels = new Panels(settings, hands);
    this.looks = new Looks(this.panels.loop, this.lens);
    this.side = new Side(hands);
    this.filmstrip = new Filmstrip(hands.pick, hands.choose);
    this.curve = new Curve();
    this.actions = new Actions(hands.act, this.notices.toast);
    this.guide = new Guide(settings, hands.known, () => (this.#rekey(), hands.settled()));
    this.finder = new Finder(hands);
    this.classes = new Chooser(text.relabelTitle, hands.relabel);
    this.reasons = new Chooser(text.flagTitle, hands.flag);
    this.panels.loop.moved = (frame) => this.curve.point(frame);
    this.#rekey();
    const pictures = h("div", { class: "pictures" }, this.side.element, ...this.panels.elements);
    const film = h("div", { class: "card" }, this.filmstrip.element, this.curve.element);
    this.work = h("div", { class: "work" }, film, this.actions.element, pictures);
    this.empty = h("div", { class: "instead", hidden: true });
    const { element: notices, live } = this.notices;
    this.element = h("section", { class: "review", tabindex: "-1", "aria-label": text.review });
    this.element.append(notices, this.work, this.empty, this.header.element, live, this.guide.element, this.finder.element, this.classes.element, this.reasons.element, this.moved.element);
    this.element.addEventListener("click", (event) => this.#giveKeysBack(event));
    this.#watch(hands.resized);
  }

  /** What a key does now. @param {string} chord */
  binding(chord) {
    return this.byChord.get(chord);
  }

  /** The first key of an action that works, as on its cap; "" where there is none. @param {string} action */
  cap(action) {
    const works = (/** @type {string} */ chord) => this.settings.letters || !isCharacter(chord);
    const [chord] = [...this.byChord].find(([chord, binding]) => binding.action === action && works(chord)) ?? [];
    return chord ? capOf(chord) : "";
  }

  /** @param {View} view @param {Session} session @param {boolean} removing */
  show(view, session, removing) {
    this.empty.hidden = true;
    this.work.hidden = false;
    this.header.show(view, session);
    if (view.item.label_id !== this.#shown) this.alone();
    this.#shown = view.item.label_id;
    this.filmstrip.show(view);
    this.curve.show(view);
    this.panels.show(view);
    this.side.show(view, session, this.looks.hidden);
    const { canUndo, canRedo } = session.journal;
    this.actions.show(view, { removing, canUndo, canRedo });
  }

  /** Shows something else than a label. @param {HTMLElement} scene */
  instead(scene) {
    this.alone();
    this.header.clear();
    this.work.hidden = true;
    this.empty.hidden = false;
    this.empty.replaceChildren(scene);
    this.panels.loop.stop();
  }

  /** Nobody else is known to have the label, or to ask for it. */
  alone() {
    this.notices.held(null);
    this.notices.asks(null);
  }

  /** Another label came: whoever decided by Tab and Enter is at the filmstrip again. */
  refocus() {
    if (this.actions.element.querySelector(":focus-visible")) this.filmstrip.focus();
  }

  #rekey() {
    const bindings = keymap(this.settings.preset, this.settings.keys);
    this.byChord = new Map(bindings.flatMap((binding) => binding.chords.map((chord) => [chord, binding])));
    this.actions.keys(bindings);
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
