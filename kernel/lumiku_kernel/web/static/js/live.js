// Follows jobs over one WebSocket for the whole page; every event once, in order.
//
// After a break it asks again from the last event heard. Where no WebSocket comes
// through it polls. The state of the connection is told as `lumiku:connection`.

import { call } from "./api.js";

const jobs = new Map(); // id -> { after, heard, over }
const OVER = new Set(["succeeded", "partial", "failed", "canceled", "expired"]);
let socket = null;
let failures = 0;
let timer = null;

export function follow(id, after, heard) {
  jobs.set(id, { after, heard, over: false });
  if (socket?.readyState === WebSocket.OPEN) subscribe(id);
  else connect();
}

function subscribe(id) {
  socket.send(JSON.stringify({ op: "subscribe", job: id, after: jobs.get(id).after }));
}

function open() {
  return [...jobs].filter(([, job]) => !job.over).map(([id]) => id);
}

function connect() {
  clearTimeout(timer);
  if (socket || !open().length) return;
  if (failures >= 3 && failures % 4 !== 0) {
    poll();
    return;
  }
  const url = new URL("/api/events/ws", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  socket = new WebSocket(url);
  socket.onopen = () => {
    failures = 0;
    tell(true);
    open().forEach(subscribe);
  };
  socket.onmessage = (message) => hear(JSON.parse(message.data));
  socket.onclose = () => {
    socket = null;
    failures += 1;
    if (!open().length) return;
    if (failures > 1 || !navigator.onLine) tell(false);
    again();
  };
}

function again() {
  clearTimeout(timer);
  timer = setTimeout(connect, Math.min(250 * 2 ** failures, 5000) * (0.75 + Math.random() / 2));
}

async function poll() {
  try {
    for (const id of open()) {
      const { items } = await call("GET", `/api/jobs/${id}/events?after=${jobs.get(id).after}`);
      items.forEach(hear);
    }
    tell(true);
  } catch {
    tell(false);
  }
  failures += 1;
  again();
}

function hear(event) {
  const job = jobs.get(event.job);
  if (!job || event.seq === undefined || event.seq <= job.after) return;
  if (event.seq > job.after + 1 + (event.skipped ?? 0)) {
    subscribe(event.job); // something is missing: begin again from what is known
    return;
  }
  job.after = event.seq;
  job.over = OVER.has(event.type);
  job.heard(event);
}

function tell(connected) {
  document.dispatchEvent(new CustomEvent("lumiku:connection", { detail: { connected } }));
}

addEventListener("online", () => {
  failures = 0;
  connect();
});
addEventListener("offline", () => tell(false));
document.addEventListener("visibilitychange", () => {
  // A phone that wakes up has lost its socket and should not wait for a timer.
  if (!document.hidden && !socket && open().length) connect();
});
