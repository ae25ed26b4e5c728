// @ts-check
/** `<respot-insight dataset="1">`: the figures of a dataset, by section, under one set of filters. */
import { Api } from "./api.js";
import { h, say } from "./dom.js";
import { RespotFigure } from "./insight/figure.js";
import { Filters } from "./insight/filters.js";
import { RespotGallery } from "./insight/gallery.js";
import { words } from "./strings/insight.js";
import { followTheme, styled } from "./theme.js";

/** @typedef {import("./insight/figure.js").Described} Described */

/** The figures are children of this element itself: Plotly's style sheet does not reach into shadow trees. */
export class RespotInsight extends HTMLElement {
  static observedAttributes = ["dataset"];
  #life = new AbortController();
  #api = new Api("/api/v1");
  #asked = 0;
  /** @type {(RespotFigure | RespotGallery)[]} */
  #figures = [];
  /** @type {Promise<void> | undefined} */
  #built;
  #filters = new Filters(() => this.#spread());
  #said = h("p", { class: "stage", role: "status" }, words.loading);
  #copied = h("span", { role: "status" });
  #bar = h("div", { class: "bar", hidden: true });
  #notes = h("ul", { class: "card notes", "aria-label": words.notes, hidden: true });

  connectedCallback() {
    this.#life = new AbortController();
    if (!this.shadowRoot) this.#build();
    followTheme(this, this.#life.signal);
    this.#open();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#open();
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const copy = h("button", { type: "button", class: "small", onclick: () => this.#copy() }, words.copy);
    this.#bar.append(this.#filters.element, this.#filters.reset, copy, this.#copied);
    this.#built = styled(root, ["theme.css", "insight.css"]).then(() => root.append(this.#bar, this.#said, this.#notes, h("slot")));
  }

  async #open() {
    const dataset = this.getAttribute("dataset");
    const asked = ++this.#asked;
    if (!dataset) return this.#say(words.noDataset);
    try {
      const { figures, choices, reference, notes } = await this.#api.get(`/datasets/${dataset}/figures`);
      if (asked !== this.#asked) return;
      const first = !this.#figures.length;
      if (first) this.#fill(figures);
      this.#filters.offer(choices, reference);
      this.#notes.replaceChildren(...notes.map((/** @type {string} */ note) => h("li", {}, note)));
      this.#notes.hidden = !notes.length;
      this.#say("");
      this.#spread();
      await this.#built;
      if (first) this.#figures.find(({ id }) => id && `#${id}` === location.hash)?.scrollIntoView();
    } catch (error) {
      if (asked === this.#asked) this.#say(`${words.away}: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** @param {Described[]} figures */
  #fill(figures) {
    let section = "";
    for (const described of figures) {
      if (described.section !== section) this.append(h("h2", {}, (section = described.section)));
      const figure = /** @type {RespotFigure} */ (document.createElement("respot-figure"));
      figure.described = described;
      figure.id = `figure-${described.name}`;
      figure.addEventListener("link", () => this.#copy(`#${figure.id}`));
      this.#add(figure);
      if (described.name === "change") this.#add(/** @type {RespotGallery} */ (document.createElement("respot-gallery")));
    }
  }

  /** @param {RespotFigure | RespotGallery} figure */
  #add(figure) {
    this.#figures.push(figure);
    this.append(figure);
  }

  #spread() {
    const dataset = this.getAttribute("dataset");
    if (dataset) for (const figure of this.#figures) figure.show(dataset, this.#filters.values);
  }

  /** Copies the address of these figures as they are filtered. @param {string} [hash] of one of them */
  async #copy(hash = "") {
    const address = new URL(location.href);
    address.hash = hash;
    address.searchParams.set("open", "insight");
    address.searchParams.set("dataset", this.getAttribute("dataset") ?? "");
    history.replaceState(history.state, "", address);
    const done = await navigator.clipboard?.writeText(address.href).then(() => true, () => false);
    say(this.#copied, done ? words.copied : words.notCopied);
  }

  /** @param {string} said */
  #say(said) {
    say(this.#said, said);
    this.#said.hidden = !said;
    this.#bar.hidden = Boolean(said);
    this.toggleAttribute("silent", Boolean(said));
  }
}

if (!customElements.get("respot-insight")) customElements.define("respot-insight", RespotInsight);
