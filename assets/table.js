// @ts-check
/** `<respot-table rows="[[…], …]">`: a table of text; where it is narrow, a row is a list of its columns. */
import { h } from "./dom.js";
import { tables } from "./strings/tables.js";
import { followTheme, styled } from "./theme.js";

/** `rows` is JSON; `of`, one of `tables`, names columns and says what stands there without rows. */
export class RespotTable extends HTMLElement {
  static observedAttributes = ["rows", "of"];
  #life = new AbortController();
  #title = h("h3");
  #table = h("table");
  #empty = h("p", { class: "none", hidden: true });
  #scroll = h("div", { class: "scroll", tabindex: "0", role: "region" }, this.#table, this.#empty);

  connectedCallback() {
    this.#life = new AbortController();
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: "open" });
      styled(root, ["theme.css", "table.css"]).then(() => root.append(this.#title, this.#scroll));
    }
    followTheme(this, this.#life.signal);
    this.#draw();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#draw();
  }

  #draw() {
    const { title, columns, empty } = tables[/** @type {keyof typeof tables} */ (this.getAttribute("of"))];
    const rows = /** @type {(string | number | null)[][]} */ (JSON.parse(this.getAttribute("rows") ?? "[]"));
    this.#table.hidden = !rows.length;
    this.#empty.hidden = rows.length > 0;
    this.#empty.textContent = empty;
    this.#title.textContent = title;
    this.#scroll.setAttribute("aria-label", title);
    const head = h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name))));
    const cell = (/** @type {string | number | null} */ value, /** @type {number} */ at) =>
      h("td", { "data-of": columns[at], class: typeof value === "number" ? "number" : "" }, value === null ? "–" : value.toLocaleString("en"));
    this.#table.replaceChildren(head, h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map(cell)))));
  }
}

if (!customElements.get("respot-table")) customElements.define("respot-table", RespotTable);
