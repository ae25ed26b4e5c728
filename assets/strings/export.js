// @ts-check
/** Words of the export. */
import { counted } from "../strings.js";

export const words = {
  title: "Export files",
  format: "Format",
  own: "(the one they came in)",
  whole: "Everything goes out in this format.",
  /** @param {number} count */
  lost: (count) => `This format has no place for ${counted(count, "kind of thing", "kinds of things")}:`,
  lossy: "Export without them",
  /** @param {string} why */
  removed: (why) => `${why.split(":")[0]}.`,
  drop: "Leave the removed labels out (the audit keeps them)",
  labels: "Download labels",
  audit: "Audit (CSV)",
  trail: "Trail of decisions (CSV)",
  report: "Report (HTML)",
  markdown: "Report (Markdown)",
  looking: "Looking what would be left out …",
  writing: "Writing the file …",
  /** @param {string} name */
  done: (name) => `${name} is written.`,
  confirm: "Say first what may be left out.",
};
