import { call, metered } from "/static/js/api.js";

import { ask } from "./ask.js";
import { button, code, command, h, pill, table, yes } from "./dom.js";
import { found, section } from "./section.js";

const TIERS = ["free", "basic", "pro", "enterprise"].map((tier) => [tier, tier]);

function change(one) {
  ask({
    title: one.key,
    words: "What you do not change stays as it is.",
    fields: [
      { name: "enabled", label: "State", value: String(one.enabled), choices: [["true", "on"], ["false", "off"]] },
      { name: "tier", label: "From which tier", value: one.tier, choices: TIERS },
      ...(metered ? [{ name: "price", label: "Credits an item", value: one.price ?? "", kind: "number", least: 0, most: 1000000 }] : []),
    ],
    confirm: "Change",
    change: async ({ enabled, ...rest }) => {
      const body = enabled === undefined ? rest : { ...rest, enabled: enabled === "true" };
      await call("PATCH", `/api/admin/models/${encodeURIComponent(one.key)}`, body);
      list.again();
    },
  });
}

function draw(items) {
  return table("Models", [
    ["Model", (one) => code(one.key)],
    ["Provider", (one) => one.provider],
    ["On", (one) => (one.enabled ? pill("on", "good") : pill("off", "warn"))],
    ["Tier", (one) => one.tier],
    ...(metered ? [["Credits", (one) => String(one.price ?? "–")]] : []),
    ["Usable", (one) => h("div", {}, yes(one.usable), one.usable ? "" : h("span", { class: "small muted" }, ` ${one.detail}`), !one.usable && one.fix ? command(one.fix.command) : "")],
    ["Change", (one) => button("Change", () => change(one), { "aria-label": `Change ${one.key}` })],
  ], found(items));
}

const list = section({ address: "/api/admin/models", draw, nothing: "No model is stored. lumiku seed restores those that plugins declare." });
