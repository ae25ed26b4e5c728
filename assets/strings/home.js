// @ts-check
/** Words of the home page. */
import { counted, progress } from "../strings.js";

/** @typedef {"datasets" | "training" | "review" | "export"} Page */

export const words = {
  away: "The server does not answer",
  nothing: "Nothing is imported yet.",
  noRun: "No training yet.",
  marks: { done: "✔", now: "▶", later: "○" },
  steps: /** @type {[Page, string, string][]} */ ([
    ["datasets", "Import", "A label file and its videos become a dataset; every frame is checked."],
    ["training", "Train", "Models learn from your own labels. Suggestions appear while they train, from models that did not see the clip."],
    ["review", "Review", "The labels most likely to be off come first: accept, keep, or pick the frame you see, with one key."],
    ["export", "Export", "The corrected labels in the format they came in, with an audit of every decision."],
  ]),
  /** @param {string} page */
  open: (page) => `Go to ${page[0].toUpperCase()}${page.slice(1)}`,
  /** @param {string} title */
  share: (title) => `${title}: how much is done`,
  /** @param {string} name @param {number} clips @param {number} labels */
  imported: (name, clips, labels) => `${name}: ${counted(clips, "clip")}, ${counted(labels, "label")}.`,
  /** @param {import("../api.js").Run} run */
  run: (run) => `Run ${run.id} is ${run.state}${run.state === "running" ? `: ${progress(run)}` : ""}.`,
  /** @param {number} decided @param {number} total */
  decided: (decided, total) => (total ? `${decided.toLocaleString("en")} of ${counted(total, "label")} decided.` : "Nothing to review yet."),
  /** @param {number} decided */
  out: (decided) => `${counted(decided, "decision")} to take along.`,
};
