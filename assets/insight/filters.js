// @ts-check
/** The filters of the insight page: selects whose values stand in the page's address. */
import { h } from "../dom.js";
import { choices, filters, words } from "../strings/insight.js";

/** @typedef {[string | number, string]} Choice */

export class Filters {
  /** @type {Map<string, HTMLSelectElement>} */
  #selects = new Map();

  /** @param {() => void} changed */
  constructor(changed) {
    const note = () => {
      this.#write();
      changed();
    };
    this.reset = h("button", { type: "button", class: "small", onclick: () => this.#clear(note) }, words.reset);
    this.element = h("form", { class: "filters", role: "search", "aria-label": words.filters, onsubmit: (event) => event.preventDefault() });
    for (const [name, said] of filters) {
      const select = h("select", { name, onchange: note });
      this.#selects.set(name, select);
      this.element.append(h("label", {}, h("span", {}, said), select));
    }
  }

  /** @param {Record<string, (string | Choice)[]>} offered of the dataset @param {string} reference what it can be judged by */
  offer(offered, reference) {
    const asked = new URLSearchParams(location.search);
    for (const [name, , unset] of filters) {
      const fixed = /** @type {Choice[] | undefined} */ (choices[/** @type {keyof typeof choices} */ (name)]);
      const own = (offered[name] ?? []).map((one) => /** @type {Choice} */ (typeof one === "string" ? [one, one.replaceAll("_", " ")] : one));
      const options = fixed ?? [["", unset], ...own];
      const select = /** @type {HTMLSelectElement} */ (this.#selects.get(name));
      select.replaceChildren(...options.map(([value, said]) => h("option", { value }, said)));
      select.value = asked.get(name) ?? this.#usual(name, reference);
      if (select.selectedIndex < 0) select.value = this.#usual(name, reference);
    }
    this.reference = reference;
    this.#mark();
  }

  /** @returns {Record<string, string>} */
  get values() {
    return Object.fromEntries([...this.#selects].map(([name, { value }]) => [name, value]));
  }

  /** @param {string} name @param {string} reference */
  #usual(name, reference) {
    if (name === "reference") return reference;
    return { stage: "suggested", by: "class", tolerance: "1", pick: "largest", sample: "all" }[name] ?? "";
  }

  #write() {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(this.values)) {
      if (value === this.#usual(name, this.reference ?? "truth")) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    address.searchParams.set("open", "insight");
    history.replaceState(history.state, "", address);
    this.#mark();
  }

  /** @param {() => void} note */
  #clear(note) {
    for (const [name, select] of this.#selects) select.value = this.#usual(name, this.reference ?? "truth");
    note();
  }

  #mark() {
    const set = [...this.#selects].filter(([name, select]) => select.value !== this.#usual(name, this.reference ?? "truth"));
    for (const [, select] of this.#selects) select.classList.toggle("set", set.some(([, one]) => one === select));
    this.reset.disabled = !set.length;
  }
}
