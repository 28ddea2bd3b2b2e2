// The viewer's own products: pictures of them go up at once, each for pictures of its own.

import { send, show } from "./sending.js";

const form = document.querySelector("form.studio");
const find = (name) => form.querySelector(`[data-${name}]`);
const fields = find("ware-fields");
const fault = find("ware-fault");
const where = find("ware-where");
const colour = find("ware-colour").querySelector("input");
const ids = find("ware-ids");
const list = find("ware-list");
const PRINTED = new Set(["box", "bottle", "cup", "bag", "handbag", "phone", "laptop", "poster"]);
const WORD = find("ware-word").textContent;
const MOST = 20;
let waiting = 0;

const sent = () => ids.value.split(" ").filter(Boolean);

function hidden(path, value, touched) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", value });
  input.dataset.path = path;
  if (touched) input.dataset.touched = "";
  return input;
}

// One product goes as `product`, several as `products`, all of them placed alike.
function follow() {
  const all = sent();
  const tinted = PRINTED.has(where.value);
  fields.hidden = all.length === 0;
  find("ware-colour").hidden = !tinted;
  const inputs = all.flatMap((id, place) => {
    const part = all.length === 1 ? "product" : `products.${place}`;
    const about = [hidden(`${part}.upload_id`, id), hidden(`${part}.where`, where.value)];
    return tinted && "touched" in colour.dataset ? [...about, hidden(`${part}.color`, colour.value)] : about;
  });
  find("ware-inputs").replaceChildren(...inputs);
  find("ware-word").textContent = waiting ? "One moment…" : all.length ? "Add another product" : WORD;
  form.dataset.wares = Math.max(1, all.length);
}

function changed() {
  follow();
  form.dispatchEvent(new CustomEvent("lumiku:changed"));
}

// A picture in the row, with a button that takes it away.
function stand(source, id = "") {
  const item = document.querySelector("template[data-ware-item]").content.firstElementChild.cloneNode(true);
  item.dataset.upload = id;
  const picture = show(item.querySelector("span"), source, `Product ${list.children.length + 1}`);
  item.querySelector("button").addEventListener("click", () => {
    away(item);
    find("ware").focus();
  });
  // What was sent before the page was loaded again may be gone.
  if (id) picture.addEventListener("error", () => away(item));
  list.append(item);
  return item;
}

function away(item) {
  ids.value = sent().filter((id) => id !== item.dataset.upload).join(" ");
  item.remove();
  changed();
}

async function take(file) {
  fault.hidden = true;
  const item = stand(file);
  waiting += 1;
  follow();
  try {
    item.dataset.upload = await send(file);
    if (item.isConnected) ids.value = [...sent().filter((id) => id !== item.dataset.upload), item.dataset.upload].join(" ");
  } catch (problem) {
    item.remove();
    fault.textContent = problem.message;
    fault.hidden = false;
  }
  waiting -= 1;
  changed();
}

function takeAll(files) {
  const some = [...files].slice(0, MOST - list.children.length);
  some.forEach(take);
  if (some.length < files.length) {
    fault.textContent = `One job shows ${MOST} products at most.`;
    fault.hidden = false;
  }
}

find("ware").addEventListener("change", (event) => {
  takeAll(event.target.files);
  event.target.value = "";
});
for (const input of [where, colour]) {
  input.addEventListener("input", () => {
    if (input === colour) colour.dataset.touched = "";
    follow();
  });
}
const drop = find("ware-drop");
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") takeAll(event.dataTransfer.files);
  });
}
sent().forEach((id) => stand(id, id));
changed();
