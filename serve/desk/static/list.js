// The list beside the opened complaint: rows, the next complaint, further pages, and refreshing.

import { filters } from "./address.js";
import { fetchPart } from "./fetched.js";
import { waiting } from "./outbox.js";

const list = document.querySelector(".queue");
// By name of a count above the list: what marks a row that is counted there.
const COUNTED = { total: ".item", found: ".item", darurat: ".item.level-darurat", read: ".hint", late: ".clock.late" };

export const rows = () => [...list.querySelectorAll(".items > li")];
export const row = (number) => list.querySelector(`.items > li[data-id="${number}"]`);

export function mark(number) {
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const link = row(number)?.querySelector("a");
  link?.setAttribute("aria-current", "true");
  link?.scrollIntoView({ block: "nearest" });
}

// Scrolls a row into view; scrollIntoView would also make the first press of Tab start there.
export function bringInSight(li) {
  if (li) list.scrollTop = Math.max(0, li.offsetTop + li.offsetHeight - list.clientHeight);
}

// The complaint `by` steps away in the list; `null` at its ends.
export function neighbour(by, from) {
  const all = rows();
  const at = all.findIndex((li) => Number(li.dataset.id) === from);
  const li = at < 0 ? all[0] : all[at + by];
  return li ? Number(li.dataset.id) : null;
}

// The row to open automatically after complaint `from`, except those in `gone`; preferably one that nobody has claimed.
export function following(from, gone = []) {
  const at = rows().findIndex((li) => Number(li.dataset.id) === from);
  const before = rows().slice(0, Math.max(at, 0)).reverse();
  const left = [...rows().slice(at + 1), ...before].filter((li) => !gone.includes(Number(li.dataset.id)));
  return left.find((li) => !("held" in li.dataset)) ?? left[0] ?? null;
}

// Removes complaints from the list, and updates the counts.
export function takeOut(numbers) {
  const gone = numbers.map(row).filter(Boolean);
  for (const count of list.querySelectorAll("[data-count]")) {
    const counted = gone.filter((li) => li.querySelector(COUNTED[count.dataset.count])).length;
    const shown = count.querySelector("b") ?? count;
    const left = Math.max(0, Number(shown.textContent.replaceAll(".", "")) - counted); // with a point after thousands
    shown.textContent = left.toLocaleString("id");
    shown.toggleAttribute("data-zero", !left);
  }
  gone.forEach((li) => li.remove());
}

// Fetches the next page of the list; resolves to whether there was one.
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

// Refreshes the list without moving its scroll position or focus; resolves to whether it did.
export async function update(currentNumber) {
  if (waiting().length || document.activeElement?.closest(".filters")) return false;
  let page;
  try { page = await part(`/${filters()}`); } catch { return false; }
  if (waiting().length) return false;
  const focused = document.activeElement?.closest(".queue a")?.getAttribute("href");
  const scroll = list.scrollTop;
  const opening = list.querySelector(".items > [aria-busy]")?.dataset.id;
  keepLaterPages(page);
  for (const selector of ["#counts", "#items", "#following", ".none"]) {
    const [old, fresh] = [list.querySelector(selector), page.querySelector(selector)];
    if (old && fresh) old.replaceWith(fresh);
    else if (old) old.remove();
    else if (fresh) list.append(fresh);
  }
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  row(currentNumber())?.querySelector("a")?.setAttribute("aria-current", "true");
  row(opening)?.setAttribute("aria-busy", "true");
  if (focused) [...list.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus({ preventScroll: true });
  list.scrollTop = scroll;
  return true;
}

// Keeps the rows of later pages behind a refreshed first page. Its end in the old list is its last complaint that the
// list already has; rows before that which aren't on the fresh page have left the queue.
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
  const template = document.createElement("template");
  template.innerHTML = await fetchPart(address, "daftar");
  return template.content;
}
