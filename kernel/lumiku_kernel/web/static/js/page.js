// What every page does once it is there.

import * as form from "./form.js";
import * as gallery from "./gallery.js";
import { watch } from "./job.js";
import { forget } from "./keep.js";
import * as lightbox from "./lightbox.js";

document.querySelectorAll("[data-job]:not([data-job=''])").forEach(watch);
document.querySelectorAll("form[data-worker]").forEach(form.begin);
document.querySelectorAll("[data-gallery]").forEach(gallery.begin);
if (document.querySelector("[data-lightbox]")) lightbox.begin();
document.querySelectorAll('form[action="/logout"]').forEach((form) => form.addEventListener("submit", forget));

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
document.querySelectorAll("time[data-time]").forEach((time) => {
  time.textContent = moment.format(new Date(time.dateTime));
});

document.addEventListener("click", async (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.closest("[data-dialog-close]") || beside(event)) event.target.closest("dialog").close();
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.querySelector("use").setAttribute("href", "/static/icons.svg#check");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("[data-menu][open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

function beside({ target, clientX, clientY }) {
  if (!target.matches("dialog.dialog")) return false;
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

const banner = document.querySelector("[data-connection]");
function connection(connected) {
  banner.hidden = connected;
  banner.querySelector("span").textContent = navigator.onLine
    ? "Connection lost. It comes back by itself."
    : "You are offline. Nothing is lost.";
}
document.addEventListener("lumiku:connection", (event) => connection(event.detail.connected));
addEventListener("offline", () => connection(false));
addEventListener("online", () => connection(true));
