// The pages of projects: begin one, change it, archive it, put pictures in and out.

import { call } from "/static/js/api.js";
import { sorry, sure } from "/static/js/dialog.js";

import { askProject, pageOf } from "./project.js";

const root = document.querySelector("[data-project]");
const path = root && `${root.dataset.projects}/${root.dataset.project}`;

// Does it, then shows the page as it is now.
async function doing(button, act) {
  button.disabled = true;
  try {
    await act();
    location.reload();
  } catch (problem) {
    button.disabled = false;
    sorry(root, problem);
  }
}

async function remove(button) {
  const words = "The pictures in it stay, and are of no project.";
  if (!(await sure({ title: "Delete this project?", words, yes: "Delete" }))) return;
  button.disabled = true;
  try {
    await call("DELETE", path);
    location.assign(root.dataset.home);
  } catch (problem) {
    button.disabled = false;
    sorry(root, problem);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { dataset } = button;
  if ("newProject" in dataset) {
    const made = await askProject();
    if (made) location.assign(pageOf(made.id));
  }
  if (!root) return;
  const generation = (ident) => `${path}/generations/${ident}`;
  if ("changeProject" in dataset) {
    const known = { id: root.dataset.project, ...JSON.parse(root.dataset.aboutProject) };
    if (await askProject(known)) location.reload();
  }
  if ("status" in dataset) await doing(button, () => call("PATCH", path, { status: dataset.status }));
  if ("deleteProject" in dataset) await remove(button);
  if ("takeOut" in dataset) await doing(button, () => call("DELETE", generation(button.closest("[data-generation]").dataset.generation)));
  if ("putIn" in dataset) await doing(button, () => call("PUT", generation(button.closest("[data-earlier]").dataset.earlier)));
});
