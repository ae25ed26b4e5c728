// @ts-check
/** <respot-export dataset="1" progress="…">: a format, what it would leave out, and the files to take away. */
import { Api, detailOf } from "./api.js";
import { attempt } from "./attempt.js";
import { h, say } from "./dom.js";
import { words } from "./strings/export.js";
import { followTheme, styled } from "./theme.js";

/**
 * @typedef {{name: string, title: string, writes: boolean}} Format
 * @typedef {{format: string, own: string, losses: string[], removed: string | null}} Outlook
 */

export class RespotExport extends HTMLElement {
  static observedAttributes = ["dataset", "progress"];
  #api = new Api("/api/v1");
  #root = this.attachShadow({ mode: "open" });
  #closing = new AbortController();
  #asked = 0;
  /** @type {Format[]} */
  #formats = [];
  /** @type {Outlook | null} */
  #outlook = null;

  #format = h("select", { id: "export-format", onchange: () => this.#look() });
  #told = h("p", { role: "status" });
  #losses = h("ul", {});
  #lossy = h("input", { type: "checkbox", id: "export-lossy", onchange: () => this.#allow() });
  #drop = h("input", { type: "checkbox", id: "export-drop", onchange: () => this.#allow() });
  #lossyLine = h("label", { class: "choice", hidden: true }, this.#lossy, words.lossy);
  #removed = h("p", { hidden: true });
  #dropLine = h("label", { class: "choice", hidden: true }, this.#drop, words.drop);
  #labels = h("button", { type: "button", id: "export-labels", class: "action main", onclick: () => this.#take(this.#route) }, words.labels);
  #state = h("p", { class: "state", role: "status" });
  #error = h("p", { class: "error", role: "alert", hidden: true });
  #box = h(
    "section",
    { hidden: true, "aria-label": words.title },
    h("label", { class: "field" }, words.format, this.#format),
    this.#told,
    this.#losses,
    this.#lossyLine,
    this.#removed,
    this.#dropLine,
    h(
      "div",
      { class: "line" },
      this.#labels,
      h("button", { type: "button", id: "export-audit", class: "action", onclick: () => this.#take("export/audit.csv") }, words.audit),
      h("button", { type: "button", id: "export-trail", class: "action", onclick: () => this.#take("export/trail.csv") }, words.trail),
      h("button", { type: "button", id: "export-report", class: "action", onclick: () => this.#take("report.html") }, words.report),
      h("button", { type: "button", id: "export-markdown", class: "action", onclick: () => this.#take("report.md") }, words.markdown),
    ),
    this.#state,
    this.#error,
  );

  connectedCallback() {
    this.#closing = new AbortController();
    if (!this.#box.isConnected) {
      this.#root.append(this.#box);
      styled(this.#root, ["theme.css", "labelfile.css"]);
    }
    followTheme(this, this.#closing.signal);
    this.#open();
  }

  disconnectedCallback() {
    this.#closing.abort();
  }

  attributeChangedCallback(/** @type {string} */ name) {
    if (!this.isConnected) return;
    if (name === "dataset") this.#open();
    else this.#look();
  }

  /** Another dataset: its own format is chosen. */
  #open() {
    this.#box.hidden = !this.getAttribute("dataset");
    this.#format.replaceChildren();
    return this.#look();
  }

  /** Asks what the chosen format would leave out. */
  async #look() {
    const asked = ++this.#asked;
    if (!this.getAttribute("dataset")) return;
    this.#outlook = null;
    this.#allow();
    say(this.#told, words.looking);
    await attempt({ state: this.#state, error: this.#error }, async () => {
      if (!this.#formats.length) this.#formats = (await this.#api.get("/formats")).filter((/** @type {Format} */ one) => one.writes);
      const found = await this.#api.get(`/datasets/${this.getAttribute("dataset")}/export/losses`, { format: this.#format.value });
      if (asked === this.#asked) this.#show(found);
    });
  }

  /** @param {Outlook} outlook */
  #show(outlook) {
    this.#outlook = outlook;
    const { own, losses, removed } = outlook;
    const titled = this.#formats.map(({ name, title }) => h("option", { value: name }, name === own ? `${title} ${words.own}` : title));
    this.#format.replaceChildren(...titled);
    this.#format.value = outlook.format;
    say(this.#told, losses.length ? words.lost(losses.length) : words.whole);
    this.#losses.replaceChildren(...losses.map((loss) => h("li", {}, loss)));
    this.#lossy.checked = false;
    this.#drop.checked = false;
    this.#lossyLine.hidden = !losses.length;
    this.#dropLine.hidden = this.#removed.hidden = removed === null;
    say(this.#removed, removed === null ? "" : words.removed(removed));
    say(this.#state, "");
    this.#allow();
  }

  /** The labels can be taken once all that is left out was agreed to. */
  #allow() {
    const { losses, removed } = this.#outlook ?? { losses: [], removed: null };
    const agreed = (!losses.length || this.#lossy.checked) && (removed === null || this.#drop.checked);
    this.#labels.disabled = !this.#outlook || !agreed;
    this.#labels.title = agreed ? "" : words.confirm;
    this.dataset.state = this.#outlook ? "shown" : "looking";
  }

  get #route() {
    const search = new URLSearchParams({ format: this.#outlook?.format ?? "", lossy: String(this.#lossy.checked) });
    search.set("drop_removed", String(this.#drop.checked));
    return `export/labels?${search}`;
  }

  /** Fetches one file and hands it to the browser, so that a refusal is told here. @param {string} file */
  async #take(file) {
    say(this.#state, words.writing);
    await attempt({ state: this.#state, error: this.#error }, async () => {
      const answer = await fetch(`/api/v1/datasets/${this.getAttribute("dataset")}/${file}`, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(await detailOf(answer));
      const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "labels";
      const address = URL.createObjectURL(await answer.blob());
      h("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      say(this.#state, words.done(name));
    });
  }
}

customElements.define("respot-export", RespotExport);
