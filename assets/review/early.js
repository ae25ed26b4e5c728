// @ts-check
/** What the review asks the server first, asked while the rest of the page still loads. */
import { Api } from "../api.js";
import { asked } from "./address.js";
import { queueQuery } from "./queue.js";
import { Settings } from "./settings.js";

/** Does nothing unless the address leads to the review. */
export async function askEarly() {
  if (!asked.review()) return;
  const api = new Api("/api/v1");
  const listed = api.foresee("/datasets");
  const dataset = asked.number("dataset") ?? newest(await listed);
  if (!dataset) return;
  const query = queueQuery(asked.filter(), new Settings().lastName, null);
  const { items } = await api.foresee(`/datasets/${dataset}/queue`, query);
  if (items.length) await fetch(items[0].strip.url, { credentials: "same-origin" });
}

/** @param {{id: number}[]} datasets */
export const newest = (datasets) => Math.max(0, ...datasets.map(({ id }) => id));
