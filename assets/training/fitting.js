// @ts-check
/** A run that ran out of memory: begins it again with a setting that takes less. */
import { h, say } from "../dom.js";
import { words } from "../strings/training.js";

export class Fitting {
  #api;
  #begun;
  #failed;
  /** @type {number | null} */
  #run = null;
  element = h("button", { type: "button", class: "action main", hidden: true, onclick: () => this.#begin() });

  /** @param {() => import("../api.js").Api} api @param {(id: number) => void} begun @param {(error: unknown) => void} failed */
  constructor(api, begun, failed) {
    this.#api = api;
    this.#begun = begun;
    this.#failed = failed;
  }

  /** Offers it where the run can be made smaller. @param {import("../api.js").Run} run */
  async show({ id, state }) {
    this.#run = id;
    const told = state === "failed" ? (await this.#api().get(`/runs/${id}/smaller`)).words : null;
    if (id !== this.#run) return;
    say(this.element, told ? words.smaller(told) : "");
    this.element.hidden = !told;
  }

  async #begin() {
    try {
      const { run_id } = await this.#api().post(`/runs/${this.#run}/smaller`);
      this.element.hidden = true;
      this.#begun(run_id);
    } catch (error) {
      this.#failed(error);
    }
  }
}
