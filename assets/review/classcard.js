// @ts-check
/** What a class means: the instant in words, and pictures that show it. Anybody may write it; it is kept with the dataset. */
import { Refused } from "../api.js";
import { h, say } from "../dom.js";
import { className, clock, text } from "../strings.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./facts.js").Definition} Definition */
/** @typedef {import("./facts.js").Example} Example */

const MOST_EXAMPLES = 6;

export class ClassCard {
  /** @type {View | null} */
  #view = null;
  /** @type {Definition | null} */
  #definition = null;

  /** @param {() => import("./session.js").Session | null} session @param {() => void} changed */
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
    this.title = h("strong");
    this.words = h("p", { class: "definition" });
    this.pictures = h("div", { class: "examples" });
    this.by = h("p", { class: "origin" });
    this.edit = h("button", { type: "button", class: "small", onclick: () => this.#write(true) }, text.card.edit);
    this.add = h("button", { type: "button", class: "small", onclick: () => this.#addExample() }, text.card.add);
    this.read = h("div", { class: "page" }, this.words, this.pictures, this.by, h("p", { class: "buttons" }, this.edit, this.add));
    this.field = h("textarea", { rows: 4, maxlength: 600, "aria-label": text.card.field, placeholder: text.card.field });
    const save = h("button", { class: "small" }, text.card.save);
    const cancel = h("button", { type: "button", class: "small", onclick: () => this.#write(false) }, text.cancel);
    this.form = h("form", { class: "page", hidden: true }, this.field, h("p", { class: "buttons" }, save, cancel));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save({ text: this.field.value.trim() });
    });
    this.failed = h("p", { class: "problem", role: "status" });
    this.element = h("div", { class: "page" }, this.title, this.read, this.form, this.failed);
  }

  /** @param {View} view @param {Definition | null | undefined} definition undefined while it is not known */
  show(view, definition) {
    const another = view.item.label !== this.#view?.item.label;
    this.#view = view;
    if (another) this.#write(false);
    say(this.title, className(view.item.label));
    if (definition === undefined && !another) return;
    this.#definition = definition ?? null;
    say(this.words, definition?.text || (definition === undefined ? "" : text.card.none));
    say(this.by, definition ? text.card.by(definition.annotator, clock(definition.changed_at)) : "");
    this.add.hidden = (definition?.examples.length ?? 0) >= MOST_EXAMPLES;
    const examples = definition?.examples ?? [];
    this.pictures.replaceChildren(...examples.map((example, at) => this.#picture(example, at)));
  }

  /** @param {Example} example @param {number} at */
  #picture(example, at) {
    const name = text.card.example(example.clip, example.frame);
    const remove = h("button", { type: "button", class: "small", "aria-label": text.card.remove(name), onclick: () => this.#save({ examples: this.#examples().filter((_, n) => n !== at) }) }, "✕");
    return h("figure", {}, h("img", { src: example.url, alt: name, title: name, loading: "lazy" }), remove);
  }

  #examples() {
    return (this.#definition?.examples ?? []).map(({ clip_id, frame }) => ({ clip_id, frame }));
  }

  #addExample() {
    const view = this.#view;
    if (view) this.#save({ examples: [...this.#examples(), { clip_id: view.item.clip_id, frame: view.candidate }] });
  }

  /** @param {boolean} writing */
  #write(writing) {
    this.read.hidden = writing;
    this.form.hidden = !writing;
    say(this.failed, "");
    if (!writing) return;
    this.field.value = this.#definition?.text ?? "";
    this.field.focus();
  }

  /** @param {{text?: string, examples?: {clip_id: number, frame: number}[]}} changed */
  async #save(changed) {
    const session = this.session();
    const view = this.#view;
    if (!session || !view) return;
    const body = { class: view.item.label, text: this.#definition?.text ?? "", examples: this.#examples(), annotator: session.annotator(), ...changed };
    try {
      await session.api.post(`/datasets/${view.item.dataset_id}/definitions`, body);
      this.#write(false);
      this.changed();
    } catch (error) {
      say(this.failed, error instanceof Refused ? error.message : text.failed);
    }
  }
}
