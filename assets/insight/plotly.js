// @ts-check
/** Plotly, from our own server, loaded when the first figure is seen; and the colours of the page for its figures. */

/** @typedef {{data: object[], layout: Record<string, any>}} Plot */

const SOURCE = new URL("../plotly.min.js", import.meta.url).href;
const CONFIG = { displayModeBar: false, responsive: true };
/** Pixels that a legend beside a plot leaves it too few of, and those that it takes below. */
const NARROW = 520;
const LEGEND = 140;
/** @type {Promise<any> | undefined} */
let loading;

/** @returns {Promise<any>} the library; rejects when it cannot be had, and tries anew the next time */
export function plotly() {
  loading ??= new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = SOURCE;
    script.onload = () => loaded(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      loading = undefined;
      failed(new Error("plotly.min.js"));
    };
    document.head.append(script);
  });
  return loading;
}

/** Draws the plot into `box`, or changes it to the new one. @param {HTMLElement} box @param {Plot} plot */
export async function draw(box, plot) {
  const library = await plotly();
  const { ink, card } = colours(box);
  const layout = dressed(plot.layout, ink, card);
  await library.react(box, plot.data, box.clientWidth < NARROW ? lowered(layout) : layout, CONFIG);
}

/** @param {HTMLElement} box */
export async function erase(box) {
  if (box.classList.contains("js-plotly-plot")) (await plotly()).purge(box);
}

/** Saves the figure as it is for paper: black on white. @param {Plot} plot @param {"png" | "svg"} format @param {string} filename @param {number} width */
export async function save(plot, format, filename, width) {
  const library = await plotly();
  const layout = { ...dressed(plot.layout, "#1c2026", "#fff"), paper_bgcolor: "#fff", plot_bgcolor: "#fff" };
  const size = { width: Math.max(480, Math.round(width)), height: plot.layout.height };
  await library.downloadImage({ data: plot.data, layout }, { format, filename, scale: format === "png" ? 3 : 1, ...size });
}

/** A legend that stood beside the plot stands below it. @param {Record<string, any>} layout */
function lowered(layout) {
  if (layout.legend?.orientation !== "v") return layout;
  return { ...layout, height: layout.height + LEGEND, legend: { orientation: "h", x: 0, y: -0.2, yanchor: "top" } };
}

/** @param {Element} box */
function colours(box) {
  const style = getComputedStyle(box);
  return { ink: style.color, card: style.getPropertyValue("--card").trim() || "#fff" };
}

/** @param {Record<string, any>} layout @param {string} ink @param {string} card */
function dressed(layout, ink, card) {
  const notes = (layout.annotations ?? []).map((/** @type {any} */ note) => ({ ...note, font: { ...note.font, color: ink } }));
  const hoverlabel = { bgcolor: card, bordercolor: ink, font: { color: ink, size: 13 } };
  return { ...layout, autosize: true, annotations: notes, hoverlabel, font: { ...layout.font, color: ink } };
}
