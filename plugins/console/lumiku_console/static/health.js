import { command, h, pill, table } from "./dom.js";
import { section } from "./section.js";

const ORDER = { error: 0, warn: 1, ok: 2 };
const LOOK = { error: ["wrong", "bad"], warn: ["look at it", "warn"], ok: ["well", "good"] };

function draw(items) {
  const sorted = [...items].sort((one, other) => ORDER[one.level] - ORDER[other.level]);
  const wrong = items.filter((one) => one.level !== "ok").length;
  return h("div", { class: "stack" },
    h("p", { class: `banner ${wrong ? "warn" : "notice"}`, role: "status" },
      wrong ? `${wrong} of ${items.length} checks ask for something.` : `All ${items.length} checks are well.`),
    table("Checks", [
      ["State", (one) => pill(...LOOK[one.level])],
      ["Check", (one) => one.check],
      ["Finding", (one) => one.cause],
      ["What mends it", (one) => (one.fix ? command(one.fix) : "")],
    ], sorted));
}

section({ address: "/api/admin/doctor", draw });
