// @ts-check
/** What changes on the server while somebody reviews: a suggestion that was not there yet, a newer finished run. */

/** @typedef {import("./session.js").Session} Session */

/** Looks once; tells the session. @param {Session} session @returns {Promise<number | null>} the run that has newer suggestions than those on the screen */
export async function look(session) {
  session.dataset = await session.api.get(`/datasets/${session.dataset.id}`);
  await suggestion(session);
  const { latest_run: run } = session.dataset;
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
