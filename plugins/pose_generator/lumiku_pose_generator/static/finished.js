// What can be done with finished pictures: other shapes, another background.

import { close } from "/static/js/lightbox.js";

import { backdrop, takes } from "./sending.js";

const DRAWN = new Set(["generate", "change-background"]);
const shapes = document.querySelector('[data-dialog="shapes"]');
const behind = document.querySelector('[data-dialog="behind"]');
const shapesForm = shapes.querySelector("form");
const behindForm = behind.querySelector("form");
let shown = null;

const changed = (form) => form.dispatchEvent(new CustomEvent("lumiku:changed"));

function pictures(job) {
  const tiles = [...job.querySelectorAll('.tile[data-state="done"]')];
  return tiles.flatMap((tile) => JSON.parse(tile.dataset.made)).filter((one) => one.kind === "image").map((one) => one.id);
}

function inShapes(ids) {
  const inputs = ids.map((id) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", value: id });
    Object.assign(input.dataset, { path: "artifact_ids", kind: "list" });
    return input;
  });
  shapes.querySelector("[data-artifacts]").replaceChildren(...inputs);
  shapes.querySelector("[data-of]").textContent = ids.length === 1 ? "One picture, in each shape that you tick." : `${ids.length} pictures, each in each shape that you tick.`;
  shapes.showModal();
  changed(shapesForm);
}

function lackingShapes() {
  const ticked = shapesForm.querySelectorAll('[data-path="formats"]:checked').length;
  const files = ticked * shapesForm.querySelectorAll('[data-path="artifact_ids"]').length;
  shapesForm.dataset.lacking = ticked ? "" : "Tick at least one shape.";
  shapesForm.querySelector("[data-start-label]").textContent = files > 1 ? `Make ${files} files` : "Make this file";
}

function lackingBehind() {
  const missing = backdrop(behindForm);
  behindForm.dataset.lacking = shown ? missing : "Open a picture first.";
}

// Every job whose pictures are all there may be brought to other shapes at once.
function offer(job) {
  const actions = job.querySelector(".job-actions");
  if (actions.querySelector("[data-shapes]") || pictures(job).length === 0) return;
  actions.append(document.querySelector("template[data-job-tool]").content.cloneNode(true));
}

document.addEventListener("lumiku:shown", (event) => { shown = event.detail.artifact; });
document.addEventListener("lumiku:ended", (event) => {
  if (DRAWN.has(event.detail.worker)) offer(document.querySelector(`[data-job="${event.detail.id}"]`));
});
document.addEventListener("lumiku:started", (event) => {
  for (const dialog of [shapes, behind]) {
    if (!dialog.contains(event.target)) continue;
    dialog.close();
    close();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-behind-this]")) {
    behindForm.querySelector('[data-path="artifact_id"]').value = shown.id;
    behind.showModal();
    changed(behindForm);
  }
  const many = event.target.closest("[data-shapes]");
  if (many) inShapes(many.closest("[data-job]") ? pictures(many.closest("[data-job]")) : [shown.id]);
});

for (const [form, look] of [[shapesForm, lackingShapes], [behindForm, lackingBehind]]) {
  form.addEventListener("lumiku:asking", look);
  form.addEventListener("input", look);
  look();
}
takes(behindForm);
document.querySelectorAll('[data-job]:not([data-live])').forEach(offer);
