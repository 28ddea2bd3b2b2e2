import { code, h, pill, table, when } from "./dom.js";
import { section } from "./section.js";

function attested(one) {
  const parts = [
    ["plugins", one.plugins], ["providers", one.providers], ["slots", one.slots],
  ].filter(([, value]) => value && Object.keys(value).length);
  return h("details", { class: "more" }, h("summary", {}, "What it attests"),
    h("pre", { class: "result", tabindex: "0" }, JSON.stringify(Object.fromEntries(parts), null, 2)));
}

function draw(items) {
  const sorted = [...items].sort((one, other) => Number(other.alive) - Number(one.alive));
  return table("Processes", [
    ["Process", (one) => h("span", {}, h("b", {}, one.role), h("br"), h("span", { class: "small muted" }, one.name))],
    ["State", (one) => (one.alive ? pill("alive", "good") : pill("silent", "plain"))],
    ["Number", (one) => code(String(one.pid))],
    ["Started", (one) => when(one.started_at)],
    ["Last heard", (one) => when(one.seen_at)],
    ["Attests", attested],
  ], sorted);
}

section({ address: "/api/admin/processes", draw });
