// @ts-check
/** The end of the log of server and workers, read when it is opened. */
import { h, say } from "../dom.js";
import { words } from "../strings/training.js";

const LINES = 200;

export class RunLog {
  #text = h("pre", { class: "log", tabindex: "0", role: "region", "aria-label": words.log });

  /** @param {() => import("../api.js").Api} api */
  constructor(api) {
    this.element = h("details", {}, h("summary", {}, words.log), this.#text);
    this.element.addEventListener("toggle", () => this.element.open && this.#read(api()));
  }

  /** @param {import("../api.js").Api} api */
  async #read(api) {
    try {
      const { lines } = await api.get("/log", { lines: LINES });
      say(this.#text, lines.join("\n") || words.noLog);
      this.#text.scrollTop = this.#text.scrollHeight;
    } catch (error) {
      say(this.#text, String(error));
    }
  }
}
