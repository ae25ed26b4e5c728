// @ts-check
/** `<respot-review dataset="3">`: one label at a time, one key per outcome, the next label painted at once. */
import { Api, Refused } from "./api.js";
import { h, painted } from "./dom.js";
import { Board } from "./review/board.js";
import { Settings } from "./review/guide.js";
import { listen } from "./review/keys.js";
import { Pictures } from "./review/pictures.js";
import { Session } from "./review/session.js";
import { finished, stage } from "./review/stage.js";
import { firstCell, proposed, verdictFor } from "./review/view.js";
import { announcedNext, decisionWords, text } from "./strings.js";
import { followTheme, styled } from "./theme.js";

/** @typedef {import("./api.js").Item} Item */
/** @typedef {import("./api.js").Verdict} Verdict */

const RETRY_MS = 3000;
const SHEETS = ["theme.css", "review.css", ...["header", "notices", "pictures", "film", "actions"].map((part) => `review/${part}.css`)];

/**
 * Attributes: `dataset` (an id; without it the page's `?dataset=`, else the newest), `label` (shown first), `annotator`,
 * `api`. `data-state` is loading, label, finished, empty or failed; `data-label` the shown label.
 * Fires `respot-decided` {label_id, verdict, frame} and `respot-painted` {label_id, ms}, from key press to painted.
 */
export class RespotReview extends HTMLElement {
  static observedAttributes = ["dataset"];
  /** @type {Session | null} */
  session = null;
  /** The frame that the person chose. @type {number | null} */
  #chosen = null;
  /** @type {string | null} */
  #savedAt = null;
  #removing = false;
  /** The label whose pictures could not be loaded. @type {Item | null} */
  #unseen = null;
  #pressed = 0;
  #words = "";
  #life = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  api = new Api("/api/v1");
  settings = new Settings();
  pictures = new Pictures();
  /** @type {Board} */
  // @ts-ignore: made when the element is connected
  board;

  connectedCallback() {
    this.#life = new AbortController();
    this.api = new Api(this.getAttribute("api") ?? "/api/v1");
    this.pictures = new Pictures();
    this.board = new Board(this.#hands(), this.settings);
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren();
    styled(root, SHEETS).then(() => root.append(this.board.element));
    followTheme(this, this.#life.signal);
    const keys = { act: this.act.bind(this), letters: () => this.settings.letters };
    listen(this, keys, this.#life.signal);
    this.open();
  }

  disconnectedCallback() {
    this.#life.abort();
    clearTimeout(this.#retry);
    this.session?.close();
    this.session = null;
    this.board.panels.loop.stop();
    this.pictures.close();
  }

  /** @param {string} _name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(_name, before, after) {
    if (this.isConnected && this.session && before !== after) this.open();
  }

  get annotator() {
    return this.settings.annotator || this.getAttribute("annotator") || "";
  }

  /** Starts over with this dataset and filter. */
  async open(filter = { queue: "likely", label: "" }, label = this.#asked("label")) {
    clearTimeout(this.#retry);
    this.session?.close();
    this.session = null;
    this.dataset.state = "loading";
    try {
      await this.#begin(filter, label);
    } catch (error) {
      this.#failed(error, () => this.open(filter, label));
    }
  }

  /** @param {{queue: string, label: string}} filter @param {number | null} label */
  async #begin(filter, label) {
    const signal = this.#life.signal;
    const datasets = await this.api.get("/datasets");
    const id = this.#asked("dataset") ?? Math.max(0, ...datasets.map((/** @type {{id: number}} */ known) => known.id));
    if (!id) return this.#instead("empty", stage({ mark: "◇", title: text.noDataset, words: [text.noDatasetWhy], buttons: [] }));
    const dataset = await this.api.get(`/datasets/${id}`);
    if (signal.aborted) return;
    const session = new Session(this.api, dataset, filter, () => this.annotator);
    this.session = session;
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
    const current = (/** @type {() => void} */ does) => () => this.session === session && does();
    const tally = current(() => this.#tally());
    session.addEventListener("move", current(() => this.#moved()));
    session.addEventListener("tally", tally);
    session.outbox.addEventListener("state", tally);
    session.addEventListener("saved", (event) => (this.#savedAt = /** @type {CustomEvent} */ (event).detail.at));
    session.addEventListener("notice", (event) => this.#noticed(/** @type {CustomEvent} */ (event).detail));
  }

  /** @returns {import("./review/board.js").Hands} */
  #hands() {
    return {
      act: (action) => this.act(action, "", performance.now()),
      pick: (frame, decide) => this.#pick(frame, decide),
      filter: (queue, label) => this.open({ queue, label }, null),
      dataset: (id) => this.setAttribute("dataset", String(id)),
      open: (label_id) => this.open(this.session?.filter, label_id),
      resized: () => this.#paint(),
      settled: () => this.#tally(),
    };
  }

  /** Does what a key or a button asks for. @param {string} action @param {string} chord @param {number} time */
  act(action, chord, time) {
    const { session } = this;
    const item = session?.current;
    this.#pressed = time;
    if (action === "help") return this.board.guide.toggle();
    if (!session) return undefined;
    if (action === "undo" || action === "redo") return this.#travel(action);
    if (action === "previous" || action === "next") return this.#browse(action === "next" ? 1 : -1);
    return item ? this.#onItem(item, action, chord) : undefined;
  }

  /** @param {Item} item @param {string} action @param {string} chord */
  #onItem(item, action, chord) {
    const candidate = this.#chosen ?? proposed(item);
    const removing = this.#removing;
    this.#removing = false;
    switch (action) {
      case "accept":
        return item.suggestion ? this.#decide(item, item.suggestion.frame, "accept") : this.#tell(text.noSuggestionToAccept);
      case "keep":
        return this.#decide(item, item.frame, "keep");
      case "digit":
        return this.#decide(item, item.frame + Number(chord) - 5);
      case "commit":
        return this.#decide(item, candidate);
      case "earlier":
        return this.#choose(candidate - 1);
      case "later":
        return this.#choose(candidate + 1);
      case "skip":
      case "flag":
        return this.#decide(item, null, action);
      case "remove":
        return removing ? this.#decide(item, null, "remove") : this.#arm();
      case "play":
        return this.board.panels.loop.toggle();
      default:
        this.#chosen = null;
        return this.#paint();
    }
  }

  /** @param {Item} item @param {number | null} frame @param {Verdict} [verdict] */
  #decide(item, frame, verdict) {
    if (!this.pictures.ready(item) && this.#unseen !== item) return;
    if (frame !== null && (frame < 0 || frame >= item.num_frames)) return this.#tell(text.outside);
    const made = verdict ?? verdictFor(item, frame ?? item.frame);
    this.#words = decisionWords(made, (frame ?? item.frame) - item.frame);
    this.session?.decide(made, frame);
    this.#tell(`${this.#words} · Z to undo`, false);
    const detail = { label_id: item.label_id, verdict: made, frame };
    this.dispatchEvent(new CustomEvent("respot-decided", { detail, bubbles: true, composed: true }));
  }

  /** @param {number} frame */
  #choose(frame) {
    const item = this.session?.current;
    if (!item) return;
    const { first, count } = item.strip;
    this.#chosen = Math.max(first, Math.min(first + count - 1, frame));
    this.#paint();
    this.board.notices.speak(`Frame ${this.#chosen}`);
  }

  /** @param {number} frame @param {boolean} decide */
  #pick(frame, decide) {
    const item = this.session?.current;
    this.#pressed = performance.now();
    if (!item) return;
    if (decide || this.settings.oneClick) this.#decide(item, frame);
    else this.#choose(frame);
  }

  #arm() {
    this.#removing = true;
    this.#paint();
    this.#tell(text.removeAgain);
  }

  /** @param {"undo" | "redo"} way */
  async #travel(way) {
    try {
      const done = await this.session?.[way]();
      if (!done) this.#tell(way === "undo" ? text.nothingToUndo : text.nothingToRedo);
      else this.#tell(way === "undo" ? "Undone · ⇧Z to redo" : "Done again");
    } catch (error) {
      this.#tell(error instanceof Refused ? error.message : text.failed);
    }
  }

  /** @param {1 | -1} step */
  #browse(step) {
    if (!this.session?.browse(step)) this.#tell(step > 0 ? text.endOfQueue : text.startOfQueue);
  }

  #moved() {
    const { session } = this;
    const item = session?.current;
    this.#chosen = null;
    this.#removing = false;
    if (!session) return;
    if (!item) return this.#atEnd(session);
    this.dataset.state = "label";
    this.dataset.label = String(item.label_id);
    for (const wanted of [item, ...session.upcoming]) this.#fetch(wanted);
    this.#paint();
    this.board.notices.speak(`${this.#words} ${announcedNext(item.label, item.frame, session.left)}`);
    this.#words = "";
  }

  /** @param {Item} item */
  #fetch(item) {
    const wasReady = this.pictures.ready(item) !== null;
    const loading = this.pictures.load(item);
    if (wasReady || item !== this.session?.current) return void loading.catch(() => undefined);
    loading.then(
      () => item === this.session?.current && this.#paint(),
      () => this.#broken(item),
    );
  }

  /** @param {Item} item */
  #broken(item) {
    if (item !== this.session?.current) return;
    this.#unseen = item;
    this.#tell(text.noPicture);
  }

  #paint() {
    const { session, board } = this;
    const item = session?.current;
    if (!session || !item) return;
    const sprite = this.pictures.ready(item);
    const candidate = this.#chosen ?? proposed(item);
    const count = board.cells;
    if (sprite) board.shape(sprite);
    const view = { item, sprite, candidate, chosen: this.#chosen !== null, first: firstCell(item, candidate, count), count };
    board.show(view, session, this.#removing);
    this.#tally();
    if (sprite && this.#pressed) this.#measure(item.label_id);
  }

  /** @param {number} label_id */
  async #measure(label_id) {
    const pressed = this.#pressed;
    this.#pressed = 0;
    const detail = { label_id, ms: (await painted()) - pressed };
    this.dispatchEvent(new CustomEvent("respot-painted", { detail, bubbles: true, composed: true }));
  }

  #tally() {
    if (!this.session) return;
    this.board.header.tally(this.session, this.annotator, this.#savedAt);
    this.board.notices.connection(this.session.outbox);
  }

  /** @param {Session} session */
  #atEnd(session) {
    if (!session.ended) return this.#failed(new Error(text.loading), () => this.#again(session));
    const filter = { ...session.filter };
    const does = { again: () => this.open(filter, null), all: () => this.open({ ...filter, label: "" }, null) };
    this.#instead("finished", stage(finished(session, does)));
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
    this.board.instead(scene);
    this.#tally();
  }

  /** @param {{kind: string, words: string, label_id: number | null}} notice */
  #noticed({ kind, words, label_id }) {
    if (kind === "conflict") return this.board.notices.conflict(`${text.conflict} ${words}`, label_id);
    if (kind === "refused") return this.board.notices.conflict(words, label_id);
    return this.#tell(kind === "elsewhere" ? "Undone elsewhere first: here it is." : text.nothingToUndo);
  }

  /** @param {string} words @param {boolean} [aloud] */
  #tell(words, aloud = true) {
    this.board.notices.tell(words);
    if (aloud) this.board.notices.speak(words);
  }
}

if (!customElements.get("respot-review")) customElements.define("respot-review", RespotReview);
