// @ts-check
/** <respot-label-file labels="/data/labels.json">: a label file dropped or named, recognised and looked into. */
import { Api, detailOf } from "./api.js";
import { attempt } from "./attempt.js";
import { h, say } from "./dom.js";
import { choices, levels, rules, words } from "./strings/labelfile.js";
import { followTheme, styled } from "./theme.js";

/**
 * @typedef {{level: string, message: string, clip: string, count: number}} Finding
 * @typedef {object} Told
 * @property {string | null} format
 * @property {string[]} rules
 * @property {boolean} needs_rule
 * @property {boolean} needs_rate
 * @property {string} advice
 * @property {string | null} error
 * @property {number} clips
 * @property {number} labels
 * @property {{name: string, labels: number}[]} classes
 * @property {Finding[]} findings
 * @property {number} more
 * @property {string[]} fields what a column or an attribute may hold
 * @property {string[]} header the columns or attributes there are
 */

/** Fires `finished` {labels, format, time_rule, fps, columns} whenever what the import is to be told has changed. */
export class RespotLabelFile extends HTMLElement {
  static observedAttributes = ["labels"];
  #api = new Api("/api/v1");
  #root = this.attachShadow({ mode: "open" });
  #closing = new AbortController();
  #asked = 0;
  #labels = "";
  #rule = "";
  /** @type {Record<string, string>} */
  #columns = {};

  #file = h("input", { type: "file", class: "spoken", id: "import-file", onchange: () => this.#send(this.#file.files?.[0]) });
  #drop = h("label", { class: "drop" }, words.drop, this.#file);
  #format = h("select", { id: "import-format", onchange: () => this.#choose() }, h("option", { value: "" }, words.recognised));
  #rules = h("fieldset", { hidden: true });
  #rate = h("input", { type: "number", min: "1", max: "1000", step: "any", id: "import-rate", onchange: () => this.#look() });
  #rateLine = h("label", { class: "field", hidden: true }, words.rate, this.#rate);
  #cells = h("fieldset", { hidden: true });
  #state = h("p", { class: "state", role: "status" });
  #error = h("p", { class: "error", role: "alert", hidden: true });
  #findings = h("ul", { class: "findings", tabindex: "0", "aria-label": words.title, hidden: true });
  #told = h(
    "div",
    { class: "told", hidden: true },
    h("label", { class: "field" }, words.format, this.#format),
    this.#rules,
    this.#rateLine,
    this.#cells,
    this.#findings,
  );
  #box = h("section", { "aria-label": words.title }, this.#drop, this.#state, this.#error, this.#told);

  connectedCallback() {
    this.#closing = new AbortController();
    if (!this.#box.isConnected) {
      this.#root.append(this.#box);
      styled(this.#root, ["theme.css", "labelfile.css"]);
    }
    const { signal } = this.#closing;
    followTheme(this, signal);
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.#drop.addEventListener(kind, (event) => this.#dragged(/** @type {DragEvent} */ (event)), { signal });
    }
    this.attributeChangedCallback();
  }

  disconnectedCallback() {
    this.#closing.abort();
  }

  attributeChangedCallback() {
    const labels = this.getAttribute("labels") ?? "";
    if (this.isConnected && labels !== this.#labels) this.#open(labels);
  }

  /** @param {DragEvent} event */
  #dragged(event) {
    event.preventDefault();
    this.#drop.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
    if (event.type === "drop") this.#send(event.dataTransfer?.files[0]);
  }

  /** Sends a file of this machine to the server, where it lies like any other. @param {File | undefined} file */
  async #send(file) {
    if (!file) return;
    const asked = ++this.#asked;
    say(this.#state, words.sending);
    await this.#tell(async () => {
      const answer = await fetch(`/api/v1/label-files?${new URLSearchParams({ name: file.name })}`, { method: "POST", body: file });
      if (!answer.ok) throw new Error(await detailOf(answer));
      const { path } = await answer.json();
      if (asked === this.#asked) this.#open(path);
    });
    this.#file.value = "";
  }

  /** Another file: nothing is known of it. @param {string} labels */
  #open(labels) {
    this.#labels = labels;
    this.#format.value = "";
    return this.#choose();
  }

  /** Another format: its rules and columns are chosen anew. */
  #choose() {
    this.#rule = "";
    this.#columns = {};
    return this.#look();
  }

  /** Asks what the file holds, as it is to be read now. */
  async #look() {
    const asked = ++this.#asked;
    this.#told.hidden = !this.#labels;
    say(this.#state, this.#labels ? words.reading : "");
    if (!this.#labels) return;
    this.dataset.state = "reading";
    await this.#tell(async () => {
      if (this.#format.options.length === 1) await this.#offer();
      const told = /** @type {Told} */ (await this.#api.post("/label-files/preview", this.#said()));
      if (asked === this.#asked) this.#show(told);
    });
  }

  async #offer() {
    const formats = /** @type {{name: string, title: string, reads: boolean}[]} */ (await this.#api.get("/formats"));
    if (this.#format.options.length > 1) return;
    this.#format.append(...formats.filter((one) => one.reads).map(({ name, title }) => h("option", { value: name }, title)));
  }

  #said() {
    const rate = this.#rate.valueAsNumber;
    const chosen = { format: this.#format.value || null, time_rule: this.#rule || null, columns: this.#columns };
    return { labels: this.#labels, fps: rate > 0 && !this.#rateLine.hidden ? rate : null, ...chosen };
  }

  /** @param {Told} told */
  #show(told) {
    if (told.format) this.#format.value = told.format;
    this.#offerRules(told);
    this.#offerColumns(told);
    this.#rateLine.hidden = !told.needs_rate && this.#rateLine.hidden;
    say(this.#state, told.labels ? words.holds(told.clips, told.labels, told.classes.length) : "");
    say(this.#error, told.error ?? "");
    this.#error.hidden = told.error === null;
    const lines = told.findings.map(({ level, clip, message, count }) =>
      h("li", {}, h("span", { class: level }, levels[level]), ` ${clip}: ${message}${words.times(count)}`),
    );
    if (told.more) lines.push(h("li", { class: "soft" }, words.more(told.more)));
    if (!lines.length && told.labels) lines.push(h("li", { class: "soft" }, words.fine));
    this.#findings.replaceChildren(...lines);
    this.#findings.hidden = !lines.length;
    this.dataset.state = told.error ? "refused" : told.needs_rule || told.needs_rate ? "asks" : "told";
    this.dispatchEvent(new CustomEvent("finished", { detail: this.#said() }));
  }

  /** @param {Told} told */
  #offerRules({ rules: known, needs_rule, advice }) {
    this.#rules.hidden = known.length < 2 || (!needs_rule && !this.#rule);
    if (this.#rules.hidden) return;
    const choices = known.map((name) => {
      const choose = () => {
        this.#rule = name;
        this.#look();
      };
      return h("label", {}, h("input", { type: "radio", name: "rule", value: name, checked: name === this.#rule, onchange: choose }), rules[name]);
    });
    const told = needs_rule ? h("p", { class: "soft" }, words.advice(advice)) : null;
    const focused = this.#root.activeElement?.getAttribute("value");
    this.#rules.replaceChildren(h("legend", {}, words.rule), ...choices, ...(told ? [told] : []));
    /** @type {HTMLElement | null} */ (this.#rules.querySelector(`[value="${focused}"]`))?.focus();
  }

  /** @param {Told} told */
  #offerColumns({ format, fields, header }) {
    const { legend, none, own } = choices[format ?? ""] ?? choices.csv;
    this.#cells.hidden = !header.length;
    const lines = fields.map((field) => {
      const choose = () => {
        const { [field]: _, ...others } = this.#columns;
        this.#columns = select.value ? { ...others, [field]: select.value } : others;
        this.#look();
      };
      const select = h("select", { onchange: choose }, h("option", { value: "" }, none), ...header.map((name) => h("option", { value: name }, name)));
      select.value = this.#columns[field] ?? (own && header.includes(field) ? field : "");
      return h("label", { class: "field" }, field, select);
    });
    this.#cells.replaceChildren(h("legend", {}, legend), ...lines);
  }

  /** @param {() => Promise<void>} does */
  async #tell(does) {
    if (!(await attempt({ state: this.#state, error: this.#error }, does))) this.dataset.state = "refused";
  }
}

customElements.define("respot-label-file", RespotLabelFile);
