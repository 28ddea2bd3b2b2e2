// Search, categories and counts of the page; the kernel's form does the rest.

import { backdrop, takes } from "./sending.js";

const form = document.querySelector("form.studio");
const find = (name) => form.querySelector(`[data-${name}]`);
let poses = [...form.querySelectorAll("[data-gallery] .pick")];
const asDeclared = poses;
const search = find("search");
const chips = [...form.querySelectorAll("[data-shelf]")];
const more = find("more-poses");
const STEP = Number(more.dataset.atFirst);
let shelf = "";
let most = STEP;

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const pose of poses) {
    const here = !shelf || (shelf === "chosen" ? chosen(pose) : shelf === "liked" ? liked(pose) : pose.dataset.groups.split(" ").includes(shelf));
    const fits = here && words.every((word) => pose.dataset.words.includes(word));
    pose.hidden = !fits || shown >= most;
    shown += fits;
  }
  more.hidden = shown <= most || mode() !== "gallery";
  more.textContent = `Show ${shown - most} more`;
  find("nothing").hidden = shown > 0 || mode() !== "gallery";
  const twigs = [...form.querySelectorAll("[data-twigs]")];
  for (const row of twigs) row.hidden = row.dataset.twigs !== shelf && !row.querySelector(`[data-shelf="${shelf}"]`);
  const open = twigs.find((row) => !row.hidden)?.dataset.twigs;
  chips.forEach((chip) => chip.setAttribute("aria-pressed", [shelf, open].includes(chip.dataset.shelf)));
}

function chosen(pose) {
  return pose.querySelector("input").checked;
}

function liked(pose) {
  return pose.querySelector("[data-like]").getAttribute("aria-pressed") === "true";
}

function mode() {
  return form.querySelector('[name="mode"]:checked').value;
}

// By what their viewers think of them, or how often they were used; else as they came.
function arrange() {
  const by = find("order").value;
  const worth = (pose) => Number(pose.querySelector("[data-about]").dataset[by]);
  const own = (pose) => Number(pose.querySelector("[data-about]").dataset.own);
  const value = by === "mean" ? (pose) => own(pose) * 10 + worth(pose) : worth;
  poses = by ? asDeclared.toSorted((one, other) => value(other) - value(one)) : asDeclared;
  find("gallery").append(...poses);
  anew();
}

// Another question begins with its first answers.
function anew() {
  most = STEP;
  filter();
}

function tally() {
  const taken = poses.filter(chosen).length;
  const each = Math.max(1, Number(form.querySelector('[data-path="variations"]').value) || 1);
  find("count-chosen").textContent = taken;
  find("count-shelf").textContent = taken;
  find("clear").hidden = taken === 0;
  chips.find((chip) => chip.dataset.shelf === "chosen").hidden = taken === 0 && shelf !== "chosen";
  const lacking = { gallery: taken ? "" : "Choose at least one pose.", text: form.dataset.told, photo: form.dataset.told };
  form.dataset.lacking = lacking[mode()] || backdrop(form);
  const pictures = (mode() === "gallery" ? taken : 1) * each * Number(form.dataset.wares ?? 1);
  find("start-label").textContent = pictures > 1 ? `Generate ${pictures} pictures` : "Generate";
}

function all() {
  shelf = "";
  search.value = "";
  anew();
}

function person() {
  const chosen = find("people").querySelector("input:checked");
  if (chosen) find("source").value = chosen.closest(".pick").dataset.groups;
}

function refresh() {
  person();
  tally();
}

search.addEventListener("input", (event) => {
  event.stopPropagation();
  anew();
});
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
chips.forEach((chip) => chip.addEventListener("click", () => {
  shelf = chip.dataset.shelf;
  anew();
}));
more.addEventListener("click", () => {
  const next = poses.filter((pose) => !pose.hidden).length;
  most += 2 * STEP;
  filter();
  poses.filter((pose) => !pose.hidden)[next]?.querySelector("input").focus();
});
find("order").addEventListener("change", arrange);
find("all").addEventListener("click", all);
document.addEventListener("lumiku:liked", () => { if (shelf === "liked") filter(); });
find("clear").addEventListener("click", () => {
  poses.forEach((pose) => { pose.querySelector("input").checked = false; });
  form.dispatchEvent(new CustomEvent("lumiku:changed"));
  poses.find((pose) => !pose.hidden)?.querySelector("input").focus();
});
for (const [name, by] of [["less", -1], ["more", 1]]) {
  find(name).addEventListener("click", () => {
    const input = form.querySelector('[data-path="variations"]');
    input.value = Math.min(10, Math.max(1, (Number(input.value) || 1) + by));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Just before a price is asked for, and at once for what the eye sees.
form.addEventListener("lumiku:asking", refresh);
form.addEventListener("input", refresh);
form.addEventListener("lumiku:changed", refresh);
takes(form);
form.querySelectorAll('[name="mode"]').forEach((one) => one.addEventListener("change", filter));
// What an address chose is chosen; a reload must not choose it again.
if (form.querySelector("[data-anew]")) history.replaceState(null, "", location.pathname);
if (find("order").value) arrange();
refresh();
filter();
// The kernel's form may have begun before this file was here.
form.dispatchEvent(new CustomEvent("lumiku:changed"));
