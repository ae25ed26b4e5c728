// @ts-check
/** What the model says and how far to believe it, in words. */
import { h, s, say } from "../dom.js";
import { clock, decisionWords, percent, signed, sureness, text, written } from "../strings.js";
import { biases, flagReasons, questions, recordWords } from "../strings/review.js";
import { at, realShift } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./facts.js").Background} Background */

const SPARK = { width: 72, height: 24 };
const CLEAR = 0.3;
const SMALL = 0.1;

export class Trust {
  /** @param {HTMLElement} asked what is asked about the whole class */
  constructor(asked) {
    this.words = h("span", { class: "words" });
    this.meter = h("span", { class: "meter", "aria-hidden": "true" }, ...Array.from({ length: 4 }, () => h("i")));
    this.scores = h("p", { class: "scores" });
    this.matched = h("p");
    this.trace = h("p", { class: "trace" });
    this.norms = h("p");
    this.record = h("p", { class: "record" });
    this.reasons = h("ul");
    this.biases = h("section", { class: "biases", "aria-label": biases.title, hidden: true });
    this.question = h("p", { class: "question" });
    this.doubts = h("ul", { class: "doubts" });
    this.origin = h("p", { class: "origin" });
    this.decision = h("p", { class: "decision" });
    this.comment = h("p", { class: "comment" });
    this.definition = h("p", { class: "definition" });
    const sure = h("p", { class: "sure" }, this.meter, this.words);
    this.element = h("div", { class: "page" }, this.decision, this.question, this.doubts, asked, sure, this.biases, this.record, this.scores, this.reasons, this.trace, this.norms, this.matched, this.definition, this.comment, this.origin);
  }

  /** @param {View} view @param {string} unsuggested why there is no suggestion, in words */
  show({ item }, unsuggested) {
    const { suggestion, decision, comment } = item;
    this.element.classList.toggle("none", !suggestion);
    this.meter.hidden = !suggestion;
    if (suggestion) this.#suggested(item, suggestion);
    else this.#unsuggested(unsuggested);
    const standing = decision ? decided(decision, item.frame, item.proposed) : undecided(item);
    this.decision.hidden = !standing;
    say(this.decision, standing);
    const doubts = item.doubts ?? [];
    say(this.question, questions[doubts[0]?.kind] ?? "");
    const reasons = doubts.map(({ reason }) => reason);
    this.doubts.replaceChildren(...reasons.map((reason) => h("li", {}, reason)));
    this.comment.hidden = !comment;
    say(this.comment, comment ?? "");
  }

  /** @param {Background | null} found @param {boolean} hidden whether what comes from the model stays hidden @param {boolean} blind whether nothing shall lead the eye */
  tell(found, hidden, blind) {
    const trace = hidden || blind ? null : (found?.trace ?? null);
    this.trace.replaceChildren(...(trace && trace.epochs.length > 1 ? [spark(trace.offsets), h("span", {}, text.stable(trace.near, trace.of))] : []));
    say(this.record, found?.record && !hidden && !blind ? recordWords(found.record) : "");
    const norms = [found?.class_norm && text.classNorm(found.class_norm), found?.own_norm && text.ownNorm(found.own_norm)];
    say(this.norms, blind ? "" : norms.filter(Boolean).join(" · "));
    const known = blind ? [] : (found?.biases ?? []);
    this.biases.hidden = !known.length;
    this.biases.replaceChildren(h("strong", {}, biases.title), ...known.map((bias) => h("p", {}, biases.words(bias))));
    say(this.definition, found?.definition?.text ?? "");
    this.definition.hidden = !found?.definition?.text;
  }

  /** @param {import("../api.js").Item} item @param {import("../api.js").Suggestion} suggestion */
  #suggested(item, suggestion) {
    const { words, lit } = sureness(suggestion.confidence);
    say(this.words, `${words} · ${percent(suggestion.confidence)}`);
    this.meter.dataset.lit = String(lit);
    const [there, here] = [suggestion.frame, item.frame].map((frame) => at(suggestion.scores, item, frame));
    say(this.scores, there === null || here === null ? "" : `${text.scoreAt(there, here)} · ${gapWords(suggestion)}`);
    const { matched_offset: matched } = suggestion;
    say(this.matched, matched === null ? "" : text.matchedAt(matched));
    this.reasons.replaceChildren(...suggestion.reasons.map((reason) => h("li", {}, reason)));
    say(this.origin, text.fromRun(suggestion.run_id, suggestion.epoch, suggestion.provisional));
  }

  /** @param {string} why */
  #unsuggested(why) {
    say(this.words, why);
    for (const line of [this.scores, this.matched, this.origin]) say(line, "");
    this.reasons.replaceChildren();
  }
}

/** How far the score at the suggestion stands above the best one that is not beside it. @param {import("../api.js").Suggestion} suggestion */
function gapWords({ scores, offset, first_shift }) {
  const whole = Math.round(offset);
  const elsewhere = scores.filter((_, n) => Math.abs(first_shift + n - whole) > 1).map((score) => score ?? 0);
  const gap = (scores[whole - first_shift] ?? 0) - Math.max(0, ...elsewhere);
  const words = gap >= CLEAR ? text.gap.clear : gap >= SMALL ? text.gap.small : text.gap.none;
  return `${text.gap.name} ${written(gap, 2)}: ${words}`;
}

/** The offset epoch by epoch; the line at the tag is dotted. @param {number[]} offsets */
function spark(offsets) {
  const most = Math.max(1, ...offsets.map(Math.abs));
  const x = (/** @type {number} */ n) => (n / (offsets.length - 1)) * (SPARK.width - 4) + 2;
  const y = (/** @type {number} */ offset) => SPARK.height / 2 - (offset / most) * (SPARK.height / 2 - 3);
  const points = offsets.map((offset, n) => `${x(n).toFixed(1)},${y(offset).toFixed(1)}`).join(" ");
  const label = text.traceLabel(offsets[0], offsets[offsets.length - 1]);
  const line = s("line", { x1: 0, x2: SPARK.width, y1: y(0), y2: y(0) });
  return s("svg", { class: "spark", role: "img", "aria-label": label, ...SPARK }, line, s("polyline", { points }));
}

/** @param {import("../api.js").Decision} decision @param {number} tagged @param {boolean} [proposed] */
export function decided({ verdict, frame, annotator, decided_at, reason }, tagged, proposed = false) {
  const by = annotator ? ` by ${annotator}` : "";
  const why = reason ? `: ${flagReasons[reason]}` : "";
  return `${decisionWords(verdict, (frame ?? tagged) - tagged, proposed)}${why}${by}, ${clock(decided_at)}`;
}

/** @param {import("../api.js").Item} item */
const flaggedFor = ({ flag_reason: reason }) => (reason ? `${text.flagged}: ${flagReasons[reason]}` : text.flagged);

/** Why a label is not as it was tagged though nobody settled it. @param {import("../api.js").Item} item */
function undecided(item) {
  const { flagged, moved, frame } = item;
  const told = [flagged ? flaggedFor(item) : "", typeof moved === "number" ? text.movedAlong(moved - frame) : ""];
  return told.filter(Boolean).join(". ");
}

/** The head over the pages: the offset and the frame. */
export class Headline {
  constructor() {
    this.offset = h("span", { class: "offset" });
    this.words = h("strong");
    this.provisional = h("span", { class: "badge provisional" }, text.provisional);
    this.element = h("header", {}, this.offset, this.words, this.provisional);
  }

  /** @param {View} view */
  show({ item }) {
    const { suggestion } = item;
    this.provisional.hidden = !suggestion?.provisional;
    this.offset.hidden = !suggestion;
    if (!suggestion) return say(this.words, item.audit ? text.blind : item.proposed ? text.proposed : text.noSuggestion);
    say(this.offset, signed(realShift(suggestion), 1));
    return say(this.words, suggestion.frame === item.frame ? text.theTag : text.frame(suggestion.frame));
  }
}
