// @ts-check
/** Words of the training page. */
import { counted } from "../strings.js";

export const words = {
  runs: "Runs of this dataset",
  log: "Log",
  noLog: "Nothing is logged yet.",
  remove: "Delete run",
  removeAgain: "Press again to delete it with its checkpoints",
  /** @param {number} count */
  comparing: (count) => `Compare ${counted(count, "run")}`,
};
