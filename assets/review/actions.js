// @ts-check
/** The buttons under the filmstrip: everything that a key does, for mouse and touch. */
import { h, say } from "../dom.js";
import { signed, text } from "../strings.js";
import { ariaOf, capOf } from "./keymap.js";

/** @typedef {import("./view.js").View} View */

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
    this.why = button("flagWhy", "…", "bare quiet");
    this.relabel = button("relabel", text.relabel, "quiet");
    this.remove = button("remove", text.remove, "quiet");
    this.undo = button("undo", text.undo, "quiet");
    this.redo = button("redo", text.redo, "quiet");
    this.earlier.element.setAttribute("aria-label", text.earlier);
    this.later.element.setAttribute("aria-label", text.later);
    this.why.element.setAttribute("aria-label", text.flagWhy);
    this.why.element.title = text.flagWhy;
    const flags = h("div", { class: "flags", role: "group", "aria-label": text.flag }, this.flag.element, this.why.element);
    const nudge = h("div", { class: "nudge", role: "group", "aria-label": text.chooseFrame });
    nudge.append(this.earlier.element, this.commit.element, this.later.element);
    const first = h("div", { class: "first" }, this.accept.element, this.keep.element, nudge);
    const rest = [this.relabel, this.remove, this.undo, this.redo].map(({ element }) => element);
    this.all = [this.accept, this.keep, this.earlier, this.commit, this.later, this.skip, this.flag, this.why, this.relabel, this.remove, this.undo, this.redo];
    this.element = h("div", { class: "actions", role: "group", "aria-label": text.decide }, first, toast, h("div", { class: "rest" }, this.skip.element, flags, ...rest));
  }

  /** Writes the keys on the buttons. @param {import("./keymap.js").Binding[]} bindings */
  keys(bindings) {
    const chords = new Map(bindings.map((binding) => [binding.action, binding.chords]));
    for (const action of this.all) action.keys(chords.get(action.name) ?? []);
  }

  /** @param {View} view @param {{removing: boolean, canUndo: boolean, canRedo: boolean}} state */
  show({ item, candidate, chosen }, { removing, canUndo, canRedo }) {
    const words = item.proposed ? forProposed(item, candidate) : forTagged(item, candidate);
    this.accept.show(words.accept, Boolean(item.proposed || item.suggestion));
    this.keep.show(words.keep, true);
    this.commit.show(chosen ? words.commit : text.commit, chosen);
    this.remove.show(removing ? text.sure : words.remove, true);
    this.remove.element.classList.toggle("asked", (item.doubts ?? []).some(({ kind }) => kind === "spurious"));
    this.relabel.element.classList.toggle("asked", (item.doubts ?? []).some(({ kind }) => kind === "swapped"));
    this.remove.element.classList.toggle("armed", removing);
    this.undo.show(text.undo, canUndo);
    this.redo.show(text.redo, canRedo);
  }
}

/** @param {import("../api.js").Item} item @param {number} candidate */
function forTagged({ frame, suggestion }, candidate) {
  const shift = suggestion ? suggestion.frame - frame : null;
  const accept = shift ? `${text.accept} ${signed(shift)}` : shift === 0 ? text.acceptTag : text.accept;
  const commit = candidate === frame ? text.commitTag : `${text.commit} ${signed(candidate - frame)}`;
  return { accept, keep: text.keep, commit, remove: text.remove };
}

/** An event that may be missing: accepting adds it, keeping things as they are does not. @param {import("../api.js").Item} item @param {number} candidate */
function forProposed({ frame, suggestion }, candidate) {
  const shift = (suggestion?.frame ?? frame) - frame;
  return { accept: shift ? text.addAt(shift) : text.add, keep: text.noEvent, commit: text.addAt(candidate - frame), remove: text.noEvent };
}

class Action {
  /** @param {(action: string) => void} act @param {string} name @param {string} words @param {string} kind */
  constructor(act, name, words, kind) {
    this.name = name;
    this.words = h("span", {}, words);
    this.cap = h("kbd", { "aria-hidden": "true" });
    this.element = h("button", { type: "button", class: `action ${kind} ${name}`, onclick: () => act(name) }, kind.startsWith("bare") ? null : this.cap, this.words);
  }

  /** @param {string[]} chords */
  keys(chords) {
    say(this.cap, chords.length ? capOf(chords[0]) : "");
    this.element.setAttribute("aria-keyshortcuts", ariaOf(chords));
  }

  /** @param {string} words @param {boolean} enabled */
  show(words, enabled) {
    say(this.words, words);
    this.element.setAttribute("aria-disabled", String(!enabled));
  }
}
