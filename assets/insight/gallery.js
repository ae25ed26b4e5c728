// @ts-check
/** `<respot-gallery>`: the filmstrips of single labels as one picture, to look at and to save. */
import { h, say } from "../dom.js";
import { words } from "../strings/insight.js";
import { followTheme, styled } from "../theme.js";

const USES = ["pick", "label_class", "annotator", "video", "run"];

export class RespotGallery extends HTMLElement {
  #life = new AbortController();
  #address = "";
  #shown = "";
  #seen = false;
  #picture = h("img", { alt: `${words.gallery}. ${words.galleryDefinition}`, hidden: true });
  #png = h("a", { class: "tool", download: "respot-filmstrips.png", "aria-label": `${words.gallery}: ${words.png}`, hidden: true }, words.png);
  #svg = h("a", { class: "tool", download: "respot-filmstrips.svg", "aria-label": `${words.gallery}: ${words.svg}`, hidden: true }, words.svg);
  #state = h("p", { class: "state", role: "status" }, words.loading);

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    if (!this.shadowRoot) this.#build();
    followTheme(this, signal);
    const observer = new IntersectionObserver(([entry]) => {
      this.#seen = entry.isIntersecting;
      this.#load();
    });
    observer.observe(this);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const head = h("header", {}, h("h3", {}, words.gallery), h("div", { class: "tools" }, this.#png, this.#svg));
    const scroll = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words.gallery }, this.#picture);
    const card = h("section", { class: "card figure" }, head, h("p", { class: "definition" }, words.galleryDefinition), scroll, this.#state);
    this.#picture.addEventListener("load", () => this.#tell("shown", ""));
    this.#picture.addEventListener("error", () => this.#why());
    styled(root, ["theme.css", "insight/figure.css"]).then(() => root.append(card));
  }

  /** @param {string} dataset @param {Record<string, string>} filters */
  show(dataset, filters) {
    const query = new URLSearchParams(Object.entries(filters).filter(([name, value]) => value && USES.includes(name)));
    this.#address = `/api/v1/datasets/${dataset}/gallery.png?${query}`;
    this.#load();
  }

  #load() {
    if (!this.#seen || this.#shown === this.#address) return;
    this.#shown = this.#address;
    this.#tell("loading", words.loading);
    this.#picture.src = this.#png.href = this.#address;
    this.#svg.href = this.#address.replace("gallery.png", "gallery.svg");
  }

  /** A picture that does not come has its reason in the answer. */
  async #why() {
    const asked = this.#shown;
    const answer = await fetch(asked).catch(() => null);
    const told = answer ? await answer.json().catch(() => ({})) : { detail: words.away };
    if (asked !== this.#shown) return;
    this.#shown = "";
    this.#tell(answer?.status === 404 ? "empty" : "failed", answer?.status === 404 ? words.noGallery : (told.detail ?? words.failed));
  }

  /** @param {string} state @param {string} said */
  #tell(state, said) {
    this.dataset.state = state;
    say(this.#state, said);
    this.#state.hidden = !said;
    this.#picture.hidden = this.#png.hidden = this.#svg.hidden = state !== "shown";
  }
}

if (!customElements.get("respot-gallery")) customElements.define("respot-gallery", RespotGallery);
