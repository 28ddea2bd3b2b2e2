// Search, categories and counts of the page; the kernel's form does the rest.

const form = document.querySelector("form.studio");
const find = (name) => form.querySelector(`[data-${name}]`);
const poses = [...form.querySelectorAll("[data-gallery] .pick")];
const search = find("search");
const chips = [...form.querySelectorAll("[data-shelf]")];
let shelf = "";

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const pose of poses) {
    const here = !shelf || pose.dataset.groups.split(" ").includes(shelf);
    const fits = here && words.every((word) => pose.dataset.words.includes(word));
    pose.hidden = !fits;
    shown += fits;
  }
  find("nothing").hidden = shown > 0;
  chips.forEach((chip) => chip.setAttribute("aria-pressed", chip.dataset.shelf === shelf));
}

function tally() {
  const chosen = poses.filter((pose) => pose.querySelector("input").checked).length;
  const each = Math.max(1, Number(form.querySelector('[data-path="variations"]').value) || 1);
  find("count-chosen").textContent = chosen;
  find("clear").hidden = chosen === 0;
  const mode = form.querySelector('[name="mode"]:checked').value;
  const lacking = { gallery: chosen ? "" : "Choose at least one pose.", text: form.dataset.told, photo: form.dataset.told };
  const behind = form.querySelector('[data-path="background.upload_id"]');
  form.dataset.lacking = lacking[mode] || (!behind.disabled && !behind.value ? "Choose the picture behind the person." : "");
  const pictures = (mode === "gallery" ? chosen : 1) * each;
  find("start-label").textContent = pictures > 1 ? `Generate ${pictures} pictures` : "Generate";
}

function all() {
  shelf = "";
  search.value = "";
  filter();
}

function person() {
  const chosen = find("people").querySelector("input:checked");
  if (chosen) find("source").value = chosen.closest(".pick").dataset.groups;
}

function backdrop() {
  const mode = form.querySelector('[data-path="background.mode"]').value;
  for (const field of form.querySelectorAll("[data-behind]")) {
    const shown = field.dataset.behind.split(" ").includes(mode);
    field.hidden = !shown;
    field.querySelectorAll("[data-path]").forEach((input) => { input.disabled = !shown; });
  }
}

function refresh() {
  person();
  backdrop();
  tally();
}

search.addEventListener("input", (event) => {
  event.stopPropagation();
  filter();
});
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
chips.forEach((chip) => chip.addEventListener("click", () => {
  shelf = chip.dataset.shelf;
  filter();
}));
find("all").addEventListener("click", all);
find("clear").addEventListener("click", () => {
  poses.forEach((pose) => { pose.querySelector("input").checked = false; });
  form.dispatchEvent(new CustomEvent("lumiku:changed"));
  poses.find((pose) => !pose.hidden)?.querySelector("input").focus();
});
for (const [name, by] of [["less", -1], ["more", 1]]) {
  find(name).addEventListener("click", () => {
    const input = form.querySelector('[data-path="variations"]');
    input.value = Math.min(10, Math.max(1, (Number(input.value) || 1) + by));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Just before a price is asked for, and at once for what the eye sees.
form.addEventListener("lumiku:asking", refresh);
form.addEventListener("input", refresh);
form.addEventListener("lumiku:changed", refresh);
refresh();
filter();
// The kernel's form may have begun before this file was here.
form.dispatchEvent(new CustomEvent("lumiku:changed"));
