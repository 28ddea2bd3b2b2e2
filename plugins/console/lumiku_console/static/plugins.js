import { call } from "/static/js/api.js";

import { ask } from "./ask.js";
import { button, command, h, pill, table } from "./dom.js";
import { section } from "./section.js";

const LOOK = { ready: "good", rejected: "bad", quarantined: "bad", missing: "warn" };

function here(one) {
  return location.pathname.startsWith(`/apps/${one.id}/`);
}

function change(one, word) {
  const words = {
    enable: ["Switch on", `${one.id} is there again for all who may see it.`],
    disable: ["Switch off", here(one)
      ? `This is the console itself. Only “lumiku plugins enable ${one.id}” on the server brings it back.`
      : `${one.id} is then there for nobody, its routes and jobs included. What was made with it stays.`],
    release: ["Release", `${one.id} leaves quarantine and is loaded again.`],
  }[word];
  ask({
    title: `${words[0]}: ${one.id}`,
    words: words[1],
    confirm: words[0],
    change: async ({ reason }) => {
      await call("POST", `/api/admin/plugins/${encodeURIComponent(one.id)}/${word}`, { reason });
      list.again();
    },
  });
}

function switches(one) {
  const made = [];
  if (one.state === "quarantined") made.push(button("Release", () => change(one, "release")));
  if (one.enabled === false) made.push(button("Switch on", () => change(one, "enable"), { "aria-label": `Switch on ${one.id}` }));
  else made.push(button("Switch off", () => change(one, "disable"), { "aria-label": `Switch off ${one.id}` }));
  return h("span", { class: "row" }, made);
}

function reason(one) {
  if (!one.code) return "";
  return h("div", {}, pill(one.code, "warn"), " ", one.reason ?? "", one.fix ? command(one.fix.command) : "");
}

function draw(items) {
  return table("Plugins", [
    ["Plugin", (one) => h("span", {}, h("b", {}, one.id), h("br"), h("span", { class: "small muted" }, `${one.kind} · ${one.dist} ${one.version}`))],
    ["State", (one) => h("span", { class: "row" }, pill(one.state, LOOK[one.state] ?? "plain"), one.enabled === false && pill("off", "warn"))],
    ["Models", (one) => (one.kind === "app" ? String(one.models) : "–")],
    ["Why", reason],
    ["Switch", switches],
  ], items);
}

const list = section({ address: "/api/admin/plugins", draw, nothing: "No plugin is installed." });
