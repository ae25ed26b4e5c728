// @ts-check
/** The events of a clip on a line: a tick each, by class in colour and height, bold once decided. For the mouse: the link below it does the same. */
import { h, s } from "../dom.js";
import { className } from "../strings.js";

const HEIGHT = 34;
const WIDTH = 1000;

/** @param {string} dataset @param {import("../clips.js").Clip} clip @param {string[]} classes */
export function timeline(dataset, clip, classes) {
  const last = Math.max(1, clip.num_frames - 1);
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.append(s("line", { x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1, class: "base" }));
  for (const { label_id, label, frame, verdict } of clip.labels) {
    const at = classes.indexOf(label);
    const x = (frame / last) * WIDTH;
    const top = 2 + (Math.max(0, at) % 4) * 5;
    const tick = s("line", { x1: x, x2: x, y1: top, y2: HEIGHT - 1, class: `tick c${Math.max(0, at) % 8} ${verdict ? "done" : "open"}` });
    const said = `${className(label)}, frame ${frame}${verdict ? `, ${verdict}` : ""}`;
    const link = s("a", { href: `/review?dataset=${dataset}&label=${label_id}`, tabindex: -1 });
    link.append(tick, s("line", { x1: x, x2: x, y1: 0, y2: HEIGHT, class: "target" }), s("title", {}, said));
    svg.append(link);
  }
  return h("div", { class: "timeline" }, svg);
}
