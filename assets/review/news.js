// @ts-check
/** What changes on the server while somebody reviews: new suggestions, a newer run, who else looks, what waits where. */

/** @typedef {import("./session.js").Session} Session */
/** @typedef {{annotator: string, expires_at: string, wanted_by: string | null}} Lease */
/**
 * @typedef {object} News
 * @property {number | null} newer the run that has newer suggestions than those on the screen
 * @property {Lease | null} held   somebody else's lease on the label on the screen
 * @property {string | null} wanted who asks for the label on the screen
 * @property {import("../api.js").Queue[] | null} queues null when the server does not answer
 * @property {import("../api.js").Audit | null} audit
 * @property {import("./question.js").Asked[]} questions about whole classes, annotators and videos
 */

/** States of a run that the review tells of. */
const TELLING = new Set(["queued", "running", "failed"]);

const NOBODY = { held: null, wanted: null };

/** Looks once; every question may fail alone. @param {Session} session @returns {Promise<News>} */
export async function look(session) {
  const { api, dataset, annotator } = session;
  const [newer, { held, wanted }, queues, audit, questions] = await Promise.all([
    runs(session).catch(() => null),
    lease(session).catch(() => NOBODY),
    api.get(`/datasets/${dataset.id}/queues`, { annotator: annotator() }).catch(() => null),
    api.get(`/datasets/${dataset.id}/accept`, { threshold: 0 }).catch(() => null),
    api.get(`/datasets/${dataset.id}/questions`).catch(() => []),
  ]);
  return { newer, held, wanted, queues, audit, questions };
}

/** @param {Session} session */
async function runs(session) {
  session.dataset = await session.api.get(`/datasets/${session.dataset.id}`);
  const { latest_run: run } = session.dataset;
  session.run = run && TELLING.has(run.state) ? await session.api.get(`/runs/${run.id}`) : null;
  await suggestion(session);
  const shown = session.current?.suggestion?.run_id;
  return run?.state === "done" && shown !== undefined && shown < run.id ? run.id : null;
}

/** A suggestion where there was none, or only a provisional one; the labels ahead are taken anew then. @param {Session} session */
async function suggestion(session) {
  const item = session.current;
  if (!item || item.audit || (item.suggestion && !item.suggestion.provisional)) return;
  const fresh = await session.api.get(`/labels/${item.label_id}`);
  if (item === session.current && fresh.suggestion?.id !== item.suggestion?.id) await session.renew(fresh);
}

/** Keeps the labels on the screen and ahead, so that nobody else is led to them. @param {Session} session @returns {Promise<{held: Lease | null, wanted: string | null}>} */
async function lease(session) {
  const { current } = session;
  if (!current) return NOBODY;
  const label_ids = [current, ...session.upcoming].map(({ label_id }) => label_id);
  const { held, wanted } = await session.api.post("/leases", { label_ids, annotator: session.annotator() });
  const ours = (/** @type {{label_id: number}} */ { label_id }) => label_id === current.label_id;
  return { held: held.find(ours) ?? null, wanted: wanted.find(ours)?.wanted_by ?? null };
}

/** Asks whoever has the label on the screen for it. @param {Session} session @returns {Promise<Lease | null>} null: nobody has it any more */
export async function askFor(session) {
  const body = { label_id: session.current?.label_id, annotator: session.annotator() };
  return (await session.api.post("/leases/ask", body)).held;
}

/** Gives the label on the screen to whoever asks for it and goes on, or keeps it. @param {Session} session @param {boolean} give */
export async function answer(session, give) {
  const body = { label_id: session.current?.label_id, annotator: session.annotator(), give };
  await session.api.post("/leases/answer", body);
  if (give && !session.browse(1)) session.browse(-1);
}
