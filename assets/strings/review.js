// @ts-check
/** Words of the review about flags, doubts, figures, what was checked and what comes next. */
import { className, counted, duration, percent, signed } from "../strings.js";

/** @typedef {import("../api.js").Run} Run */

/** Why a label is flagged, in the order of their digits. @type {Record<string, string>} */
export const flagReasons = {
  unseen: "The event cannot be seen",
  between: "It lies between two frames",
  undefined: "The instant is not defined well",
  class: "It may be another class",
  event: "It may be no event, or several",
  pictures: "The pictures are wrong",
};

/** What is asked about a doubtful label, by the kind of doubt. @type {Record<string, string>} */
export const questions = {
  missing: "Is there such an event here? Add it where you see it, or say that there is none.",
  spurious: "Is there such an event here? Keep it or set its frame; remove it if there is none.",
  swapped: "Is it of another class? Give it that one, or keep it as it is.",
  duplicate: "Is it one event, written twice? Remove one of them, or keep both.",
  order: "Can it come in this order? Set its frame, give it another class, remove it, or keep it.",
  overlap: "Two clips show these frames and are labelled differently. Set what you see, or keep it.",
};

export const figures = {
  show: "As a table",
  caption: "Class score and probability of each frame",
  columns: ["Frame", "Shift", "Class score", "Probability", "What is there"],
};

/** What is known to be off as a whole. */
export const biases = {
  title: "Known bias",
  /** @param {import("../review/facts.js").Bias} bias */
  words({ of, name, frames, labels, low, high }) {
    const who = { all: "All labels", class: `Class ${className(name)}`, annotator: `Labels by ${name}`, video: `Video ${name}` }[of];
    const lie = `${who}: events lie ${Math.abs(frames).toFixed(1)} frames ${frames > 0 ? "later" : "earlier"} than tagged`;
    if (low === null || high === null) return `${lie}, by the model's account of ${counted(labels, "label")}. Nobody has checked it.`;
    return `${lie}, by ${counted(labels, "blind check")} (${signed(low, 1)} to ${signed(high, 1)}).`;
  },
};

/** About a whole class, annotator or video. */
export const asking = {
  titles: { class: "A question about the whole class", annotator: "A question about all labels by one person", video: "A question about the whole video" },
  review: "Look at 15 of its labels now",
  again: "Take the answer back",
  answered: (/** @type {import("../review/question.js").Asked} */ { by, answer, choices, words }) => `${by ?? ""} answered: ${choices.find(([known]) => known === answer)?.[1] ?? words}`,
};

export const moving = {
  open: "The video was moved…",
  title: "Where are the videos now?",
  why: "Videos are found again by their content. Labels and decisions stay as they are.",
  folder: "Folder with the videos, on the machine that Respot runs on",
  look: "Look there",
  waits: "Waiting for the worker…",
};

export const leases = {
  ask: "Ask for it",
  asked: "You asked for it.",
  wanted: (/** @type {string} */ name) => `${name} asks for this label.`,
  give: "Give it, and go on",
  keep: "Keep it",
};

/** @param {import("../review/facts.js").Record} record */
export const recordWords = ({ right, of, low, high, alike }) =>
  `Checked blind: ${right.toLocaleString("en")} of ${counted(of, "suggestion")}${alike ? " this sure" : ""} were right to a frame (${Math.round(low * 100)}–${percent(high)})`;

/** @param {string} name @param {number} count */
export const nextQueue = (name, count) => `Go on with: ${name} (${count.toLocaleString("en")})`;

/** @param {number} labels @param {number} mean frames @param {number} of */
export const moved = (labels, mean, of) =>
  `In this sitting ${counted(labels, "label")} of ${of.toLocaleString("en")} moved${labels ? `, by ${mean.toFixed(1)} frames on average` : ""}.`;

/** @param {number} id @param {Run | null} run how it stands, if that is known */
export function runGoesOn(id, run) {
  const running = (run?.members ?? []).filter(({ state }) => state === "running");
  const left = Math.max(0, ...(run?.members ?? []).map(({ seconds_left: seconds }) => seconds ?? 0));
  const how = [running[0]?.note, left ? `about ${duration(left)} left` : ""].filter(Boolean).join(", ");
  return `Run ${id} is training${how ? ` (${how})` : ""}; suggestions appear by themselves. You can review without: pick the frame you see, or keep the tag.`;
}

/** @param {Run} run @param {boolean} shown whether earlier suggestions are there */
export const runFailed = ({ id, error }, shown) =>
  `Run ${id} failed: ${error ?? "the reason is in its log"}. ${shown ? "What is suggested comes from the run before; it still holds. " : ""}The Training page has its log and starts it again.`;
