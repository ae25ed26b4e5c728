// @ts-check
/** What a person does with the label on the screen: look, choose, decide, go back. */
import { Refused } from "../api.js";
import { painted } from "../dom.js";
import { announcedNext, decisionWords, text } from "../strings.js";
import { firstCell, proposed, verdictFor } from "./view.js";

/** @typedef {import("../api.js").Item} Item */
/** @typedef {import("../api.js").Verdict} Verdict */
/** @typedef {import("./session.js").Session} Session */

const RETRY_MS = 3000;

export class Desk {
  /** @type {Session | null} */
  session = null;
  /** The frame that the person chose. @type {number | null} */
  #chosen = null;
  #removing = false;
  /** The label whose pictures could not be loaded. @type {Item | null} */
  #unseen = null;
  #pressed = 0;
  #words = "";

  /**
   * @param {import("./board.js").Board} board
   * @param {import("./pictures.js").Pictures} pictures
   * @param {import("./guide.js").Settings} settings
   * @param {(event: string, detail: object) => void} fire
   */
  constructor(board, pictures, settings, fire) {
    this.board = board;
    this.pictures = pictures;
    this.settings = settings;
    this.fire = fire;
  }

  /** Does what a key or a button asks for. @param {string} action @param {string} chord @param {number} time of the press, ms */
  act(action, chord, time) {
    const item = this.session?.current;
    this.#pressed = time;
    if (action === "help") return this.board.guide.toggle();
    if (action === "undo" || action === "redo") return this.#travel(action);
    if (action === "previous" || action === "next") return this.#browse(action === "next" ? 1 : -1);
    return item ? this.#onItem(item, action, chord) : undefined;
  }

  /** A frame was clicked: choose it, or decide at once. @param {number} frame @param {boolean} twice */
  pick(frame, twice) {
    const item = this.session?.current;
    this.#pressed = performance.now();
    if (item && (twice || this.settings.oneClick)) this.#decide(item, frame);
    else this.#choose(frame);
  }

  /** Shows the label that is current now. @param {Item} item */
  turn(item) {
    const { session } = this;
    if (!session) return;
    this.#chosen = null;
    this.#removing = false;
    this.#fetch(item);
    this.paint();
    painted().then(() => this.fetchAhead());
    this.board.notices.speak(`${this.#words} ${announcedNext(item.label, item.frame, session.left)}`);
    this.#words = "";
  }

  paint() {
    const { session, board } = this;
    const item = session?.current;
    if (!session || !item) return;
    const sprite = this.pictures.ready(item);
    const candidate = this.#chosen ?? proposed(item);
    const count = board.cells;
    if (sprite) board.shape(sprite);
    const view = { item, sprite, candidate, chosen: this.#chosen !== null, first: firstCell(item, candidate, count), count };
    board.show(view, session, this.#removing);
    if (sprite && this.#pressed) this.#measure(item.label_id);
  }

  /** Gets the pictures of the next labels. */
  fetchAhead() {
    for (const item of this.session?.upcoming ?? []) this.#fetch(item);
  }

  /** Says it on the screen and to a screen reader. @param {string} words */
  tell(words) {
    this.board.notices.tell(words);
    this.board.notices.speak(words);
  }

  /** @param {Item} item @param {string} action @param {string} chord */
  #onItem(item, action, chord) {
    const candidate = this.#chosen ?? proposed(item);
    const removing = this.#removing;
    this.#removing = false;
    switch (action) {
      case "accept":
        return item.suggestion ? this.#decide(item, item.suggestion.frame, "accept") : this.tell(text.noSuggestionToAccept);
      case "keep":
        return this.#decide(item, item.frame, "keep");
      case "digit":
        return this.#decide(item, item.frame + Number(chord) - 5);
      case "commit":
        return this.#decide(item, candidate);
      case "earlier":
      case "later":
        return this.#choose(candidate + (action === "later" ? 1 : -1));
      case "skip":
      case "flag":
        return this.#decide(item, null, action);
      case "remove":
        return removing ? this.#decide(item, null, "remove") : this.#arm();
      case "play":
        return this.board.panels.loop.toggle();
      default:
        this.#chosen = null;
        return this.paint();
    }
  }

  /** Nothing is decided unseen. @param {Item} item @param {number | null} frame @param {Verdict} [verdict] */
  #decide(item, frame, verdict) {
    if (!this.pictures.ready(item) && this.#unseen !== item) return this.tell(text.loading);
    if (frame !== null && (frame < 0 || frame >= item.num_frames)) return this.tell(text.outside);
    const made = verdict ?? verdictFor(item, frame ?? item.frame);
    this.#words = decisionWords(made, (frame ?? item.frame) - item.frame);
    this.board.notices.tell(`${this.#words} · Z to undo`);
    this.session?.decide(made, frame);
    this.fire("respot-decided", { label_id: item.label_id, verdict: made, frame });
  }

  /** @param {number} frame */
  #choose(frame) {
    const item = this.session?.current;
    if (!item) return;
    const { first, count } = item.strip;
    this.#chosen = Math.max(first, Math.min(first + count - 1, frame));
    this.paint();
    this.board.notices.speak(`Frame ${this.#chosen}`);
  }

  #arm() {
    this.#removing = true;
    this.paint();
    this.tell(text.removeAgain);
  }

  /** @param {"undo" | "redo"} way */
  async #travel(way) {
    const words = { undo: ["Undone · ⇧Z to redo", text.nothingToUndo], redo: ["Done again", text.nothingToRedo] }[way];
    try {
      this.tell((await this.session?.[way]()) ? words[0] : words[1]);
    } catch (error) {
      this.tell(error instanceof Refused ? error.message : text.failed);
    }
  }

  /** @param {1 | -1} step */
  #browse(step) {
    if (!this.session?.browse(step)) this.tell(step > 0 ? text.endOfQueue : text.startOfQueue);
  }

  /** @param {Item} item */
  #fetch(item) {
    const isCurrent = () => item === this.session?.current;
    const wasReady = this.pictures.ready(item) !== null;
    this.pictures.load(item).then(
      () => !wasReady && isCurrent() && this.paint(),
      () => isCurrent() && this.#broken(item),
    );
  }

  /** Says so, and tries again. @param {Item} item */
  #broken(item) {
    if (this.#unseen !== item) this.tell(text.noPicture);
    this.#unseen = item;
    setTimeout(() => item === this.session?.current && this.#fetch(item), RETRY_MS);
  }

  /** @param {number} label_id */
  async #measure(label_id) {
    const pressed = this.#pressed;
    this.#pressed = 0;
    this.fire("respot-painted", { label_id, ms: (await painted()) - pressed });
  }
}
