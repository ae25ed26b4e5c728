// @ts-check
/** Words of the import check. */
import { counted, signed } from "../strings.js";

export const words = {
  title: "Import check",
  question: "The outlined picture of each row should show the moment. Where all labels are off alike, say how:",
  undo: "Undo the last",
  others: "Six others",
  away: "The server does not answer: nothing was saved. Try again.",
  unchecked: "Nobody has checked yet whether these labels are all early or late by a frame or two.",
  /** What a shift says of the labels, by its frames. @type {Map<number, string>} */
  meant: new Map([
    [-2, "All two frames too late"],
    [-1, "All one frame too late"],
    [0, "All right as imported"],
    [1, "All one frame too early"],
    [2, "All two frames too early"],
  ]),
  /** @param {number} frames @param {string} by */
  checked: (frames, by) => (frames === 0 ? `Checked: labels are right as imported (${by}).` : `All labels are shifted by ${signed(frames)} (${by}).`),
  /** @param {number} frames */
  save: (frames) => (frames === 0 ? "Save: labels are right as imported" : `Save: shift all labels by ${signed(frames)}`),
  /** @param {number} suggestions @param {number} held labels that a clip's end stops */
  effect: (suggestions, held) =>
    `Decisions stay at the pictures that were chosen; ${counted(suggestions, "label")} would have a suggestion until the next training.` +
    (held ? ` ${counted(held, "label")} would stay at the first or last picture of the clip.` : ""),
  /** @param {number} first @param {number} last @param {string} clip */
  picture: (first, last, clip) => `Frames ${first} to ${last} of ${clip}`,
  /** @param {string} label @param {string} clip @param {number} frame */
  row: (label, clip, frame) => `${label} in ${clip}: frame ${frame} as imported, `,
  /** @param {number} frame */
  outlined: (frame) => `frame ${frame} outlined`,
};
