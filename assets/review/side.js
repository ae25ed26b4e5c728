// @ts-check
/** The panel beside the pictures, in pages: why this suggestion, what the class means, this label's history, my decisions. */
import { h } from "../dom.js";
import { text } from "../strings.js";
import { runGoesOn } from "../strings/review.js";
import { ClassCard } from "./classcard.js";
import { Facts } from "./facts.js";
import { History } from "./history.js";
import { Log } from "./log.js";
import { GroupQuestions } from "./question.js";
import { Headline, Trust } from "./trust.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {"why" | "class" | "history" | "log"} Page */
/**
 * @typedef {object} Hands
 * @property {(action: string) => void} act
 * @property {(label_id: number) => void} open
 * @property {() => void} retry takes the queue anew
 */

export class Side {
  /** @type {Page} */
  #page = "why";
  /** @type {View | null} */
  #view = null;
  /** @type {Session | null} */
  #session = null;

  /** @param {Hands} hands */
  constructor(hands) {
    this.facts = new Facts((label_id) => this.#ask(label_id));
    this.headline = new Headline();
    this.questions = new GroupQuestions(() => this.#session, hands.retry);
    this.trust = new Trust(this.questions.element);
    this.card = new ClassCard(() => this.#session, () => this.#again());
    this.history = new History(() => this.#session);
    this.log = new Log(() => this.#session, hands.open);
    this.pages = { why: this.trust.element, class: this.card.element, history: this.history.element, log: this.log.element };
    const names = /** @type {[Page, string][]} */ (Object.entries(text.pages));
    this.tabs = names.map(([page, words]) => h("button", { type: "button", class: "tab", "data-page": page, onclick: () => this.turn(page) }, words));
    const hide = h("button", { type: "button", class: "small hide", "aria-label": text.hideModel, title: text.hideModel }, "◐");
    hide.addEventListener("pointerdown", () => hands.act("hide"));
    this.headline.element.append(hide);
    this.body = h("div", { class: "body", tabindex: "0", role: "group", "aria-label": text.pages.why }, ...Object.values(this.pages));
    const tabs = h("div", { class: "tabs", role: "group", "aria-label": text.about }, ...this.tabs);
    this.element = h("aside", { class: "trust", "aria-label": text.about }, this.headline.element, tabs, this.body);
    this.turn("why");
  }

  /** @param {View} view @param {Session} session @param {boolean} hidden whether the model is hidden */
  show(view, session, hidden) {
    const another = view.item.label_id !== this.#view?.item.label_id;
    this.#view = view;
    this.#session = session;
    this.headline.show(view);
    this.questions.show(view.item);
    this.trust.show(view, hidden ? text.hiddenWhy : this.#unsuggested(view, session));
    this.facts.about(view.item.label_id, (found) => {
      this.trust.tell(found, hidden, Boolean(view.item.audit));
      this.questions.tell(found);
      this.card.show(view, found?.definition);
    });
    if (another) this.#open();
  }

  /** A decision was saved. */
  saved() {
    if (this.#page === "log") this.log.load();
  }

  /** @param {Page} page */
  turn(page) {
    this.#page = page;
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.page === page));
    for (const [name, element] of Object.entries(this.pages)) element.hidden = name !== page;
    this.body.setAttribute("aria-label", text.pages[page]);
    this.#open();
  }

  #open() {
    if (this.#page === "history" && this.#view) this.history.load(this.#view.item);
    if (this.#page === "log") this.log.load();
  }

  #again() {
    this.facts.forget();
    const view = this.#view;
    if (view) this.facts.about(view.item.label_id, (found) => this.card.show(view, found?.definition));
  }

  /** @param {View} view @param {Session} session */
  #unsuggested({ item }, { dataset, run: known }) {
    if (item.audit) return text.blindWhy;
    if (item.proposed) return "";
    const run = dataset.latest_run;
    return run?.state === "running" || run?.state === "queued" ? runGoesOn(run.id, known) : text.noSuggestionWhy;
  }

  /** @param {number} label_id */
  async #ask(label_id) {
    const session = /** @type {Session} */ (this.#session);
    return session.api.get(`/labels/${label_id}/background`, { annotator: session.annotator() });
  }
}
