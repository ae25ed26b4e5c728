// @ts-check
/** Hearing keys: what a key press is called, and when it is none of our business. */
import { isCharacter } from "./keymap.js";

/** @typedef {import("./keymap.js").Binding} Binding */

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
export function chordOf({ key, code, shiftKey, ctrlKey, metaKey }) {
  const control = ctrlKey || metaKey ? "Ctrl+" : "";
  const letter = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  const shift = shiftKey ? "Shift+" : "";
  if (/^[a-z]$/i.test(key)) return control + shift + key.toLowerCase();
  if (letter && key.length === 1 && key.charCodeAt(0) > 127) return control + shift + letter;
  if (digit && !shiftKey && key.length === 1) return control + digit;
  return control + (key.length > 1 ? shift + key : key);
}

/** @param {KeyboardEvent} event @returns {boolean} whether the press belongs to whatever has the focus */
function meantElsewhere(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return true;
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
 * @param {{act: (action: string, chord: string, time: number) => void, up: (action: string) => void, binding: (chord: string) => Binding | undefined, letters: () => boolean}} to
 *   `letters`: whether single characters are shortcuts at all; `up`: the key was let go
 * @param {AbortSignal} signal
 */
export function listen(host, to, signal) {
  const bound = (/** @type {KeyboardEvent} */ event) => {
    const chord = chordOf(event);
    return isCharacter(chord) && !to.letters() ? undefined : to.binding(chord);
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const binding = bound(event);
    if (!binding || !host.isConnected || meantElsewhere(event) || !host.checkVisibility()) return;
    event.preventDefault();
    if (event.repeat && !binding.repeats) return;
    to.act(binding.action, chordOf(event), event.timeStamp);
  };
  const released = (/** @type {KeyboardEvent} */ event) => {
    const binding = bound(event);
    if (binding) to.up(binding.action);
  };
  document.addEventListener("keydown", pressed, { signal });
  document.addEventListener("keyup", released, { signal });
}
