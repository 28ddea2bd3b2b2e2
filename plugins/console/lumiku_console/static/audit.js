import { code, h, table, when } from "./dom.js";
import { section } from "./section.js";

function changed(one) {
  const before = one.before ?? {};
  const after = one.after ?? {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return h("ul", { class: "wishes" }, names.map((name) =>
    h("li", {}, `${name}: ${said(before[name])} → `, h("b", {}, said(after[name])))));
}

function said(value) {
  if (value === undefined || value === null) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function draw(items) {
  return table("Changes", [
    ["When", (one) => when(one.at)],
    ["Who", (one) => code(one.actor)],
    ["Did", (one) => h("span", {}, h("b", {}, one.action), h("br"), code(one.subject))],
    ["Change", changed],
    ["Reason", (one) => one.reason || h("span", { class: "muted" }, "none given")],
  ], items);
}

section({ address: "/api/admin/audit", draw, nothing: "Nobody has changed anything." });
