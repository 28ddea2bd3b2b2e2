// Projects on the page that makes pictures: one for those to come, one for those there are.

import { call, showProblem } from "/static/js/api.js";

import { askProject, pageOf } from "./project.js";

const form = document.querySelector("form.studio");
const choice = form.querySelector("[data-choose-project]");
const dialog = document.querySelector('[data-dialog="place"]');
const placing = dialog.querySelector("form");
const into = placing.querySelector("[data-place-in]");
const naming = placing.querySelector("[data-place-new]");
const name = naming.querySelector("input");
const places = JSON.parse(document.querySelector("[data-placed]").dataset.placed);
let job = null;

const changed = () => form.dispatchEvent(new CustomEvent("lumiku:changed"));
const named = (id) => [...into.options].find((one) => one.value === id)?.textContent;

// Who a project is about stands in its pictures, until somebody else is chosen.
function follow() {
  const who = choice.selectedOptions[0]?.dataset.avatar;
  const person = who && form.querySelector(`[data-path="avatar.id"][value="${CSS.escape(who)}"]`);
  if (!person) return;
  person.checked = true;
  person.closest(".pick").scrollIntoView({ block: "nearest", inline: "center" });
  changed();
}

function learn(project) {
  const option = new Option(project.name, project.id);
  if (project.avatar) option.dataset.avatar = project.avatar.id;
  choice.options[0].after(option);
  into.options[0].after(option.cloneNode(true));
}

async function begin() {
  const who = form.querySelector('[data-path="avatar.id"]:checked')?.value ?? "";
  const project = await askProject(null, who);
  if (!project) return;
  learn(project);
  choice.value = project.id;
  follow();
  changed();
  choice.focus();
}

function offer(root) {
  const actions = root.querySelector(".job-actions");
  if (actions.querySelector("[data-place]") || !root.querySelector('.tile[data-state="done"]')) return;
  if (root.querySelector("[data-job-worker]").textContent.trim() !== "Generate") return;
  actions.append(document.querySelector("template[data-place-tool]").content.cloneNode(true));
  say(root);
}

function say(root) {
  const place = places[root.dataset.job];
  root.querySelector("[data-place-word]").textContent = (place && named(place)) || "Project";
}

function ask(root) {
  job = root;
  into.value = places[root.dataset.job] ?? "";
  name.value = "";
  look();
  showProblem(placing, null);
  dialog.showModal();
  if (into.options.length === 2) {
    into.value = "new";
    look();
  }
}

function look() {
  naming.hidden = into.value !== "new";
  name.required = !naming.hidden;
  if (!naming.hidden) name.focus();
}

async function put() {
  const id = job.dataset.job;
  const path = placing.dataset.projects;
  const before = places[id];
  if (into.value === "new") {
    const project = await call("POST", path, { name: name.value.trim() });
    learn(project);
    into.value = project.id;
  }
  if (into.value) await call("PUT", `${path}/${into.value}/generations/${id}`);
  else if (before) await call("DELETE", `${path}/${before}/generations/${id}`);
  places[id] = into.value;
  say(job);
  link(job);
  dialog.close();
}

// Where they are now, to be looked at.
function link(root) {
  root.querySelector("[data-place-link]")?.remove();
  const place = places[root.dataset.job];
  if (!place) return;
  const shown = document.createElement("a");
  Object.assign(shown, { href: pageOf(place), className: "small", textContent: `Open the project “${named(place)}”` });
  shown.dataset.placeLink = "";
  root.querySelector(".job-price").append(" · ", shown);
}

placing.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = placing.querySelector("[type=submit]");
  button.disabled = true;
  try {
    await put();
  } catch (problem) {
    showProblem(placing, problem);
  } finally {
    button.disabled = false;
  }
});
into.addEventListener("change", look);
choice.addEventListener("change", follow);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-new-project]")) begin();
  const button = event.target.closest("[data-place]");
  if (button) ask(button.closest("[data-job]"));
});
document.addEventListener("lumiku:started", ({ detail }) => {
  if (detail.input?.project_id) places[detail.id] = detail.input.project_id;
});
document.addEventListener("lumiku:ended", ({ detail }) => {
  const root = document.querySelector(`[data-job="${detail.id}"]`);
  if (!root) return;
  offer(root);
  link(root);
});
for (const root of document.querySelectorAll("[data-job]:not([data-job='']):not([data-live])")) {
  offer(root);
  link(root);
}
follow();
