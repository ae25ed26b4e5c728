// @ts-check
/** Light, dark, or as the system is: kept in this browser, and held against whatever else sets the page's class. */

/** @typedef {"system" | "light" | "dark"} Theme */

const KEY = "respot-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const inAddress = new URLSearchParams(location.search).get("__theme");

/** @returns {Theme} what this browser was told last */
export function ask() {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** @param {Theme} theme */
export function choose(theme) {
  localStorage.setItem(KEY, theme);
  apply();
}

/** The address comes first (`__theme`), then the choice; without either the page is left to Gradio. */
function apply() {
  const theme = ask();
  if (inAddress) return;
  const dark = theme === "system" ? system.matches : theme === "dark";
  if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
}

new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
system.addEventListener("change", apply);
apply();
