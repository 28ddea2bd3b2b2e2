// The viewer's own product: its picture goes up at once; poses that please are kept.

import { call } from "/static/js/api.js";

import { send, show } from "./sending.js";

const form = document.querySelector("form.studio");
const find = (name) => form.querySelector(`[data-${name}]`);
const part = (name) => form.querySelector(`[data-path="product.${name}"]`);
const fields = find("ware-fields");
const fault = find("ware-fault");
const PRINTED = new Set(["box", "bottle", "cup", "bag", "handbag", "phone", "laptop", "poster"]);
const WORD = find("ware-word").textContent;
const blank = find("ware-picture").innerHTML;
let turn = 0;

function follow() {
  const there = part("upload_id").value !== "";
  const tinted = PRINTED.has(part("where").value);
  fields.hidden = !there;
  part("upload_id").disabled = !there;
  part("where").disabled = !there;
  part("color").disabled = !there || !tinted;
  find("ware-colour").hidden = !tinted;
}

function changed() {
  follow();
  form.dispatchEvent(new CustomEvent("lumiku:changed"));
}

async function take(file) {
  if (!file) return;
  const mine = (turn += 1);
  show(find("ware-picture"), file, "Your product");
  find("ware-word").textContent = "One moment…";
  part("upload_id").value = "";
  fault.hidden = true;
  try {
    const id = await send(file);
    if (mine !== turn) return;
    part("upload_id").value = id;
    find("ware-word").textContent = "Another picture";
  } catch (problem) {
    if (mine !== turn) return;
    away();
    fault.textContent = problem.message;
    fault.hidden = false;
  }
  changed();
}

function away() {
  turn += 1;
  part("upload_id").value = "";
  find("ware").value = "";
  find("ware-word").textContent = WORD;
  find("ware-picture").innerHTML = blank;
  fault.hidden = true;
}

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

find("ware").addEventListener("change", (event) => take(event.target.files[0]));
find("ware-away").addEventListener("click", () => {
  away();
  changed();
  find("ware").focus();
});
part("where").addEventListener("input", follow);
const drop = find("ware-drop");
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") take(event.dataTransfer.files[0]);
  });
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
// A picture that was sent before the page was loaded again, if it is still there.
if (part("upload_id").value) {
  find("ware-word").textContent = "Another picture";
  show(find("ware-picture"), part("upload_id").value, "Your product").addEventListener("error", () => {
    away();
    changed();
  });
}
follow();
