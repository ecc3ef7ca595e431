// Decisions on their way to the server. Each is kept in the browser until the server has answered, so that a lost
// connection, a closed tab or a login that ended loses none; its own key makes sure that the server does it once,
// however often it is sent.

const STORE = "disposisi.outbox." + document.body.dataset.viewer;
const RETRY_MILLISECONDS = 4000;
const LATER = new Set([408, 429]); // too slow, too often: as little an answer as that of a server in trouble
const FOREIGN_FORM = "urn:disposisi:problem:foreign-form"; // the page is older than the login

const sentHere = new Set(); // complaints that this page has decided about, or sends the decision of an earlier page
let sending = false;
let onItsWay = ""; // the key of the decision that is being sent
let ended = false; // the login, or this page's part in it: nothing is sent until the page is loaded anew
let listener = () => {};
let answered = () => {};
let shutOut = () => {};

export function waiting() {
  try { return JSON.parse(localStorage.getItem(STORE)) ?? []; } catch { return []; }
}

// Told true or false when the server was reached or not, null when only the number of waiting decisions changed.
export function onChange(callback) { listener = callback; }
export function onAnswer(callback) { answered = callback; }
// Told once that the waiting decisions need a login.
export function onLoginEnded(callback) { shutOut = callback; }
export function loginEnded() { return ended; }
export function endLogin() {
  if (ended) return;
  ended = true;
  listener(true);
  shutOut();
}

// Whether a change of one's own may be what this page has sent, and no other tab.
export function isOurs(number) { return sentHere.has(number); }

export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// number: the complaint; path, fields: the form; typed: what a person wrote there, should it be refused.
export function send(order) {
  keep([...waiting(), order]);
  flush();
}

// Drops a decision of which the server cannot have heard; tells whether it was one.
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
      // Not while the browser is offline: then nothing leaves it. That it says so wrongly only costs a second look.
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

// null: no answer, to be tried again.
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
