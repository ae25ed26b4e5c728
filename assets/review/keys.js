// @ts-check
/** Keys: which key does what, and when a key press is none of our business. */

/**
 * @typedef {object} Binding
 * @property {string} action
 * @property {string[]} chords  `a`, `Shift+z`, `ArrowLeft`; as `chordOf` writes them
 * @property {string} shown     on the key cap
 * @property {string} words     in the help
 * @property {boolean} [repeats] whether holding the key down goes on
 */
/** @type {Binding[]} */
export const bindings = [
  { action: "accept", chords: ["a"], shown: "A", words: "Accept the suggestion" },
  { action: "keep", chords: ["x"], shown: "X", words: "Keep the tagged frame" },
  { action: "digit", chords: Array.from("123456789"), shown: "1 – 9", words: "Set the frame: 1 is −4, 5 is the tag, 9 is +4" },
  { action: "earlier", chords: ["ArrowLeft", ","], shown: "←", words: "Choose one frame earlier", repeats: true },
  { action: "later", chords: ["ArrowRight", "."], shown: "→", words: "Choose one frame later", repeats: true },
  { action: "commit", chords: ["Enter"], shown: "Enter", words: "Set the chosen frame" },
  { action: "skip", chords: ["s"], shown: "S", words: "Skip for now" },
  { action: "flag", chords: ["f"], shown: "F", words: "Flag for somebody else" },
  { action: "remove", chords: ["d"], shown: "D", words: "No such event here; a second press removes it" },
  { action: "undo", chords: ["z"], shown: "Z", words: "Undo, back to the first" },
  { action: "redo", chords: ["Shift+z"], shown: "⇧ Z", words: "Redo" },
  { action: "play", chords: [" "], shown: "Space", words: "Play or pause the loop" },
  { action: "previous", chords: ["ArrowUp"], shown: "↑", words: "Previous label, without deciding", repeats: true },
  { action: "next", chords: ["ArrowDown"], shown: "↓", words: "Next label, without deciding", repeats: true },
  { action: "help", chords: ["?"], shown: "?", words: "This help" },
  { action: "close", chords: ["Escape"], shown: "Esc", words: "Close; forget the chosen frame" },
];

/** @type {Map<string, Binding>} */
const byChord = new Map(bindings.flatMap((binding) => binding.chords.map((chord) => [chord, binding])));

const TYPING = [
  "input",
  "textarea",
  "select",
  "video",
  "audio",
  '[contenteditable=""]',
  "[contenteditable=true]",
  "[contenteditable=plaintext-only]",
  ...["textbox", "combobox", "listbox", "slider", "spinbutton", "grid", "menu", "dialog"].map((role) => `[role=${role}]`),
].join();
const PRESSABLE = "button, a[href], summary, [role=button], [role=tab], [role=link]";

/** The name of a key press: letters by their meaning, or by their place on layouts that have no Latin letters. @param {KeyboardEvent} event */
export function chordOf({ key, code, shiftKey }) {
  const letter = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  if (/^[a-z]$/i.test(key)) return (shiftKey ? "Shift+" : "") + key.toLowerCase();
  if (letter && key.length === 1 && key.charCodeAt(0) > 127) return (shiftKey ? "Shift+" : "") + letter;
  if (digit && !shiftKey && key.length === 1) return digit;
  return shiftKey && key.length > 1 ? `Shift+${key}` : key;
}

/** @param {KeyboardEvent} event @returns {boolean} whether the press belongs to whatever has the focus */
function meantElsewhere(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPING)) return true;
  if (event.key === "Enter" && target.closest("[data-enter]")) return false;
  const presses = event.key === "Enter" || event.key === " ";
  return presses && target.closest(PRESSABLE) !== null && target.matches(":focus-visible");
}

/**
 * Listens once, on the document, while `signal` lasts.
 * @param {HTMLElement} host whose visibility counts
 * @param {{act: (action: string, chord: string, time: number) => void, letters: () => boolean}} to
 *   `letters`: whether single characters are shortcuts at all
 * @param {AbortSignal} signal
 */
export function listen(host, to, signal) {
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const chord = chordOf(event);
    const binding = byChord.get(chord);
    if (!binding || !host.isConnected || meantElsewhere(event) || !host.checkVisibility()) return;
    if (chord.length === 1 && chord !== " " && !to.letters()) return;
    event.preventDefault();
    if (event.repeat && !binding.repeats) return;
    to.act(binding.action, chord, event.timeStamp);
  };
  document.addEventListener("keydown", pressed, { signal });
}
