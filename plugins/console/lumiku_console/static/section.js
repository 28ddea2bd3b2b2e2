// A section: ask the API, show the list, ask again after a change or for more.

import { call, showProblem } from "/static/js/api.js";

import { empty } from "./dom.js";

export const place = document.querySelector("[data-place]");
export const tools = document.querySelector("[data-tools]");
const more = document.querySelector("[data-more]");
const main = document.getElementById("main");

document.querySelector("nav.chips [aria-current]").scrollIntoView({ inline: "center", block: "nearest" });

// `address(cursor)` names what to ask for; `draw(items)` makes what is shown of it.
export function section({ address, draw, nothing = "There is nothing here yet." }) {
  let items = [];
  let cursor = null;

  function show() {
    place.replaceChildren(items.length ? draw(items) : empty("Nothing to show", nothing));
    more.hidden = !cursor;
  }

  async function ask(after) {
    place.setAttribute("aria-busy", "true");
    try {
      const path = typeof address === "function" ? address() : address;
      const joined = after ? `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(after)}` : path;
      const said = await call("GET", joined);
      items = after ? [...items, ...said.items] : said.items;
      cursor = said.next_cursor;
      showProblem(main, null);
      show();
    } catch (problem) {
      if (!items.length) place.replaceChildren();
      showProblem(main, problem);
    } finally {
      place.setAttribute("aria-busy", "false");
    }
  }

  more.addEventListener("click", () => ask(cursor));
  tools.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  tools.querySelector("[data-again]")?.addEventListener("click", () => ask());
  tools.querySelector("[name=find]")?.addEventListener("input", show);
  ask();
  return { again: () => ask(), show };
}

// Those items in which the searched words stand somewhere.
export function found(items) {
  const words = (tools.querySelector("[name=find]")?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((one) => {
    const text = JSON.stringify(one).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
