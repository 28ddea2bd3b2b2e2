// An avatar's name, changed where it stands.

import { call, showProblem } from "/static/js/api.js";

const dialog = document.querySelector('[data-dialog="rename"]');
const form = dialog.querySelector("form");
const name = form.querySelector("input");
let card = null;

document.querySelector("[data-avatars]").addEventListener("click", (event) => {
  const button = event.target.closest("[data-rename]");
  if (!button) return;
  card = button.closest("[data-avatar]");
  name.value = button.textContent.trim();
  showProblem(form, null);
  dialog.showModal();
  name.select();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const kept = await call("PATCH", `${form.dataset.avatarsAt}/${card.dataset.avatar}`, { name: name.value.trim() });
    card.querySelector("[data-name-shown]").textContent = kept.name;
    card.querySelector("[data-forget]").setAttribute("aria-label", `Delete ${kept.name}`);
    dialog.close();
  } catch (problem) {
    showProblem(form, problem);
  } finally {
    button.disabled = false;
  }
});
