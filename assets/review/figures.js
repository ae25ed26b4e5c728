// @ts-check
/** The curve as a table: what each frame scores, how probable it is, what lies there. */
import { h } from "../dom.js";
import { className, signed, text } from "../strings.js";
import { figures } from "../strings/review.js";
import { at } from "./view.js";

/** @typedef {import("./view.js").View} View */

export class Figures {
  constructor() {
    this.rows = h("tbody");
    const heads = figures.columns.map((words) => h("th", { scope: "col" }, words));
    this.table = h("table", {}, h("caption", { class: "spoken" }, figures.caption), h("thead", {}, h("tr", {}, ...heads)), this.rows);
    this.element = h("div", { class: "figures", tabindex: "0", role: "group", "aria-label": figures.caption, hidden: true }, this.table);
  }

  /** @param {View} view */
  show(view) {
    const frames = Array.from({ length: view.count }, (_, n) => view.first + n).filter((frame) => frame >= 0 && frame < view.item.num_frames);
    this.rows.replaceChildren(...frames.map((frame) => row(view, frame)));
  }
}

/** @param {View} view @param {number} frame */
function row({ item, candidate, chosen }, frame) {
  const { suggestion } = item;
  const score = suggestion ? at(suggestion.scores, item, frame) : null;
  const share = suggestion ? at(suggestion.posterior, item, frame) : null;
  const marks = [
    frame === item.frame && (item.proposed ? text.proposedAt : text.tagged),
    frame === suggestion?.frame && text.suggested,
    chosen && frame === candidate && text.chosen,
    ...item.neighbours.filter((near) => near.frame === frame && (frame !== item.frame || near.label !== item.label)).map(({ label }) => className(label)),
  ];
  const cells = [signed(frame - item.frame), score === null ? "–" : score.toFixed(2), share === null ? "–" : share.toFixed(2), marks.filter((mark) => mark).join(", ")];
  return h("tr", {}, h("th", { scope: "row" }, String(frame)), ...cells.map((words) => h("td", {}, words)));
}
