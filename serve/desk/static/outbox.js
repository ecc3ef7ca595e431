// Outbox of decisions. Each is kept in local storage until the server has answered, so that none is lost to a broken
// connection, a closed tab or an expired login; an idempotency key makes retries safe.

const STORE = "disposisi.outbox." + document.body.dataset.viewer;
const RETRY_MILLISECONDS = 4000;
const LATER = new Set([408, 429]); // retried later, as server errors are
const FOREIGN_FORM = "urn:disposisi:problem:foreign-form"; // the page is older than the login

const sentHere = new Set(); // complaints whose decisions this page sends, its own or those of an earlier page
let sending = false;
let onItsWay = ""; // key of the decision in flight
let ended = false; // the login has expired, or is newer than the page: nothing is sent until a reload
let listener = () => {};
let answered = () => {};
let shutOut = () => {};

export function waiting() {
  try { return JSON.parse(localStorage.getItem(STORE)) ?? []; } catch { return []; }
}

// Called with whether the server was reached, or with null if only the number of waiting decisions changed.
export function onChange(callback) { listener = callback; }
export function onAnswer(callback) { answered = callback; }
// Called once when the waiting decisions need a login.
export function onLoginEnded(callback) { shutOut = callback; }
export function loginEnded() { return ended; }
export function endLogin() {
  if (ended) return;
  ended = true;
  listener(true);
  shutOut();
}

// Whether one's own change of a complaint may come from this page, not from another tab.
export function isOurs(number) { return sentHere.has(number); }

export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// number: the complaint; path, fields: the form; typed: input to restore if the decision is refused.
export function send(order) {
  keep([...waiting(), order]);
  flush();
}

// Drops a decision that cannot have reached the server; returns whether it could.
export function drop(key) {
  const order = waiting().find((other) => other.key === key);
  if (!order || order.tried || onItsWay === key) return false;
  keep(waiting().filter((other) => other.key !== key));
  return true;
}

export async function flush() {
  if (sending || ended) return;
  sending = true;
  try {
    for (let order = waiting()[0]; order; order = waiting()[0]) {
      onItsWay = order.key;
      sentHere.add(order.number);
      // Not while the browser is offline, when nothing is sent; if it is wrong about that, it only costs a second look.
      if (navigator.onLine) keep(waiting().map((other) => (other.key === order.key ? { ...other, tried: true } : other)));
      const answer = await post(order);
      onItsWay = "";
      if (answer === null) { listener(false); break; }
      if (answer.status === 401 || answer.type === FOREIGN_FORM) { endLogin(); break; }
      keep(waiting().filter((other) => other.key !== order.key));
      answered(order, answer);
      listener(true);
    }
  } finally {
    sending = false;
  }
}

// Sends a decision; null if there was no usable response, and it should be retried.
async function post(order) {
  const fields = new URLSearchParams(order.fields);
  fields.set("csrf", document.querySelector("main").dataset.csrf);
  try {
    const response = await fetch(order.path, {
      method: "POST", body: fields, headers: { accept: "application/json" }, signal: AbortSignal.timeout(15000),
    });
    if (LATER.has(response.status) || (response.status >= 500 && response.status !== 501)) return null;
    const body = await response.json().catch(() => ({ detail: `Keputusan ditolak server (kode ${response.status}).` }));
    return { ok: response.ok, status: response.status, ...body };
  } catch {
    return null;
  }
}

function keep(orders) {
  if (orders.length) localStorage.setItem(STORE, JSON.stringify(orders));
  else localStorage.removeItem(STORE);
  listener(null);
}

addEventListener("online", flush);
setInterval(() => { if (waiting().length) flush(); }, RETRY_MILLISECONDS);
