// Cache of fetched and prefetched complaints, so that the next one opens at once.

import { filters } from "./address.js";
import { endLogin } from "./outbox.js";

const AHEAD = 6;
const FRESH_MILLISECONDS = 120000;
const fetched = new Map(); // by number: { at, html: Promise<string> }

export function forget(number) { fetched.delete(number); }

// Fetches the part of a page that the server calls `name`; throws on any other response, including redirects to login.
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

// Prefetches the opened complaint's neighbours in the list, given by `beside(by)`; one at a time, nearest first, so that
// the next one never waits for the fifth.
let fetchingAhead = false;
export async function ahead(beside) {
  if (fetchingAhead) return;
  fetchingAhead = true;
  try {
    const steps = Array.from({ length: AHEAD }, (_, n) => n + 1);
    for (const by of [...steps, -1]) { // the previous one last
      const number = beside(by);
      if (number !== null && !fetched.has(number)) await fetchComplaint(number).catch(() => {});
    }
  } finally {
    fetchingAhead = false;
  }
}
