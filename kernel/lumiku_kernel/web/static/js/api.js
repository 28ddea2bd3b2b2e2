// Calls to the API: JSON in, JSON out, refusals as exceptions with the problem's words.

export class Problem extends Error {
  constructor(said) {
    super(said.detail || "Something went wrong.");
    this.said = said;
  }
}

export async function call(method, path, body, headers = {}) {
  const sent = { method, headers: { Accept: "application/json", ...headers } };
  if (body !== undefined) {
    sent.headers["Content-Type"] = "application/json";
    sent.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, sent);
  } catch {
    throw new Problem({ code: "offline", detail: "There is no connection. Your choices are kept; try again." });
  }
  const text = await answer.text();
  let data = {};
  try {
    data = text ? JSON.parse(text) : {};
  } catch {
    data = { code: "answer-unreadable", detail: "The server's answer could not be read." };
  }
  if (answer.status === 401) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!answer.ok) throw new Problem({ status: answer.status, ...data });
  return data;
}

// A word nobody else has; also where the page came without HTTPS.
export function chance() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function showProblem(root, problem) {
  const box = root.querySelector("[data-problem]");
  if (!box) return;
  box.hidden = !problem;
  if (!problem) return;
  box.querySelector("[data-problem-detail]").textContent = problem.message;
  const fix = box.querySelector("[data-problem-fix]");
  fix.textContent = problem.said?.fix ?? "";
  if (problem.said?.topup_url) fix.replaceChildren(moreCredits(problem.said.topup_url));
  fix.hidden = !fix.textContent;
}

export function moreCredits(url) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = "Get more credits";
  return link;
}

// Whether jobs cost credits here.
export const metered = !("unmetered" in document.documentElement.dataset);

export async function refreshCredits() {
  const shown = document.querySelector("[data-credits]");
  if (shown) shown.textContent = (await call("GET", "/api/credits")).available;
}
