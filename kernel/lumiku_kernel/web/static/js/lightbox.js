// A picture seen large: its maps, its neighbours, download and share.

const NAMES = {
  image: "Picture",
  "map-openpose": "Pose",
  "map-depth": "Depth",
  "map-alpha": "Cut-out",
  "map-normal": "Normals",
  "map-segmentation": "Parts",
  "map-canny": "Edges",
};
const EXTENSIONS = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" };

// A page's own buttons stand in `data-lightbox-more`; `lumiku:shown` tells them of what.

const box = document.querySelector("[data-lightbox]");
let tiles = [];
let at = 0;
let kind = "image";

const find = (name) => box.querySelector(`[data-${name}]`);
const name = (one) => NAMES[one] ?? one.replace(/^map-/, "");

function made() {
  return JSON.parse(tiles[at].dataset.made);
}

function open(tile, wanted) {
  tiles = [...tile.closest("[data-tiles], .gallery, body").querySelectorAll('.tile[data-state="done"]:not([data-plain])')];
  at = tiles.indexOf(tile);
  const kinds = made().map((one) => one.kind);
  kind = wanted === "maps" ? kinds.find((one) => one !== "image") : "image";
  box.showModal();
  show();
}

function show() {
  const all = made();
  const one = all.find((artifact) => artifact.kind === kind) ?? all[0];
  kind = one.kind;
  const image = find("lightbox-image");
  image.src = one.url;
  image.width = one.width ?? 0;
  image.height = one.height ?? 0;
  image.alt = `${name(kind)} ${Number(tiles[at].dataset.item) + 1}`;
  image.classList.toggle("cut", kind === "image" && one.media_type === "image/png");
  const { label } = tiles[at].dataset;
  find("lightbox-title").textContent = `${at + 1} of ${tiles.length}${label ? ` · ${label}` : ""}`;
  find("lightbox-download").href = `${one.url}?download`;
  find("lightbox-before").hidden = at === 0;
  find("lightbox-after").hidden = at === tiles.length - 1;
  find("lightbox-kinds").hidden = all.length < 2;
  find("lightbox-kinds").replaceChildren(...all.map(button));
  find("share").hidden = !navigator.canShare;
  find("lightbox-more").hidden = kind !== "image";
  document.dispatchEvent(new CustomEvent("lumiku:shown", { detail: { artifact: one, tile: tiles[at] } }));
}

function button(artifact) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = name(artifact.kind);
  made.setAttribute("aria-pressed", artifact.kind === kind);
  made.addEventListener("click", () => {
    kind = artifact.kind;
    show();
    find("lightbox-kinds").querySelector('[aria-pressed="true"]').focus();
  });
  return made;
}

function step(by) {
  if (!tiles[at + by]) return;
  at += by;
  show();
}

async function share() {
  const one = made().find((artifact) => artifact.kind === kind);
  const content = await (await fetch(one.url)).blob();
  const file = new File([content], `picture.${EXTENSIONS[content.type] ?? "bin"}`, { type: content.type });
  if (!navigator.canShare({ files: [file] })) return;
  await navigator.share({ files: [file] }).catch((refused) => {
    if (refused.name !== "AbortError") throw refused;
  });
}

export function close() {
  box.close();
}

export function begin() {
  const own = document.querySelector("template[data-lightbox-tools]");
  if (own) find("lightbox-more").replaceChildren(own.content.cloneNode(true));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open], [data-open-maps]");
    if (button) open(button.closest(".tile"), button.matches("[data-open-maps]") ? "maps" : "image");
  });
  find("lightbox-close").addEventListener("click", () => box.close());
  find("lightbox-before").addEventListener("click", () => step(-1));
  find("lightbox-after").addEventListener("click", () => step(1));
  find("share").addEventListener("click", share);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  let from = null;
  const stage = box.querySelector(".lightbox-stage");
  stage.addEventListener("pointerdown", (event) => { from = event.clientX; });
  stage.addEventListener("pointerup", (event) => {
    const moved = from === null ? 0 : event.clientX - from;
    from = null;
    if (Math.abs(moved) > 48) step(moved < 0 ? 1 : -1);
  });
  stage.addEventListener("click", (event) => {
    if (event.target === stage) box.close();
  });
}
