// @ts-check
/** `<respot-home dataset="1">`: the way from labels to better labels, and how far this dataset is on it. */
import { Api } from "./api.js";
import { h, say } from "./dom.js";
import { words } from "./strings/home.js";
import { followTheme, styled } from "./theme.js";

/** @typedef {{page: string, title: string, why: string, state: "done" | "now" | "later", share: number, said: string}} Step */

const POLL_MS = 5000;

/** Fires `finished` {page} when a person wants to go to a step. */
export class RespotHome extends HTMLElement {
  static observedAttributes = ["dataset"];
  #api = new Api("/api/v1");
  #life = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #steps = h("ol", { class: "steps" });
  #problem = h("p", { class: "problem", role: "alert", hidden: true });

  connectedCallback() {
    this.#life = new AbortController();
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: "open" });
      styled(root, ["theme.css", "home.css"]).then(() => root.append(this.#problem, this.#steps));
      this.#draw(steps(null, null));
    }
    followTheme(this, this.#life.signal);
    const seen = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#load());
    seen.observe(this);
    this.#life.signal.addEventListener("abort", () => seen.disconnect());
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#life.abort();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#load();
  }

  async #load() {
    clearTimeout(this.#timer);
    if (document.hidden || !this.isConnected || !this.checkVisibility()) return;
    const dataset = this.getAttribute("dataset");
    try {
      const told = dataset ? await this.#api.get(`/datasets/${dataset}`) : null;
      const run = told?.latest_run ? await this.#api.get(`/runs/${told.latest_run.id}`) : null;
      if (dataset === this.getAttribute("dataset")) this.#draw(steps(told, run));
      this.#problem.hidden = true;
    } catch (error) {
      this.#problem.hidden = false;
      say(this.#problem, `${words.away}: ${error instanceof Error ? error.message : error}`);
    }
    this.#timer = setTimeout(() => this.#load(), POLL_MS);
  }

  /** @param {Step[]} all */
  #draw(all) {
    this.dataset.now = all.find(({ state }) => state === "now")?.page ?? "";
    while (this.#steps.children.length > all.length) this.#steps.lastElementChild?.remove();
    all.forEach((step, at) => {
      const old = this.#steps.children[at];
      const key = JSON.stringify(step);
      if (old?.getAttribute("data-key") === key) return;
      const fresh = this.#card(step);
      fresh.dataset.key = key;
      if (!old) this.#steps.append(fresh);
      else if (old.contains(this.shadowRoot?.activeElement ?? null)) old.replaceChildren(...fresh.childNodes);
      else old.replaceWith(fresh);
    });
  }

  /** @param {Step} step */
  #card({ page, title, why, state, share, said }) {
    const go = () => this.dispatchEvent(new CustomEvent("finished", { detail: { page } }));
    const open = h("button", { type: "button", class: state === "now" ? "action main" : "action", onclick: go }, words.open(page));
    const bar = h("progress", { max: "1", value: share, "aria-label": words.share(title) });
    const head = h("h3", {}, h("span", { class: "mark", "aria-hidden": "true" }, words.marks[state]), title);
    return h("li", { class: `card ${state}` }, head, h("p", {}, why), h("p", { class: "said" }, said), bar, open);
  }
}

/** @param {import("./api.js").Dataset & {clips: number, labels: number} | null} dataset @param {import("./api.js").Run | null} run @returns {Step[]} */
function steps(dataset, run) {
  const progress = dataset?.progress;
  const [decided, total] = [progress?.decided ?? 0, progress?.total ?? 0];
  const shares = { datasets: dataset ? 1 : 0, training: run?.share ?? 0, review: total ? decided / total : 0, export: 0 };
  const said = {
    datasets: dataset ? words.imported(dataset.name, dataset.clips, dataset.labels) : words.nothing,
    training: run ? words.run(run) : words.noRun,
    review: words.decided(decided, total),
    export: words.out(decided),
  };
  const now = !dataset ? "datasets" : !run ? "training" : decided < total ? "review" : "export";
  return words.steps.map(([page, title, why]) => {
    const share = shares[page];
    return { page, title, why, share, said: said[page], state: page === now ? "now" : share >= 1 ? "done" : "later" };
  });
}

if (!customElements.get("respot-home")) customElements.define("respot-home", RespotHome);
