// Forms that start jobs: read the inputs, show the price as it changes, send once.
//
// An input says by `data-path` where its value goes (`avatar.id`, `outfit.0.kind`) and
// by `data-kind` what it is. What is empty or untouched is left out.

import { call, chance, moreCredits, refreshCredits, showProblem } from "./api.js";
import { addJob } from "./job.js";
import { recall, remember } from "./keep.js";

const PAUSE = 200;
const AGAIN = 5000;

export function read(form) {
  const body = {};
  for (const input of form.querySelectorAll("[data-path]")) {
    const path = input.dataset.path;
    if (!path || input.disabled) continue;
    const value = valueOf(input);
    if (value === undefined) continue;
    if (input.dataset.kind === "list") put(body, path, [...(get(body, path) ?? []), value]);
    else put(body, path, value);
  }
  return compact(body);
}

function valueOf(input) {
  const kind = input.dataset.kind;
  if (kind === "yesno") return input.checked;
  if ((input.type === "radio" || input.type === "checkbox") && !input.checked) return undefined;
  const text = input.value.trim();
  if (text === "") return undefined;
  if ((input.type === "color" || input.type === "range") && !("touched" in input.dataset)) return undefined;
  if (input.type === "number" || input.type === "range" || kind === "number" || kind === "integer") return Number(text);
  if (kind === "lines") return text.split("\n").map((line) => line.trim()).filter(Boolean);
  if (kind === "json") return JSON.parse(text);
  return text;
}

function get(body, path) {
  return path.split(".").reduce((part, key) => part?.[key], body);
}

function put(body, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  let part = body;
  keys.forEach((key, index) => {
    const next = keys[index + 1] ?? last;
    part[key] ??= /^\d+$/.test(next) ? [] : {};
    part = part[key];
  });
  part[last] = value;
}

// Lists may have holes where a numbered part was left out.
function compact(part) {
  if (Array.isArray(part)) return part.filter((one) => one !== undefined).map(compact);
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, compact(value)]));
}

export function begin(form) {
  recall(form);
  const start = form.querySelector("[data-start]");
  const price = form.querySelector("[data-price]");
  const note = form.querySelector("[data-price-note]");
  let timer = null;
  let asked = 0;
  let sent = null;

  async function quote() {
    const turn = (asked += 1);
    form.dispatchEvent(new CustomEvent("lumiku:asking"));
    const missing = form.dataset.lacking || unfilled();
    if (missing) return lack(missing);
    start.setAttribute("data-busy", "");
    try {
      const said = await call("POST", `${form.dataset.worker}/quote`, read(form));
      if (turn !== asked) return;
      showPrice(said.price === 0 ? "free" : said.price);
      note.textContent = said.affordable ? "" : `You have ${said.available} credits; ${said.price - said.available} are missing.`;
      if (said.topup_url) note.append(" ", moreCredits(said.topup_url));
      start.disabled = !said.affordable;
      document.querySelector("[data-not-running]")?.remove();
      faults(form, null);
      showProblem(form, null);
    } catch (problem) {
      if (turn !== asked) return;
      showPrice("–");
      start.disabled = true;
      fail(problem);
      // It may run again at any moment, and nobody should have to reload for it.
      if (problem.said?.status === 503) timer = setTimeout(quote, AGAIN);
    } finally {
      if (turn === asked) start.removeAttribute("data-busy");
    }
  }

  // What must be filled in before there can be a price; nobody is scolded for it yet.
  function unfilled() {
    const input = form.querySelector("[data-path][required]:invalid");
    const label = input && form.querySelector(`label[for="${CSS.escape(input.id)}"]`);
    return label ? `Fill in “${label.textContent}”.` : "";
  }

  // The button has no place for it where nothing costs credits.
  function showPrice(text) {
    if (price) price.textContent = text;
  }

  function lack(what) {
    showPrice("–");
    note.textContent = what;
    faults(form, null);
    showProblem(form, null);
    start.disabled = true;
    start.removeAttribute("data-busy");
  }

  function fail(problem) {
    if (problem.said?.code === "no-worker") {
      note.textContent = "Nothing can be made just now. This page tries again by itself.";
      showProblem(form, null);
      return;
    }
    note.textContent = "";
    const rest = faults(form, problem.said?.errors);
    showProblem(form, rest ? problem : null);
  }

  function soon() {
    remember(form);
    clearTimeout(timer);
    timer = setTimeout(quote, PAUSE);
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "color" || event.target.type === "range") event.target.dataset.touched = "";
    soon();
  });
  form.addEventListener("lumiku:changed", soon);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (start.disabled) return;
    start.disabled = true;
    start.setAttribute("data-busy", "");
    try {
      const body = read(form);
      const text = JSON.stringify(body);
      // The same request sent again after a lost answer must not be paid twice.
      if (sent?.text !== text) sent = { text, key: chance() };
      const { job } = await call("POST", form.dataset.worker, body, { "Idempotency-Key": sent.key });
      sent = null;
      showProblem(form, null);
      const shown = addJob(job, form.dataset.appName);
      form.dispatchEvent(new CustomEvent("lumiku:started", { bubbles: true, detail: job }));
      shown.scrollIntoView({ behavior: "smooth", block: "start" });
      refreshCredits();
      soon();
    } catch (problem) {
      fail(problem); // and no new price, which would wipe it away
    } finally {
      start.disabled = false;
      start.removeAttribute("data-busy");
    }
  });

  quote();
}

// Puts each fault beside its field; whether something is left to say above.
function faults(form, errors) {
  form.querySelectorAll("[data-fault]").forEach((place) => { place.hidden = true; });
  form.querySelectorAll('[aria-invalid="true"]').forEach((input) => input.removeAttribute("aria-invalid"));
  let rest = !errors?.length;
  for (const error of errors ?? []) {
    const place = form.querySelector(`[data-fault="${CSS.escape(error.field)}"]`);
    if (!place) {
      rest = true;
      continue;
    }
    place.textContent = error.detail;
    place.hidden = false;
    place.closest("details")?.setAttribute("open", "");
    form.querySelector(`[data-path="${CSS.escape(error.field)}"]`)?.setAttribute("aria-invalid", "true");
  }
  return rest;
}
