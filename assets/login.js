// @ts-check
/** The login form: sends name and password, and goes on to the page that was asked for. */
import { Api, Refused } from "./api.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
const alert = /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));

/** Only an address of this server: `//elsewhere` or a scheme would lead away from it. */
function wanted() {
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  const address = new URL(next, location.origin);
  return address.origin === location.origin ? address.href : "/";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name, password } = Object.fromEntries(new FormData(form));
  button.disabled = true;
  alert.textContent = "";
  try {
    await new Api("/api/v1").post("/login", { name, password });
    location.assign(wanted());
  } catch (error) {
    alert.textContent = error instanceof Refused ? error.message : "The server does not answer. Try again.";
    button.disabled = false;
  }
});
