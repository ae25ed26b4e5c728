// @ts-check
/** The folds of a run, one row each: what it does, how far it is, how fast, on what, and until when. */
import { h, say } from "../dom.js";
import { duration } from "../strings.js";
import { words } from "../strings/training.js";

/** @typedef {import("../api.js").Member} Member */
/** @typedef {import("../api.js").EpochRow} EpochRow */

export const MARKS = { queued: "○", running: "▶", done: "✔", failed: "✖", stopped: "■" };
const COLUMNS = words.foldColumns;

export class Members {
  /** @type {HTMLTableRowElement[]} */
  #rows = [];

  constructor() {
    this.body = h("tbody");
    const head = h("thead", {}, h("tr", {}, ...COLUMNS.map((name) => h("th", { scope: "col" }, name))));
    this.element = h("div", { class: "members card", tabindex: "0", role: "region", "aria-label": words.folds });
    this.element.append(h("table", {}, head, this.body));
  }

  /** @param {Member[]} members @param {EpochRow[]} epochs @param {number | undefined} planned */
  show(members, epochs, planned) {
    while (this.#rows.length < members.length) this.#rows.push(this.body.insertRow());
    while (this.#rows.length > members.length) this.#rows.pop()?.remove();
    members.forEach((member, at) => {
      const newest = epochs.filter(({ member: of }) => of === member.member).at(-1);
      fill(this.#rows[at], member, newest, planned);
    });
  }
}

/** @param {HTMLTableRowElement} row @param {Member} member @param {EpochRow | undefined} newest @param {number | undefined} planned */
function fill(row, member, newest, planned) {
  while (row.cells.length < COLUMNS.length) row.insertCell();
  const running = member.state === "running";
  const epoch = newest ? words.epoch(newest.epoch, planned) : "–";
  const told = [
    String(member.member + 1),
    `${MARKS[member.state]} ${words.states[member.state]}`,
    epoch,
    member.error ?? member.note,
    newest ? Math.round(newest.frames_per_second).toLocaleString("en") : "–",
    running && member.seconds_left !== null ? duration(member.seconds_left) : "–",
    member.device ?? "–",
  ];
  row.dataset.state = member.state;
  told.forEach((word, at) => say(row.cells[at], word));
}
