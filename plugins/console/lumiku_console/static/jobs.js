import { call } from "/static/js/api.js";

import { ask, tell } from "./ask.js";
import { button, code, h, pill, table, when } from "./dom.js";
import { section, tools } from "./section.js";

const LOOK = { succeeded: "good", failed: "bad", partial: "warn", retry_wait: "warn", expired: "warn" };
const AGAIN = new Set(["failed", "partial", "canceled", "expired"]);

function address() {
  const query = new URLSearchParams([...new FormData(tools)].filter(([, value]) => value.trim()));
  return query.size ? `/api/admin/jobs?${query}` : "/api/admin/jobs";
}

function retry(one) {
  ask({
    title: "Try again",
    words: `${one.app} · ${one.worker}: what is lacking is made, and its owner pays for it: ${one.price} credits at most.`,
    confirm: "Try again",
    change: async ({ reason }) => {
      await call("POST", `/api/admin/jobs/${one.id}/retry`, { reason });
      list.again();
    },
  });
}

function draw(items) {
  return table("Jobs", [
    ["Job", (one) => h("span", {}, h("b", {}, `${one.app} · ${one.worker}`), h("br"), h("span", { class: "small muted" }, code(one.id)))],
    ["State", (one) => h("div", {}, pill(one.state.replace("_", " "), LOOK[one.state] ?? "plain"), one.error ? h("p", { class: "small" }, `${one.error.code}: ${one.error.detail}`) : "")],
    ["Items", (one) => `${one.items.ok} of ${one.items.total}`],
    ["Credits", (one) => `${one.settled} of ${one.price}`],
    ["Made", (one) => when(one.created_at)],
    ["Do", (one) => h("span", { class: "row" },
      button("Show", () => tell(one.id, h("pre", { class: "result", tabindex: "0" }, JSON.stringify(one, null, 2))), { "aria-label": `Show ${one.id}` }),
      AGAIN.has(one.state) && button("Try again", () => retry(one), { "aria-label": `Try ${one.id} again` }))],
  ], items);
}

const list = section({ address, draw, nothing: "No job answers that." });
