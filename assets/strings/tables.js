// @ts-check
/** The tables of the pages: what they are called, their columns, and what stands there without rows. */

export const tables = {
  datasets: {
    title: "Datasets",
    columns: ["Name", "Clips", "Labels", "Decided", "Classes", "Imported"],
    empty: "Nothing is imported yet.",
  },
  report: {
    title: "What the import found",
    columns: ["", "Clip", "Event", "Finding"],
    empty: "Nothing to correct: every clip was found and every frame checked.",
  },
  audit: {
    title: "What the blind audit found, by group",
    columns: ["Group", "Labels", "Decided − tagged", "95 % interval", "Suggestions within ±1", "95 % interval", "No such event"],
    empty: "Nothing of the blind audit is settled yet.",
  },
  apart: {
    title: "Where two people differ",
    columns: ["Label", "Clip", "Class", "Tagged", "First person", "Second person", "Apart"],
    empty: "No label waits for a lead's decision.",
  },
  batches: {
    title: "Batches of decisions, newest first",
    columns: ["Batch", "Made", "By", "What"],
    empty: "Nothing was accepted or moved in bulk yet.",
  },
};
