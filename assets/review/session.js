// @ts-check
/** One person's way through a queue: what is on the screen, what was decided, what is on its way to the server. No DOM. */
import { Refused } from "../api.js";
import { Journal } from "./journal.js";
import { Outbox } from "./outbox.js";
import { Queue } from "./queue.js";

/** @typedef {import("../api.js").Item} Item */
/** @typedef {import("../api.js").Verdict} Verdict */
/** @typedef {import("./journal.js").Done} Done */
/** @typedef {import("./queue.js").Filter} Filter */

const COUNTED = new Set(["accept", "keep", "set", "relabel", "remove"]);

/** A label that is not there is no reason to show nothing. @param {unknown} error */
const unknown = (error) => (error instanceof Refused && error.status === 404 ? null : Promise.reject(error));

/** Fires, beside what `Queue` does, `saved` {at} and `notice` {kind, words, label_id, letter}. */
export class Session extends Queue {
  /** Labels skipped in this sitting and not decided since. @type {Set<number>} */
  skipped = new Set();
  journal = new Journal(this);
  /** The latest run while it goes on, or if it failed. @type {import("../api.js").Run | null} */
  run = null;

  /**
   * @param {import("../api.js").Api} api
   * @param {import("../api.js").Dataset} dataset
   * @param {Filter} filter
   * @param {() => string} annotator
   */
  constructor(api, dataset, filter, annotator) {
    super(api, dataset, filter, annotator);
    this.outbox = new Outbox(api, `${dataset.id}.${dataset.created_at ?? dataset.name}`);
    this.outbox.addEventListener("sent", (event) => this.#sent(/** @type {CustomEvent} */ (event).detail));
    this.outbox.addEventListener("refused", (event) => this.#refused(/** @type {CustomEvent} */ (event).detail));
  }

  /** Decided as far as this person sees: what the server counts, and what is on its way. */
  get decided() {
    const waiting = this.outbox.letters().filter(({ kind, body }) => kind === "decision" && COUNTED.has(String(body.verdict)));
    return Math.min(this.tally.total, this.tally.decided + waiting.length);
  }

  get left() {
    return Math.max(0, this.tally.total - this.decided);
  }

  /** Loads the first labels; `label_id` goes before them. @param {number | null} label_id */
  async start(label_id) {
    this.outbox.send();
    const asking = label_id === null ? null : this.api.get(`/labels/${label_id}`).catch(unknown);
    const [asked] = await Promise.all([asking, this.fill()]);
    const ours = asked?.dataset_id === this.dataset.id;
    if (ours) this.insert(asked);
    this.started = true;
    this.moved();
    if (label_id !== null && !ours) this.#notice({ kind: "other dataset", words: "", label_id });
  }

  close() {
    this.outbox.close();
  }

  /** Decides the current label and moves on. @param {Omit<Done, "label_id">} made */
  decide(made) {
    const item = this.current;
    if (!item) return;
    this.journal.settle();
    this.carry(item, { label_id: item.label_id, ...made });
    this.step(1);
  }

  /** Somebody else decided meanwhile: this decision holds all the same. @param {import("./outbox.js").Letter} letter @param {Item} theirs */
  insist({ kind, path, body, label_id }, theirs) {
    const { verdict, frame } = /** @type {Done} */ (/** @type {unknown} */ (body));
    this.outbox.put({ kind, path, body: { ...body, seen: theirs.decision?.id ?? 0 }, label_id });
    this.adopt({ ...theirs, decision: { verdict, frame, annotator: this.annotator(), decided_at: new Date().toISOString() } });
  }

  /** Takes over what the server says of a label. @param {Item} item */
  adopt(item) {
    const at = this.items.findIndex(({ label_id }) => label_id === item.label_id);
    if (at < 0) return;
    this.items[at] = item;
    if (at === this.index) this.moved();
  }

  /** Shows this label, undecided. @param {number} label_id @returns {Promise<boolean>} */
  async goTo(label_id) {
    const at = this.items.findIndex((item) => item.label_id === label_id);
    if (at < 0) this.insert(await this.api.get(`/labels/${label_id}`));
    else this.index = at;
    this.skipped.delete(label_id);
    if (this.current) this.current.decision = null;
    this.moved();
    return true;
  }

  /** Decides a label and lets the server know. @param {Item} item @param {Done} done */
  carry(item, done) {
    const seen = item.decision?.id ?? 0;
    const body = { ...done, suggestion_id: item.suggestion?.id ?? null, annotator: this.annotator(), seen };
    this.mark(item, done);
    this.outbox.put({ kind: "decision", path: "/decisions", body, label_id: done.label_id });
  }

  /** Shows a label as decided. @param {Item} item @param {Done} done */
  mark(item, done) {
    const { verdict, frame, reason } = done;
    item.decision = { id: item.decision?.id, verdict, frame, reason, annotator: this.annotator(), decided_at: new Date().toISOString() };
    if (verdict === "skip") this.skipped.add(item.label_id);
    else this.skipped.delete(item.label_id);
    this.journal.add(done, item.frame);
  }

  /** @param {{letter: import("./outbox.js").Letter, answer: any}} detail */
  #sent({ letter, answer }) {
    this.count(answer.progress);
    if (answer.saved_at) this.dispatchEvent(new CustomEvent("saved", { detail: { at: answer.saved_at } }));
    if (letter.kind !== "decision" && answer.label_id !== letter.label_id) return this.#surprise(letter.kind, answer);
    const item = this.items.find(({ label_id }) => label_id === letter.label_id);
    if (item?.decision && letter.kind === "decision") item.decision.id = answer.decision_id;
  }

  /** The server undid another decision than the one shown here: go to it. @param {string} kind @param {any} answer */
  #surprise(kind, answer) {
    if (answer.item) this.show(answer.item);
    this.#notice({ kind: answer.item ? "elsewhere" : `nothing to ${kind}`, words: "", label_id: answer.label_id });
  }

  /** @param {{letter: import("./outbox.js").Letter, error: import("../api.js").Refused}} detail */
  #refused({ letter, error }) {
    const item = this.items.find(({ label_id }) => label_id === letter.label_id);
    if (item && letter.kind === "decision") item.decision = null;
    if (letter.kind === "decision") this.journal.drop(Number(letter.label_id));
    const kind = error.status === 409 ? "conflict" : "refused";
    this.#notice({ kind, words: error.message, label_id: letter.label_id, letter });
  }

  /** @param {{kind: string, words: string, label_id: number | null, letter?: import("./outbox.js").Letter}} detail */
  #notice(detail) {
    this.dispatchEvent(new CustomEvent("notice", { detail }));
  }
}
