// @ts-check
/** `<respot-clips dataset="1">`: the clips of a dataset with a picture and a timeline of events each, and a search. */
import { Api } from "./api.js";
import { timeline } from "./clips/timeline.js";
import { h, say } from "./dom.js";
import { className } from "./strings.js";
import { words } from "./strings/clips.js";
import { followTheme, styled } from "./theme.js";

/** @typedef {{label_id: number, label: string, frame: number, verdict: string}} Placed */
/** @typedef {{id: number, name: string, source: string, num_frames: number, fps: number | null, thumbnail: import("./api.js").Strip, labels: Placed[]}} Clip */

const PAGE = 24;
const PAUSE_MS = 250;

/** `data-state` is empty, loading, shown or failed. */
export class RespotClips extends HTMLElement {
  static observedAttributes = ["dataset"];
  #api = new Api("/api/v1");
  #life = new AbortController();
  #asked = 0;
  /** Where each page after the first begins, up to the one that is shown. @type {number[]} */
  #pages = [];
  /** @type {number | null} */
  #next = null;
  /** @type {string[]} */
  #classes = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  #search = h("input", { type: "search", placeholder: words.placeholder, "aria-label": words.search, oninput: () => this.#typed() });
  #count = h("p", { class: "count", role: "status" });
  #list = h("ul", { class: "clips" });
  #back = h("button", { type: "button", class: "small", onclick: () => this.#turn(this.#pages.slice(0, -1)) }, words.back);
  #on = h("button", { type: "button", class: "small", onclick: () => this.#next !== null && this.#turn([...this.#pages, this.#next]) }, words.on);
  #legend = h("p", { class: "legend" });
  #root = h("section", { "aria-label": words.clips }, h("div", { class: "bar" }, this.#search, this.#count, this.#back, this.#on), this.#legend, this.#list);

  connectedCallback() {
    this.#life = new AbortController();
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: "open" });
      styled(root, ["theme.css", "clips.css"]).then(() => root.append(this.#root));
    }
    followTheme(this, this.#life.signal, () => this.#load());
    const seen = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#load());
    seen.observe(this);
    this.#life.signal.addEventListener("abort", () => seen.disconnect());
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#life.abort();
  }

  attributeChangedCallback() {
    this.#pages = [];
    if (this.isConnected) this.#load();
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#turn([]), PAUSE_MS);
  }

  /** @param {number[]} pages */
  #turn(pages) {
    this.#pages = pages;
    this.#next = null;
    this.#load();
  }

  async #load() {
    const dataset = this.getAttribute("dataset");
    this.#root.hidden = !dataset;
    if (!dataset || !this.checkVisibility()) return;
    const asked = ++this.#asked;
    this.dataset.state = "loading";
    try {
      const [told, page] = await Promise.all([
        this.#api.get(`/datasets/${dataset}`),
        this.#api.get(`/datasets/${dataset}/clips`, { search: this.#search.value.trim(), after: this.#pages.at(-1), limit: PAGE }),
      ]);
      if (asked !== this.#asked) return;
      this.#classes = told.classes;
      this.#show(dataset, page);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.dataset.state = "failed";
      say(this.#count, `${words.failed}: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** @param {string} dataset @param {{total: number, clips: Clip[], next: number | null}} page */
  #show(dataset, { total, clips, next }) {
    const passed = this.#pages.length * PAGE;
    this.#next = next;
    this.dataset.state = total ? "shown" : "empty";
    say(this.#count, total ? words.shown(passed + 1, passed + clips.length, total) : words.none);
    this.#back.disabled = passed === 0;
    this.#on.disabled = next === null;
    this.#legend.replaceChildren(...this.#classes.map((name, at) => h("span", {}, h("i", { class: `mark c${at % 8}`, "aria-hidden": "true" }), className(name))));
    this.#list.replaceChildren(...clips.map((clip) => this.#card(dataset, clip)));
  }

  /** @param {string} dataset @param {Clip} clip */
  #card(dataset, clip) {
    const { url, width, height } = clip.thumbnail;
    const decided = clip.labels.filter(({ verdict }) => verdict).length;
    const length = clip.fps ? `${clip.num_frames} frames, ${(clip.num_frames / clip.fps).toFixed(1)} s` : `${clip.num_frames} frames`;
    const picture = h("img", { src: url, width, height, alt: "", loading: "lazy" });
    const review = h("a", { href: `/review?dataset=${dataset}&queue=clip&clip=${clip.id}`, "aria-label": `${words.review}: ${clip.name}` }, words.review);
    const facts = h("p", { class: "facts" }, `${length} · ${words.decided(decided, clip.labels.length)} · ${clip.source}`);
    return h("li", { class: "card" }, picture, h("div", {}, h("h3", {}, clip.name), facts, timeline(dataset, clip, this.#classes), review));
  }
}

if (!customElements.get("respot-clips")) customElements.define("respot-clips", RespotClips);
