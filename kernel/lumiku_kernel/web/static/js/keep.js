// What was chosen in a form is still there after a reload, for as long as the tab lives.
//
// Not in dialogues, which begin anew, nor for inputs with `data-fleeting`; a form with
// something `data-anew` in it begins as the server has filled it in.

const key = (form) => `lumiku:${form.dataset.worker}`;
const kept = (form) => !form.closest("dialog");
const inputs = (form) => form.querySelectorAll("[data-path]:not([data-fleeting])");
const ticks = (input) => input.type === "radio" || input.type === "checkbox";
// One without a path is not sent and has another `data-` word of its own.
const named = (input) => input.dataset.path || Object.keys(input.dataset).find((word) => word !== "path" && word !== "touched");
const place = (input) => (ticks(input) ? `${named(input)}=${input.value}` : named(input));

export function remember(form) {
  if (!kept(form)) return;
  const state = {};
  for (const input of inputs(form)) {
    state[place(input)] = [ticks(input) ? input.checked : input.value, "touched" in input.dataset];
  }
  sessionStorage.setItem(key(form), JSON.stringify(state));
}

export function recall(form) {
  const text = kept(form) && !form.querySelector("[data-anew]") && sessionStorage.getItem(key(form));
  if (!text) return;
  const state = JSON.parse(text);
  for (const input of inputs(form)) {
    const [value, touched] = state[place(input)] ?? [];
    if (value === undefined || (input.type === "radio" && !value) || input.disabled && ticks(input)) continue;
    if (ticks(input)) input.checked = value;
    else if (input.tagName !== "SELECT" || [...input.options].some((one) => one.value === value)) input.value = value;
    if (touched) input.dataset.touched = "";
  }
}

// Who signs out leaves nothing behind for the next.
export function forget() {
  sessionStorage.clear();
}
