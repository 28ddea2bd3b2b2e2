import { call, showProblem } from "/static/js/api.js";

import { ask, tell, values } from "./ask.js";
import { button, code, h, pill, table, when } from "./dom.js";
import { found, section } from "./section.js";

const LOOK = { on: "good", off: "bad", some: "warn" };
const STATES = [["on", "on, by targets, rules and percentage"], ["off", "off for everybody"], ["archived", "archived: the author's default"]];

function path(one, rest = "") {
  return `/api/admin/flags/${encodeURIComponent(one.key)}${rest}`;
}

function match(one) {
  return { "If-Match": `"${one.version}"` };
}

// The operator's whole word: what the dialogue says, with targets and rules as they are.
function word(one, before, given) {
  const { state, percentage } = { ...before, ...given };
  return { state, percentage, targets: one.targets, rules: one.rules };
}

function change(one) {
  const unset = one.state === "unset";
  const before = { state: unset ? "on" : one.state, percentage: unset ? 100 : one.percentage };
  let seen = null;
  const shown = h("div", { role: "status" });

  async function preview() {
    const wanted = word(one, before, values());
    try {
      const said = await call("POST", path(one, "/preview"), wanted);
      seen = { text: JSON.stringify(wanted), hash: said.hash };
      shown.replaceChildren(h("p", {}, said.summary), table("By tier", [
        ["Tier", (row) => row.tier],
        ["Users", (row) => String(row.users)],
        ["On now", (row) => String(row.on_before)],
        ["On then", (row) => String(row.on_after)],
      ], said.tiers));
    } catch (problem) {
      shown.replaceChildren(h("p", { class: "fault" }, problem.message));
    }
  }

  ask({
    title: one.key,
    words: one.description,
    fields: [
      { name: "state", label: "State", value: before.state, choices: STATES },
      { name: "percentage", label: "Per cent of users", value: before.percentage ?? "", kind: "number", least: 0, most: 100,
        help: "For those of whom no target and no rule speaks; empty leaves them the author's default." },
    ],
    extra: [h("div", { class: "stack" }, h("div", {}, button("Preview", preview)), shown)],
    confirm: "Change",
    change: async ({ reason, ...given }) => {
      const wanted = word(one, before, given);
      const hash = seen?.text === JSON.stringify(wanted) ? { preview: seen.hash } : {};
      await call("PUT", path(one), { ...wanted, ...hash, reason }, match(one));
      list.again();
    },
  });
}

function undo(one) {
  ask({
    title: `Take back: ${one.key}`,
    words: "The last change is taken back. To take that back again brings it again.",
    confirm: "Take back",
    change: async (body) => {
      await call("POST", path(one, "/undo"), body, match(one));
      list.again();
    },
  });
}

async function history(one) {
  try {
    const { items } = await call("GET", path(one, "/history"));
    tell(`${one.key}: its changes`, items.length ? table("Changes", [
      ["When", (row) => when(row.at)],
      ["Who", (row) => code(row.actor)],
      ["State", (row) => `${row.before?.state ?? "unset"} → ${row.after?.state ?? "unset"}`],
      ["Per cent", (row) => `${row.before?.percentage ?? "–"} → ${row.after?.percentage ?? "–"}`],
      ["Reason", (row) => row.reason],
    ], items) : h("p", {}, "Nobody has changed it."));
  } catch (problem) {
    showProblem(document.getElementById("main"), problem);
  }
}

function said(one) {
  const parts = [one.state];
  if (one.state === "on" && one.percentage !== null) parts.push(`${one.percentage} %`);
  if (one.rules?.length) parts.push(`${one.rules.length} rules`);
  const targets = Object.keys(one.targets ?? {}).length;
  if (targets) parts.push(`${targets} targets`);
  return parts.join(", ");
}

function draw(items) {
  return table("Flags", [
    ["Flag", (one) => h("span", {}, code(one.key), h("br"), h("span", { class: "small muted" }, one.description))],
    ["In effect", (one) => pill(one.effective === "some" ? "for some" : one.effective, LOOK[one.effective] ?? "plain")],
    ["Your word", (one) => said(one)],
    ["Author's", (one) => (one.default === null ? "–" : one.default ? "on" : "off")],
    ["Note", (one) => [one.forced !== null && one.forced !== undefined ? "Forced by the environment. " : "", ...(one.advice ?? [])].join("; ")],
    ["Do", (one) => h("span", { class: "row" },
      button("Change", () => change(one), { "aria-label": `Change ${one.key}` }),
      one.version > 0 && button("Take back", () => undo(one), { "aria-label": `Take the last change of ${one.key} back` }),
      button("History", () => history(one), { "aria-label": `History of ${one.key}` }))],
  ], found(items));
}

const list = section({ address: "/api/admin/flags", draw, nothing: "No plugin declares a flag." });
