// @ts-check
/** Every word of the insight page that the server does not say. */

export const words = {
  page: "Insight",
  filters: "Filters",
  reset: "Reset filters",
  copy: "Copy link",
  link: "Link",
  copied: "Link copied",
  notCopied: "The link is in the address bar",
  notes: "What the labels tell",
  loading: "Loading…",
  numbers: "Numbers",
  csv: "CSV",
  png: "PNG",
  svg: "SVG",
  all: "All",
  newest: "Newest",
  noDataset: "There is no dataset yet: load the sample or import labels.",
  retry: "Try again",
  failed: "This figure could not be made",
  away: "The server does not answer",
  noPlotly: "The plotting library could not be loaded",
  gallery: "Filmstrips (the paper's Fig. 3)",
  galleryDefinition:
    "Single labels chosen by “Single labels” above, the classes taking turns: the pictures around the tag (framed), cropped to where things move; " +
    "the arrow and the box give the suggested offset in frames, from models that did not see the clip.",
  noGallery: "No label here has a suggestion yet: they come with training.",
};

/** @param {number} shown @param {number} total */
export const rowsShown = (shown, total) => (shown < total ? `${shown} of ${total.toLocaleString("en")} rows; the CSV has all.` : "");

/** The fixed choices: value and words. */
export const choices = {
  stage: [["suggested", "given → suggested"], ["decided", "given → decided"], ["corrected", "suggested → decided"]],
  by: [["class", "class"], ["annotator", "annotator"], ["video", "source video"], ["run", "run"]],
  reference: [["truth", "true frames"], ["decided", "people's decisions"]],
  tolerance: [["0", "0 frames"], ["1", "1 frame"], ["2", "2 frames"], ["4", "4 frames"], ["8", "8 frames"]],
  sample: [["all", "all labels (chosen by queue)"], ["audit", "blind audit (unbiased)"]],
  pick: [["largest", "largest shifts"], ["typical", "most typical"], ["unsure", "least certain"]],
};

/** The filters in the order of the page: name in the address, words, and what stands for "not set". */
export const filters = /** @type {const} */ ([
  ["stage", "Move", ""],
  ["by", "Grouped by", ""],
  ["label_class", "Class", "All classes"],
  ["annotator", "Annotator", "Everybody"],
  ["video", "Source video", "All videos"],
  ["run", "Run", "Newest suggestions"],
  ["reference", "Right is", ""],
  ["tolerance", "Tolerance", ""],
  ["sample", "Sample", ""],
  ["pick", "Single labels", ""],
]);
