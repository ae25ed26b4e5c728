// @ts-check
/** What stands where the pictures would be, when there is no label to show. */
import { h } from "../dom.js";
import { counted, text } from "../strings.js";

/** @typedef {{mark: string, title: string, words: string[], buttons: [string, () => void][]}} Scene */

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

/** @param {import("./session.js").Session} session @param {{again: () => void, all: () => void}} does @returns {Scene} */
export function finished({ tally, decided, items, skipped, filter }, { again, all }) {
  if (items.length === 0 && filter.label) {
    return { mark: "◇", title: text.emptyFilter, words: [], buttons: [[text.showAll, all]] };
  }
  if (items.length === 0) return { mark: "◇", title: text.emptyQueue, words: [], buttons: [[text.startOver, again]] };
  const words = [`${decided.toLocaleString("en")} of ${counted(tally.total, "label")} are decided.`];
  const kinds = ["accepted", "kept", "set", "removed", "flagged"].filter((kind) => tally[kind]);
  if (kinds.length) words.push(kinds.map((kind) => `${tally[kind].toLocaleString("en")} ${kind}`).join(" · "));
  if (skipped.size) words.push(`${counted(skipped.size, "label")} skipped in this sitting.`);
  if (filter.label) return { mark: "✔", title: text.finished, words, buttons: [[text.showAll, all], [text.startOver, again]] };
  return { mark: "✔", title: text.finished, words, buttons: [[skipped.size ? text.reviewSkipped : text.startOver, again]] };
}
