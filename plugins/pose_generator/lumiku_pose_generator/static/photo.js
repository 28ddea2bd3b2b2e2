// A photo of the viewer's own, whose person comes before another background.

import { backdrop, send, show, takes } from "./sending.js";

const form = document.querySelector("form.own-photo");
const find = (name) => form.querySelector(`[data-${name}]`);
const uploaded = find("uploaded");
const fault = find("photo-fault");
const WORD = find("drop-word").textContent;
const blank = find("drop-picture").innerHTML;
let turn = 0;
let sending = false;

const changed = () => form.dispatchEvent(new CustomEvent("lumiku:changed"));

async function take(file) {
  if (!file) return;
  const mine = (turn += 1);
  show(find("drop-picture"), file, "The photo you chose");
  find("drop-word").textContent = "One moment…";
  uploaded.value = "";
  fault.hidden = true;
  sending = true;
  changed();
  try {
    const id = await send(file);
    if (mine !== turn) return;
    uploaded.value = id;
    find("drop-word").textContent = "Another photo";
  } catch (problem) {
    if (mine !== turn) return;
    away();
    fault.textContent = problem.message;
    fault.hidden = false;
  }
  sending = false;
  changed();
}

function away() {
  uploaded.value = "";
  find("drop-picture").innerHTML = blank;
  find("drop-word").textContent = WORD;
}

function lack() {
  const missing = backdrop(form);
  form.dataset.lacking = sending ? "One moment." : uploaded.value ? missing : "Choose a photo.";
}

find("photo").addEventListener("change", (event) => take(event.target.files[0]));
const drop = find("drop");
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") take(event.dataTransfer.files[0]);
  });
}
form.addEventListener("lumiku:asking", lack);
form.addEventListener("input", lack);
takes(form);
// A photo that was sent before the page was loaded again, if it is still there.
if (uploaded.value) {
  find("drop-word").textContent = "Another photo";
  show(find("drop-picture"), uploaded.value, "The photo you chose").addEventListener("error", () => {
    away();
    lack();
    changed();
  });
}
lack();
changed();
