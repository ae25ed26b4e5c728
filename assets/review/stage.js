// @ts-check
/** What stands where the pictures would be, when there is no label to show. */
import { h } from "../dom.js";
import { className, counted, queues as queueNames, text } from "../strings.js";
import { flagReasons, nextQueue } from "../strings/review.js";

/** @typedef {{mark: string, title: string, words: string[], buttons: [string, () => void][]}} Scene */
/**
 * @typedef {object} Ways where to go from an empty queue
 * @property {() => void} again
 * @property {() => void} all
 * @property {(queue: string) => void} queue
 * @property {() => void} undo
 */
/** @typedef {import("../api.js").Queue} Queue */

/** Queues that one looks through: nothing waits in them. */
const BROWSED = new Set(["all", "mine", "clip"]);
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

/**
 * @param {import("./session.js").Session} session @param {Ways} ways @param {string} pace how fast the sitting went, in words
 * @param {Queue[]} queues what waits where; empty while unknown
 * @returns {Scene}
 */
export function finished(session, ways, pace, queues) {
  const { items, filter } = session;
  const narrowed = [filter.label && className(filter.label), filter.clip !== null && text.oneClip, filter.reason && flagReasons[filter.reason]].filter((words) => words !== false && words !== "");
  if (!items.length && narrowed.length) return { mark: "◇", title: text.emptyFilter, words: [narrowed.join(" · ")], buttons: [[text.showAll, ways.all]] };
  const next = following(queues, filter.queue, session.left);
  const on = /** @type {Scene["buttons"]} */ (next ? [[nextQueue(queueNames[next.name] ?? next.name, next.count), () => ways.queue(next.name)]] : []);
  if (!items.length && session.left > 0) return { mark: "◇", title: text.emptyQueue, words: [], buttons: on };
  return { mark: "✔", title: text.finished, words: [...counts(session), session.journal.words, pace].filter(Boolean), buttons: [...onwards(session, ways), ...on, ...undoing(session, ways)] };
}

/** The queue to go on with: the first in the order they are offered in that holds something. @param {Queue[]} queues @param {string} open @param {number} left undecided labels @returns {Queue | undefined} */
function following(queues, open, left) {
  const known = queues.length || open === "likely" ? queues : [{ name: "likely", count: left }];
  return known.find(({ name, count }) => count > 0 && name !== open && !BROWSED.has(name));
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
function onwards({ skipped, filter }, ways) {
  /** @type {Scene["buttons"]} */
  const buttons = skipped.size ? [[text.reviewSkipped, ways.again]] : [];
  if (filter.label || filter.clip !== null || filter.reason) buttons.push([text.showAll, ways.all]);
  return buttons;
}

/** @param {import("./session.js").Session} session @param {Ways} ways @returns {Scene["buttons"]} */
const undoing = ({ journal }, ways) => (journal.canUndo ? [[text.undoLast, ways.undo]] : []);
