// @ts-check
/** What stands where the pictures would be, when there is no label to show. */
import { h } from "../dom.js";
import { className, counted, flagReasons, text } from "../strings.js";

/** @typedef {{mark: string, title: string, words: string[], buttons: [string, () => void][]}} Scene */
/** @typedef {{again: () => void, all: () => void, likely: () => void, undo: () => void}} Ways where to go from an empty queue */

const KINDS = ["accepted", "kept", "set", "removed", "flagged"];

/** @param {Scene} scene */
export function stage({ mark, title, words, buttons }) {
  const rows = buttons.map(([name, onclick], at) => h("button", { type: "button", class: at ? "action" : "action main", onclick }, name));
  return h(
    "div",
    { class: "stage" },
    h("span", { class: "mark", "aria-hidden": "true" }, mark),
    h("h2", {}, title),
    ...words.map((line) => h("p", {}, line)),
    h("div", { class: "buttons" }, ...rows),
  );
}

/** @param {import("./session.js").Session} session @param {Ways} ways @param {string} pace how fast the sitting went, in words @returns {Scene} */
export function finished(session, ways, pace) {
  const { items, filter, left } = session;
  const none = items.length === 0 && left > 0;
  const narrowed = [filter.label && className(filter.label), filter.clip !== null && text.oneClip, filter.reason && flagReasons[filter.reason]].filter((words) => words !== false && words !== "");
  if (none && narrowed.length) return { mark: "◇", title: text.emptyFilter, words: [narrowed.join(" · ")], buttons: [[text.showAll, ways.all]] };
  if (none) return { mark: "◇", title: text.emptyQueue, words: [], buttons: [[text.toLikely, ways.likely]] };
  return { mark: "✔", title: text.finished, words: [...counts(session), pace].filter(Boolean), buttons: onwards(session, ways) };
}

/** @param {import("./session.js").Session} session */
function counts({ tally, decided, skipped }) {
  const words = [`${decided.toLocaleString("en")} of ${counted(tally.total, "label")} are decided.`];
  const kinds = KINDS.filter((kind) => tally[kind]).map((kind) => `${tally[kind].toLocaleString("en")} ${kind}`);
  if (kinds.length) words.push(kinds.join(" · "));
  if (skipped.size) words.push(`${counted(skipped.size, "label")} skipped in this sitting.`);
  return words;
}

/** @param {import("./session.js").Session} session @param {Ways} ways @returns {Scene["buttons"]} */
function onwards({ skipped, filter, left, journal }, ways) {
  /** @type {Scene["buttons"]} */
  const buttons = [];
  if (skipped.size) buttons.push([text.reviewSkipped, ways.again]);
  if (filter.label || filter.clip !== null || filter.reason) buttons.push([text.showAll, ways.all]);
  else if (left > 0 && filter.queue !== "likely") buttons.push([text.toLikely, ways.likely]);
  if (journal.canUndo) buttons.push([text.undoLast, ways.undo]);
  return buttons;
}
