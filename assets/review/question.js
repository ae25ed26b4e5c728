// @ts-check
/** What a run leaves to a person about a whole class, annotator or video: one answer settles it for all its labels. */
import { Refused, freshKey } from "../api.js";
import { h, say } from "../dom.js";
import { text } from "../strings.js";
import { asking } from "../strings/review.js";

/** @typedef {import("./session.js").Session} Session */
/**
 * @typedef {object} Asked
 * @property {"class" | "annotator" | "video"} of
 * @property {string} name
 * @property {string} words
 * @property {[string, string][]} choices an answer, and its words
 * @property {string | null} answer       null while it is open
 * @property {string | null} by
 * @property {string | null} review       where labels of the class are looked at
 */

export class GroupQuestions {
  /** @type {Asked[]} */
  #all = [];
  /** @type {import("../api.js").Item | null} */
  #item = null;
  /** @type {Partial<import("./facts.js").Background["belongs"]>} */
  #belongs = {};
  #drawn = "";

  /** @param {() => Session | null} session @param {() => void} changed labels were moved, or moved back */
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
    this.failed = h("p", { class: "problem", role: "status" });
    this.list = h("div");
    this.element = h("div", { hidden: true }, this.list, this.failed);
  }

  /** @param {Asked[]} all what is asked and answered about the dataset */
  known(all) {
    this.#all = all;
    this.#draw();
  }

  /** @param {import("../api.js").Item} item */
  show(item) {
    if (item.label_id !== this.#item?.label_id) this.#belongs = {};
    this.#item = item;
    this.#draw();
  }

  /** @param {import("./facts.js").Background | null} found which video and annotator the label is of */
  tell(found) {
    if (found) this.#belongs = found.belongs;
    this.#draw();
  }

  #draw() {
    const item = this.#item;
    const groups = item && !item.audit ? { ...this.#belongs, class: item.label } : {};
    const asked = this.#all.filter(({ of, name }) => groups[of] === name);
    this.element.hidden = !asked.length;
    const drawn = JSON.stringify(asked);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.list.replaceChildren(...asked.map((one) => this.#section(one)));
    say(this.failed, "");
  }

  /** @param {Asked} asked */
  #section(asked) {
    const { of, words, answer, review } = asked;
    const choices = /** @type {[string, string][]} */ (answer === null ? asked.choices : [["open", asking.again]]);
    const button = (/** @type {[string, string]} */ [name, said]) => h("button", { type: "button", class: "small", onclick: () => this.#answer(asked, name) }, said);
    const look = review ? [h("a", { href: review }, asking.review)] : [];
    const answers = h("p", { class: "buttons" }, ...choices.map(button), ...look);
    return h("section", { class: "asked", "aria-label": asking.titles[of] }, h("p", {}, answer === null ? words : asking.answered(asked)), answers);
  }

  /** @param {Asked} asked @param {string} answer */
  async #answer({ of, name, answer: before }, answer) {
    const session = this.session();
    if (!session) return;
    try {
      const body = { key: freshKey(), annotator: session.annotator(), of, name, answer };
      this.known(await session.api.post(`/datasets/${session.dataset.id}/questions`, body));
      if (answer === "move" || before === "move") this.changed();
    } catch (error) {
      say(this.failed, error instanceof Refused ? error.message : text.failed);
    }
  }
}
