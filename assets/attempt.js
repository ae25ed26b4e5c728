// @ts-check
/** Something that the server may refuse: what went wrong is said where the person looks. */
import { say } from "./dom.js";

/**
 * Runs it; false if it failed, which `error` then tells in place of `state`.
 * @param {{state: HTMLElement, error: HTMLElement}} lines @param {() => Promise<void>} does
 */
export async function attempt({ state, error }, does) {
  error.hidden = true;
  try {
    await does();
    return true;
  } catch (failure) {
    say(state, "");
    say(error, failure instanceof Error ? failure.message : String(failure));
    error.hidden = false;
    return false;
  }
}
