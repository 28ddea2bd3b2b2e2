// Poses that please are kept.

import { call } from "/static/js/api.js";

const form = document.querySelector("form.studio");
const find = (name) => form.querySelector(`[data-${name}]`);

async function like(button) {
  const kept = button.getAttribute("aria-pressed") === "true";
  button.setAttribute("aria-pressed", !kept);
  try {
    await call(kept ? "DELETE" : "PUT", `${form.dataset.worker.replace(/generate$/, "library")}/${button.dataset.like}/favourite`);
  } catch {
    button.setAttribute("aria-pressed", kept);
  }
  tally();
}

function tally() {
  const liked = form.querySelectorAll('[data-like][aria-pressed="true"]').length;
  find("count-liked").textContent = liked;
  form.querySelector('[data-shelf="liked"]').hidden = liked === 0;
}

form.addEventListener("click", (event) => {
  const heart = event.target.closest("[data-like]");
  if (heart) like(heart);
});
document.addEventListener("lumiku:liked", tally);
// A hand on the keyboard keeps the pose it stands on by F.
find("gallery").addEventListener("keydown", (event) => {
  if (event.key === "f" && event.target.matches("[type=checkbox]")) like(event.target.closest(".pick").querySelector("[data-like]"));
});
