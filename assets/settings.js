// @ts-check
/** `<respot-settings>`: how the pages look in this browser, and where things are. */
import { ask, choose } from "./appearance.js";
import { h } from "./dom.js";
import { words } from "./strings/settings.js";
import { followTheme, styled } from "./theme.js";

/** Attributes: `data` (folder), `annotator`. */
export class RespotSettings extends HTMLElement {
  static observedAttributes = ["data", "annotator"];
  #life = new AbortController();
  #facts = h("dl");

  connectedCallback() {
    this.#life = new AbortController();
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: "open" });
      styled(root, ["theme.css", "settings.css"]).then(() => root.append(this.#appearance(), this.#about()));
    }
    followTheme(this, this.#life.signal);
    this.#tell();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  attributeChangedCallback() {
    this.#tell();
  }

  #appearance() {
    const chosen = ask();
    const options = words.themes.map(([value, said, why]) => {
      const input = h("input", { type: "radio", name: "theme", value, checked: value === chosen, onchange: () => choose(value) });
      return h("label", {}, input, h("span", {}, h("strong", {}, said), h("small", {}, why)));
    });
    return h("fieldset", { class: "card" }, h("legend", {}, words.appearance), ...options);
  }

  #about() {
    return h("section", { class: "card", "aria-label": words.about }, h("h2", {}, words.about), this.#facts, h("p", {}, words.keys));
  }

  #tell() {
    const facts = /** @type {const} */ ([["annotator", words.annotator], ["data", words.data]]);
    this.#facts.replaceChildren(...facts.flatMap(([name, said]) => [h("dt", {}, said), h("dd", {}, this.getAttribute(name) ?? "")]));
  }
}

if (!customElements.get("respot-settings")) customElements.define("respot-settings", RespotSettings);
