// The dialogue that begins a project or changes one.

import { call, showProblem } from "/static/js/api.js";

const dialog = document.querySelector('[data-dialog="project"]');
const form = dialog.querySelector("form");
const field = (name) => form.elements.namedItem(name);
let told = null;

export const pageOf = (id) => `${form.dataset.page}/${id}`;

// The project, or null if nobody wanted one. `known` is a project to change.
export function askProject(known = null, who = "") {
  dialog.querySelector("h2").textContent = known ? "Change the project" : "New project";
  form.querySelector("[data-project-yes]").textContent = known ? "Keep it so" : "Begin it";
  field("name").value = known?.name ?? "";
  field("description").value = known?.description ?? "";
  field("avatar").value = known ? known.avatar : who;
  showProblem(form, null);
  dialog.showModal();
  field("name").focus();
  return new Promise((answer) => {
    told = { known, answer };
  });
}

async function send() {
  const { known, answer } = told;
  const chosen = field("avatar").selectedOptions[0];
  const body = {
    name: field("name").value.trim(),
    description: field("description").value.trim(),
    avatar: chosen?.value ? { source: chosen.dataset.source, id: chosen.value } : null,
  };
  const yes = form.querySelector("[data-project-yes]");
  yes.disabled = true;
  try {
    const path = form.dataset.projects;
    const made = known ? await call("PATCH", `${path}/${known.id}`, body) : await call("POST", path, body);
    answer(made);
    dialog.close();
  } catch (problem) {
    showProblem(form, problem);
  } finally {
    yes.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
dialog.addEventListener("close", () => told?.answer(null)); // who has the answer hears no more
