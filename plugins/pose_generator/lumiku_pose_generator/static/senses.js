// Poses in words and from photos: what is understood is shown before anything is paid.

import { send, show as display } from "./sending.js";

const form = document.querySelector("form.studio");
const app = form.dataset.worker.replace(/\/generate$/, "");
const find = (name) => form.querySelector(`[data-${name}]`);
const seen = find("seen");
const told = form.querySelector('[data-path="text"]');
const begin = find("begin");
const uploaded = find("uploaded");
const ASKING = "Say what the person does.";
const SENDING = "Send a photo of one person.";
const PAUSE = 500;
const LIMBS = [[1, 2], [1, 5], [2, 3], [3, 4], [5, 6], [6, 7], [1, 8], [8, 9], [9, 10], [1, 11], [11, 12], [12, 13], [1, 0], [0, 14], [14, 16], [0, 15], [15, 17]];
const WORD = find("drop-word").textContent;
let turn = 0;
let timer = null;

const mode = () => form.querySelector('[name="mode"]:checked').value;
const changed = () => form.dispatchEvent(new CustomEvent("lumiku:changed"));

function lack(what) {
  form.dataset.told = what;
  changed();
}

function show() {
  const now = mode();
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== now;
  form.querySelectorAll('[data-gallery] [data-path]').forEach((input) => { input.disabled = now !== "gallery"; });
  told.disabled = now !== "text";
  begin.disabled = now !== "text" || !begin.value;
  uploaded.disabled = now !== "photo";
  seen.hidden = true;
  turn += 1;
  if (now === "text") hear();
  else lack(now === "photo" ? SENDING : "");
  if (now === "photo" && uploaded.value) look();
}

// A photo that was sent before the page was loaded again, if it is still there.
function again() {
  const blank = find("drop-picture").innerHTML;
  const shown = display(find("drop-picture"), uploaded.value, "The photo you chose");
  find("drop-word").textContent = "Another photo";
  shown.addEventListener("error", () => {
    find("drop-picture").innerHTML = blank;
    find("drop-word").textContent = WORD;
    uploaded.value = "";
    show();
  });
}

async function ask(worker, body) {
  const answer = await fetch(`${app}/${worker}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Prefer: "wait=20" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail);
  if (said.job.state !== "succeeded") throw new Error(said.job.error?.detail ?? "It takes longer than usual. Try again.");
  return said.job.result;
}

async function understand(worker, body) {
  const mine = (turn += 1);
  busy(true);
  lack("One moment.");
  try {
    const result = await ask(worker, body);
    if (mine === turn) tell(result);
  } catch (problem) {
    if (mine === turn) fail(problem.message);
  } finally {
    if (mine === turn) busy(false);
  }
}

function busy(is) {
  seen.hidden = false;
  seen.toggleAttribute("data-busy", is);
  find("busy-word").hidden = !is;
}

function empty() {
  find("why").hidden = true;
  find("bones").replaceChildren();
  find("understood").replaceChildren();
  find("lost").hidden = true;
  find("doubts").hidden = true;
  find("alike").hidden = true;
}

function fail(why) {
  empty();
  busy(false);
  find("why").textContent = why;
  find("why").hidden = false;
  lack("There is no pose yet.");
}

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  made.textContent = text;
  return made;
}

function tell(result) {
  find("why").hidden = true;
  draw(result.skeleton);
  find("understood").replaceChildren(...result.understood.map((one) => element("li", {}, one)));
  find("lost").hidden = result.not_understood.length === 0;
  find("lost").querySelector("b").textContent = result.not_understood.join(", ");
  const doubts = result.doubts ?? [];
  find("doubts").hidden = doubts.length === 0;
  find("doubted").replaceChildren(...doubts.map((one) => element("p", {}, one.detail)));
  const byText = mode() === "text";
  const others = byText || doubts.length ? result.candidates : [];
  find("alike").hidden = others.length === 0;
  find("alike-word").textContent = byText ? "Begin from another pose:" : "Or take a pose of the gallery that is like it:";
  find("candidates").replaceChildren(...others.map((one, place) => {
    const chip = element("button", { type: "button", className: "chip" }, one.name);
    if (byText) chip.setAttribute("aria-pressed", begin.value ? begin.value === one.id : place === 0);
    chip.addEventListener("click", () => {
      if (!byText) return take(one.id);
      begin.value = one.id;
      begin.disabled = false;
      hear(0);
    });
    return chip;
  }));
  lack("");
  if (mode() === "photo") seen.scrollIntoView({ behavior: "smooth", block: "nearest" });
}

function take(pose) {
  const choose = (input) => {
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  choose(form.querySelector('[name="mode"][value="gallery"]'));
  choose(form.querySelector(`[data-gallery] [name="pose_ids"][value="${CSS.escape(pose)}"]`));
}

function draw(joints) {
  const bones = find("bones");
  const shape = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const at = (joint) => [joint[0] * 300, joint[1] * 400];
  const lines = LIMBS.map(([a, b], place) => {
    const [[x1, y1], [x2, y2]] = [at(joints[a]), at(joints[b])];
    return shape("line", { x1, y1, x2, y2, stroke: `hsl(${place * 20} 90% 60%)`, "stroke-width": 6, "stroke-linecap": "round" });
  });
  const dots = joints.map((joint, place) => {
    const [cx, cy] = at(joint);
    return shape("circle", { cx, cy, r: 4.5, fill: `hsl(${place * 20} 95% 70%)` });
  });
  bones.replaceChildren(...lines, ...dots);
}

function hear(pause = PAUSE) {
  clearTimeout(timer);
  turn += 1;
  const text = told.value.trim();
  if (text.length < 3) {
    seen.hidden = true;
    return lack(ASKING);
  }
  const body = begin.value ? { text, start: begin.value } : { text };
  timer = setTimeout(() => understand("pose-from-text", body), pause);
}

async function photo(file) {
  if (!file) return;
  const mine = (turn += 1);
  empty();
  busy(true);
  display(find("drop-picture"), file, "The photo you chose");
  lack("One moment.");
  try {
    uploaded.value = "";
    uploaded.value = await send(file);
    find("drop-word").textContent = "Another photo";
    if (mine === turn) look();
  } catch (problem) {
    if (mine === turn) fail(problem.message);
  }
}

function look() {
  understand("pose-from-photo", { upload_id: uploaded.value });
}

form.querySelectorAll('[name="mode"]').forEach((one) => one.addEventListener("change", show));
told.addEventListener("input", () => {
  begin.value = "";
  begin.disabled = true;
  hear();
});
const drop = find("drop");
find("photo").addEventListener("change", (event) => photo(event.target.files[0]));
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") photo(event.dataTransfer.files[0]);
  });
}
if (uploaded.value) again();
show();
