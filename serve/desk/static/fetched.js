// Complaints on their way and those fetched ahead, so that the next one is there at once.

import { filters } from "./address.js";
import { endLogin } from "./outbox.js";

const AHEAD = 6;
const FRESH_MILLISECONDS = 120000;
const fetched = new Map(); // by number: { at, html: Promise<string> }

export function forget(number) { fetched.delete(number); }

// The part of a page that the server calls `name`; every answer but that is an error.
export async function fetchPart(address, name) {
  const response = await fetch(address, { headers: { "x-bagian": name } });
  if (response.redirected) endLogin();
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  return response.text();
}

export function fetchComplaint(number) {
  const known = fetched.get(number);
  if (known && performance.now() - known.at < FRESH_MILLISECONDS) return known.html;
  const html = fetchPart(`/aduan/${number}${filters()}`, "aduan");
  html.catch(() => fetched.delete(number));
  fetched.set(number, { at: performance.now(), html });
  return html;
}

// Fetches the complaints that stand `beside(by)` the opened one. One after the other, nearest first, so that the next one
// is never behind the fifth.
let fetchingAhead = false;
export async function ahead(beside) {
  if (fetchingAhead) return;
  fetchingAhead = true;
  try {
    const steps = Array.from({ length: AHEAD }, (_, n) => n + 1);
    for (const by of [...steps, -1]) { // the one before comes after the last
      const number = beside(by);
      if (number !== null && !fetched.has(number)) await fetchComplaint(number).catch(() => {});
    }
  } finally {
    fetchingAhead = false;
  }
}
