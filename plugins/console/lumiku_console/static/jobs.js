import { call, chance, metered } from "/static/js/api.js";

import { ask, tell } from "./ask.js";
import { button, code, h, pill, table, when } from "./dom.js";
import { section, tools } from "./section.js";

const LOOK = { succeeded: "good", failed: "bad", partial: "warn", retry_wait: "warn", expired: "warn" };
const OPEN = new Set(["queued", "running", "retry_wait"]);
const AGAIN = new Set(["failed", "partial", "canceled", "expired"]);

function chosen() {
  return Object.fromEntries([...new FormData(tools)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
}

function address() {
  return `/api/admin/jobs?${new URLSearchParams(chosen())}`;
}

// One job, or all that the filter shows: a reason is asked for, and kept.
function change({ one, verb, title, words, done }) {
  ask({
    title,
    words,
    confirm: title,
    change: async ({ reason }) => {
      if (one) {
        await call("POST", `/api/admin/jobs/${one.id}/${verb}`, { reason });
      } else {
        const said = await call("POST", `/api/admin/jobs/${verb}`, { ...chosen(), reason });
        report(said, done);
      }
      list.again();
    },
  });
}

function report({ done, refused, more }, word) {
  const lines = refused.map(({ id, code: why, detail }) => h("li", {}, code(id), ` ${why}: ${detail}`));
  setTimeout(() => tell(`${done.length} ${word}`,
    refused.length ? h("ul", {}, ...lines) : "", more ? h("p", {}, "There are more; ask again.") : ""), 0); // once the dialogue that asked is closed
}

const retry = (one) => change({
  one,
  verb: "retry",
  title: "Try again",
  words: one
    ? `${one.app} · ${one.worker}: what is lacking is made${metered ? `, and its owner pays for it: ${one.price} credits at most` : ""}.`
    : `All failed jobs that the filter shows: what is lacking is made${metered ? ", and their owners pay" : ""}.`,
  done: "queued again",
});
const discard = (one) => change({
  one,
  verb: "discard",
  title: "Discard",
  words: one ? `${one.app} · ${one.worker}: nobody tries it again.` : "All failed jobs that the filter shows: nobody tries them again.",
  done: "discarded",
});
const cancel = (one) => change({ one, verb: "cancel", title: "Cancel the job", words: `${one.app} · ${one.worker}: what is delivered stays${metered ? " paid" : ""}.` });

function refund(one) {
  const once = chance(); // asked again after a lost answer, it gives back once
  ask({
    title: "Give credits back",
    words: `${one.app} · ${one.worker} has cost ${one.settled} credits. Without a number, all that is left of them goes back.`,
    fields: [{ name: "amount", label: "Credits", kind: "number", least: 1, most: one.settled }],
    confirm: "Give back",
    change: async (body) => {
      const said = await call("POST", `/api/admin/jobs/${one.id}/refund`, body, { "Idempotency-Key": once });
      setTimeout(() => tell(`${said.amount} credits given back`,
        h("p", {}, `In all ${said.refunded}; ${said.left} may still be.`)), 0); // once the dialogue that asked is closed
      list.again();
    },
  });
}

async function show(one) {
  const { job } = await call("GET", `/api/admin/jobs/${one.id}`);
  tell(one.id, h("pre", { class: "result", tabindex: "0" }, JSON.stringify(job, null, 2)));
}

function draw(items) {
  return table("Jobs", [
    ["Job", (one) => h("span", {}, h("b", {}, `${one.app} · ${one.worker}`), h("br"), h("span", { class: "small muted" }, code(one.id)))],
    ["State", (one) => h("div", {}, pill(one.state.replace("_", " "), LOOK[one.state] ?? "plain"), one.error ? h("p", { class: "small" }, `${one.error.code}: ${one.error.detail}`) : "")],
    ["Items", (one) => `${one.items.ok} of ${one.items.total}`],
    ...(metered ? [["Credits", (one) => `${one.settled} of ${one.price}`]] : []),
    ["Whose", (one) => code(one.account)],
    ["Made", (one) => when(one.created_at)],
    ["Do", (one) => h("span", { class: "row" },
      button("Show", () => show(one), { "aria-label": `Show ${one.id}` }),
      OPEN.has(one.state) && button("Cancel", () => cancel(one), { "aria-label": `Cancel ${one.id}` }),
      one.settled > 0 && !OPEN.has(one.state) && button("Give back", () => refund(one), { "aria-label": `Give back credits of ${one.id}` }),
      AGAIN.has(one.state) && !one.discarded_at && button("Try again", () => retry(one), { "aria-label": `Try ${one.id} again` }),
      AGAIN.has(one.state) && !one.discarded_at && button("Discard", () => discard(one), { "aria-label": `Discard ${one.id}` }))],
  ], items);
}

const list = section({ address, draw, nothing: "No job answers that." });

tools.querySelector("[data-retry-all]").addEventListener("click", () => retry());
tools.querySelector("[data-discard-all]").addEventListener("click", () => discard());
for (const one of tools.querySelectorAll("[data-export]")) {
  one.addEventListener("click", () => {
    const query = new URLSearchParams({ ...chosen(), format: one.dataset.export });
    location.assign(`/api/admin/jobs/export?${query}`);
  });
}
