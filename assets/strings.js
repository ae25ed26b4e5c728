// @ts-check
/** Every word that the elements show, in one place. */

const MINUS = "\u2212";

/** A signed number as it is written everywhere: `+2`, `−1.5`, `0`. @param {number} value @param {number} [digits] */
export function signed(value, digits = 0) {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return (value < 0 ? MINUS : "+") + size;
}

/** A number as it is written everywhere: `0.41`, `−0.20`, `0.00`. @param {number} value @param {number} digits */
export const written = (value, digits) => signed(value, digits).replace("+", "");

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

/** How far a run is, and how long it still takes where that is known. @param {{share: number, seconds_left: number | null}} run */
export const progress = ({ share, seconds_left }) => percent(share) + (seconds_left === null ? "" : `, about ${duration(seconds_left)} left`);

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

/** @param {import("./api.js").Verdict} verdict @param {number} shift @param {boolean} [proposed] whether the label file has no such event */
export function decisionWords(verdict, shift, proposed = false) {
  if (proposed && verdict === "remove") return "No event, not added";
  if (proposed && ["accept", "keep", "set"].includes(verdict)) return shift ? `Added ${signed(shift)}` : "Added";
  return {
    accept: `Accepted ${signed(shift)}`,
    keep: "Kept the tag",
    set: `Set ${signed(shift)}`,
    relabel: "Class changed",
    remove: "Removed",
    skip: "Skipped",
    flag: "Flagged",
    move: `Moved ${signed(shift)} with its group`,
  }[verdict];
}

/** What the queues are called; one that is not named here goes by its own name. @type {Record<string, string>} */
export const queues = {
  likely: "Likely errors",
  audit: "Blind audit",
  clip: "In clip order",
  flagged: "Flagged",
  mine: "Decided by me",
  all: "All labels",
  missing: "Missing events?",
  spurious: "Spurious labels?",
  order: "Odd order",
  duplicate: "Written twice",
  overlap: "In two clips",
  swapped: "Class mixed up?",
};

export const text = {
  review: "Review of event labels",
  tag: "TAG",
  newTag: "NEW?",
  tagged: "Tagged",
  proposedAt: "Proposed",
  suggested: "Suggested",
  chosen: "Your choice",
  nothingChosen: "No choice yet",
  noScores: "No class scores to show",
  keptScores: "Class scores are kept back here",
  loop: "How it plays",
  loopPictures: "The frames around the event, looped",
  modes: { forward: "Loop", pingPong: "There and back", backward: "Backward", blink: "Blink tag / choice" },
  speed: "Speed",
  lens: { name: "What is seen of the pictures", crop: "Crop to the action", zoomOut: "Zoom out", zoomIn: "Zoom in", zoomReset: "Automatic crop" },
  framesAround: "Frames around the tag",
  chooseFrame: "Choose a frame",
  decide: "Decide",
  about: "About this label",
  pages: { why: "Why", class: "Class", history: "History", log: "My log" },
  hideModel: "Hide the model while held",
  hiddenWhy: "The model is hidden while you hold the key.",
  blind: "Blind check",
  blindWhy: "The suggestion is kept back here, so that your own eye is measured. Pick the frame you see.",
  gap: { name: "gap", clear: "clear", small: "small", none: "ambiguous" },
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
  relabel: "Class",
  relabelTitle: "Which class is it?",
  proposed: "Not in the label file",
  maybeThis: "as the evidence says",
  add: "Add it",
  addAt: (/** @type {number} */ shift) => `Add ${signed(shift)}`,
  noEvent: "No event",
  held: (/** @type {string} */ name, /** @type {string} */ until) => `${name} has this label before them until ${until}.`,
  takeNext: "Take the next instead",
  goTo: "Go to a label, a frame or a clip",
  link: "Copy a link to this label",
  linkCopied: "Link copied",
  findWhat: "Number of a label or a frame, or part of a clip's name",
  goLabel: (/** @type {number} */ label_id) => `Label ${label_id}`,
  goFrame: (/** @type {number} */ frame) => `Frame ${frame} of this clip`,
  notPictured: (/** @type {number} */ frame, /** @type {number} */ first, /** @type {number} */ last) => `Frame ${frame} is not among this label's pictures (${first} to ${last}).`,
  noClip: "No clip has this in its name.",
  clipsFound: (/** @type {number} */ count) => `${counted(count, "clip")} found`,
  place: (/** @type {number} */ place, /** @type {number} */ of) => `${place.toLocaleString("en")} of ${of.toLocaleString("en")}`,
  go: "Go",
  cancel: "Cancel",
  nextUndecided: "Next undecided label",
  noneUndecided: "Every label ahead in this queue is settled.",
  noPeak: "The score has no other peak that way.",
  allClips: "All clips again",
  oneClip: "one clip",
  decidedLabels: "Decided labels",
  decided: " decided",
  saving: "saving ",
  saved: "saved ",
  previous: "Previous label",
  next: "Next label",
  accept: "Accept",
  acceptTag: "Accept: no shift",
  keep: "Keep tag",
  commit: "Set",
  commitTag: "Set tag",
  skip: "Skip",
  flag: "Flag",
  flagWhy: "Flag, and say why",
  flagTitle: "Why is it flagged?",
  flagFilter: "Reason of the flag",
  allReasons: "All reasons",
  flagged: "Flagged, not settled yet",
  /** @param {number} shift */
  movedAlong: (shift) => `${decisionWords("move", shift)}, not settled yet`,
  remove: "Remove",
  sure: "Sure?",
  removeAgain: "Press again to remove",
  provisional: "provisional",
  noSuggestion: "No suggestion yet",
  noSuggestionWhy: "You can review without one: pick the frame you see, or keep the tag.",
  noSuggestionToAccept: "There is no suggestion to accept: keep the tag, or choose a frame.",
  noPicture: "These pictures could not be loaded; the label is kept.",
  retry: "Try again",
  leaveClip: "Leave this clip out for now",
  showNewer: "Show them",
  score: "class score",
  posterior: "probability",
  unknownAnnotator: "unnamed",
  yourName: "Your name, kept with each decision",
  keysAndSettings: "Keys and settings",
  singleKeys: "Single-key shortcuts",
  careful: "Careful: a digit or a click only chooses, Enter decides",
  keysLike: "Keys like",
  presets: /** @type {Record<string, string>} */ ({ respot: "Respot", cvat: "CVAT", boris: "BORIS", prodigy: "Prodigy" }),
  keysChange: "Press a key cap to change its key.",
  keysReset: "Undo my changes",
  undone: "Undone",
  redone: "Done again",
  tooManyWaiting: "200 decisions wait for the server. Go on when it answers again.",
  noDecisionYet: "Nobody has decided yet.",
  noDecisions: "You have decided nothing here yet.",
  earlierDecisions: "Earlier ones",
  keepMine: "Mine",
  keepTheirs: "Theirs",
  discuss: "Flag it",
  nothingToUndo: "Nothing left to undo.",
  nothingToRedo: "Nothing to redo.",
  endOfQueue: "This is the last label here.",
  startOfQueue: "This is the first label here.",
  refused: "Not saved:",
  otherDataset: (/** @type {number} */ label_id) => `Label ${label_id} is not in this dataset.`,
  elsewhere: "An earlier decision was undone first: here it is.",
  moreLabels: "More labels are there, but they could not be loaded.",
  openLabel: "Open it",
  dismiss: "Dismiss",
  noDataset: "No dataset yet",
  noDatasetWhy: "Import a label file and its videos, or load the sample, on the Datasets page. The first label to review then appears here.",
  emptyFilter: "Nothing to review with this filter",
  showAll: "Show all classes and clips",
  emptyQueue: "Nothing in this queue",
  finished: "This queue is finished",
  reviewSkipped: "Look at the skipped ones",
  undoLast: "Undo the last decision",
  noEpochs: "The first epoch has not ended yet.",
  noMatches: "This objective matches no predictions: it reads the shift from the scores.",
  failed: "The server did not answer",
  card: {
    none: "Nobody has written down yet which instant is meant.",
    edit: "Edit the text",
    add: "Add the shown frame",
    save: "Save",
    field: "Which instant is meant",
    by: (/** @type {string} */ name, /** @type {string} */ time) => `${name}, ${time}`,
    example: (/** @type {string} */ clip, /** @type {number} */ frame) => `${clip}, frame ${frame}`,
    remove: (/** @type {string} */ name) => `Remove ${name}`,
  },
  frame: (/** @type {number} */ frame) => `frame ${frame}`,
  theTag: "the tag",
  taggedAt: (/** @type {number} */ frame, /** @type {number | null} */ fps = null, proposed = false) => `${proposed ? "proposed" : "tagged"} ${frame}${fps ? ` · ${(frame / fps).toFixed(2)} s` : ""}`,
  onlyClip: (/** @type {string} */ clip) => `Only ${clip}`,
  scoreAt: (/** @type {number} */ there, /** @type {number} */ here) => `Class score ${there.toFixed(2)}, at the tag ${here.toFixed(2)}`,
  matchedAt: (/** @type {number} */ offset) => `The matcher put it at ${signed(offset, 1)}`,
  stable: (/** @type {number} */ near, /** @type {number} */ of) => `steady in ${near} of the last ${counted(of, "epoch")}`,
  traceLabel: (/** @type {number} */ first, /** @type {number} */ last) => `Offset by epoch, from ${signed(first, 1)} to ${signed(last, 1)}`,
  fromRun: (/** @type {number} */ run, /** @type {number} */ epoch, /** @type {boolean} */ provisional) => `run ${run}, epoch ${epoch}${provisional ? ", still training" : ""}`,
  classNorm: (/** @type {Norm} */ norm) => `Decided in this class: ${normal(norm)}`,
  ownNorm: (/** @type {Norm} */ norm) => `by you: ${normal(norm)}`,
  training: (/** @type {import("./api.js").Run} */ run) => `run ${run.id}: ${progress(run)}`,
  newerRun: (/** @type {number} */ run) => `Run ${run} has finished: there are newer suggestions. Your place is kept.`,
  tookBack: (/** @type {string} */ name, /** @type {string} */ time) => `${name} took it back, ${clock(time)}`,
  undoable: (/** @type {string} */ words, /** @type {string} */ cap) => (cap ? `${words} · ${cap} to undo` : words),
  changeKey: (/** @type {string} */ words) => `Change the key of: ${words}`,
  pressKey: (/** @type {string} */ words) => `Press the new key for: ${words}. Esc leaves it.`,
  keySet: (/** @type {string} */ cap) => `${cap} it is.`,
  keyTaken: (/** @type {string} */ cap) => `${cap} cannot be given away.`,
  bothDecided: (/** @type {string} */ mine, /** @type {string} */ theirs) => `You: ${mine}. Meanwhile: ${theirs}.`,
  pace: (/** @type {number} */ median, /** @type {number} */ hourly, /** @type {import("./api.js").Audit | null} */ audit = null) =>
`${median.toFixed(1)} s a label · ${Math.round(hourly).toLocaleString("en")} an hour${audit?.audited ? ` · blind audit: ${audit.right} of ${audit.audited} suggestions right` : ""}`,
};

/** @typedef {{mean: number, sd: number, count: number}} Norm */

/** @param {Norm} norm */
const normal = ({ mean, sd, count }) => `${signed(mean, 1)} ± ${sd.toFixed(1)} frames (${count.toLocaleString("en")})`;

/** @param {string} label @param {number} frame @param {number} left @param {boolean} [proposed] */
export const announcedNext = (label, frame, left, proposed = false) =>
  `Next: ${className(label)}, ${proposed ? "proposed" : "tagged"} at frame ${frame}. ${counted(left, "label")} left.`;

/** @param {number} count */
export const keptHere = (count) =>
  `The server does not answer: ${count ? `${counted(count, "decision")} kept in this browser, ` : ""}retrying…`;
