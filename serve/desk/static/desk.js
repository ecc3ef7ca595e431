// Desk for fast work: keyboard shortcuts, and forms that are sent in the background without waiting for the server.

import { addressed } from "./address.js";
import { begin, bringBack, carryOn, close, current, currentNumber, leave, open, refresh, showList, step } from "./complaints.js";
import { forget } from "./fetched.js";
import { nextMarks } from "./forms.js";
import { keysOn } from "./keys.js";
import { more } from "./list.js";
import { listen } from "./live.js";
import { goToNewest, tell } from "./notice.js";
import { drop, flush, newKey, onAnswer, onLoginEnded, send, waiting } from "./outbox.js";
import { begin as beginSound } from "./sound.js";
import { drop as dropTyped, keep as keepTyped, typed } from "./typed.js";

const pane = document.getElementById("opened");
const list = document.querySelector(".queue");
const keys = document.getElementById("keys");
const LEVELS = ["rendah", "sedang", "tinggi", "darurat"];
const STAYS = new Set(["urgensi", "tandai", "gabung", "batal", "kembali", "jawaban", "buka-lagi"]);
const FORMS_OPEN = ".act[open], .reply[open]";
const WRITTEN = "input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea";
const UNREAD_MILLISECONDS = 500; // after a complaint opens, a key press was still meant for the previous one
let readable = 0; // time from which submits are accepted
// The last decision: { key, article }, with { undo, toast } once it is answered, or { look, toast } once it is refused.
let newest = null;
let told = null; // notice of what the form lacked that was last to be sent
const unwanted = new Set(); // keys of decisions to undo as soon as they are answered
const refusals = new Map(); // notices of refused decisions by complaint, until it is decided

// Forms of the opened complaint go through the outbox, and the next complaint opens at once.
addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.action || !pane.contains(form)) return;
  event.preventDefault();
  if (current().dataset.done) return stillWaiting();
  if (performance.now() < readable) return;
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  told?.remove();
  const missing = lacking(form, fields);
  told = missing && tell(missing, { bad: true });
  if (missing) return;
  const key = newKey();
  fields.set("kunci", key);
  const number = currentNumber();
  const action = form.dataset.action;
  newest?.toast?.querySelector("kbd")?.remove(); // the undo shortcut now belongs to this decision
  newest = action === "batal" ? null : { key, article: current() };
  send({ key, number, action, path: form.getAttribute("action"), fields: fields.toString(), typed: typed(form) });
  form.dataset.sent = "1";
  close();
  if (!STAYS.has(action)) leave([number]);
});

// What a form lacks before it can be sent, as the server would say; null if it is complete.
function lacking(form, fields) {
  const search = form.querySelector("[data-picker] [role=combobox]");
  const unchosen = search?.value.trim(); // typed but not chosen: it would silently be left out
  if (unchosen) return `“${unchosen}” belum dipilih. Pilih instansinya dari daftar, atau hapus ketikannya.`;
  if (search && !fields.has("instansi")) return "Pilih instansinya dahulu.";
  const nothing = form.dataset.action === "gabung" && !fields.has("aduan");
  return nothing ? "Belum ada aduan yang dicentang. Centang aduan yang akan digabung." : null;
}

// Blocks further decisions while a change after which the complaint stays is pending: its new version isn't known yet.
function stillWaiting() {
  const number = currentNumber();
  if (!waiting().some((order) => order.number === number && STAYS.has(order.action))) return;
  tell(`Perubahan pada aduan ${number} belum terkirim. Tunggu jawabannya${keysOn() ? ", atau tekan z untuk menariknya" : ""}.`);
}

onAnswer((order, answer) => {
  refusals.get(order.number)?.remove();
  if (!answer.ok) return failed(order, answer);
  if (order.action === "batal") {
    tell(answer.sentence, { about: order.number });
    const at = order.at ?? answer.back[0];
    [...answer.back, at].forEach(forget);
    refresh().then(() => { if (answer.back.length) open(at); });
    return;
  }
  if (unwanted.delete(order.key)) takeBack(answer.undo, order.number);
  else tellDecision(order, answer);
  if (order.action === "gabung") leave(answer.gone);
  if (STAYS.has(order.action)) {
    forget(order.number);
    if (currentNumber() === order.number) open(order.number, { quiet: true });
    refresh();
  } else {
    dropTyped(order.number);
    carryOn();
  }
});

function failed(order, answer) {
  keepTyped(order.number, order.action, order.typed ?? []);
  forget(order.number);
  const last = newest?.key === order.key ? newest : null;
  const look = () => open(order.number);
  if (currentNumber() === order.number) open(order.number, { quiet: true });
  const way = { button: `Buka aduan ${order.number}`, key: last ? "z" : null, act: look, bad: true };
  const toast = tell(answer.detail ?? "Keputusan ditolak.", way);
  refusals.set(order.number, toast);
  if (last) Object.assign(last, { look, toast });
  refresh();
}

// Reloading leads to the login page and back, if needed; then the outbox is sent.
onLoginEnded(() => {
  tell("Sesi Anda berakhir, jadi Anda perlu masuk lagi. Keputusan dan ketikan Anda tersimpan.", { button: "Masuk", act: () => location.reload(), bad: true });
});

// Each notice can undo its decision; the shortcut belongs to the newest.
function tellDecision(order, answer) {
  const last = newest?.key === order.key ? newest : null;
  const act = () => {
    if (newest && newest === last) newest = null;
    takeBack(answer.undo, order.number);
  };
  const about = order.action === "gabung" ? null : order.number; // it concerns other complaints than this one
  const toast = tell(answer.sentence, { button: "Batalkan", key: last ? "z" : null, act, about });
  if (last) Object.assign(last, { undo: answer.undo, at: order.number, toast });
}

// Undoes the newest decision, whether answered, refused, in flight or unsent; if none, the opened complaint's last one.
function takeNewestBack() {
  const last = newest;
  newest = null;
  const shown = current()?.querySelector('form[data-action="batal"][data-own] [name=aduan]')?.value;
  if (last?.undo) {
    last.toast.remove();
    takeBack(last.undo, last.at);
  } else if (last?.look && last.toast.isConnected) {
    last.toast.remove();
    last.look();
  } else if (last && drop(last.key)) {
    tell(`Keputusan atas aduan ${last.article.dataset.id} dibatalkan sebelum terkirim.`);
    bringBack(last.article);
  } else if (last && waiting().some((order) => order.key === last.key)) {
    unwanted.add(last.key);
    tell(`Keputusan atas aduan ${last.article.dataset.id} dibatalkan begitu jawabannya tiba.`);
  } else if (shown) takeBack([shown], currentNumber());
  else tell("Tidak ada keputusan Anda yang baru saja dibuat. Untuk yang sebelumnya, buka aduannya, lalu tekan z.");
}

// Undoes the decisions on complaints, given as `number:version`, and leads back to the complaint where they were made.
function takeBack(pairs, at) {
  const key = newKey();
  const fields = new URLSearchParams([...pairs.map((pair) => ["aduan", pair]), ["kunci", key]]);
  send({ key, number: Number(pairs[0].split(":")[0]), at, action: "batal", path: "/batal", fields: fields.toString() });
}

function toggle(shortcut) {
  const panel = pane.querySelector(`.act[data-shortcut="${shortcut}"]`);
  if (!panel) return cannot(shortcut);
  panel.open = true;
  panel.scrollIntoView({ block: "nearest" });
  const field = [...panel.querySelectorAll("input:not([type=hidden]), select, textarea, button")].find((f) => f.offsetParent && !f.disabled);
  field?.focus();
}

// Explains why a shortcut does nothing: the actions depend on the complaint's status and the viewer's permissions.
function cannot(key) {
  const article = current();
  if (!article) return;
  const about = `Aduan ${article.dataset.id}`;
  if (!article.querySelector(".acts")) tell("Akun Anda tidak punya izin memutuskan.");
  else if (key === "r") tell(`${about} tidak sedang ada pada instansi, jadi tidak dapat dikembalikan.`);
  else tell(`${about} berstatus ${article.dataset.status}, jadi tombol ${key} tidak berlaku.`);
}

function accept(key) {
  const choice = pane.querySelector(`.choice[data-key="${key}"]`);
  if (choice?.disabled) tell("Instansi itu sudah tidak ada. Pilih penggantinya lewat “Instansi lain” (tombol l).");
  else choice?.click();
}

function urge(by) {
  const article = current();
  const to = LEVELS[LEVELS.indexOf(article?.dataset.level) + by];
  article?.querySelector(`form[data-action="urgensi"] button[value="${to}"]`)?.click();
}

const ACTS = {
  j: () => step(1), k: () => step(-1), z: takeNewestBack, m: () => nextMarks(pane), n: goToNewest,
  "+": () => urge(1), "=": () => urge(1), "-": () => urge(-1), "?": () => keys.showModal(), "/": () => document.getElementById("cari").focus(),
  e: () => { const reply = pane.querySelector(".choices .reply"); if (reply) { reply.open = true; reply.querySelector("textarea").focus(); } },
};
for (const key of "123") ACTS[key] = () => accept(key);
for (const key of "lustxbpgr") ACTS[key] = () => toggle(key);

addEventListener("keydown", (event) => {
  const field = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select");
  if (event.key === "Enter" && event.ctrlKey && event.target.form) { event.preventDefault(); event.target.form.requestSubmit(event.target.form.querySelector("button:not([type=button])")); return; }
  if (event.key === "Escape" && !keys.open) {
    const summary = event.target.closest?.(".act, .choices .reply")?.querySelector("summary"); // to keep the focus
    pane.querySelectorAll(".act[open], .choices .reply[open]").forEach((panel) => { panel.open = false; });
    (summary ?? (field && pane))?.focus({ preventScroll: true });
    return;
  }
  if (event.target.closest?.("summary")?.parentElement.matches(FORMS_OPEN)) return; // it was meant for the form
  if (field || keys.open || !keysOn() || event.ctrlKey || event.altKey || event.metaKey) return;
  const act = ACTS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  if (event.repeat && event.key >= "0" && event.key <= "9") return; // a stuck key must not decide
  act();
});

// What is typed after opening a form with the mouse belongs into it; on a touch screen the focus would raise a keyboard.
pane.addEventListener("click", (event) => {
  const panel = event.target.closest("summary")?.parentElement;
  if (!event.detail || event.pointerType === "touch" || !panel?.matches(".act, .reply")) return;
  requestAnimationFrame(() => {
    if (panel.open) [...panel.querySelectorAll(WRITTEN)].find((field) => field.offsetParent)?.focus();
  });
});

list.addEventListener("click", (event) => {
  const li = event.target.closest(".items > li");
  if (!li || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(Number(li.dataset.id));
});
pane.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) step(Number(button.dataset.step));
  if (event.target.closest(".back") && history.state?.number) { event.preventDefault(); history.pushState({}, "", `/${location.search}`); showList(); }
});
pane.addEventListener("aduan:terbuka", ({ detail }) => { if (detail.other) readable = performance.now() + UNREAD_MILLISECONDS; });
pane.addEventListener("aduan:gagal", (event) => tell(`Aduan ${event.detail.number} belum dapat dimuat; periksa jaringan.`, { bad: true }));
addEventListener("popstate", () => {
  if (addressed()) open(addressed(), { quiet: true }); else showList();
});
list.addEventListener("scroll", () => {
  if (list.scrollTop + list.clientHeight > list.scrollHeight - 400) document.getElementById("following")?.click();
});
list.addEventListener("click", (event) => {
  if (event.target.id === "following") { event.preventDefault(); more(); }
});
document.getElementById("keys-button").hidden = false;
document.getElementById("keys-button").addEventListener("click", () => keys.showModal());
// A filter applies at once with the pointer. With the keyboard each arrow changes the choice, so the button applies it.
const filtering = list.querySelector("form.filters details");
if (innerWidth <= 800) filtering.open = false; // on a phone it would take the list's place
let byKey = false;
filtering.addEventListener("keydown", () => { byKey = true; });
filtering.addEventListener("pointerdown", () => { byKey = false; });
filtering.addEventListener("change", (event) => { if (event.target.name && !byKey) event.target.form.requestSubmit(); });

begin();
beginSound();
listen();
flush();
document.documentElement.dataset.ready = "1";
