// @ts-check
/** Which key does what: our own keys, those of other tools, and what a person made of them. */

/**
 * @typedef {object} Binding
 * @property {string} action
 * @property {string[]} chords  `a`, `Shift+z`, `Ctrl+z`, `ArrowLeft`; as `chordOf` writes them
 * @property {string} words     in the help
 * @property {boolean} [repeats] whether holding the key down goes on
 * @property {boolean} [fixed]   cannot be changed
 */

/** @type {Binding[]} */
const ours = [
  { action: "accept", chords: ["a"], words: "Accept the suggestion" },
  { action: "keep", chords: ["x"], words: "Keep the tagged frame" },
  { action: "digit", chords: Array.from("123456789"), words: "The frame over the digit: 1 is −4, 5 is the tag, 9 is +4", fixed: true },
  { action: "earlier", chords: ["ArrowLeft", ","], words: "Choose one frame earlier", repeats: true },
  { action: "later", chords: ["ArrowRight", "."], words: "Choose one frame later", repeats: true },
  { action: "earlier5", chords: ["Shift+ArrowLeft"], words: "Choose five frames earlier", repeats: true },
  { action: "later5", chords: ["Shift+ArrowRight"], words: "Choose five frames later", repeats: true },
  { action: "peakBefore", chords: ["["], words: "Choose the score peak before" },
  { action: "peakAfter", chords: ["]"], words: "Choose the score peak after" },
  { action: "commit", chords: ["Enter"], words: "Set the chosen frame" },
  { action: "skip", chords: ["s"], words: "Skip for now" },
  { action: "flag", chords: ["f"], words: "Flag for somebody else" },
  { action: "relabel", chords: ["c"], words: "Another class; then its digit" },
  { action: "remove", chords: ["d", "Delete"], words: "No such event here; a second press removes it" },
  { action: "undo", chords: ["z", "Ctrl+z", "Backspace"], words: "Undo, back to the first" },
  { action: "redo", chords: ["Shift+z", "Ctrl+Shift+z", "Ctrl+y"], words: "Redo" },
  { action: "previous", chords: ["ArrowUp"], words: "Previous label, without deciding", repeats: true },
  { action: "next", chords: ["ArrowDown"], words: "Next label, without deciding", repeats: true },
  { action: "undecided", chords: ["u"], words: "On to the next undecided label" },
  { action: "goto", chords: ["g", "/"], words: "Go to a label by its number" },
  { action: "play", chords: [" "], words: "Play or pause the loop" },
  { action: "backward", chords: ["j"], words: "Play backward; again: faster" },
  { action: "pause", chords: ["k"], words: "Pause" },
  { action: "forward", chords: ["l"], words: "Play forward; again: faster" },
  { action: "speed", chords: ["r"], words: "Next speed of the loop" },
  { action: "pingPong", chords: ["p"], words: "Play there and back" },
  { action: "blink", chords: ["b"], words: "Blink between tag and choice" },
  { action: "crop", chords: ["v"], words: "Crop to the action, or the full picture" },
  { action: "zoomIn", chords: ["+", "="], words: "Zoom in", repeats: true },
  { action: "zoomOut", chords: ["-"], words: "Zoom out", repeats: true },
  { action: "zoomReset", chords: ["0"], words: "The automatic crop again" },
  { action: "hide", chords: ["h"], words: "Hide the model while held" },
  { action: "help", chords: ["?"], words: "This help" },
  { action: "close", chords: ["Escape"], words: "Close; forget the chosen frame", fixed: true },
];

/**
 * What other tools taught the fingers; the rest stays ours. Keys as read in their documentation.
 * @type {Record<string, Record<string, string[]>>}
 */
export const presets = {
  respot: {},
  cvat: {
    ...{ earlier: ["d"], later: ["f"], earlier5: ["c"], later5: ["v"], previous: ["ArrowLeft"], next: ["ArrowRight"] },
    ...{ remove: ["Delete"], flag: ["q"], relabel: ["t"], crop: ["n"], undo: ["Ctrl+z", "z"], redo: ["Ctrl+Shift+z", "Shift+z"] },
  },
  boris: {
    ...{ earlier5: ["ArrowDown"], later5: ["ArrowUp"], previous: ["PageUp"], next: ["PageDown"] },
    ...{ undo: ["Ctrl+z", "z"], speed: ["Home", "r"] },
  },
  prodigy: { skip: [" "], undo: ["Backspace", "Delete", "Ctrl+z"], help: ["h", "?"], hide: ["Shift+h"], play: ["s"], remove: ["d"] },
};

/** The keys of a preset, with a person's own over them. @param {string} preset @param {Record<string, string[]>} own @returns {Binding[]} */
export function keymap(preset, own) {
  return ours.map((binding) => ({ ...binding, chords: own[binding.action] ?? presets[preset]?.[binding.action] ?? binding.chords }));
}

/**
 * The own keys after `chord` was given to `action`: whichever action had it loses it.
 * @param {Binding[]} bindings @param {string} action @param {string} chord @returns {Record<string, string[]> | null} null for a fixed key
 */
export function rebound(bindings, action, chord) {
  const held = bindings.find(({ chords }) => chords.includes(chord));
  if (held?.fixed) return null;
  const own = { [action]: [chord] };
  if (held && held.action !== action) own[held.action] = held.chords.filter((other) => other !== chord);
  return own;
}

const CAPS = /** @type {Record<string, string>} */ ({
  ...{ ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "Space", Escape: "Esc", Delete: "Del" },
  ...{ PageUp: "PgUp", PageDown: "PgDn", Backspace: "⌫" },
});

/** @param {string} chord @returns {[string, string]} its modifiers and its key */
const split = (chord) => {
  const [, modifiers, key] = /** @type {RegExpExecArray} */ (/^((?:Ctrl\+|Shift\+)*)(.+)$/s.exec(chord));
  return [modifiers, key];
};

/** As on a key cap. @param {string} chord */
export function capOf(chord) {
  const [modifiers, key] = split(chord);
  return modifiers.replace("Ctrl+", "Ctrl ").replace("Shift+", "⇧ ") + (CAPS[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** As `aria-keyshortcuts` wants it. @param {string[]} chords */
export const ariaOf = (chords) => chords.map((chord) => chord.replace("Ctrl+", "Control+").replace(" ", "Space")).join(" ");

/** Whether it is a character typed without Ctrl: what "single-key shortcuts" means. @param {string} chord */
export function isCharacter(chord) {
  const [modifiers, key] = split(chord);
  return !modifiers.includes("Ctrl") && key.length === 1 && key !== " ";
}
