// Colours follow the preset until they are touched; a new avatar joins the list.

import { call, metered, refreshCredits } from "/static/js/api.js";
import { sorry, sure } from "/static/js/dialog.js";
import { read } from "/static/js/form.js";
import { addJob } from "/static/js/job.js";

const form = document.querySelector("form.maker");
const list = document.querySelector("[data-avatars]");
const home = document.querySelector("[data-own-avatars]");

function follow() {
  const chosen = form.querySelector('[data-path="preset"]:checked');
  if (!chosen) return;
  const colours = JSON.parse(chosen.closest("[data-colours]").dataset.colours);
  for (const [path, colour] of Object.entries(colours)) {
    const input = form.querySelector(`[data-path="${path}"]`);
    if (!("touched" in input.dataset)) input.value = colour;
  }
  form.querySelector("[data-name]").placeholder = chosen.getAttribute("aria-label");
}

// A garment is a kind with its colour: a kind alone is sent with the colour shown,
// a colour alone is not sent.
function clothes() {
  for (const number of [0, 1]) {
    const kind = form.querySelector(`[data-path="attributes.outfit.${number}.kind"]`);
    const colour = form.querySelector(`[data-path="attributes.outfit.${number}.colour"]`);
    colour.disabled = kind.value === "";
    if (!colour.disabled) colour.dataset.touched = "";
  }
}

function welcome(job) {
  for (const made of job.artifacts.filter((one) => one.kind === "image" && one.meta.avatar_id && !one.meta.sheet)) {
    if (list.querySelector(`[data-avatar="${made.meta.avatar_id}"]`)) continue;
    const card = document.querySelector("template[data-new-avatar]").content.firstElementChild.cloneNode(true);
    card.dataset.avatar = made.meta.avatar_id;
    card.querySelector("img").src = made.url;
    card.querySelector("[data-name-shown]").textContent = made.meta.name;
    const button = card.querySelector("[data-forget]");
    button.dataset.forget += made.meta.avatar_id;
    button.setAttribute("aria-label", `Delete ${made.meta.name}`);
    list.prepend(card);
    home.hidden = false;
  }
}

const SHEETS = {
  turnaround: ["Pictures from three sides?", "Front, three-quarter and side, in full."],
  expressions: ["Pictures of every face?", "A portrait with each expression there is."],
};

// A small picture that costs nothing, and what of the words was not understood.
const shown = form.querySelector("[data-preview-box]");
const ask = form.querySelector("[data-preview]");

ask.addEventListener("click", async () => {
  form.dispatchEvent(new CustomEvent("lumiku:asking"));
  const { model, ...body } = read(form);
  const told = shown.querySelector("figcaption");
  const word = ask.textContent;
  ask.disabled = true;
  ask.setAttribute("data-busy", "");
  ask.textContent = "One moment…";
  try {
    const { job } = await call("POST", ask.dataset.preview, body, { Prefer: "wait=30" });
    const made = job.artifacts.find((one) => one.meta.preview);
    if (!made) throw new Error(job.items.each?.find((one) => one.error)?.error.detail ?? "There is no preview just now.");
    shown.querySelector("img").src = made.url;
    const lost = made.meta.not_understood;
    told.textContent = [lost.length ? `Not understood: ${lost.join(", ")}.` : "", ...made.meta.warnings].filter(Boolean).join(" ");
    shown.hidden = false;
  } catch (problem) {
    told.textContent = problem.message;
    shown.hidden = false;
  } finally {
    ask.disabled = false;
    ask.removeAttribute("data-busy");
    ask.textContent = word;
  }
});

list.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-sheet]");
  if (!button) return;
  const body = { avatar: button.closest("[data-avatar]").dataset.avatar, kind: button.dataset.sheet };
  button.disabled = true;
  try {
    const { price } = await call("POST", `${list.dataset.sheets}/quote`, body);
    const [title, words] = SHEETS[button.dataset.sheet];
    if (!(await sure({ title, words: metered ? `${words} They cost ${price} credits.` : words, yes: "Make them" }))) return;
    const { job } = await call("POST", list.dataset.sheets, body);
    addJob(job, form.dataset.appName).scrollIntoView({ behavior: "smooth", block: "start" });
    refreshCredits();
  } catch (problem) {
    sorry(list, problem);
  } finally {
    button.disabled = false;
  }
});

list.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-forget]");
  if (!button) return;
  const title = `${button.getAttribute("aria-label")}?`;
  if (!(await sure({ title, words: "Pictures already made stay.", yes: "Delete" }))) return;
  button.disabled = true;
  try {
    await call("DELETE", button.dataset.forget);
    button.closest("[data-avatar]").remove();
    home.hidden = !list.children.length;
  } catch (problem) {
    button.disabled = false;
    sorry(list, problem);
  }
});

form.addEventListener("input", follow);
form.addEventListener("lumiku:asking", clothes);
form.addEventListener("input", clothes);
document.addEventListener("lumiku:ended", (event) => welcome(event.detail));
follow();
clothes();
// The kernel's form may have begun before this file was here.
form.dispatchEvent(new CustomEvent("lumiku:changed"));
