// @ts-check
/** Every word that the elements show, in one place. */

const MINUS = "\u2212";

/** A signed number as it is written everywhere: `+2`, `−1.5`, `0`. @param {number} value @param {number} [digits] */
export function signed(value, digits = 0) {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return (value < 0 ? MINUS : "+") + size;
}

/** @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** @param {string | number | Date} moment */
export const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB");

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} share 0 to 1 */
export const percent = (share) => `${Math.round(share * 100)}\u00a0%`;

/** @param {string} label */
export const className = (label) => label.replaceAll("_", " ");

const SURENESS = /** @type {const} */ ([
  [0.9, "Very likely right"],
  [0.75, "Likely right"],
  [0.5, "Unsure"],
  [0, "A guess"],
]);

/** Confidence in words, and how many of four segments are lit. @param {number} confidence 0 to 1 */
export function sureness(confidence) {
  const rank = SURENESS.findIndex(([least]) => confidence >= least);
  const at = rank < 0 ? SURENESS.length - 1 : rank;
  return { words: SURENESS[at][1], lit: SURENESS.length - at };
}

/** @param {import("./api.js").Verdict} verdict @param {number} shift */
export function decisionWords(verdict, shift) {
  return {
    accept: `Accepted ${signed(shift)}`,
    keep: "Kept the tag",
    set: `Set ${signed(shift)}`,
    remove: "Removed",
    skip: "Skipped",
    flag: "Flagged",
  }[verdict];
}

export const queues = /** @type {const} */ ([
  ["likely", "Likely errors"],
  ["clip", "In clip order"],
  ["flagged", "Flagged"],
  ["mine", "Decided by me"],
  ["all", "All labels"],
]);

export const text = {
  review: "Review of event labels",
  tag: "TAG",
  tagged: "Tagged",
  suggested: "Suggested",
  chosen: "Your choice",
  nothingChosen: "Nothing chosen",
  noScores: "Class scores appear here with the first suggestions",
  loop: "Loop",
  outside: "outside clip",
  loading: "Loading…",
  allClasses: "All classes",
  queue: "Queue",
  classFilter: "Class",
  dataset: "Dataset",
  help: "Keyboard help",
  settings: "Settings",
  close: "Close",
  play: "Play",
  pause: "Pause",
  undo: "Undo",
  redo: "Redo",
  earlier: "One frame earlier",
  later: "One frame later",
  previous: "Previous label",
  next: "Next label",
  accept: "Accept",
  acceptTag: "Accept: no shift",
  keep: "Keep tag",
  commit: "Set",
  commitTag: "Set tag",
  skip: "Skip",
  flag: "Flag",
  flagged: "Flagged, not settled yet",
  remove: "Remove",
  sure: "Sure?",
  removeAgain: "Press again to remove",
  provisional: "provisional",
  noSuggestion: "No suggestion yet",
  noSuggestionWhy: "You can review without one: pick the frame you see, or keep the tag.",
  noSuggestionToAccept: "There is no suggestion to accept. Keep the tag with X, or choose a frame with 1 to 9.",
  noPicture: "These pictures could not be loaded.",
  retry: "Try again",
  score: "class score",
  posterior: "probability of each frame",
  unknownAnnotator: "unnamed",
  yourName: "Your name, kept with each decision",
  singleKeys: "Single-key shortcuts",
  oneClick: "A click on a picture decides at once",
  nothingToUndo: "Nothing left to undo.",
  nothingToRedo: "Nothing to redo.",
  endOfQueue: "This is the last label here.",
  startOfQueue: "This is the first label here.",
  refused: "Not saved:",
  elsewhere: "An earlier decision was undone first: here it is.",
  moreLabels: "More labels are there, but they could not be loaded.",
  openLabel: "Open it",
  dismiss: "Dismiss",
  noDataset: "No dataset yet",
  noDatasetWhy: "Import a label file and its videos, or load the sample, on the Datasets page. The first label to review then appears here.",
  emptyFilter: "Nothing to review with this filter",
  showAll: "Show all classes",
  emptyQueue: "Nothing in this queue",
  finished: "This queue is finished",
  reviewSkipped: "Look at the skipped ones",
  toLikely: "Back to the likely errors",
  undoLast: "Undo the last decision",
  noEpochs: "The first epoch has not ended yet.",
  noMatches: "This objective matches no predictions: it reads the shift from the scores.",
  failed: "The server did not answer",
};

/** @param {string} label @param {number} frame @param {number} left */
export const announcedNext = (label, frame, left) =>
  `Next: ${className(label)}, tagged at frame ${frame}. ${counted(left, "label")} left.`;

/** @param {number} count */
export const keptHere = (count) =>
  `The server does not answer: ${count ? `${counted(count, "decision")} kept in this browser, ` : ""}retrying…`;
