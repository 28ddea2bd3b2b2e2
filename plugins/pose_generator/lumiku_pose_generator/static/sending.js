// A picture of the viewer's own, sent up; and what stands behind the person.

export async function send(file) {
  const body = new FormData();
  body.append("file", file);
  let answer;
  try {
    answer = await fetch("/api/uploads", { method: "POST", body });
  } catch {
    throw new Error("There is no connection. Try again.");
  }
  const said = await answer.json();
  if (!answer.ok) throw new Error([said.detail, said.fix].filter(Boolean).join(" "));
  return (said.upload ?? said).id;
}

// A picture in the place of another; `source` is a file or the id of one sent before.
export function show(place, source, alt) {
  const shown = new Image();
  shown.alt = alt;
  shown.src = typeof source === "string" ? `/api/uploads/${source}` : URL.createObjectURL(source);
  place.replaceChildren(shown);
  return shown;
}

// Shows of a form's backgrounds what belongs to the one chosen; says what is lacking.
export function backdrop(form) {
  const mode = form.querySelector('[data-path="background.mode"]').value;
  for (const field of form.querySelectorAll("[data-behind]")) {
    const shown = field.dataset.behind.split(" ").includes(mode);
    field.hidden = !shown;
    field.querySelectorAll("[data-path]").forEach((input) => { input.disabled = !shown; });
  }
  const picture = form.querySelector('[data-path="background.upload_id"]');
  return !picture.disabled && !picture.value ? "Choose the picture behind the person." : "";
}

// The picture chosen to stand behind the person goes up at once.
export function takes(form) {
  const input = form.querySelector("[data-picture]");
  const id = form.querySelector('[data-path="background.upload_id"]');
  const fault = form.querySelector("[data-picture-fault]");
  input.addEventListener("change", async () => {
    id.value = "";
    fault.hidden = true;
    try {
      if (input.files[0]) id.value = await send(input.files[0]);
    } catch (problem) {
      fault.textContent = problem.message;
      fault.hidden = false;
    }
    form.dispatchEvent(new CustomEvent("lumiku:changed"));
  });
}
