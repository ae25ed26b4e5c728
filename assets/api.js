// @ts-check
/** The server's REST interface and the shapes it speaks. */

/** @typedef {{url: string, first: number, count: number, width: number, height: number}} Strip */
/**
 * @typedef {object} Suggestion
 * @property {number} id
 * @property {number} frame      ordinal within the clip
 * @property {number} offset     real-valued frames, + is later than the tag
 * @property {number} confidence P(|error| <= 1 frame), 0 to 1
 * @property {number[]} posterior over shifts first_shift, first_shift + 1, …
 * @property {(number | null)[]} scores class score per shift; null outside the clip
 * @property {number} first_shift
 * @property {number | null} matched_offset
 * @property {string[]} reasons
 * @property {boolean} provisional
 * @property {number} run_id
 * @property {number} epoch
 */
/** @typedef {"accept" | "keep" | "set" | "relabel" | "remove" | "skip" | "flag" | "move"} Verdict */
/** @typedef {{id?: number, verdict: Verdict, frame: number | null, annotator: string, decided_at: string, reason?: string | null}} Decision */
/**
 * @typedef {object} Item
 * @property {number} label_id
 * @property {number} dataset_id
 * @property {string} clip
 * @property {number} clip_id
 * @property {string} label
 * @property {number} frame
 * @property {number} num_frames
 * @property {number | null} fps null when unknown
 * @property {Strip} strip
 * @property {Suggestion | null} suggestion
 * @property {{label: string, frame: number}[]} neighbours
 * @property {Decision | null} decision
 * @property {number | null} [moved] the frame that a move of its whole group gives it, until it is settled
 * @property {string} [comment]
 * @property {boolean} [flagged] by anybody, and not settled since
 * @property {string | null} [flag_reason] why, if anybody said so
 * @property {Doubt[]} [doubts]
 * @property {boolean} [proposed] not in the label file: accepting it adds it
 * @property {boolean} [audit]   a blind check: the server keeps its suggestion back
 */
/** @typedef {{right: number, audited: number}} Audit suggestions within a frame of what was decided without seeing them */
/** @typedef {{total: number, decided: number, [verdict: string]: number}} Tally */
/** @typedef {{name: string, count: number}} Queue */
/** @typedef {{kind: string, reason: string, label?: string | null}} Doubt why to look at a label again; `label`: the class that may be meant */
/** @typedef {{items: Item[], progress: Tally, next: string | number | null, size?: number | null}} QueuePage `size`: labels in the queue, on its first page */
/** @typedef {"queued" | "running" | "done" | "failed" | "stopped"} State */
/**
 * @typedef {object} Member one fold's training
 * @property {number} member
 * @property {State} state
 * @property {number} done
 * @property {number} total          0 while unknown
 * @property {string} note           epoch, step and speed in words
 * @property {number | null} seconds_left
 * @property {string | null} device
 * @property {string | null} error
 */
/**
 * @typedef {object} Run
 * @property {number} id
 * @property {number} dataset_id
 * @property {State} state
 * @property {string | null} error
 * @property {Member[]} members
 * @property {string} [held_out]       how it cross-fits, in words
 * @property {number} share            of the work that is done, 0 to 1
 * @property {number | null} seconds_left
 * @property {{epochs?: number, [setting: string]: unknown}} config
 * @property {number | null} [expected] mean |tagged - true| in frames, where the truth is known
 */
/**
 * @typedef {object} EpochRow
 * @property {number} id             grows with every write
 * @property {number} member
 * @property {number} epoch          from 1
 * @property {number} loss
 * @property {number} frames_per_second
 * @property {number | null} matched_tagged mean |matched - tagged|, frames
 * @property {number | null} matched_true   mean |matched - true|, frames
 */
/**
 * @typedef {object} Dataset
 * @property {number} id
 * @property {string} name
 * @property {string[]} classes
 * @property {Tally} [progress]
 * @property {{id: number, state: State} | null} [latest_run]
 * @property {string} [created_at]
 */

/** @typedef {Record<string, string | number | null | undefined>} Query */

const REQUEST_LIMIT_MS = 15_000;

/** The server answered, and the answer is no. `status` is the HTTP code, the message its `detail`. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.name = "Refused";
    this.status = status;
  }

  /** True when the same request may succeed later; 401: once the person has logged in again. */
  get passing() {
    return this.status >= 500 || [401, 408, 429].includes(this.status);
  }
}

/** What was asked for before anybody needed it, by address; each answer is given out once. @type {Map<string, Promise<any>>} */
const early = new Map();

/** JSON over the routes under `base`. Rejects with `Refused`, or with the browser's own error when nobody answers. */
export class Api {
  /** @param {string} base */
  constructor(base) {
    this.base = base.replace(/\/$/, "");
  }

  /** @param {string} path @param {Query} [query] @returns {Promise<any>} */
  get(path, query = {}) {
    const address = this.#address(path, query);
    const asked = early.get(address);
    early.delete(address);
    const ask = () => this.#send(address, { method: "GET" });
    return asked ? asked.catch(ask) : ask();
  }

  /** Asks now for what `get` will be asked for soon. @param {string} path @param {Query} [query] @returns {Promise<any>} */
  foresee(path, query = {}) {
    const address = this.#address(path, query);
    const asked = this.#send(address, { method: "GET" });
    early.set(address, asked);
    return asked;
  }

  /** @param {string} path @param {Query} query */
  #address(path, query) {
    const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return this.base + (given.length ? `${path}?${search}` : path);
  }

  /** Outlives the page that sent it. @param {string} path @param {object} [body] @returns {Promise<any>} */
  post(path, body = {}) {
    const headers = { "Content-Type": "application/json" };
    return this.#send(this.base + path, { method: "POST", headers, body: JSON.stringify(body), keepalive: true });
  }

  /** @param {string} path @returns {Promise<any>} */
  delete(path) {
    return this.#send(this.base + path, { method: "DELETE" });
  }

  /** @param {string} address @param {RequestInit} init @returns {Promise<any>} */
  async #send(address, init) {
    const signal = AbortSignal.timeout(REQUEST_LIMIT_MS);
    const answer = await fetch(address, { ...init, signal, credentials: "same-origin" });
    if (answer.ok) return answer.json();
    throw new Refused(answer.status, await detailOf(answer));
  }
}

/** Why the server refused. @param {Response} answer @returns {Promise<string>} */
export async function detailOf(answer) {
  const fallback = `${answer.status} ${answer.statusText}`;
  try {
    const { detail } = await answer.json();
    return typeof detail === "string" ? detail : (detail?.[0]?.msg ?? fallback);
  } catch {
    return fallback;
  }
}

/** A key that no other request has: also where `crypto.randomUUID` is missing (plain http on a network). */
export function freshKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
