/* global element, props, trigger, watch -- run by Gradio inside a function when its gr.HTML is mounted */
// The template holds one custom element. Gradio's value is a dict of its attributes; its `finished` becomes a submit.
const ours = element.querySelector("[data-bridge]");
const show = () => {
  for (const [name, value] of Object.entries(props.value ?? {})) {
    if (value === null || value === "") ours.removeAttribute(name);
    else if (ours.getAttribute(name) !== String(value)) ours.setAttribute(name, String(value));
  }
};
ours.addEventListener("finished", (event) => trigger("submit", event.detail ?? {}));
watch("value", show);
show();
