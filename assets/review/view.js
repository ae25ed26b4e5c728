// @ts-check
/** What is on the screen at one moment, as every part of the review element reads it. */

/** @typedef {import("../api.js").Item} Item */
/**
 * @typedef {object} View
 * @property {Item} item         without its suggestion while the model is hidden
 * @property {import("./pictures.js").Sprite | null} sprite  null while it loads
 * @property {import("./settings.js").Window} part           of the pictures that is shown
 * @property {number} candidate  the frame that Enter would set
 * @property {boolean} chosen    whether a person chose it; else it is the suggestion or the tag
 * @property {number} first      the first frame of the filmstrip; may lie before the clip
 * @property {number} count      frames in the filmstrip: 5, 9 or 17
 */

const PEAK = 2;
const LEAST_PEAK = 0.05;

/** @param {number} width of the element, in CSS pixels */
export const cellsFor = (width) => (width < 640 ? 5 : width <= 1800 ? 9 : 17);

/** Where a new label starts: the suggested frame, else the tagged one. @param {Item} item */
export const proposed = (item) => item.suggestion?.frame ?? item.frame;

/** The filmstrip has the tagged frame in its middle, whatever is suggested or chosen. @param {Item} item @param {number} count */
export const firstCell = (item, count) => item.frame - (count - 1) / 2;

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

/**
 * The suggested shift in real-valued frames: the posterior's mean over the peak that the suggested frame lies on
 * (two frames to either side), so that a second, distant peak does not draw the arrow between both.
 * @param {import("../api.js").Suggestion} suggestion
 */
export function realShift({ posterior, first_shift, offset }) {
  const whole = Math.round(offset);
  const [mass, moment] = posterior.reduce(
    ([mass, moment], share, n) => {
      const shift = first_shift + n;
      return Math.abs(shift - whole) > PEAK ? [mass, moment] : [mass + share, moment + share * shift];
    },
    [0, 0],
  );
  return mass > 0 ? moment / mass : offset;
}

/** The frame of the nearest local maximum of the class score before or after `frame`. @param {Item} item @param {number} frame @param {1 | -1} way @returns {number | null} */
export function peakFrom(item, frame, way) {
  const { scores = [], first_shift = 0 } = item.suggestion ?? {};
  const isPeak = (/** @type {number} */ n) => {
    const [before, here, after] = [n - 1, n, n + 1].map((place) => scores[place] ?? -1);
    return here >= LEAST_PEAK && here > before && here >= after;
  };
  for (let n = frame - item.frame - first_shift + way; n >= 0 && n < scores.length; n += way) {
    if (isPeak(n)) return item.frame + first_shift + n;
  }
  return null;
}
