import { call } from "/static/js/api.js";

import { ask } from "./ask.js";
import { button, h, pill, table, when } from "./dom.js";
import { found, section } from "./section.js";

const TIERS = ["free", "basic", "pro", "enterprise"].map((tier) => [tier, tier]);

function change(one) {
  ask({
    title: one.email,
    fields: [
      { name: "tier", label: "Tier", value: one.tier, choices: TIERS },
      { name: "role", label: "Role", value: one.role, choices: [["user", "user"], ["operator", "operator"]] },
      { name: "disabled", label: "Access", value: String(one.disabled), choices: [["false", "may sign in"], ["true", "is shut out"]] },
    ],
    confirm: "Change",
    change: async ({ disabled, ...rest }) => {
      const body = disabled === undefined ? rest : { ...rest, disabled: disabled === "true" };
      await call("PATCH", `/api/admin/users/${one.id}`, body);
      list.again();
    },
  });
}

function give(one) {
  ask({
    title: `Credits for ${one.email}`,
    words: `There are ${one.available} to spend. A negative number takes back.`,
    fields: [{ name: "amount", label: "Credits", kind: "number", needed: true, least: -1000000000, most: 1000000000 }],
    confirm: "Give",
    change: async (body) => {
      await call("POST", `/api/admin/users/${one.id}/credits`, body);
      list.again();
    },
  });
}

function draw(items) {
  return table("Accounts", [
    ["Account", (one) => h("span", {}, h("b", {}, one.name), h("br"), h("span", { class: "small muted" }, one.email))],
    ["Tier", (one) => one.tier],
    ["Role", (one) => h("span", { class: "row" }, one.role === "operator" ? pill("operator", "") : "user", one.disabled && pill("shut out", "bad"))],
    ["Credits", (one) => `${one.available}${one.reserved ? ` (${one.reserved} set aside)` : ""}`],
    ["Since", (one) => when(one.created_at)],
    ["Do", (one) => h("span", { class: "row" },
      button("Change", () => change(one), { "aria-label": `Change ${one.email}` }),
      button("Credits", () => give(one), { "aria-label": `Give credits to ${one.email}` }))],
  ], found(items));
}

const list = section({ address: "/api/admin/users", draw });
