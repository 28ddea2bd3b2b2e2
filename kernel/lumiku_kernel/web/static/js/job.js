// A job on the page: its bar, its pictures as they are done, cancel and retry.

import { call, metered, refreshCredits, showProblem } from "./api.js";
import { follow } from "./live.js";

const OVER = new Set(["succeeded", "partial", "failed", "canceled", "expired"]);
const LACKING = new Set(["partial", "failed", "canceled", "expired"]);

const find = (root, name) => root.querySelector(`[data-${name}]`);
const PICTURES = new Set(["image/png", "image/jpeg", "image/webp"]);
const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

// Adds a job just accepted in front of the others and follows it.
export function addJob(job, title) {
  const list = document.querySelector("[data-jobs]");
  const root = document.querySelector("template[data-new-job]").content.firstElementChild.cloneNode(true);
  Object.assign(root.dataset, { job: job.id, seq: 0, total: job.items.total, ok: 0, price: job.price, live: "" });
  find(root, "job-link").href = `/jobs/${job.id}`;
  find(root, "job-title").textContent = title;
  const does = job.worker.replaceAll("-", " ");
  find(root, "job-worker").textContent = does[0].toUpperCase() + does.slice(1);
  for (let index = 0; index < job.items.total; index += 1) {
    find(root, "tiles").append(blankTile(index, job.items.each?.[index]?.label ?? ""));
  }
  list.prepend(root);
  const none = document.querySelector("[data-no-jobs]");
  if (none) none.hidden = true;
  showState(root, job.state);
  showPaid(root, null);
  watch(root);
  return root;
}

export function watch(root) {
  const id = root.dataset.job;
  find(root, "cancel").addEventListener("click", (event) => ask(root, event.currentTarget, "cancel"));
  find(root, "retry").addEventListener("click", (event) => ask(root, event.currentTarget, "retry"));
  if (!OVER.has(root.dataset.state)) begin(root, id);
}

function begin(root, id) {
  follow(id, Number(root.dataset.seq), (event) => hear(root, event));
}

async function ask(root, button, what) {
  button.disabled = true;
  try {
    const { job } = await call("POST", `/api/jobs/${root.dataset.job}/${what}`);
    showProblem(root, null);
    if (what === "retry") {
      root.dataset.price = job.price;
      begin(root, job.id);
      refreshCredits();
    } else {
      find(root, "note").textContent = "Stopping…";
    }
  } catch (problem) {
    button.disabled = false;
    showProblem(root, problem);
  }
}

function hear(root, event) {
  root.dataset.seq = event.seq;
  const act = {
    queued: again,
    started: () => showState(root, "running"),
    restarted,
    progress: progressed,
    item_done: itemDone,
    item_failed: itemFailed,
  }[event.type];
  if (act) act(root, event);
  else if (OVER.has(event.type)) ended(root, event);
  else if (event.type === "retry_wait") showState(root, "retry_wait");
}

function again(root) {
  showProblem(root, null);
  root.querySelectorAll(".tile:not([data-state=done])").forEach((tile) => {
    tile.dataset.state = "waiting";
    find(tile, "says").textContent = "";
  });
  showState(root, "queued");
}

function restarted(root, event) {
  showState(root, "running");
  root.querySelector(".bar").value = event.progress ?? 0;
}

function progressed(root, event) {
  showState(root, "running");
  root.querySelector(".bar").value = event.progress;
  find(root, "note").textContent = event.note || "";
  const says = root.querySelector(`.tile[data-item="${event.item}"] [data-says]`);
  if (says && !says.textContent) says.textContent = "Being made";
}

function itemDone(root, event) {
  root.dataset.ok = Number(root.dataset.ok) + 1;
  root.querySelector(".bar").value = Number(root.dataset.ok) / Math.max(1, Number(root.dataset.total));
  find(root, "note").textContent = "";
  const tile = root.querySelector(`.tile[data-item="${event.item}"]`);
  if (tile) fillTile(tile, event.artifacts);
  showCount(root);
  document.dispatchEvent(new CustomEvent("lumiku:item", { detail: event }));
}

function itemFailed(root, event) {
  const tile = root.querySelector(`.tile[data-item="${event.item}"]`);
  if (!tile) return;
  tile.dataset.state = "failed";
  find(tile, "says").textContent = event.detail || "Could not be made";
}

async function ended(root, event) {
  showState(root, event.type);
  find(root, "note").textContent = "";
  delete root.dataset.live;
  root.querySelectorAll('.tile[data-state="waiting"]').forEach((tile) => {
    tile.dataset.state = "missing";
    find(tile, "says").textContent = "Not made";
  });
  showProblem(root, event.detail ? { message: event.detail } : null);
  showPaid(root, event);
  refreshCredits();
  const { job } = await call("GET", `/api/jobs/${root.dataset.job}`);
  find(root, "zip").href = `/api/jobs/${job.id}/zip`;
  find(root, "zip").hidden = job.artifacts.length < 2;
  if (job.result) {
    find(root, "result").textContent = JSON.stringify(job.result, null, 2);
    find(root, "result").hidden = false;
    find(root, "tiles").hidden = !job.artifacts.length;
  }
  document.dispatchEvent(new CustomEvent("lumiku:ended", { detail: job }));
}

function showState(root, state) {
  const over = OVER.has(state);
  root.dataset.state = state;
  if (!over) root.dataset.live = "";
  root.querySelectorAll("[data-when]").forEach((word) => {
    word.hidden = word.dataset.when !== state;
  });
  find(root, "cancel").hidden = over;
  find(root, "retry").hidden = !LACKING.has(state);
  find(root, "retry").disabled = false;
  if (state === "queued") find(root, "cancel").disabled = false;
  root.querySelector(".bar").hidden = state === "succeeded";
  showCount(root);
}

function showCount(root) {
  find(root, "count").textContent = `${root.dataset.ok} of ${root.dataset.total}`;
}

function showPaid(root, event) {
  if (!metered && !Number(root.dataset.price)) return;
  const given = event?.released ? `, ${event.released} given back` : "";
  find(root, "paid").textContent = event
    ? `Paid ${count(event.settled, "credit")}${given}`
    : `${count(Number(root.dataset.price), "credit")} set aside`;
}

function blankTile(index, label) {
  const tile = document.querySelector("template[data-new-tile]").content.firstElementChild.cloneNode(true);
  const name = `picture ${index + 1}`;
  tile.dataset.item = index;
  tile.dataset.label = label;
  find(tile, "open").setAttribute("aria-label", `Open ${name}`);
  find(tile, "open-maps").setAttribute("aria-label", `Maps of ${name}`);
  find(tile, "download").setAttribute("aria-label", `Download ${index + 1}`);
  return tile;
}

function fillTile(tile, made) {
  const image = made.find((one) => one.kind === "image") ?? made.find((one) => PICTURES.has(one.media_type));
  const first = image ?? made[0];
  tile.dataset.made = JSON.stringify(made);
  tile.dataset.state = first ? "done" : "missing";
  tile.querySelector(".tile-tools").hidden = !first;
  find(tile, "says").textContent = first ? first.media_type : "";
  if (!first) return;
  find(tile, "download").href = `${first.url}?download`;
  find(tile, "open-maps").hidden = !image || made.length < 2;
  if (!image) {
    tile.dataset.plain = "";
    return;
  }
  const shown = new Image(image.width ?? 3, image.height ?? 4);
  shown.alt = `Picture ${Number(tile.dataset.item) + 1}`;
  shown.src = image.url;
  find(tile, "open").replaceChildren(shown);
  find(tile, "open").hidden = false;
  tile.querySelector(".says").hidden = true;
}
