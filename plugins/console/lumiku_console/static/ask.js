// The dialogue: something to read, or a change, which always asks for its reason.

import { showProblem } from "/static/js/api.js";

import { h } from "./dom.js";

const dialog = document.querySelector("[data-ask]");
const form = dialog.querySelector("form");
const find = (name) => dialog.querySelector(`[data-ask-${name}]`);
let act = null;

for (const one of dialog.querySelectorAll("[data-ask-close]")) {
  one.addEventListener("click", () => dialog.close());
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const doing = find("do");
  if (!act || doing.disabled) return;
  const given = read();
  if (given === null) return;
  doing.disabled = true;
  try {
    await act(given);
    dialog.close();
  } catch (problem) {
    showProblem(dialog, problem);
  } finally {
    doing.disabled = false;
  }
});

function open(title, body) {
  showProblem(dialog, null);
  find("title").textContent = title;
  find("body").replaceChildren(...body);
  if (!dialog.open) dialog.showModal();
}

// Something to read.
export function tell(title, ...body) {
  act = null;
  find("do").hidden = true;
  find("cancel").textContent = "Close";
  open(title, body);
}

// A change: `fields` are those of `field()`, `change(values)` makes it, `reason` is in
// the values. What the field held before and still holds is left out.
export function ask({ title, words = "", fields = [], confirm, change, extra = [] }) {
  act = change;
  find("do").hidden = false;
  find("do").textContent = confirm;
  find("cancel").textContent = "Cancel";
  const reason = field({ name: "reason", label: "Reason", help: "It is kept in the audit.", needed: true, kind: "long" });
  open(title, [...(words ? [h("p", { class: "muted" }, words)] : []), ...fields.map(field), ...extra, reason]);
  (find("body").querySelector("input, select") ?? find("body").querySelector("textarea")).focus();
}

function field({ name, label, value = "", help = "", needed = false, kind = "text", choices = [], least, most }) {
  const id = `ask-${name}`;
  const given = { class: "input", id, name, required: needed, "data-before": String(value), "data-kind": kind };
  let input;
  if (choices.length) {
    input = h("select", given, choices.map(([one, word]) => h("option", { value: one, selected: String(one) === String(value) }, word)));
  } else if (kind === "long") {
    input = h("textarea", { ...given, rows: 2, maxlength: 500 });
    input.value = value;
  } else {
    input = h("input", { ...given, type: kind === "number" ? "number" : "text", value, min: least, max: most });
  }
  if (help) input.setAttribute("aria-describedby", `${id}-help`);
  return h("div", { class: "field" }, h("label", { for: id }, label), input,
    help && h("p", { class: "help", id: `${id}-help` }, help),
    h("p", { class: "fault", id: `${id}-fault`, hidden: true }));
}

// The values as they stand that differ from those before, and the reason.
export function values() {
  const given = {};
  for (const input of find("body").querySelectorAll("[name]")) {
    const text = input.value.trim();
    if (text === input.dataset.before && input.name !== "reason") continue;
    given[input.name] = input.dataset.kind === "number" ? (text === "" ? null : Number(text)) : text;
  }
  return given;
}

// Those values, or null after saying which is missing or wrong.
function read() {
  let wrong = null;
  for (const input of find("body").querySelectorAll("[name]")) {
    const fault = document.getElementById(`${input.id}-fault`);
    const well = input.checkValidity() && (!input.required || input.value.trim() !== "");
    fault.hidden = well;
    fault.textContent = well ? "" : input.name === "reason" ? "Say why." : "This does not fit.";
    if (well) input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
    if (!well) wrong ??= input;
  }
  wrong?.focus();
  return wrong ? null : values();
}
