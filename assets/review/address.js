// @ts-check
/** The page's address: what it asks for when the element opens, the queue that is open, and links to labels. */

/** @typedef {import("./session.js").Filter} Filter */
/** @typedef {import("./session.js").Session} Session */

/** What the address asks for. */
export const asked = {
  /** Whether it leads to the review. */
  review() {
    return new URLSearchParams(location.search).get("open") === "review";
  },

  /** @param {string} name @returns {number | null} */
  number(name) {
    return Number(new URLSearchParams(location.search).get(name)) || null;
  },

  /** @returns {Filter} */
  filter() {
    const given = new URLSearchParams(location.search);
    return { queue: given.get("queue") || "likely", label: given.get("class") ?? "", clip: this.number("clip"), reason: given.get("reason") ?? "" };
  },
};

/** Lets a reload come back to this queue; a label that was asked for is asked for no longer once another is shown. @param {Session} session @param {number | null} label_id null where none is shown */
export function keepAddress(session, label_id) {
  const address = addressOf(session, location.href);
  if (asked.number("label") !== label_id) address.searchParams.delete("label");
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

/** A link that shows this label in this queue. @param {Session} session @param {number} label_id */
export function linkTo(session, label_id) {
  const address = addressOf(session, new URL("/review", location.href).href);
  address.searchParams.set("label", String(label_id));
  return address.href;
}

/** @param {Session} session @param {string} base */
function addressOf({ dataset, filter }, base) {
  const address = new URL(base);
  const { queue, label, clip, reason } = filter;
  const values = { dataset: String(dataset.id), queue, class: label, clip: clip === null ? "" : String(clip), reason };
  for (const [name, value] of Object.entries(values)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  return address;
}

/** Copies words. @param {string} words @returns {Promise<boolean>} whether the browser let us */
export const copied = (words) => Promise.resolve(navigator.clipboard?.writeText(words).then(() => true)).then(Boolean, () => false);
