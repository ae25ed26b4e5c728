// @ts-check
/** Words of background work. */

export const words = {
  states: /** @type {Record<string, string>} */ ({
    queued: "Waiting for the worker",
    running: "Working",
    done: "Done",
    failed: "Failed",
    stopped: "Stopped",
  }),
  levels: { refused: "Refused", fixed: "Fixed", noted: "Noted" },
  progress: "Progress",
  stop: "Stop",
  away: "the server does not answer; trying again",
  clean: "Nothing to correct: every clip was found and every frame checked.",
  columns: ["", "Clip", "Finding"],
  /** @param {string} duration */
  left: (duration) => `${duration} left`,
  /** @param {number} count */
  more: (count) => `and ${count} more`,
  /** @param {string} clip @param {number} event from 0 */
  event: (clip, event) => `${clip}, event ${event + 1}`,
};
