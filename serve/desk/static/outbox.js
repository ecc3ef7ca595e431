// Decisions on their way to the server. Each is kept in the browser until the server has answered, so that a lost
// connection or a closed tab loses none; its own key makes sure that the server does it once, however often it is sent.

const STORE = "disposisi.outbox." + document.querySelector("main").dataset.viewer;
const RETRY_MILLISECONDS = 4000;

let sending = false;
let listener = () => {};
let answered = () => {};

export function waiting() {
  try { return JSON.parse(localStorage.getItem(STORE)) ?? []; } catch { return []; }
}

// Told true or false when the server was reached or not, null when only the number of waiting decisions changed.
export function onChange(callback) { listener = callback; }
export function onAnswer(callback) { answered = callback; }

export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// number: the complaint; path, fields: the form; label: for people, should it fail.
export function send(order) {
  keep([...waiting(), order]);
  flush();
}

export async function flush() {
  if (sending) return;
  sending = true;
  try {
    for (let order = waiting()[0]; order; order = waiting()[0]) {
      const answer = await post(order);
      if (answer === null) { listener(false); break; }
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
    if (response.status >= 500 && response.status !== 501) return null;
    const body = await response.json().catch(() => ({ detail: `Jawaban ${response.status}` }));
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
