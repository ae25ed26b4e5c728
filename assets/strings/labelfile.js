// @ts-check
/** Words about a label file that is to be imported. */
import { counted } from "../strings.js";

export const words = {
  title: "Label file",
  drop: "Drop a label file here, or choose one",
  sending: "Sending the file …",
  reading: "Reading the file …",
  format: "Format",
  recognised: "Recognised by itself",
  rule: "The file gives times. How were they written?",
  /** @param {string} advice */
  advice: (advice) => `Likely: ${advice}. A wrong choice moves every label; the import check shows pictures.`,
  rate: "Frame rate set in the tool's configuration",
  fine: "Nothing to correct in the file itself; videos and frames are checked by the import.",
  more: (/** @type {number} */ count) => `and ${count.toLocaleString("en")} more`,
  /** @param {number} clips @param {number} labels @param {number} classes */
  holds: (clips, labels, classes) => `${counted(clips, "clip")}, ${counted(labels, "label")}, ${counted(classes, "class", "classes")}.`,
  /** @param {number} count */
  times: (count) => (count > 1 ? ` (${count.toLocaleString("en")} times)` : ""),
};

/** @type {Record<string, string>} */
export const levels = { refused: "Refused", fixed: "Fixed", noted: "Noted" };

/** @type {Record<string, string>} */
export const rules = {
  frame: "Frame numbers beside them: use those",
  floor: "By a player standing on the picture: the picture on the screen at that time",
  round: "By a program: the picture that begins nearest to that time",
};

const attributes = { legend: "Which attribute is the class?", none: "the first with options", own: false };

/**
 * How a person says what a file's columns or attributes are; `own`: a column may be called as what it holds.
 * @type {Record<string, {legend: string, none: string, own: boolean}>}
 */
export const choices = {
  csv: { legend: "Which column holds what?", none: "(none)", own: true },
  via: attributes,
  "via-csv": attributes,
};
