// @ts-check
/** What a run leaves to a person about a whole class: one answer settles it for all its labels. */
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
 */

export class ClassQuestion {
  /** @type {Asked[]} */
  #all = [];
  /** @type {import("../api.js").Item | null} */
  #item = null;
  #drawn = "";

  /** @param {() => Session | null} session @param {() => void} changed labels were moved, or moved back */
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
    this.words = h("p");
    this.answers = h("p", { class: "buttons" });
    this.failed = h("p", { class: "problem", role: "status" });
    this.element = h("section", { class: "asked", "aria-label": asking.title, hidden: true }, this.words, this.answers, this.failed);
  }

  /** @param {Asked[]} all what is asked and answered about the dataset */
  known(all) {
    this.#all = all;
    this.#draw();
  }

  /** @param {import("../api.js").Item} item */
  show(item) {
    this.#item = item;
    this.#draw();
  }

  #draw() {
    const item = this.#item;
    const asked = item && !item.audit ? this.#all.find(({ of, name }) => of === "class" && name === item.label) : undefined;
    this.element.hidden = !asked;
    const drawn = JSON.stringify(asked ?? null);
    if (!asked || drawn === this.#drawn) return;
    this.#drawn = drawn;
    say(this.words, asked.answer === null ? asked.words : asking.answered(asked));
    const choices = /** @type {[string, string][]} */ (asked.answer === null ? asked.choices : [["open", asking.again]]);
    const button = (/** @type {[string, string]} */ [answer, words]) => h("button", { type: "button", class: "small", onclick: () => this.#answer(asked, answer) }, words);
    this.answers.replaceChildren(...choices.map(button));
    say(this.failed, "");
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
