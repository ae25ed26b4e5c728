// @ts-check
/** What a person does with the label on the screen: look, choose, decide, go back. */
import { Refused } from "../api.js";
import { painted } from "../dom.js";
import { announcedNext, className, decisionWords, text } from "../strings.js";
import { flagReasons } from "../strings/review.js";
import { copied, linkTo } from "./address.js";
import { Stopwatch } from "./stopwatch.js";
import { firstCell, peakFrom, proposed, verdictFor } from "./view.js";

/** @typedef {import("../api.js").Item} Item */
/** @typedef {import("../api.js").Verdict} Verdict */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {{label?: string, reason?: string}} More another class; why it is flagged */

const RETRY_MS = 3000;
const JUMP = 5;
const MOST_WAITING = 200;

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
  watch = new Stopwatch();

  /**
   * @param {import("./board.js").Board} board
   * @param {import("./pictures.js").Pictures} pictures
   * @param {import("./settings.js").Settings} settings
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
    if (action === "goto") return this.board.finder.open();
    if (action === "undo" || action === "redo") return this.#travel(action);
    if (action === "previous" || action === "next") return this.#browse(action === "next" ? 1 : -1);
    if (action === "undecided") return this.#onward();
    if (!item) return undefined;
    return action === "link" ? this.#link(item) : this.#onItem(item, action, chord);
  }

  /** A key was let go. @param {string} action */
  up(action) {
    if (this.board.looks.letGo(action)) this.paint();
  }

  /** A frame was clicked: decide at once, or in careful mode choose it. @param {number} frame @param {boolean} twice */
  pick(frame, twice) {
    const item = this.session?.current;
    this.#pressed = performance.now();
    if (item && (twice || !this.settings.careful)) this.#decide(item, frame);
    else this.choose(frame);
  }

  /** Shows the label that is current now. @param {Item} item */
  turn(item) {
    const { session } = this;
    if (!session) return;
    this.#chosen = null;
    this.#removing = false;
    this.watch.reset();
    this.#fetch(item);
    this.paint();
    this.board.refocus();
    painted().then(() => this.fetchAhead());
    this.board.notices.speak(`${this.#words} ${announcedNext(item.label, item.frame, session.left, item.proposed)}`);
    this.#words = "";
  }

  paint() {
    const { session, board } = this;
    const current = session?.current;
    if (!session || !current) return;
    const item = board.looks.shown(current);
    const sprite = this.pictures.ready(item);
    const count = board.cells;
    if (sprite) board.shape(sprite);
    const part = board.lens.window(item, sprite);
    const view = { item, sprite, part, candidate: this.#chosen ?? proposed(item), chosen: this.#chosen !== null, first: firstCell(item, count), count };
    board.show(view, session, this.#removing);
    if (sprite) this.watch.start();
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

  /** Shows this frame enlarged, for Enter to set it. @param {number} frame */
  choose(frame) {
    const item = this.session?.current;
    if (!item) return;
    const { first, count } = item.strip;
    this.#chosen = Math.max(first, Math.min(first + count - 1, frame));
    this.paint();
    this.board.notices.speak(text.frame(this.#chosen));
  }

  /** Chooses the frame of this number, if there is a picture of it. @param {number} frame */
  goToFrame(frame) {
    const strip = this.session?.current?.strip;
    if (!strip) return;
    const last = strip.first + strip.count - 1;
    if (frame < strip.first || frame > last) this.tell(text.notPictured(frame, strip.first, last));
    else this.choose(frame);
  }

  /** Gives the label another class and goes on. @param {string} label */
  relabel(label) {
    const item = this.session?.current;
    if (item) this.#decide(item, null, "relabel", { label });
  }

  /** Leaves the label to somebody else, saying why. @param {string} reason */
  flag(reason) {
    const item = this.session?.current;
    if (item) this.#decide(item, null, "flag", { reason });
  }

  /** Moves what is seen of the pictures. @param {number} dx @param {number} dy shares of it */
  pan(dx, dy) {
    const item = this.session?.current;
    if (!item) return;
    this.board.lens.pan(item, this.pictures.ready(item), dx, dy);
    this.paint();
  }

  /** @param {Item} current @param {string} action @param {string} chord */
  #onItem(current, action, chord) {
    if (this.board.looks.act(action, current, this.pictures.ready(current))) return this.paint();
    const item = this.board.looks.shown(current);
    const candidate = this.#chosen ?? proposed(item);
    const removing = this.#removing;
    this.#removing = false;
    switch (action) {
      case "accept":
        return this.#accept(item);
      case "keep":
        return item.proposed ? this.#decide(item, null, "remove") : this.#decide(item, item.frame, "keep");
      case "digit":
        return this.#digit(item, item.frame + Number(chord) - 5);
      case "commit":
        return this.#decide(item, candidate);
      case "earlier":
      case "later":
        return this.choose(candidate + (action === "later" ? 1 : -1));
      case "earlier5":
      case "later5":
        return this.choose(candidate + (action === "later5" ? JUMP : -JUMP));
      case "peakBefore":
      case "peakAfter":
        return this.#peak(item, candidate, action === "peakAfter" ? 1 : -1);
      case "skip":
      case "flag":
        return this.#decide(item, null, action);
      case "relabel":
        return this.board.classes.open(this.#classes(item), item.label);
      case "flagWhy":
        return this.board.reasons.open(Object.entries(flagReasons), item.flag_reason ?? null);
      case "remove":
        return removing || item.proposed ? this.#decide(item, null, "remove") : this.#arm();
      default:
        this.#chosen = null;
        return this.paint();
    }
  }

  /** @param {Item} item */
  #accept(item) {
    if (item.suggestion) return this.#decide(item, item.suggestion.frame, "accept");
    return item.proposed ? this.#decide(item, item.frame, "keep") : this.tell(text.noSuggestionToAccept);
  }

  /** The classes to choose from; the one that the evidence speaks for is said. @param {Item} item @returns {import("./chooser.js").Answer[]} */
  #classes(item) {
    const meant = new Set((item.doubts ?? []).map(({ label }) => label));
    const said = (/** @type {string} */ label) => (meant.has(label) ? `${className(label)} · ${text.maybeThis}` : className(label));
    return (this.session?.dataset.classes ?? []).map((label) => [label, said(label)]);
  }

  /** Sets the frame over the digit; where it is not drawn, or in careful mode, it is only chosen. @param {Item} item @param {number} frame */
  #digit(item, frame) {
    const drawn = Math.abs(frame - item.frame) <= (this.board.cells - 1) / 2;
    if (drawn && !this.settings.careful) this.#decide(item, frame);
    else this.choose(frame);
  }

  /** @param {Item} item @param {number} candidate @param {1 | -1} way */
  #peak(item, candidate, way) {
    const frame = peakFrom(item, candidate, way);
    if (frame === null) this.tell(text.noPeak);
    else this.choose(frame);
  }

  /** Nothing is decided unseen. @param {Item} item @param {number | null} frame @param {Verdict} [verdict] @param {More} [more] */
  #decide(item, frame, verdict, { label = undefined, reason = undefined } = {}) {
    const { session } = this;
    if (!session) return;
    if (!this.pictures.ready(item) && this.#unseen?.label_id !== item.label_id) return this.tell(text.loading);
    if (frame !== null && (frame < 0 || frame >= item.num_frames)) return this.tell(text.outside);
    if (session.outbox.away && session.outbox.pending >= MOST_WAITING) return this.tell(text.tooManyWaiting);
    const made = verdict ?? verdictFor(item, frame ?? item.frame);
    this.#words = decisionWords(made, (frame ?? item.frame) - item.frame, item.proposed);
    this.board.notices.tell(text.undoable(this.#words, this.board.cap("undo")));
    this.board.pace.decided();
    session.decide({ verdict: made, frame, label: label ?? null, reason: reason ?? null, seconds: this.watch.seconds });
    this.fire("respot-decided", { label_id: item.label_id, verdict: made, frame });
  }

  #arm() {
    this.#removing = true;
    this.paint();
    this.tell(text.removeAgain);
  }

  /** @param {"undo" | "redo"} way */
  async #travel(way) {
    const words = { undo: [text.undone, text.nothingToUndo], redo: [text.redone, text.nothingToRedo] }[way];
    await this.#said(async () => ((await this.session?.journal[way]()) ? words[0] : words[1]));
  }

  /** @param {1 | -1} step */
  #browse(step) {
    if (!this.session?.browse(step)) this.tell(step > 0 ? text.endOfQueue : text.startOfQueue);
  }

  /** Copies a link to the label, or shows it where the browser copies nothing. @param {Item} item */
  async #link({ label_id }) {
    const link = linkTo(/** @type {Session} */ (this.session), label_id);
    this.tell((await copied(link)) ? text.linkCopied : link);
  }

  async #onward() {
    await this.#said(async () => ((await this.session?.nextUndecided()) ? "" : text.noneUndecided));
  }

  /** Tells what came of it. @param {() => Promise<string>} does */
  async #said(does) {
    try {
      const words = await does();
      if (words) this.tell(words);
    } catch (error) {
      this.tell(error instanceof Refused ? error.message : text.failed);
    }
  }

  /** @param {Item} item */
  #fetch(item) {
    const isCurrent = () => item.label_id === this.session?.current?.label_id;
    const wasReady = this.pictures.ready(item) !== null;
    this.pictures.load(item).then(
      () => !wasReady && isCurrent() && this.#arrived(),
      (error) => isCurrent() && this.#broken(item, error),
    );
  }

  #arrived() {
    this.#unseen = null;
    this.board.notices.unseen(null);
    this.paint();
  }

  /** Says so, and tries again. @param {Item} item @param {unknown} error */
  #broken(item, error) {
    if (this.#unseen !== item) this.board.notices.speak(text.noPicture);
    this.#unseen = item;
    this.board.notices.unseen(error instanceof Refused ? error.message : text.failed);
    setTimeout(() => item === this.session?.current && this.#fetch(item), RETRY_MS);
  }

  /** @param {number} label_id */
  async #measure(label_id) {
    const pressed = this.#pressed;
    this.#pressed = 0;
    this.fire("respot-painted", { label_id, ms: (await painted()) - pressed });
  }
}
