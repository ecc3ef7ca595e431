// The opened complaint and the list beside it: opening, what comes next, fetching ahead.

import { endLogin, loginEnded, waiting } from "./outbox.js";
import { enhance } from "./forms.js";
import { ofNewComplaint } from "./kept.js";
import { goOn, keepAll, keepOver, place, putBack } from "./typed.js";

const AHEAD = 6;
const FRESH_MILLISECONDS = 120000;
const pane = document.getElementById("opened");
const list = document.querySelector(".queue");
const fetched = new Map(); // by number: { at, html: Promise<string> }
let wanted = 0; // counts the calls of open: the last one wins
let missing = 0; // the complaint that could not be fetched
let listTop = 0; // on a phone: how far down one was in the list

export const filters = () => {
  const params = new URLSearchParams(location.search);
  params.delete("batal");
  const text = params.toString();
  return text ? `?${text}` : "";
};
export const addressed = () => Number(location.pathname.match(/^\/aduan\/(\d+)/)?.[1] ?? 0); // 0: the list
export const current = () => pane.querySelector(".complaint");
export const currentNumber = () => Number(current()?.dataset.id ?? 0);
const rows = () => [...list.querySelectorAll(".items > li")];
const row = (number) => list.querySelector(`.items > li[data-id="${number}"]`);

export function forget(number) { fetched.delete(number); }

function fetchComplaint(number) {
  const known = fetched.get(number);
  if (known && performance.now() - known.at < FRESH_MILLISECONDS) return known.html;
  const html = fetch(`/aduan/${number}${filters()}`, { headers: { "x-bagian": "aduan" } }).then((response) => {
    if (response.redirected) endLogin();
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    return response.text();
  });
  html.catch(() => fetched.delete(number));
  fetched.set(number, { at: performance.now(), html });
  return html;
}

// Opens a complaint; with `quiet` the address stays as it is. One that nobody chose (`unasked`) gives way to another as
// soon as it turns out that somebody else is working on it. Who is typing goes on, or the letters would be keys.
export async function open(number, { quiet = false, unasked = false } = {}) {
  const from = performance.now();
  const mine = ++wanted;
  const li = row(number);
  li?.setAttribute("aria-busy", "true"); // seen on a slow line alone
  let html;
  try {
    html = await fetchComplaint(number);
  } catch {
    if (mine === wanted) unreachable(number);
    return;
  } finally {
    li?.removeAttribute("aria-busy");
  }
  if (mine !== wanted) return; // somebody pressed on while this one was on its way
  missing = 0;
  release(number);
  const other = currentNumber() !== number;
  const typing = other ? null : place(current());
  if (current()) keepAll(current());
  pane.innerHTML = html;
  if (document.body.classList.contains("show-daftar")) listTop = scrollY;
  document.body.classList.replace("show-daftar", "show-aduan");
  // One step in the browser's history for the desk, not one for every complaint: back leads to the list.
  const address = `/aduan/${number}${filters()}`;
  if (addressed()) history.replaceState({ number }, "", address);
  else if (!quiet) history.pushState({ number }, "", address);
  entitle();
  mark(number);
  pane.scrollTop = 0;
  if (innerWidth <= 800) scrollTo(0, 0);
  enhance(pane);
  if (current()) putBack(current());
  if (!(typing && goOn(current(), typing))) focusHeading();
  claim(number, unasked);
  fetched.delete(number); // what it holds is shown now, and soon old
  pane.dispatchEvent(new CustomEvent("aduan:terbuka", { bubbles: true, detail: { number, other, took: performance.now() - from } }));
  ahead();
}

// The next complaint was not fetched ahead and cannot be now: it is opened as soon as the line is back.
function unreachable(number) {
  if (current() && !current().dataset.done) {
    if (!loginEnded()) pane.dispatchEvent(new CustomEvent("aduan:gagal", { bubbles: true, detail: { number } }));
    return;
  }
  missing = number;
  const [what, then] = loginEnded() ? ["Perlu masuk", "sesudah Anda masuk lagi"] : ["Menunggu jaringan …", "begitu tersambung"];
  pane.innerHTML = `<div class="empty"><p class="big">${what}</p><p>Keputusan Anda sudah disimpan di peramban ini. Aduan berikutnya tampil ${then}.</p></div>`;
}

// Shows a complaint that had left the desk as it was, when what was decided about it is not to be.
export function bringBack(article) {
  const number = Number(article.dataset.id);
  wanted++;
  missing = 0;
  delete article.dataset.done;
  article.querySelectorAll("[data-sent]").forEach((form) => { delete form.dataset.sent; });
  if (current() === article) return;
  release(number);
  if (current()) keepAll(current());
  pane.replaceChildren(article);
  history.replaceState({ number }, "", `/aduan/${number}${filters()}`);
  entitle();
  focusHeading();
  claim(number);
  refresh().then(() => mark(number));
}

// What is opened is told to screen readers by its heading; that of the pane is the same for all.
function focusHeading() {
  if (document.activeElement?.closest(".filters")) return;
  const heading = pane.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

export function openMissing() {
  if (missing) open(missing);
}

// What was decided cannot be decided again while the next complaint, or the new version of this one, is on its way.
export function close() {
  const article = current();
  if (article) article.dataset.done = "1";
}

export function showList() {
  document.body.classList.replace("show-aduan", "show-daftar");
  entitle();
  if (isShown()) return; // there is room for both
  release(0);
  scrollTo(0, listTop);
  row(currentNumber())?.querySelector("a").focus({ preventScroll: true });
}

// The title goes by the address: where there is room for both, the list's has a complaint beside it.
function entitle() { document.title = document.title.replace(/^[^·]*/, addressed() ? `Aduan ${addressed()} ` : "Antrean "); }

function isShown() { return getComputedStyle(pane).display !== "none"; }

export function mark(number) {
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const link = row(number)?.querySelector("a");
  link?.setAttribute("aria-current", "true");
  link?.scrollIntoView({ block: "nearest" });
}

// Where the page begins; scrollIntoView would make the first press of Tab begin there too.
function bringInSight(li) {
  if (li) list.scrollTop = Math.max(0, li.offsetTop + li.offsetHeight - list.clientHeight);
}

// The complaint `by` steps away in the list; `null` at its ends.
export function neighbour(by, from = currentNumber()) {
  const all = rows();
  const at = all.findIndex((li) => Number(li.dataset.id) === from);
  const li = at < 0 ? all[0] : all[at + by];
  return li ? Number(li.dataset.id) : null;
}

export function step(by) {
  const number = neighbour(by);
  if (number !== null) open(number);
  else if (by > 0) more().then((found) => { if (found) step(by); });
}

// What comes after a complaint by itself, without those that are gone: what nobody else works on, if there is any.
function following(from, gone = []) {
  const at = rows().findIndex((li) => Number(li.dataset.id) === from);
  const before = rows().slice(0, Math.max(at, 0)).reverse();
  const left = [...rows().slice(at + 1), ...before].filter((li) => !gone.includes(Number(li.dataset.id)));
  return left.find((li) => !("held" in li.dataset)) ?? left[0] ?? null;
}

function openFollowing(li) { open(Number(li.dataset.id), { unasked: true }); }

// Takes complaints out of the list and opens the next one, if the opened one is among them.
export function leave(numbers) {
  const here = currentNumber();
  const next = numbers.includes(here) ? following(here, numbers) : null;
  let gone = 0;
  for (const number of numbers) {
    const li = row(number);
    if (li) { li.remove(); gone++; }
    forget(number);
  }
  for (const count of list.querySelectorAll("[data-count]")) count.textContent = String(Math.max(0, Number(count.textContent) - gone));
  if (rows().length < AHEAD) more();
  if (!numbers.includes(here)) return;
  if (next) openFollowing(next);
  else more().then((found) => {
    const first = found ? following(0) : null;
    if (first) openFollowing(first); else empty();
  });
}

// What stands where the opened complaint was when it was the last one; new ones are not opened unasked, for that would
// keep them from other dispatchers.
function empty() {
  const told = waiting().length ? '<p class="big">Mengirim keputusan …</p><p>Sesudahnya antrean diperiksa lagi.</p>'
    : rows().length ? '<p class="big">Ada aduan baru.</p><p><button type="button" data-step="1">Buka <kbd>j</kbd></button></p>'
    : document.getElementById("nothing").innerHTML;
  pane.innerHTML = `<div class="empty">${told}</div>`;
  history.replaceState({}, "", `/${filters()}`);
  entitle();
}

// The last complaint's decision was stored: what it brought, such as the parts of a split, comes next.
export async function carryOn() {
  if (current() || missing) return;
  await refresh();
  const first = following(0);
  if (first) openFollowing(first); else empty();
}

// Fetches the next page of the list; tells whether there was one.
let fetchingMore = null;
export function more() {
  const link = document.getElementById("following");
  if (!link) return Promise.resolve(false);
  fetchingMore ??= part(link.href).then((page) => {
    const items = page.querySelector("#items");
    const fresh = (items ? [...items.children] : []).filter((li) => !row(li.dataset.id));
    document.getElementById("items").append(...fresh);
    if (document.activeElement === link) fresh[0]?.querySelector("a").focus();
    const following = page.querySelector("#following");
    if (following) link.replaceWith(following); else link.remove();
    return Boolean(items);
  }).catch(() => false).finally(() => { fetchingMore = null; });
  return fetchingMore;
}

// Brings the list up to date without moving what the dispatcher looks at.
export async function refresh() {
  if (waiting().length || document.activeElement?.closest(".filters")) return;
  let page;
  try { page = await part(`/${filters()}`); } catch { return; }
  if (waiting().length) return;
  const focused = document.activeElement?.closest(".queue a")?.getAttribute("href");
  const scroll = list.scrollTop;
  keepLaterPages(page);
  for (const selector of ["#counts", "#items", "#following", ".none"]) {
    const [old, fresh] = [list.querySelector(selector), page.querySelector(selector)];
    if (old && fresh) old.replaceWith(fresh);
    else if (old) old.remove();
    else if (fresh) list.append(fresh);
  }
  const number = currentNumber();
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  row(number)?.querySelector("a")?.setAttribute("aria-current", "true");
  if (focused) [...list.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus({ preventScroll: true });
  list.scrollTop = scroll;
  if (!current() && !missing) empty();
}

// What was fetched of later pages stays behind a fresh first one. Where that ends is told by the last of its complaints
// that the list knows; what stood before it and is not on the page has left the queue.
function keepLaterPages(page) {
  const [items, following] = [page.querySelector("#items"), page.querySelector("#following")];
  if (!following) return; // the fresh page is all there is
  const fresh = [...items.children].map((li) => li.dataset.id);
  const known = rows().map((li) => li.dataset.id);
  const end = known.indexOf(fresh.findLast((number) => known.includes(number)));
  const later = end < 0 ? [] : rows().slice(end + 1).filter((li) => !fresh.includes(li.dataset.id));
  if (!later.length) return;
  items.append(...later);
  following.replaceWith(list.querySelector("#following") ?? "");
}

async function part(address) {
  const response = await fetch(address, { headers: { "x-bagian": "daftar" } });
  if (response.redirected) endLogin();
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  return template.content;
}

// One after the other, nearest first, so that the next one is never behind the fifth.
let fetchingAhead = false;
export async function ahead() {
  if (fetchingAhead) return;
  fetchingAhead = true;
  try {
    const steps = Array.from({ length: AHEAD }, (_, n) => n + 1);
    for (const by of [...steps, -1]) { // the one before comes after the last
      const number = neighbour(by);
      if (number !== null && !fetched.has(number)) await fetchComplaint(number).catch(() => {});
    }
  } finally {
    fetchingAhead = false;
  }
}

// Claims: who is working on what.
let claimed = 0;
function headers() { return { "x-csrf-token": document.querySelector("main").dataset.csrf, accept: "application/json" }; }

async function claim(number, unasked = false) {
  const article = current();
  if (!article?.querySelector("form")) return;
  claimed = number;
  try {
    const response = await fetch(`/v1/complaints/${number}/claim`, { method: "PUT", headers: headers() });
    if (response.status === 409 && currentNumber() === number) {
      const problem = await response.json();
      if (currentNumber() !== number) return;
      claimed = 0;
      row(number)?.setAttribute("data-held", "");
      const next = unasked ? following(number) : null;
      if (next && !("held" in next.dataset)) { openFollowing(next); return; }
      const place = current().querySelector(".claimed");
      place.textContent = problem.detail;
      place.hidden = false;
    }
  } catch { /* without a connection nobody can be told; the decision itself is checked again */ }
}

function release(next) {
  if (claimed && claimed !== next) {
    const path = `/v1/complaints/${claimed}/claim`;
    fetch(path, { method: "DELETE", headers: headers(), keepalive: true }).catch(() => {});
  }
  claimed = 0;
}

export function begin() {
  const number = currentNumber();
  const visible = number && isShown();
  enhance(pane);
  if (visible) bringInSight(row(number));
  if (number) putBack(current());
  if (visible) claim(number);
  setInterval(() => { if (claimed && document.visibilityState === "visible") claim(claimed); }, 120000);
  addEventListener("pagehide", () => { release(0); keepOver(current()); });
  if (addressed() && ofNewComplaint.read()?.sent) ofNewComplaint.clear(); // the server has stored it and led here
  ahead();
}
