// @ts-check
/** Words of the settings page. */

export const words = {
  appearance: "Appearance",
  about: "This Respot",
  annotator: "Decisions are made as",
  data: "Data folder",
  keys: "Keys, crop, loop and fast mode are set in the review, where they are used: press ? there.",
  themes: /** @type {const} */ ([
    ["system", "As the system", "light or dark, as this device is set"],
    ["light", "Light", ""],
    ["dark", "Dark", ""],
  ]),
};
