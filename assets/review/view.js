// @ts-check
/** What is on the screen at one moment, as every part of the review element reads it. */

/** @typedef {import("../api.js").Item} Item */
/**
 * @typedef {object} View
 * @property {Item} item
 * @property {import("./pictures.js").Sprite | null} sprite  null while it loads
 * @property {number} candidate  the frame that Enter would set
 * @property {boolean} chosen    whether a person chose it; else it is the suggestion or the tag
 * @property {number} first      the first frame of the filmstrip; may lie before the clip
 * @property {number} count      frames in the filmstrip: 5, 9 or 17
 */

/** @param {number} width of the element, in CSS pixels */
export const cellsFor = (width) => (width < 640 ? 5 : width <= 1800 ? 9 : 17);

/** Where a new label starts: the suggested frame, else the tagged one. @param {Item} item */
export const proposed = (item) => item.suggestion?.frame ?? item.frame;

/**
 * The filmstrip keeps the tagged frame in its middle, and slides only as far as the candidate needs.
 * @param {Item} item @param {number} candidate @param {number} count
 */
export function firstCell(item, candidate, count) {
  const half = (count - 1) / 2;
  const beyond = Math.max(0, Math.abs(candidate - item.frame) - half);
  return item.frame - half + Math.sign(candidate - item.frame) * beyond;
}

/** What a decision for `frame` is called. @param {Item} item @param {number} frame @returns {import("../api.js").Verdict} */
export function verdictFor(item, frame) {
  if (frame === item.suggestion?.frame) return "accept";
  return frame === item.frame ? "keep" : "set";
}

/** The value that belongs to `frame` in an array over shifts. @param {(number | null)[]} values @param {Item} item @param {number} frame */
export function at(values, item, frame) {
  const first = item.frame + (item.suggestion?.first_shift ?? 0);
  return values[frame - first] ?? null;
}
