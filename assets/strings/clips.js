// @ts-check
/** Words of the clip browser. */
import { counted } from "../strings.js";

export const words = {
  clips: "Clips",
  search: "Search clips",
  placeholder: "Name, source or class",
  back: "Earlier clips",
  on: "Later clips",
  none: "No clip is found by that.",
  failed: "The clips could not be read",
  review: "Review this clip",
  /** @param {number} first @param {number} last @param {number} total */
  shown: (first, last, total) => `${first}–${last} of ${counted(total, "clip")}`,
  /** @param {number} done @param {number} all */
  decided: (done, all) => `${done} of ${counted(all, "label")} decided`,
};
