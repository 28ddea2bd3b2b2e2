// Asks before something that cannot be taken back, and says what went wrong.

import { showProblem } from "./api.js";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  made.append(...children);
  return made;
}

// True for yes. `yes` is the word of the button that does it.
export function sure({ title, words = "", yes }) {
  return new Promise((answer) => {
    const does = element("button", { type: "submit", value: "yes", className: "button primary" }, yes);
    const leave = element("button", { type: "submit", value: "", className: "button" }, "Cancel");
    const form = element("form", { method: "dialog", className: "dialog-foot" }, leave, does);
    const box = element("dialog", { className: "dialog small-dialog" }, element("h2", {}, title), element("p", { className: "muted" }, words), form);
    box.addEventListener("close", () => {
      box.remove();
      answer(box.returnValue === "yes");
    });
    document.body.append(box);
    box.showModal();
    does.focus();
  });
}

// A problem in the page's banner nearest to what was pressed.
export function sorry(near, problem) {
  const place = near.closest("section, form, main");
  const box = place.querySelector(":scope > [data-problem]") ?? place.querySelector("[data-problem]");
  showProblem(box.parentElement, problem);
  box.scrollIntoView({ block: "nearest" });
}
