// @ts-check
/** `<respot-review dataset="3">`: one label at a time, one key per outcome, the next label painted at once. */
import { Api } from "./api.js";
import { Board } from "./review/board.js";
import { Desk } from "./review/desk.js";
import { Settings } from "./review/guide.js";
import { listen } from "./review/keys.js";
import { Pictures } from "./review/pictures.js";
import { Session } from "./review/session.js";
import { finished, stage } from "./review/stage.js";
import { text } from "./strings.js";
import { followTheme, styled } from "./theme.js";

const RETRY_MS = 3000;
const REFRESH_MS = 15_000;
const PARTS = ["header", "notices", "pictures", "film", "actions", "narrow"];
const SHEETS = ["theme.css", "review.css", ...PARTS.map((part) => `review/${part}.css`)];

/** @typedef {{queue: string, label: string}} Filter */

/**
 * Attributes: `dataset` (an id; without it the page's `?dataset=`, else the newest), `label` (shown first), `annotator`,
 * `api`. `data-state` is loading, label, finished, empty or failed; `data-label` the shown label.
 * Fires `respot-decided` {label_id, verdict, frame} and `respot-painted` {label_id, ms}, from key press to painted.
 */
export class RespotReview extends HTMLElement {
  static observedAttributes = ["dataset", "label"];
  /** @type {Session | null} */
  session = null;
  /** @type {string | null} */
  #savedAt = null;
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
    listen(this, { act: (...press) => this.desk?.act(...press), letters: () => this.settings.letters }, signal);
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
    if (this.isConnected && this.board && before !== after && !shown) this.open();
  }

  get annotator() {
    return this.settings.annotator || this.getAttribute("annotator") || text.unknownAnnotator;
  }

  /** Starts over, with `label` first if there is one. @param {Filter} [filter] @param {number | null} [label] */
  async open(filter = { queue: "likely", label: "" }, label = this.#asked("label")) {
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
    const datasets = await this.api?.get("/datasets");
    const newest = Math.max(0, ...datasets.map((/** @type {import("./api.js").Dataset} */ { id }) => id));
    const id = this.#asked("dataset") ?? newest;
    if (!wanted() || !this.api || !this.board || !this.desk) return;
    this.#shown = id;
    if (!id) return this.#instead("empty", stage({ mark: "◇", title: text.noDataset, words: [text.noDatasetWhy], buttons: [] }));
    const dataset = await this.api.get(`/datasets/${id}`);
    if (!wanted()) return;
    const session = new Session(this.api, dataset, filter, () => this.annotator);
    this.session = this.desk.session = session;
    this.#follow(session);
    this.board.header.offer(datasets, session);
    await session.start(label);
  }

  /** What the attribute, or else the page's address, asks for. @param {"dataset" | "label"} name */
  #asked(name) {
    const given = this.getAttribute(name) ?? new URLSearchParams(location.search).get(name);
    return Number(given) || null;
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
    on(session, "saved", ({ at }) => (this.#savedAt = at));
    on(session, "notice", (notice) => this.#noticed(notice));
  }

  /** @returns {import("./review/board.js").Hands} */
  #hands() {
    return {
      act: (action) => this.desk?.act(action, "", performance.now()),
      pick: (frame, twice) => this.desk?.pick(frame, twice),
      filter: (queue, label) => this.open({ queue, label }, null),
      dataset: (id) => this.setAttribute("dataset", String(id)),
      open: (label_id) => this.open(this.session?.filter, label_id),
      resized: () => this.desk?.paint(),
      settled: () => this.#tally(),
      annotator: this.getAttribute("annotator") ?? "",
    };
  }

  /** @param {Session} session */
  #moved(session) {
    const item = session.current;
    if (!item) return this.#atEnd(session);
    this.dataset.state = "label";
    this.dataset.label = String(item.label_id);
    this.desk?.turn(item);
    this.#tally();
  }

  #tally() {
    if (!this.session || !this.board) return;
    this.board.header.tally(this.session, this.annotator, this.#savedAt);
    this.board.notices.connection(this.session.outbox);
  }

  #refresh() {
    if (!document.hidden && this.checkVisibility()) this.session?.refresh().catch(() => undefined);
  }

  /** @param {Session} session */
  #atEnd(session) {
    if (!session.ended) return this.#failed(new Error(text.moreLabels), () => this.#again(session));
    const { filter } = session;
    const ways = {
      again: () => this.open(filter, null),
      all: () => this.open({ ...filter, label: "" }, null),
      likely: () => this.open({ queue: "likely", label: "" }, null),
      undo: () => this.desk?.act("undo", "", performance.now()),
    };
    return this.#instead("finished", stage(finished(session, ways)));
  }

  /** @param {Session} session */
  async #again(session) {
    await session.fill().catch(() => undefined);
    if (this.session === session && !session.current) this.#atEnd(session);
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

  /** @param {{kind: string, words: string, label_id: number | null}} notice */
  #noticed({ kind, words, label_id }) {
    if (kind === "conflict" || kind === "refused") this.board?.notices.conflict(`${text.refused} ${words}`, label_id);
    else this.desk?.tell(kind === "elsewhere" ? text.elsewhere : text.nothingToUndo);
  }

  /** @param {string} event @param {object} detail */
  #fire(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("respot-review")) customElements.define("respot-review", RespotReview);
