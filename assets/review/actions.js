// @ts-check
/** The buttons under the filmstrip: everything that a key does, for mouse and touch. */
import { h, say } from "../dom.js";
import { signed, text } from "../strings.js";
import { bindings } from "./keys.js";

/** @typedef {import("./view.js").View} View */

const caps = new Map(bindings.map(({ action, shown }) => [action, shown]));
const ARIA = /** @type {Record<string, string>} */ ({ earlier: "ArrowLeft", later: "ArrowRight", redo: "Shift+Z", commit: "Enter" });

export class Actions {
  /** @param {(action: string) => void} act @param {HTMLElement} toast */
  constructor(act, toast) {
    const button = (/** @type {string} */ action, /** @type {string} */ words, kind = "") => new Action(act, action, words, kind);
    this.accept = button("accept", text.accept, "main");
    this.keep = button("keep", text.keep);
    this.earlier = button("earlier", "‹", "bare");
    this.commit = button("commit", text.commit);
    this.later = button("later", "›", "bare");
    this.skip = button("skip", text.skip, "quiet");
    this.flag = button("flag", text.flag, "quiet");
    this.remove = button("remove", text.remove, "quiet");
    this.undo = button("undo", text.undo, "quiet");
    this.redo = button("redo", text.redo, "quiet");
    this.earlier.element.setAttribute("aria-label", text.earlier);
    this.later.element.setAttribute("aria-label", text.later);
    const nudge = h("div", { class: "nudge", role: "group", "aria-label": "Choose a frame" });
    nudge.append(this.earlier.element, this.commit.element, this.later.element);
    const first = h("div", { class: "first" }, this.accept.element, this.keep.element, nudge);
    const rest = [this.skip, this.flag, this.remove, this.undo, this.redo].map(({ element }) => element);
    this.element = h("div", { class: "actions", role: "group", "aria-label": "Decide" }, first, toast, h("div", { class: "rest" }, ...rest));
  }

  /** @param {View} view @param {{removing: boolean, canUndo: boolean, canRedo: boolean}} state */
  show({ item, candidate, chosen }, { removing, canUndo, canRedo }) {
    const shift = item.suggestion ? item.suggestion.frame - item.frame : null;
    this.accept.show(shift ? `${text.accept} ${signed(shift)}` : shift === 0 ? text.acceptTag : text.accept, shift !== null);
    const choice = candidate === item.frame ? text.commitTag : `${text.commit} ${signed(candidate - item.frame)}`;
    this.commit.show(chosen ? choice : text.commit, chosen);
    this.remove.show(removing ? text.sure : text.remove, true);
    this.remove.element.classList.toggle("armed", removing);
    this.undo.show(text.undo, canUndo);
    this.redo.show(text.redo, canRedo);
  }
}

class Action {
  /** @param {(action: string) => void} act @param {string} action @param {string} words @param {string} kind */
  constructor(act, action, words, kind) {
    const cap = caps.get(action) ?? "";
    this.words = h("span", {}, words);
    const onclick = () => act(action);
    const given = { type: "button", class: `action ${kind} ${action}`, "aria-keyshortcuts": ARIA[action] ?? cap, onclick };
    this.element = h("button", given, kind === "bare" ? null : h("kbd", { "aria-hidden": "true" }, cap), this.words);
  }

  /** @param {string} words @param {boolean} enabled */
  show(words, enabled) {
    say(this.words, words);
    this.element.setAttribute("aria-disabled", String(!enabled));
  }
}
