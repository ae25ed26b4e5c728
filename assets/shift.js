// @ts-check
/** <respot-shift dataset="1" annotator="anna">: six labels to look at, and a shift of all labels where they are all off. */
import { Api, freshKey, Refused } from "./api.js";
import { h, say } from "./dom.js";
import { className, signed } from "./strings.js";
import { words } from "./strings/shift.js";
import { followTheme, styled } from "./theme.js";

/**
 * @typedef {{label_id: number, clip: string, label: string, original_frame: number, num_frames: number, strip: import("./api.js").Strip}} Sample
 * @typedef {{frames: number, annotator: string, decided_at: string}} Row
 * @typedef {{frames: number, checked: Row | null, effects: {frames: number, held: number, suggestions: number}[], history: Row[], samples: Sample[]}} Look
 */

const WHOLE = 9; // pictures in a strip that no end of a clip cuts short

/** Fires `finished` {frames} when a shift is saved or undone. */
export class RespotShift extends HTMLElement {
  static observedAttributes = ["dataset"];
  #api = new Api("/api/v1");
  #root = this.attachShadow({ mode: "open" });
  #closing = new AbortController();
  /** @type {Look | null} */
  #look = null;
  #chosen = 0;
  #seed = 0;
  #asked = 0;

  #held = h("p", { class: "held" });
  #rows = h("div", { class: "rows", tabindex: "0", role: "group", "aria-label": words.title });
  #choices = h("fieldset", {}, h("legend", {}, words.question));
  #effect = h("p", { class: "effect", role: "status" });
  #error = h("p", { class: "error", role: "alert", hidden: true });
  #save = h("button", { type: "button", class: "action main", onclick: () => this.#send("", { frames: this.#chosen }) }, "Save");
  #undo = h("button", { type: "button", class: "action", onclick: () => this.#send("/undo", {}) }, words.undo);
  #others = h("button", { type: "button", class: "action", onclick: () => this.#watch(this.#seed + 1) }, words.others);
  #box = h(
    "section",
    { hidden: true, "aria-label": words.title },
    this.#held,
    this.#rows,
    this.#choices,
    this.#effect,
    h("div", { class: "line" }, this.#save, this.#undo, this.#others),
  );

  connectedCallback() {
    this.#closing = new AbortController();
    if (!this.#box.isConnected) {
      this.#root.append(this.#error, this.#box);
      styled(this.#root, ["theme.css", "shift.css"]);
    }
    followTheme(this, this.#closing.signal);
    this.#watch(this.#seed);
  }

  disconnectedCallback() {
    this.#closing.abort();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#watch(0);
  }

  get #route() {
    return `/datasets/${this.getAttribute("dataset")}/shift`;
  }

  /** Asks for six labels. @param {number} seed */
  async #watch(seed) {
    this.#seed = seed;
    const asked = ++this.#asked;
    if (!this.getAttribute("dataset")) return this.#show(null);
    await this.#tell(async () => {
      const look = /** @type {Look} */ (await this.#api.get(this.#route, { seed }));
      if (asked === this.#asked) this.#show(look);
    });
  }

  /** @param {string} where @param {object} what */
  async #send(where, what) {
    const annotator = this.getAttribute("annotator") ?? "";
    const saved = await this.#tell(() => this.#api.post(this.#route + where, { ...what, annotator, key: freshKey() }));
    if (!saved) return;
    this.dispatchEvent(new CustomEvent("finished", { detail: { frames: saved.frames } }));
    await this.#watch(this.#seed);
  }

  /** Does it with the buttons off; what goes wrong is said. @template T @param {() => Promise<T>} does @returns {Promise<T | null>} */
  async #tell(does) {
    const buttons = [this.#save, this.#undo, this.#others];
    for (const button of buttons) button.disabled = true;
    this.#error.hidden = true;
    try {
      return await does();
    } catch (error) {
      say(this.#error, error instanceof Refused ? error.message : words.away);
      this.#error.hidden = false;
      return null;
    } finally {
      for (const button of buttons) button.disabled = false;
      this.#undo.disabled = !this.#look?.checked;
    }
  }

  /** @param {Look | null} look */
  #show(look) {
    this.#look = look;
    this.#box.hidden = !look;
    if (!look) return;
    say(this.#held, held(look));
    this.#rows.replaceChildren(...look.samples.map(row));
    this.#choices.replaceChildren(this.#choices.children[0], ...look.effects.map(({ frames }) => this.#choice(frames)));
    this.#choose(look.frames);
  }

  /** @param {number} frames */
  #choice(frames) {
    const radio = h("input", { type: "radio", name: "frames", value: frames, checked: frames === this.#look?.frames, onchange: () => this.#choose(frames) });
    return h("label", {}, radio, h("span", {}, `${signed(frames)} `, h("small", {}, words.meant.get(frames) ?? "")));
  }

  /** Shows what a shift would do, before it is saved. @param {number} frames */
  #choose(frames) {
    this.#chosen = frames;
    const look = this.#look;
    const effect = look?.effects.find((known) => known.frames === frames);
    if (!look || !effect) return;
    this.#rows.querySelectorAll("figure").forEach((figure, at) => outline(figure, look.samples[at], frames));
    say(this.#save, words.save(frames));
    say(this.#effect, effected(look, effect));
  }
}

/** @param {Look} look */
function held({ checked }) {
  if (!checked) return words.unchecked;
  return words.checked(checked.frames, `${checked.annotator}, ${new Date(checked.decided_at).toLocaleString("en-GB")}`);
}

/** @param {Look} look @param {{frames: number, held: number, suggestions: number}} effect */
function effected(look, { frames, held, suggestions }) {
  return frames === look.frames ? "" : words.effect(suggestions, held);
}

/** @param {Sample} sample */
function row({ clip, label, original_frame, strip }) {
  const picture = h("img", { src: strip.url, alt: words.picture(strip.first, strip.first + strip.count - 1, clip) });
  const mark = h("span", { class: "mark", "aria-hidden": "true" });
  const caption = h("figcaption", {}, words.row(className(label), clip, original_frame), h("b"));
  const shown = h("div", { class: "strip" }, picture, mark);
  shown.style.width = `${(strip.count / WHOLE) * 100}%`;
  return h("figure", {}, caption, shown);
}

/** @param {Element} figure @param {Sample} sample @param {number} frames */
function outline(figure, { original_frame, num_frames, strip }, frames) {
  const at = Math.min(Math.max(original_frame + frames, 0), num_frames - 1);
  const mark = /** @type {HTMLElement} */ (figure.querySelector(".mark"));
  mark.style.left = `${((at - strip.first) / strip.count) * 100}%`;
  mark.style.width = `${100 / strip.count}%`;
  say(/** @type {Element} */ (figure.querySelector("b")), words.outlined(at));
}

customElements.define("respot-shift", RespotShift);
