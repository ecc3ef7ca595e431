// The pane of the opened complaint: opening complaints, choosing the next one, and the empty state.

import { addressed, entitle, filters } from "./address.js";
import { claim, held, release } from "./claims.js";
import { ahead, fetchComplaint, forget } from "./fetched.js";
import { enhance } from "./forms.js";
import { ofNewComplaint } from "./kept.js";
import { bringInSight, following, mark, more, neighbour, row, rows, takeOut, update } from "./list.js";
import { tell } from "./notice.js";
import { loginEnded, waiting } from "./outbox.js";
import { goOn, keepAll, keepOver, place, putBack } from "./typed.js";

const FEW = 6; // with fewer rows left, the next page of the list is fetched
const CLAIM_AGAIN_MILLISECONDS = 120000; // well within CLAIM_TIME of serve/store/claims.py
const pane = document.getElementById("opened");
let wanted = 0; // counts calls of open, so that the last one wins
let missing = 0; // number of the complaint that could not be fetched
let listTop = 0; // scroll position of the list on a phone

export const current = () => pane.querySelector(".complaint");
export const currentNumber = () => Number(current()?.dataset.id ?? 0);
const beside = (by) => neighbour(by, currentNumber());

// Opens a complaint; with `quiet` nothing is added to the browser's history. One opened automatically (`unasked`) is
// replaced by another if somebody else is working on it. A new version of the same complaint stays scrolled as it was;
// the focus stays in a field being typed in, or further letters would act as shortcuts.
export async function open(number, { quiet = false, unasked = false } = {}) {
  const from = performance.now();
  const mine = ++wanted;
  row(number)?.setAttribute("aria-busy", "true"); // only visible on a slow connection
  let html;
  try {
    html = await fetchComplaint(number);
  } catch {
    if (mine === wanted) unreachable(number);
    return;
  } finally {
    row(number)?.removeAttribute("aria-busy");
  }
  if (mine !== wanted) return; // another one was opened meanwhile
  missing = 0;
  release(number);
  const other = currentNumber() !== number;
  const typing = other ? null : place(current());
  const scrolled = other || !isShown() ? [0, 0] : [pane.scrollTop, scrollY];
  if (current()) keepAll(current());
  pane.innerHTML = html;
  if (document.body.classList.contains("show-daftar")) listTop = scrollY;
  document.body.classList.replace("show-daftar", "show-aduan");
  // A single history entry for all complaints, so that the back button leads to the list.
  const address = `/aduan/${number}${filters()}`;
  if (addressed()) history.replaceState({ number }, "", address);
  else if (!quiet) history.pushState({ number }, "", address);
  entitle();
  mark(number);
  enhance(pane);
  if (current()) putBack(current());
  pane.scrollTop = scrolled[0];
  if (innerWidth <= 800) scrollTo(0, scrolled[1]);
  if (!(typing && goOn(current(), typing))) focusHeading();
  take(number, unasked);
  forget(number); // the prefetched copy is shown now, and soon outdated
  pane.dispatchEvent(new CustomEvent("aduan:terbuka", { bubbles: true, detail: { number, other, took: performance.now() - from } }));
  ahead(beside);
}

// Handles a failed fetch: if the current complaint is done, the missing one is opened once the connection is back.
function unreachable(number) {
  if (current() && !current().dataset.done) {
    if (!loginEnded()) pane.dispatchEvent(new CustomEvent("aduan:gagal", { bubbles: true, detail: { number } }));
    return;
  }
  missing = number;
  const [what, then] = loginEnded() ? ["Perlu masuk", "sesudah Anda masuk lagi"] : ["Menunggu jaringan …", "begitu tersambung"];
  pane.innerHTML = `<div class="empty"><p class="big">${what}</p><p>Keputusan Anda sudah disimpan di peramban ini. Aduan berikutnya tampil ${then}.</p></div>`;
}

// Shows a complaint again, as it was, after its decision has been withdrawn before it was sent.
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
  pane.scrollTop = 0; // the one shown meanwhile may have been scrolled
  if (innerWidth <= 800) scrollTo(0, 0);
  history.replaceState({ number }, "", `/aduan/${number}${filters()}`);
  entitle();
  focusHeading();
  take(number);
  refresh().then(() => mark(number));
}

// Focuses the complaint's heading, so that screen readers announce it; the pane's label is the same for all.
function focusHeading() {
  if (document.activeElement?.closest(".filters")) return;
  const heading = pane.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

export function openMissing() {
  if (missing) open(missing);
}

// Marks the complaint as done, so that it isn't decided again while the next one, or its new version, is loading.
export function close() {
  const article = current();
  if (article) article.dataset.done = "1";
}

export function showList() {
  document.body.classList.replace("show-aduan", "show-daftar");
  entitle();
  if (isShown()) return; // wide screen: both are visible
  release(0);
  scrollTo(0, listTop);
  row(currentNumber())?.querySelector("a").focus({ preventScroll: true });
}

function isShown() { return getComputedStyle(pane).display !== "none"; }

export function step(by) {
  const number = beside(by);
  if (number !== null) open(number);
  else if (by > 0) more().then((found) => { if (found) step(by); else tellEnd(by); });
  else tellEnd(by);
}

function tellEnd(by) {
  if (!row(currentNumber())) return;
  const told = by < 0 ? "Ini aduan pertama di daftar."
    : document.getElementById("following") ? "Aduan lainnya belum dapat dimuat; periksa jaringan."
    : "Ini aduan terakhir di daftar.";
  tell(told, { about: "daftar" });
}

function openFollowing(li) { open(Number(li.dataset.id), { unasked: true }); }

// Removes complaints from the list, and opens the next one if the opened one is among them.
export function leave(numbers) {
  const here = currentNumber();
  const next = numbers.includes(here) ? following(here, numbers) : null;
  takeOut(numbers);
  numbers.forEach(forget);
  if (rows().length < FEW) more();
  if (!numbers.includes(here)) return;
  if (next) openFollowing(next);
  else more().then((found) => {
    const first = found ? following(0) : null;
    if (first) openFollowing(first); else empty();
  });
}

// Empty state after the last complaint; new ones aren't opened automatically, as a claim would keep them from others.
function empty() {
  const told = waiting().length ? '<p class="big">Mengirim keputusan …</p><p>Sesudahnya antrean diperiksa lagi.</p>'
    : rows().length ? '<p class="big">Ada aduan baru.</p><p><button type="button" data-step="1">Buka <kbd>j</kbd></button></p>'
    : document.getElementById("nothing").innerHTML;
  pane.innerHTML = `<div class="empty">${told}</div>`;
  history.replaceState({}, "", `/${filters()}`);
  entitle();
}

// After the decision on the last complaint was stored: opens what it has added, such as the parts of a split.
export async function carryOn() {
  if (current() || missing) return;
  await refresh();
  const first = following(0);
  if (first) openFollowing(first); else empty();
}

export async function refresh() {
  if (await update(currentNumber) && !current() && !missing) empty();
}

// Claims the opened complaint. If somebody else is working on it, shows that, or, if `unasked`, opens another one.
async function take(number, unasked = false) {
  if (!current()?.querySelector("form")) return;
  const told = await claim(number);
  if (!told || currentNumber() !== number) return;
  row(number)?.setAttribute("data-held", "");
  const next = unasked ? following(number) : null;
  if (next && !("held" in next.dataset)) { openFollowing(next); return; }
  const notice = current().querySelector(".claimed");
  notice.textContent = told;
  notice.hidden = false;
}

export function begin() {
  const number = currentNumber();
  const visible = number && isShown();
  enhance(pane);
  if (visible) bringInSight(row(number));
  if (number) putBack(current());
  if (visible) take(number);
  setInterval(() => { if (held() && document.visibilityState === "visible") take(held()); }, CLAIM_AGAIN_MILLISECONDS);
  addEventListener("pagehide", () => { release(0); keepOver(current()); });
  if (addressed() && ofNewComplaint.read()?.sent) ofNewComplaint.clear(); // the server has stored it
  ahead(beside);
}
