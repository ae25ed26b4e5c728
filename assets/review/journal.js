// @ts-check
/** What was decided in this sitting, and the way back and forth through it: undo and redo are decisions too. */
import { freshKey } from "../api.js";
import { moved } from "../strings/review.js";

/** @typedef {import("../api.js").Verdict} Verdict */
/**
 * @typedef {object} Done
 * @property {number} label_id
 * @property {Verdict} verdict
 * @property {number | null} frame
 * @property {string | null} label   the other class, of `relabel`
 * @property {string | null} reason  why it is flagged
 * @property {number | null} seconds it was looked at
 */
/** @typedef {Done & {recalled: boolean}} Undone `recalled`: the server never had it */

export class Journal {
  /** @type {Done[]} */
  #done = [];
  /** @type {Undone[]} */
  #undone = [];
  /** Undone decisions of an earlier sitting: the server knows which. */
  #undoneElsewhere = 0;
  /** How far each label was moved, frames. @type {Map<number, number>} */
  #shifts = new Map();

  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
  }

  get canUndo() {
    return this.#done.length > 0 || this.session.tally.decided > 0;
  }

  get canRedo() {
    return this.#undone.length + this.#undoneElsewhere > 0;
  }

  /** A decision was made, for the first time or again. @param {Done} done @param {number} tagged */
  add(done, tagged) {
    this.#done.push(done);
    if (done.frame === null) this.#shifts.delete(done.label_id);
    else this.#shifts.set(done.label_id, done.frame - tagged);
  }

  /** After a new decision there is nothing left to redo. */
  settle() {
    this.#undone.length = this.#undoneElsewhere = 0;
  }

  /** What this sitting changed, in words; nothing before it has decided anything. */
  get words() {
    const sizes = [...this.#shifts.values()].map(Math.abs).filter((size) => size > 0);
    if (!this.#shifts.size) return "";
    return moved(sizes.length, sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length), this.#shifts.size);
  }

  /** The server refused the latest decision about this label. @param {number} label_id */
  drop(label_id) {
    const at = this.#done.findLastIndex((done) => done.label_id === label_id);
    if (at >= 0) this.#done.splice(at, 1);
  }

  /** Takes the last decision back and returns to its label. @returns {Promise<boolean>} false when there is none */
  async undo() {
    const done = this.#done.pop();
    if (done) this.#shifts.delete(done.label_id);
    const recalled = this.session.outbox.takeBack();
    if (recalled) {
      const { label_id, verdict, frame, label, reason, seconds } = /** @type {Done} */ (/** @type {unknown} */ (recalled.body));
      this.#undone.push({ label_id, verdict, frame, label, reason, seconds, recalled: true });
      return this.session.goTo(label_id);
    }
    if (!done) return this.#ask("undo");
    this.#undone.push({ ...done, recalled: false });
    this.#write("undo", done.label_id);
    return this.session.goTo(done.label_id);
  }

  /** Makes the last undone decision again and moves on. @returns {Promise<boolean>} false when there is none */
  async redo() {
    const undone = this.#undoneElsewhere ? null : this.#undone.pop();
    if (!undone) return this.#ask("redo");
    const { recalled, ...done } = undone;
    await this.session.goTo(done.label_id);
    const item = this.session.current;
    if (!item) return false;
    if (recalled) this.session.carry(item, done);
    else {
      this.session.mark(item, done);
      this.#write("redo", done.label_id);
    }
    this.session.step(1);
    return true;
  }

  /** @param {"undo" | "redo"} kind @param {number} label_id */
  #write(kind, label_id) {
    const { outbox, annotator } = this.session;
    outbox.put({ kind, path: this.#path(kind), body: { annotator: annotator() }, label_id });
  }

  /** For decisions of an earlier sitting, which only the server knows. @param {"undo" | "redo"} kind */
  async #ask(kind) {
    const { api, annotator } = this.session;
    const answer = await api.post(this.#path(kind), { key: freshKey(), annotator: annotator() });
    this.session.count(answer.progress);
    if (answer.label_id === null) return false;
    this.#undoneElsewhere = Math.max(0, this.#undoneElsewhere + (kind === "undo" ? 1 : -1));
    this.session.show(answer.item ?? (await api.get(`/labels/${answer.label_id}`)));
    return true;
  }

  /** @param {"undo" | "redo"} kind */
  #path(kind) {
    return `/datasets/${this.session.dataset.id}/${kind}`;
  }
}
