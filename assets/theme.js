// @ts-check
/** One look for every element: its style sheets in its shadow root, and the page's light or dark. */
import { h } from "./dom.js";

/**
 * Links the sheets into `root`; resolves when they apply, so that nothing is painted unstyled.
 * @param {ShadowRoot} root @param {string[]} names files beside this module
 */
export function styled(root, names) {
  const links = names.map((name) => h("link", { rel: "stylesheet", href: new URL(name, import.meta.url).href }));
  const loaded = links.map((link) => new Promise((done) => (link.onload = link.onerror = done)));
  root.append(...links);
  return Promise.all(loaded);
}

/**
 * Keeps `host[dark]` in step with Gradio's `.dark` on the body (or on the root element), and tells `changed`.
 * @param {HTMLElement} host @param {AbortSignal} signal @param {() => void} [changed]
 */
export function followTheme(host, signal, changed) {
  const follow = () => {
    const dark = host.closest(".dark") !== null;
    if (dark === host.hasAttribute("dark")) return;
    host.toggleAttribute("dark", dark);
    changed?.();
  };
  const observer = new MutationObserver(follow);
  for (const element of [document.body, document.documentElement]) {
    observer.observe(element, { attributes: true, attributeFilter: ["class"] });
  }
  signal.addEventListener("abort", () => observer.disconnect());
  follow();
}

/** @returns {boolean} */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
