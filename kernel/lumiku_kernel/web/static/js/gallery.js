// A gallery to pick from: arrow keys move between its pictures as they are seen.

export function begin(gallery) {
  gallery.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: "up", ArrowDown: "down", Home: "first", End: "last" }[event.key];
    if (step === undefined || event.target.type !== "checkbox") return;
    const inputs = [...gallery.querySelectorAll(".pick:not([hidden]) input")];
    const at = inputs.indexOf(event.target);
    if (at < 0) return;
    event.preventDefault();
    inputs[to(inputs, at, step)]?.focus();
  });
}

function to(inputs, at, step) {
  if (step === "first") return 0;
  if (step === "last") return inputs.length - 1;
  const top = (input) => Math.round(input.getBoundingClientRect().top);
  const columns = inputs.filter((input) => top(input) === top(inputs[0])).length;
  const by = { up: -columns, down: columns }[step] ?? step;
  const next = at + by;
  return next < 0 || next >= inputs.length ? at : next;
}
