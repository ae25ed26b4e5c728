// @ts-check
/** Building elements from code, so that a user's words are only ever text. */

/** @typedef {string | number | boolean | null | undefined | EventListener} Value */

/**
 * `h("button", {class: "key", onclick: f}, "text", child)`: strings become text nodes; `on…` functions listeners.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, Value>} [given] @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, given = {}, ...children) {
  return /** @type {any} */ (filled(document.createElement(tag), given, children));
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag @param {Record<string, Value>} [given] @param {...(Node | string | null)} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, given = {}, ...children) {
  return /** @type {any} */ (filled(document.createElementNS("http://www.w3.org/2000/svg", tag), given, children));
}

/** @param {Element} element @param {Record<string, Value>} given @param {(Node | string | null)[]} children */
function filled(element, given, children) {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Sets text only where it changed: an unchanged text node costs no layout. @param {Element} element @param {string} words */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Resolves with the time (ms) just after the browser has painted what is in the page now. @returns {Promise<number>} */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      channel.port2.postMessage(null);
    });
  });
}
