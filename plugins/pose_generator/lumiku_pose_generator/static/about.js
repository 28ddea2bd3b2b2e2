// One pose, told of: its words, its stars, whether it is a favourite, what was made of it.

import { call, showProblem } from "/static/js/api.js";

const dialog = document.querySelector('[data-dialog="about"]');
const root = dialog.querySelector(".about-pose");
const find = (name) => root.querySelector(`[data-${name}]`);
const stars = [...root.querySelectorAll('[name="stars"]')];
const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
const gallery = document.querySelector("[data-gallery]");
let pose = null;
let shown = null;

const path = (rest = "") => `${root.dataset.library}/${pose.id}${rest}`;

async function open(id) {
  pose = await call("GET", `${root.dataset.library}/${id}`);
  dialog.querySelector("h2").textContent = pose.name;
  find("about-picture").src = pose.thumbnail_url;
  find("about-words").textContent = pose.description;
  find("about-second").textContent = `${pose.name_id}. ${pose.description_id}`;
  showProblem(root, null);
  const picked = inGallery(id)?.closest(".pick").querySelector("input");
  const choose = find("about-choose");
  choose.href = `${root.dataset.page}?pose=${encodeURIComponent(id)}`;
  choose.textContent = picked?.checked ? "Leave this pose out" : "Use this pose";
  say();
  if (!dialog.open) dialog.showModal();
}

function inGallery(id) {
  return gallery?.querySelector(`[data-about="${CSS.escape(id)}"]`);
}

function say() {
  stars.forEach((one) => { one.checked = Number(one.value) === pose.my_stars; });
  find("unrate").hidden = pose.my_stars === null;
  find("about-opinion").textContent = pose.ratings ? `${pose.stars} of 5 by ${count(pose.ratings, "rating")}` : "Nobody has rated it yet.";
  find("about-used").textContent = pose.my_pictures ? `You have made ${count(pose.my_pictures, "picture")} of it.` : "You have not used it yet.";
  find("about-like").setAttribute("aria-pressed", pose.favourite);
  find("about-like").querySelector("span").textContent = pose.favourite ? "A favourite" : "Favourite";
  const card = inGallery(pose.id);
  if (!card) return;
  Object.assign(card.dataset, { own: pose.my_stars ?? "", mean: pose.stars ?? 0 });
  card.querySelector("[data-shown-stars]").textContent = pose.my_stars ?? pose.stars ?? "";
  const heart = card.closest(".pick").querySelector("[data-like]");
  if (heart.getAttribute("aria-pressed") !== String(pose.favourite)) {
    heart.setAttribute("aria-pressed", pose.favourite);
    document.dispatchEvent(new CustomEvent("lumiku:liked"));
  }
}

async function change(method, what, body) {
  try {
    await call(method, path(what), body);
    pose = await call("GET", path());
    showProblem(root, null);
  } catch (problem) {
    showProblem(root, problem);
  }
  say();
}

stars.forEach((one) => one.addEventListener("change", () => change("PUT", "/rating", { stars: Number(one.value) })));
find("unrate").addEventListener("click", () => change("DELETE", "/rating"));
find("about-like").addEventListener("click", () => change(pose.favourite ? "DELETE" : "PUT", "/favourite"));
find("about-choose").addEventListener("click", (event) => {
  const input = inGallery(pose.id)?.closest(".pick").querySelector("input");
  if (!input) return;
  event.preventDefault();
  input.checked = !input.checked;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelectorAll("dialog[open]").forEach((one) => one.close());
});

document.addEventListener("lumiku:shown", ({ detail }) => {
  shown = detail.artifact.meta?.pose_id ?? null;
  const tool = document.querySelector("[data-lightbox] [data-about-shown]");
  if (tool) tool.hidden = shown === null;
});
async function ask(id) {
  try {
    await open(id);
  } catch (problem) {
    if (problem.said?.status !== 404) throw problem;
  }
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-about]");
  if (button) ask(button.dataset.about);
  else if (event.target.closest("[data-about-shown]")) ask(shown);
});
// A hand on the keyboard asks about the pose it stands on by I.
gallery?.addEventListener("keydown", (event) => {
  if (event.key === "i" && event.target.matches("[type=checkbox]")) ask(event.target.value);
});
