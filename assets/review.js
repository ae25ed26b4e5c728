// @ts-check
/** `<respot-review dataset="3">`: one label at a time, one key per outcome, the next label painted at once. */
import { Api } from "./api.js";
import { Board } from "./review/board.js";
import { Desk } from "./review/desk.js";
import { asked, keepAddress } from "./review/address.js";
import { askEarly, newest } from "./review/early.js";
import { listen } from "./review/keys.js";
import { answer, askFor, look } from "./review/news.js";
import { Pictures } from "./review/pictures.js";
import { Session } from "./review/session.js";
import { Settings } from "./review/settings.js";
import { finished, stage } from "./review/stage.js";
import { decided } from "./review/trust.js";
import { className, decisionWords, text } from "./strings.js";
import { followTheme, styled } from "./theme.js";

/** @typedef {import("./review/session.js").Filter} Filter */
/** @type {Filter} */
const EVERYTHING = { queue: "likely", label: "", clip: null, reason: "" };
const RETRY_MS = 3000;
const REFRESH_MS = 15_000;
const CLIPS_FOUND = 8;
const PARTS = ["header", "notices", "pictures", "side", "film", "curve", "actions", "guide", "narrow"];
const SHEETS = ["theme.css", "review.css", ...PARTS.map((part) => `review/${part}.css`)];


/**
 * Attributes: `dataset` (an id; without it the page's `?dataset=`, else the newest), `label` (shown first), `annotator`
 * (unless another name is given here), `account` (where people log in: no other name counts), `api`. `data-state` is loading, label, finished, empty or failed; `data-label` the shown label.
 * Fires `respot-decided` {label_id, verdict, frame} and `respot-painted` {label_id, ms}, from key press to painted.
 */
export class RespotReview extends HTMLElement {
  static observedAttributes = ["dataset", "label"];
  /** @type {Session | null} */
  session = null;
  /** @type {string | null} */
  #savedAt = null;
  /** What waits where; empty while unknown. @type {import("./api.js").Queue[]} */
  #queues = [];
  #life = new AbortController();
  #opened = 0;
  /** The dataset on the screen, or on its way to it. @type {number | null} */
  #shown = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  settings = new Settings();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.api = new Api(this.getAttribute("api") ?? "/api/v1");
    this.board = new Board(this.#hands(), this.settings);
    this.desk = new Desk(this.board, new Pictures(), this.settings, (event, detail) => this.#fire(event, detail));
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const { element } = this.board;
    root.replaceChildren();
    styled(root, SHEETS).then(() => root.append(element));
    followTheme(this, signal);
    const [board, desk] = [this.board, this.desk];
    const keys = { act: desk.act.bind(desk), up: desk.up.bind(desk), binding: board.binding.bind(board), letters: () => this.settings.letters };
    listen(this, keys, signal);
    for (const event of ["blur", "pointerup"]) addEventListener(event, () => ["hide", "pause", "blink"].forEach((held) => desk.up(held)), { signal });
    document.addEventListener("visibilitychange", () => desk.watch.looked(), { signal });
    const refreshing = setInterval(() => this.#refresh(), REFRESH_MS);
    signal.addEventListener("abort", () => clearInterval(refreshing));
    this.open();
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#leave();
    this.board?.panels.loop.stop();
    this.desk?.pictures.close();
  }

  /** @param {string} name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(name, before, after) {
    const shown = name === "dataset" && Number(after) === this.#shown;
    if (!this.isConnected || !this.board || before === after || shown) return;
    if (name === "dataset" && this.#shown) this.open(EVERYTHING, Number(this.getAttribute("label")) || null);
    else this.open();
  }

  get annotator() {
    return this.getAttribute("account") || this.settings.annotator || this.getAttribute("annotator") || text.unknownAnnotator;
  }

  /** Starts over, with `label` first if there is one. @param {Filter} [filter] @param {number | null} [label] */
  async open(filter = asked.filter(), label = this.#asked("label")) {
    this.#leave();
    this.dataset.state = "loading";
    const opened = ++this.#opened;
    try {
      await this.#begin(filter, label, () => opened === this.#opened && !this.#life.signal.aborted);
    } catch (error) {
      if (opened === this.#opened) this.#failed(error, () => this.open(filter, label));
    }
  }

  #leave() {
    clearTimeout(this.#retry);
    this.session?.close();
    this.session = this.#shown = null;
    if (this.desk) this.desk.session = null;
  }

  /** @param {Filter} filter @param {number | null} label @param {() => boolean} wanted still */
  async #begin(filter, label, wanted) {
    /** @type {import("./api.js").Dataset[]} */
    const datasets = await this.api?.get("/datasets");
    const id = this.#asked("dataset") ?? newest(datasets);
    if (!wanted() || !this.api || !this.board || !this.desk) return;
    this.#shown = id;
    if (!id) return this.#instead("empty", stage({ mark: "◇", title: text.noDataset, words: [text.noDatasetWhy], buttons: [] }));
    const dataset = datasets.find((known) => known.id === id) ?? (await this.api.get(`/datasets/${id}`));
    if (!wanted()) return;
    this.settings.change({ lastName: this.annotator });
    const session = new Session(this.api, dataset, filter, () => this.annotator);
    this.session = this.desk.session = session;
    this.#follow(session);
    this.board.header.offer(datasets, session);
    await session.start(label);
    this.#refresh();
  }

  /** What the attribute, or else the page's address, asks for. @param {"dataset" | "label"} name */
  #asked(name) {
    return Number(this.getAttribute(name)) || asked.number(name);
  }

  /** @param {Session} session */
  #follow(session) {
    const on = (/** @type {EventTarget} */ source, /** @type {string} */ event, /** @type {(detail: any) => void} */ does) =>
      source.addEventListener(event, (fired) => this.session === session && does(/** @type {CustomEvent} */ (fired).detail));
    on(session, "move", () => this.#moved(session));
    on(session, "fresh", () => this.desk?.turn(/** @type {import("./api.js").Item} */ (session.current)));
    on(session, "more", () => this.desk?.fetchAhead());
    on(session, "tally", () => this.#tally());
    on(session.outbox, "state", () => this.#tally());
    on(session, "saved", ({ at }) => ((this.#savedAt = at), this.board?.side.saved()));
    on(session, "notice", (notice) => this.#noticed(notice));
  }

  /** @returns {import("./review/board.js").Hands} */
  #hands() {
    return {
      act: (action) => this.desk?.act(action, "", performance.now()),
      pick: (frame, twice) => this.desk?.pick(frame, twice),
      choose: (frame) => this.desk?.choose(frame),
      pan: (dx, dy) => this.desk?.pan(dx, dy),
      filter: (filter) => this.open(filter, null),
      dataset: (id) => this.setAttribute("dataset", String(id)),
      open: (label_id) => this.open(this.session?.filter, label_id),
      retry: () => this.open(this.session?.filter, this.session?.current?.label_id),
      restart: () => this.open(this.session?.filter, this.session?.current?.label_id),
      where: () => this.session && { api: this.session.api, dataset_id: this.session.dataset.id },
      ask: () => this.session && askFor(this.session).then((held) => this.board?.notices.held(held, this.annotator), () => this.desk?.tell(text.failed)),
      answer: (give) => this.session && answer(this.session, give).then(() => this.board?.notices.asks(null), () => this.desk?.tell(text.failed)),
      next: () => this.desk?.act("next", "", performance.now()),
      relabel: (label) => this.desk?.relabel(label),
      flag: (reason) => this.desk?.flag(reason),
      frame: (frame) => this.desk?.goToFrame(frame),
      clip: (clip) => this.open({ ...(this.session?.filter ?? EVERYTHING), clip }, null),
      search: async (words) => (await this.api?.get(`/datasets/${this.#shown}/clips`, { search: words, limit: CLIPS_FOUND }))?.clips ?? [],
      leaveClip: () => (this.board?.notices.unseen(null), this.session?.leaveClip()),
      resized: () => this.desk?.paint(),
      settled: () => this.#tally(),
      known: () => ({ name: this.getAttribute("account") || (this.getAttribute("annotator") ?? ""), fixed: Boolean(this.getAttribute("account")) }),
    };
  }

  /** @param {Session} session */
  #moved(session) {
    const item = session.current;
    if (!item) return this.#end(session);
    this.dataset.state = "label";
    this.dataset.label = String(item.label_id);
    this.desk?.turn(item);
    this.#tally();
    keepAddress(session, item.label_id);
  }

  #tally() {
    if (!this.session || !this.board) return;
    this.board.header.tally(this.session, this.annotator, this.#savedAt, this.board.pace);
    this.board.notices.connection(this.session.outbox);
  }

  async #refresh() {
    const { session } = this;
    if (!session || document.hidden || !this.checkVisibility()) return;
    const { newer, held, wanted, queues, audit, questions } = await look(session);
    if (session !== this.session || !this.board) return;
    this.board.pace.audit = audit;
    this.board.notices.newer(newer);
    this.board.side.questions.known(questions);
    this.board.notices.failed(session.run?.state === "failed" ? session.run : null, Boolean(session.current?.suggestion));
    if (session.run && !session.current?.suggestion) this.desk?.paint();
    this.board.header.trains(session.run?.state === "failed" ? null : session.run);
    this.board.notices.held(held, this.annotator);
    this.board.notices.asks(wanted);
    if (!queues || JSON.stringify(queues) === JSON.stringify(this.#queues)) return;
    this.#queues = queues;
    this.board.header.queues(queues, session.filter.queue);
    if (this.dataset.state === "finished") this.#atEnd(session);
  }

  /** @param {Session} session */
  #end(session) {
    this.#atEnd(session);
    keepAddress(session, null);
    if (session.ended) this.#refresh();
  }

  /** @param {Session} session */
  #atEnd(session) {
    if (!session.ended) return this.#more(session);
    const { filter } = session;
    const ways = {
      again: () => this.open(filter, null),
      all: () => this.open({ ...filter, label: "", clip: null, reason: "" }, null),
      queue: (/** @type {string} */ queue) => this.open({ ...EVERYTHING, queue }, null),
      undo: () => this.desk?.act("undo", "", performance.now()),
    };
    return this.#instead("finished", stage(finished(session, ways, this.board?.pace.words ?? "", this.#queues)));
  }

  /** The next labels are still on their way. @param {Session} session */
  async #more(session) {
    this.#instead("loading", stage({ mark: "…", title: text.loading, words: [], buttons: [] }));
    const came = await session.fill().then(() => true, () => false);
    if (this.session !== session || session.current) return undefined;
    return came ? this.#end(session) : this.#failed(new Error(text.moreLabels), () => this.#more(session));
  }

  /** @param {unknown} error @param {() => void} again */
  #failed(error, again) {
    const words = error instanceof Error ? [error.message] : [];
    clearTimeout(this.#retry);
    this.#retry = setTimeout(again, RETRY_MS);
    this.#instead("failed", stage({ mark: "▲", title: text.failed, words, buttons: [[text.retry, again]] }));
  }

  /** @param {string} state @param {HTMLElement} scene */
  #instead(state, scene) {
    this.dataset.state = state;
    delete this.dataset.label;
    this.board?.instead(scene);
    this.#tally();
  }

  /** @param {{kind: string, words: string, label_id: number | null, letter?: import("./review/outbox.js").Letter}} notice */
  async #noticed({ kind, words, label_id, letter }) {
    const { session } = this;
    if (kind === "other dataset") return this.desk?.tell(text.otherDataset(Number(label_id)));
    if (kind === "elsewhere") return this.desk?.tell(text.elsewhere);
    if (kind !== "conflict" && kind !== "refused") return this.desk?.tell(text.nothingToUndo);
    const fresh = kind === "conflict" && letter?.kind === "decision" ? await this.api?.get(`/labels/${label_id}`).catch(() => null) : null;
    if (!session || session !== this.session) return undefined;
    if (letter && fresh?.decision && fresh.decision.annotator !== this.annotator) return this.#disagree(session, letter, fresh);
    /** @type {[string, () => void][]} */
    const ways = label_id === null ? [] : [[text.openLabel, () => this.open(session.filter, label_id)]];
    return this.board?.notices.conflict(`${text.refused} ${words}`, [...ways, [text.dismiss, () => undefined]]);
  }

  /** Two people decided the same label: both are shown, one is chosen. @param {Session} session @param {import("./review/outbox.js").Letter} letter @param {import("./api.js").Item} theirs */
  #disagree(session, letter, theirs) {
    const { verdict, frame } = /** @type {import("./review/journal.js").Done} */ (/** @type {unknown} */ (letter.body));
    const mine = decisionWords(verdict, (frame ?? theirs.frame) - theirs.frame);
    const words = text.bothDecided(mine, decided(/** @type {import("./api.js").Decision} */ (theirs.decision), theirs.frame));
    const flag = { ...letter, body: { ...letter.body, verdict: "flag", frame: null } };
    this.board?.notices.conflict(`${className(theirs.label)}, ${theirs.clip}, ${theirs.frame}. ${words}`, [
      [text.keepMine, () => session.insist(letter, theirs)],
      [text.keepTheirs, () => session.adopt(theirs)],
      [text.discuss, () => session.insist(flag, theirs)],
    ]);
  }

  /** @param {string} event @param {object} detail */
  #fire(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
  }
}

askEarly().catch(() => undefined);
if (!customElements.get("respot-review")) customElements.define("respot-review", RespotReview);
