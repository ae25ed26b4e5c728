// @ts-check
/** What the model says and how far to believe it, in words. */
import { h, say } from "../dom.js";
import { clock, decisionWords, percent, signed, sureness, text } from "../strings.js";
import { at } from "./view.js";

/** @typedef {import("./view.js").View} View */

export class Trust {
  constructor() {
    this.offset = h("span", { class: "offset" });
    this.headline = h("strong");
    this.provisional = h("span", { class: "badge provisional" }, text.provisional);
    this.words = h("span", { class: "words" });
    this.meter = h("span", { class: "meter", "aria-hidden": "true" }, ...Array.from({ length: 4 }, () => h("i")));
    this.scores = h("p", { class: "scores" });
    this.matched = h("p");
    this.reasons = h("ul");
    this.decision = h("p", { class: "decision" });
    this.comment = h("p", { class: "comment" });
    const sure = h("p", { class: "sure" }, this.meter, this.words);
    const head = h("header", {}, this.offset, this.headline, this.provisional);
    const body = h("div", { class: "body", tabindex: "0", role: "group", "aria-label": "Why" }, sure, this.scores, this.matched, this.reasons, this.decision, this.comment);
    this.element = h("aside", { class: "trust", "aria-label": "Suggestion" }, head, body);
  }

  /** @param {View} view */
  show({ item }) {
    const { suggestion, decision, comment } = item;
    this.element.classList.toggle("none", !suggestion);
    this.provisional.hidden = !suggestion?.provisional;
    this.meter.hidden = this.offset.hidden = !suggestion;
    if (suggestion) this.#suggested(item, suggestion);
    else this.#unsuggested();
    this.decision.hidden = !decision && !item.flagged;
    say(this.decision, decision ? decided(decision, item.frame) : text.flagged);
    this.comment.hidden = !comment;
    say(this.comment, comment ?? "");
  }

  /** @param {import("../api.js").Item} item @param {import("../api.js").Suggestion} suggestion */
  #suggested(item, suggestion) {
    const { words, lit } = sureness(suggestion.confidence);
    const shift = suggestion.frame - item.frame;
    say(this.offset, signed(suggestion.offset, 1));
    say(this.headline, shift === 0 ? `the tag, ${item.frame}` : `frame ${suggestion.frame}`);
    say(this.words, `${words} · ${percent(suggestion.confidence)}`);
    this.meter.dataset.lit = String(lit);
    const [there, here] = [suggestion.frame, item.frame].map((frame) => at(suggestion.scores, item, frame));
    say(this.scores, there === null || here === null ? "" : `Class score ${there.toFixed(2)}, at the tag ${here.toFixed(2)}`);
    const { matched_offset: matched } = suggestion;
    say(this.matched, matched === null ? "" : `The matcher put it at ${signed(matched, 1)}`);
    this.reasons.replaceChildren(...suggestion.reasons.map((reason) => h("li", {}, reason)));
  }

  #unsuggested() {
    say(this.headline, text.noSuggestion);
    say(this.words, text.noSuggestionWhy);
    say(this.scores, "");
    say(this.matched, "");
    this.reasons.replaceChildren();
  }
}

/** @param {import("../api.js").Decision} decision @param {number} tagged */
function decided({ verdict, frame, annotator, decided_at }, tagged) {
  const by = annotator ? ` by ${annotator}` : "";
  return `${decisionWords(verdict, (frame ?? tagged) - tagged)}${by}, ${clock(decided_at)}`;
}
