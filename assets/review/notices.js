// @ts-check
/** What went wrong, what was done, and what a screen reader hears of it. */
import { h, say } from "../dom.js";
import { clock, keptHere, text } from "../strings.js";
import { leases, moving, runFailed } from "../strings/review.js";

const TOAST_MS = 3500;

export class Notices {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {{words: string, ways: [string, () => void][]}[]} */
  #conflicts = [];
  /** The run that failed, and those that a person knows of. @type {number | null} */
  #failed = null;
  /** @type {Set<number>} */
  #dismissed = new Set();

  /** @param {{open: (label_id: number) => void, retry: () => void, next: () => void, leaveClip: () => void, restart: () => void, moved: () => void, ask: () => void, answer: (give: boolean) => void}} hands */
  constructor(hands) {
    this.open = hands.open;
    const button = (/** @type {string} */ name, /** @type {() => void} */ does) => h("button", { type: "button", class: "small", onclick: does }, name);
    this.broken = h("p", { class: "bar problem", hidden: true }, h("b", { "aria-hidden": "true" }, "✖ "), h("span"), button(text.retry, hands.retry), button(moving.open, hands.moved), button(text.leaveClip, hands.leaveClip));
    this.other = h("p", { class: "bar", hidden: true }, h("b", { "aria-hidden": "true" }, "◎ "), h("span"), button(text.takeNext, hands.next), button(leases.ask, hands.ask));
    this.wanted = h("p", { class: "bar", hidden: true }, h("b", { "aria-hidden": "true" }, "◎ "), h("span"), button(leases.give, () => hands.answer(true)), button(leases.keep, () => hands.answer(false)));
    this.stale = h("p", { class: "bar", hidden: true }, h("b", { "aria-hidden": "true" }, "↻ "), h("span"), button(text.showNewer, hands.restart));
    this.crashed = h("p", { class: "bar problem", hidden: true }, h("b", { "aria-hidden": "true" }, "▲ "), h("span"), button(text.dismiss, () => this.#dismiss()));
    this.away = h("p", { class: "bar warning", hidden: true }, h("b", { "aria-hidden": "true" }, "▲ "), h("span"));
    this.conflicts = h("div", { class: "conflicts" });
    this.toast = h("p", { class: "toast", "aria-hidden": "true" });
    this.live = h("p", { class: "spoken", role: "status", "aria-live": "polite" });
    this.element = h("div", { class: "notices" }, this.away, this.other, this.wanted, this.stale, this.crashed, this.broken, this.conflicts);
  }

  /** @param {import("./outbox.js").Outbox} outbox */
  connection({ away, pending }) {
    this.away.hidden = !away;
    if (away) say(/** @type {Element} */ (this.away.lastElementChild), keptHere(pending));
  }

  /** Says it on the screen for a moment. @param {string} words */
  tell(words) {
    clearTimeout(this.#timer);
    say(this.toast, words);
    this.toast.classList.add("shown");
    this.#timer = setTimeout(() => this.toast.classList.remove("shown"), TOAST_MS);
  }

  /** @param {string} words */
  speak(words) {
    say(this.live, words);
  }

  /** The label's pictures cannot be shown. @param {string | null} why null: they can */
  unseen(why) {
    this.broken.hidden = why === null;
    say(this.broken.children[1], why === null ? "" : `${text.noPicture} ${why}`);
  }

  /** The suggestions shown are older than the newest finished run. @param {number | null} run_id null: they are not */
  newer(run_id) {
    this.stale.hidden = run_id === null;
    say(this.stale.children[1], run_id === null ? "" : text.newerRun(run_id));
  }

  /** The latest run failed. @param {import("../api.js").Run | null} run null: it did not @param {boolean} shown whether earlier suggestions are there */
  failed(run, shown) {
    this.crashed.hidden = run === null || this.#dismissed.has(run.id);
    this.#failed = run?.id ?? null;
    if (run) say(this.crashed.children[1], runFailed(run, shown));
  }

  #dismiss() {
    if (this.#failed !== null) this.#dismissed.add(this.#failed);
    this.crashed.hidden = true;
  }

  /** Somebody else has the label before them; it may be asked for. @param {import("./news.js").Lease | null} lease @param {string} [me] */
  held(lease, me = "") {
    this.other.hidden = lease === null;
    const asked = lease !== null && lease.wanted_by === me;
    /** @type {HTMLElement} */ (this.other.lastElementChild).hidden = asked;
    say(this.other.children[1], lease ? `${text.held(lease.annotator, clock(lease.expires_at))}${asked ? ` ${leases.asked}` : ""}` : "");
  }

  /** Somebody asks for the label on the screen. @param {string | null} name null: nobody does */
  asks(name) {
    if (name && this.wanted.hidden) this.speak(leases.wanted(name));
    this.wanted.hidden = name === null;
    say(this.wanted.children[1], name ? leases.wanted(name) : "");
  }

  /** Stays until it is dealt with; one at a time. @param {string} words @param {[string, () => void][]} ways */
  conflict(words, ways) {
    this.#conflicts.push({ words, ways });
    this.speak(words);
    this.#showConflict();
  }

  #showConflict() {
    const [first] = this.#conflicts;
    if (!first) return this.conflicts.replaceChildren();
    const { words, ways } = first;
    const more = this.#conflicts.length > 1 ? `1 of ${this.#conflicts.length}` : "";
    const next = () => (this.#conflicts.shift(), this.#showConflict());
    const button = (/** @type {[string, () => void]} */ [name, does]) => h("button", { type: "button", class: "small", onclick: () => (next(), does()) }, name);
    const bar = h("p", { class: "bar problem" }, h("b", { "aria-hidden": "true" }, "✖ "), h("span", {}, words), h("span", {}, more));
    bar.append(...ways.map(button));
    return this.conflicts.replaceChildren(bar);
  }
}
