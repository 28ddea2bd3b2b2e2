// A verdict in full: summary, funnel, models, gates.

import { code, command, h, pill, table, yes } from "./dom.js";

const LOOK = { pass: "good", fail: "bad", unknown: "warn" };

function because(one) {
  if (!one.code && !one.detail) return "";
  return h("div", {}, one.code ? h("span", {}, code(one.code), " ") : "", one.detail ?? "", one.fix ? command(one.fix.command) : "");
}

export function verdict(said) {
  const funnel = Object.entries(said.funnel).map(([name, count]) => `${count} ${name.replaceAll("_", " ")}`);
  const notable = said.gates.filter((gate) => gate.outcome !== "pass");
  return h("div", { class: "stack" },
    h("p", {}, said.summary),
    h("p", { class: "row" }, pill(said.visible ? "visible" : "hidden", said.visible ? "good" : "bad"), pill(said.runnable ? "can run" : "cannot run", said.runnable ? "good" : "warn")),
    h("p", { class: "small muted" }, `Models: ${funnel.join(" → ")}`),
    said.would_be_visible_if.length ? h("div", {}, h("h3", {}, "It would be visible if"), h("ul", { class: "wishes" }, said.would_be_visible_if.map((wish) => h("li", {}, wish)))) : "",
    notable.length ? table("Gates that do not pass", GATES, notable) : "",
    said.models.length ? table("Models", [
      ["Model", (one) => code(one.key)],
      ["Usable", (one) => yes(one.usable)],
      ["Why", because],
    ], said.models) : "",
    h("details", { class: "more" }, h("summary", {}, `All ${said.gates.length} gates`), table("Gates", GATES, said.gates)));
}

const GATES = [
  ["Gate", (gate) => `${gate.gate} ${gate.name.replaceAll("_", " ")}`],
  ["Outcome", (gate) => pill(gate.outcome, LOOK[gate.outcome] ?? "plain")],
  ["Why", because],
];
