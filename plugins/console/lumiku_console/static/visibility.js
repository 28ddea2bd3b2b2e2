import { call, showProblem } from "/static/js/api.js";

import { tell } from "./ask.js";
import { h, icon, table } from "./dom.js";
import { section, tools } from "./section.js";
import { verdict } from "./verdict.js";

const TIERS = ["free", "basic", "pro", "enterprise"];

async function why(app, query, whose) {
  const main = document.getElementById("main");
  try {
    const said = await call("GET", `/api/admin/apps/${encodeURIComponent(app)}/visibility?${new URLSearchParams(query)}`);
    tell(`${app}, seen by ${whose}`, verdict(said));
    showProblem(main, null);
  } catch (problem) {
    showProblem(main, problem);
  }
}

function field(row, tier) {
  const one = row.tiers[tier];
  const [words, picture, look] = !one.visible
    ? [one.codes.join(", ").replaceAll("_", " ").toLowerCase(), "hidden", "bad"]
    : one.runnable
      ? [`${one.models.length} model${one.models.length === 1 ? "" : "s"}`, "check", "good"]
      : ["cannot run", "clock", "warn"];
  return h("button", {
    class: `cell ${look}`, type: "button",
    "aria-label": `${row.app}, tier ${tier}: ${one.visible ? "visible" : "hidden"}, ${words}. Why?`,
    onclick: () => why(row.app, { as_tier: tier }, `the tier ${tier}`),
  }, icon(picture), words);
}

function draw(items) {
  const what = tools.elements.what;
  what.replaceChildren(...items.map((row) => h("option", { value: row.app }, row.app)));
  return table("Apps and tiers", [
    ["App", (row) => h("b", {}, row.app)],
    ...TIERS.map((tier) => [tier, (row) => field(row, tier)]),
  ], items);
}

section({ address: "/api/admin/visibility", draw, nothing: "No app is installed." });
tools.addEventListener("submit", () => {
  const who = tools.elements.who.value.trim();
  if (who) why(tools.elements.what.value, { as_user: who }, who);
});
