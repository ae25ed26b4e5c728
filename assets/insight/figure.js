// @ts-check
/** `<respot-figure>`: one figure with its meaning, its downloads and its numbers; asks for itself when it is seen. */
import { Api } from "../api.js";
import { h, say } from "../dom.js";
import { rowsShown, words } from "../strings/insight.js";
import { followTheme, styled } from "../theme.js";
import { draw, erase, save } from "./plotly.js";

/** @typedef {{name: string, section: string, title: string, definition: string, uses: string[]}} Described */
/** @typedef {import("./plotly.js").Plot} Plot */
/** @typedef {{empty: string, plot: Plot | null, columns: string[], rows: (string | number | null)[][], total: number}} Drawn */

const FRESH_MS = 10_000;
/** Pixels that a panel of a figure needs. */
const PANEL = 260;

/** `data-state` is waiting, loading, shown, empty or failed. Fires `link` when a person wants a link to it. */
export class RespotFigure extends HTMLElement {
  #life = new AbortController();
  #api = new Api("/api/v1");
  #asked = 0;
  #at = 0;
  #seen = false;
  #route = "";
  /** @type {Record<string, string>} */
  #query = {};
  /** @type {Plot | null} */
  #plot = null;
  /** @type {Described} */
  described = { name: "", section: "", title: "", definition: "", uses: [] };

  #title = h("h3");
  #definition = h("p", { class: "definition" });
  #link = h("button", { type: "button", class: "tool", onclick: () => this.dispatchEvent(new CustomEvent("link")) }, words.link);
  #csv = h("a", { class: "tool", download: "" }, words.csv);
  #png = h("button", { type: "button", class: "tool", onclick: () => this.#save("png") }, words.png);
  #svg = h("button", { type: "button", class: "tool", onclick: () => this.#save("svg") }, words.svg);
  #state = h("p", { class: "state", role: "status" });
  #again = h("button", { type: "button", class: "small", onclick: () => this.#load(), hidden: true }, words.retry);
  #table = h("table");
  #more = h("p", { class: "more" });
  #numbers = h("details", { hidden: true }, h("summary", {}, words.numbers));
  #box = h("div", { class: "plot", role: "img" });

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    if (!this.shadowRoot) this.#build();
    this.append(this.#box);
    const observer = new IntersectionObserver(([entry]) => {
      this.#seen = entry.isIntersecting;
      if (this.#seen && Date.now() - this.#at > FRESH_MS) this.#load();
    });
    observer.observe(this);
    signal.addEventListener("abort", () => observer.disconnect());
    followTheme(this, signal, () => this.#plot && draw(this.#box, this.#plot));
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const { title, definition } = this.described;
    say(this.#title, title);
    say(this.#definition, definition);
    this.#box.setAttribute("aria-label", `${title}. ${definition}`);
    for (const tool of [this.#link, this.#csv, this.#png, this.#svg]) tool.setAttribute("aria-label", `${title}: ${tool.textContent}`);
    const scroll = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}: ${words.numbers}` }, this.#table);
    this.#numbers.append(scroll, this.#more);
    const tools = h("div", { class: "tools" }, this.#link, this.#csv, this.#png, this.#svg);
    const head = h("header", {}, this.#title, tools);
    const card = h("section", { class: "card figure" }, head, this.#definition, h("slot"), this.#state, this.#again, this.#numbers);
    styled(root, ["theme.css", "insight/figure.css"]).then(() => root.append(card));
  }

  /** Shows the figure with these filters: at once if it can be seen, else when it is. @param {string} dataset @param {Record<string, string>} filters */
  show(dataset, filters) {
    const query = Object.fromEntries(Object.entries(filters).filter(([name, value]) => value && this.described.uses.includes(name)));
    const route = `/datasets/${dataset}/figures/${this.described.name}`;
    if (route === this.#route && JSON.stringify(query) === JSON.stringify(this.#query)) return;
    [this.#route, this.#query, this.#at] = [route, query, 0];
    this.#csv.href = `${this.#api.base}${route}.csv?${new URLSearchParams(query)}`;
    if (this.#seen) this.#load();
  }

  async #load() {
    if (!this.#route) return;
    const asked = ++this.#asked;
    this.#at = Date.now();
    if (!this.#plot) this.#tell("loading", words.loading);
    const columns = this.described.uses.includes("columns") ? Math.min(4, Math.max(1, Math.floor(this.clientWidth / PANEL))) : undefined;
    try {
      const drawn = /** @type {Drawn} */ (await this.#api.get(this.#route, { ...this.#query, columns }));
      if (asked === this.#asked) await this.#show(drawn);
    } catch (error) {
      if (asked === this.#asked) this.#fail(error);
    }
  }

  /** @param {Drawn} drawn */
  async #show({ plot, empty, columns, rows, total }) {
    this.#plot = plot;
    for (const tool of [this.#png, this.#svg]) tool.hidden = !plot;
    this.#csv.hidden = this.#numbers.hidden = !plot;
    this.#box.hidden = !plot;
    if (!plot) return this.#tell("empty", empty);
    await draw(this.#box, plot);
    this.#fill(columns, rows);
    say(this.#more, rowsShown(rows.length, total));
    this.#tell("shown", "");
  }

  /** @param {string[]} columns @param {(string | number | null)[][]} rows */
  #fill(columns, rows) {
    const head = h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name.replaceAll("_", " ")))));
    const body = rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", { class: typeof cell === "string" ? "" : "number" }, cell === null ? "–" : String(cell)))));
    this.#table.replaceChildren(head, h("tbody", {}, ...body));
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#at = 0;
    erase(this.#box);
    this.#plot = null;
    this.#box.hidden = true;
    this.#tell("failed", `${words.failed}: ${error instanceof Error ? error.message : error}`);
  }

  /** @param {string} state @param {string} said */
  #tell(state, said) {
    this.dataset.state = state;
    say(this.#state, said);
    this.#state.hidden = !said;
    this.#again.hidden = state !== "failed";
  }

  /** @param {"png" | "svg"} format */
  #save(format) {
    if (this.#plot) save(this.#plot, format, `respot-${this.described.name}`, this.#box.clientWidth);
  }
}

if (!customElements.get("respot-figure")) customElements.define("respot-figure", RespotFigure);
