// @ts-check
/** Which key does what: our own keys, those of other tools, and what a person made of them. */

/**
 * @typedef {object} Binding
 * @property {string} action
 * @property {string[]} chords  `a`, `Shift+z`, `Ctrl+z`, `ArrowLeft`; as `chordOf` writes them
 * @property {boolean} [repeats] whether holding the key down goes on
 * @property {boolean} [fixed]   cannot be changed
 */

/** @type {Binding[]} */
const ours = [
  { action: "accept", chords: ["a"] },
  { action: "keep", chords: ["x"] },
  { action: "digit", chords: Array.from("123456789"), fixed: true },
  { action: "earlier", chords: ["ArrowLeft", ","], repeats: true },
  { action: "later", chords: ["ArrowRight", "."], repeats: true },
  { action: "earlier5", chords: ["Shift+ArrowLeft"], repeats: true },
  { action: "later5", chords: ["Shift+ArrowRight"], repeats: true },
  { action: "peakBefore", chords: ["["] },
  { action: "peakAfter", chords: ["]"] },
  { action: "commit", chords: ["Enter"] },
  { action: "skip", chords: ["s"] },
  { action: "flag", chords: ["f"] },
  { action: "flagWhy", chords: ["Shift+f"] },
  { action: "relabel", chords: ["c"] },
  { action: "remove", chords: ["d", "Delete"] },
  { action: "undo", chords: ["z", "Ctrl+z", "Backspace"] },
  { action: "redo", chords: ["Shift+z", "Ctrl+Shift+z", "Ctrl+y"] },
  { action: "previous", chords: ["ArrowUp"], repeats: true },
  { action: "next", chords: ["ArrowDown"], repeats: true },
  { action: "undecided", chords: ["u"] },
  { action: "goto", chords: ["g", "/"] },
  { action: "play", chords: [" "] },
  { action: "backward", chords: ["j"] },
  { action: "pause", chords: ["k"] },
  { action: "forward", chords: ["l"] },
  { action: "speed", chords: ["r"] },
  { action: "pingPong", chords: ["p"] },
  { action: "blink", chords: ["b"] },
  { action: "crop", chords: ["v"] },
  { action: "zoomIn", chords: ["+", "="], repeats: true },
  { action: "zoomOut", chords: ["-"], repeats: true },
  { action: "zoomReset", chords: ["0"] },
  { action: "hide", chords: ["h"] },
  { action: "help", chords: ["?"] },
  { action: "close", chords: ["Escape"], fixed: true },
];

/**
 * What other tools taught the fingers; the rest stays ours. Keys as read in their documentation.
 * @type {Record<string, Record<string, string[]>>}
 */
export const presets = {
  respot: {},
  cvat: {
    ...{ earlier: ["d"], later: ["f"], earlier5: ["c"], later5: ["v"], previous: ["ArrowLeft"], next: ["ArrowRight"] },
    ...{ peakBefore: ["e", "["], peakAfter: ["r", "]"], speed: ["Shift+r"] },
    ...{ remove: ["Delete"], flag: ["q"], flagWhy: ["Shift+q"], relabel: ["t"], crop: ["n"], undo: ["Ctrl+z", "z"], redo: ["Ctrl+Shift+z", "Shift+z"] },
  },
  boris: {
    ...{ earlier5: ["ArrowDown"], later5: ["ArrowUp"], previous: ["PageDown"], next: ["PageUp"] },
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
