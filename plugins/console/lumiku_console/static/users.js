import { call, metered } from "/static/js/api.js";

import { ask, tell } from "./ask.js";
import { button, command, h, pill, table, when } from "./dom.js";
import { found, section, tools } from "./section.js";

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

// What an operator says to somebody who waits: come in, or stay outside.
function answer(one, verb, title, words) {
  ask({
    title,
    words,
    confirm: title,
    change: async ({ reason }) => {
      await call("POST", `/api/admin/users/${one.id}/${verb}`, { reason });
      list.again();
    },
  });
}

const approve = (one) => answer(one, "approve", "Let in", `${one.email} may sign in${metered ? ", and is given welcome credits" : ""}.`);
const refuse = (one) => answer(one, "refuse", "Refuse", `${one.email} is sent away; nothing is kept of them.`);

function link(one) {
  ask({
    title: `Sign-in link for ${one.email}`,
    words: "It signs them in once, and they may choose a new password. Give it to nobody else.",
    fields: [{ name: "hours", label: "Good for, hours", kind: "number", value: 24, needed: true, least: 1, most: 168 }],
    confirm: "Make a link",
    change: async (body) => {
      const { url } = await call("POST", `/api/admin/users/${one.id}/links`, body);
      const end = button("End all links of theirs", () => unlink(one));
      setTimeout(() => tell(`Sign-in link for ${one.email}`, command(url), end), 0); // once the dialogue that asked is closed
    },
  });
}

function unlink(one) {
  ask({
    title: `End the links of ${one.email}`,
    words: "None that was given out signs in any more.",
    confirm: "End them",
    change: ({ reason }) => call("DELETE", `/api/admin/users/${one.id}/links`, { reason }),
  });
}

function doings(one) {
  if (one.state === "waiting") {
    return [
      button("Let in", () => approve(one), { "aria-label": `Let ${one.email} in` }),
      button("Refuse", () => refuse(one), { "aria-label": `Refuse ${one.email}` })];
  }
  return [
    button("Change", () => change(one), { "aria-label": `Change ${one.email}` }),
    metered && button("Credits", () => give(one), { "aria-label": `Give credits to ${one.email}` }),
    one.state === "active" && button("Link", () => link(one), { "aria-label": `Make a sign-in link for ${one.email}` })];
}

const STATES = { waiting: ["waits for a word", "warn"], disabled: ["shut out", "bad"], deleted: ["deleted", "plain"] };

function draw(items) {
  return table("Accounts", [
    ["Account", (one) => h("span", {}, h("b", {}, one.name), h("br"), h("span", { class: "small muted" }, one.email))],
    ["Tier", (one) => one.tier],
    ["Role", (one) => h("span", { class: "row" }, one.role === "operator" ? pill("operator", "") : "user", STATES[one.state] && pill(...STATES[one.state]))],
    ...(metered ? [["Credits", (one) => `${one.available}${one.reserved ? ` (${one.reserved} set aside)` : ""}`]] : []),
    ["Since", (one) => when(one.created_at)],
    ["Do", (one) => h("span", { class: "row" }, doings(one))],
  ], found(items));
}

function address() {
  const state = new FormData(tools).get("state");
  return state ? `/api/admin/users?state=${state}` : "/api/admin/users";
}

const list = section({ address, draw, nothing: "Nobody answers that." });

tools.querySelector("[name=state]").addEventListener("change", () => list.again());
