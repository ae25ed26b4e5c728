// @ts-check
/** Words of the training page. */
import { counted } from "../strings.js";

export const words = {
  states: { queued: "waiting", running: "running", done: "done", failed: "failed", stopped: "stopped" },
  folds: "Folds of this run",
  /** @param {string} how in words */
  held: (how) => `Held out: ${how}.`,
  foldColumns: ["Fold", "State", "Epoch", "Now", "Frames/s", "Time left", "Device, memory"],
  /** @param {number} epoch @param {number | undefined} planned */
  epoch: (epoch, planned) => String(epoch) + (planned ? ` of ${planned}` : ""),
  none: "No training yet. Start one: it needs nothing but the labels.",
  again: "Trying again…",
  stop: "Stop",
  resume: "Resume",
  /** @param {string} setting */
  smaller: (setting) => `Start again with ${setting}`,
  run: "Training run",
  progress: "Progress of the run",
  figures: "The curves as a table",
  epochFigures: "Every epoch in figures",
  epochColumns: ["Fold", "Epoch", "Loss", "|matched − tagged|", "|matched − true|", "Frames/s"],
  loss: ["Loss", "mean per step"],
  offsets: ["Offsets of the matches", "mean of the absolute values, frames"],
  offsetLines: { tagged: "matched to tagged", true: "matched to true", expected: "tagged to true" },
  /** @param {number} fold from 1 */
  fold: (fold) => `fold ${fold}`,
  /** @param {string} mark @param {number} id @param {string} state */
  state: (mark, id, state) => `${mark} Run ${id}: ${state}`,
  /** @param {number} id @param {string} state */
  announced: (id, state) => `Run ${id} is ${state}`,
  runs: "Runs of this dataset",
  runColumns: /** @type {const} */ ([
    ["id", "Run"],
    ["state", "State"],
    ["objective", "Objective"],
    ["reach", "Reach"],
    ["epochs", "Epochs"],
    ["loss", "Loss"],
    ["tagged", "|matched − tagged|"],
    ["true", "|matched − true|"],
    ["suggested", "|suggested − true|"],
    ["created_at", "Started"],
  ]),
  /** @param {number} id @param {string} objective */
  line: (id, objective) => `run ${id}, ${objective}`,
  log: "Log of this run",
  noLog: "Nothing is logged yet.",
  remove: "Delete run",
  removeAgain: "Press again to delete it with its checkpoints",
  /** @param {number} count */
  comparing: (count) => `Compare ${counted(count, "run")}`,
  compared: "Runs by epoch",
  quantity: "Draw",
  drawn: "Draw this run",
  quantities: /** @type {const} */ ([
    ["loss", "Loss", "mean per step"],
    ["matched_tagged", "|matched − tagged|", "mean over the labels, frames"],
    ["matched_true", "|matched − true|", "mean over the labels, frames"],
  ]),
  drawnFigures: "These curves as a table",
  drawnEpoch: "Epoch",
  nothingDrawn: "None of these runs has recorded it.",
  looks: "Epoch that suggests",
  looksMean: "Mean distances of the matches in clips held out, in frames. Usually the late epochs speak together; any epoch that was looked at can speak instead.",
  lookColumns: ["Epoch", "|matched − tagged|", "|matched − true|", "Suggestions"],
  use: "Use",
  inUse: "✔ In use",
  undoChoice: "Undo the last choice",
  /** @param {number[]} epochs */
  late: (epochs) => `Late epochs together (${epochs.join(", ")})`,
  /** @param {number | null} chosen @param {number[]} usual */
  suggesting: (chosen, usual) => `Suggestions come from ${chosen === null ? `epochs ${usual.join(", ")} together` : `epoch ${chosen}`}`,
  /** @param {number | null} epoch @param {string} who @param {string} day @param {string} time */
  choice: (epoch, who, day, time) => `${day} ${time}: ${who} chose ${epoch === null ? "the late epochs together" : `epoch ${epoch}`}`,
};
