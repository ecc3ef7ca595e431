// Live updates: new complaints, emergencies, and decisions made elsewhere.

import { tell } from "./notice.js";
import { currentNumber, open, openMissing, refresh } from "./complaints.js";
import { forget } from "./fetched.js";
import { flush, isOurs, loginEnded, onChange, waiting } from "./outbox.js";
import { announce } from "./emergency.js";
import { listen as hearFrom } from "./stream.js";

const viewer = document.body.dataset.viewer;
const connection = document.getElementById("connection");
let connected = true;
let planned = 0;
const latest = Number(document.querySelector("main").dataset.latest); // id of the last event included in the page

function drawConnection() {
  const count = waiting().length;
  const off = !connected || !navigator.onLine;
  const held = off || loginEnded();
  connection.hidden = false;
  connection.classList.toggle("off", held);
  const queue = held && count ? ` · ${count} keputusan menunggu` : "";
  connection.textContent = (loginEnded() ? "Perlu masuk" : off ? "Luring" : count ? "Mengirim" : "Tersambung") + queue;
  connection.dataset.waiting = String(count);
}

function soon() {
  clearTimeout(planned);
  planned = setTimeout(refresh, 600);
}

function changed(change) {
  const own = change.by === viewer && change.action !== "receive";
  if (own && isOurs(change.complaint)) return soon(); // its row may not have been loaded, so that nothing was counted
  forget(change.complaint);
  if (own && change.complaint === currentNumber() && document.getElementById("opened").offsetParent) {
    tell(`Anda ${did(change)} di tempat lain.`, { about: change.complaint });
    open(change.complaint, { quiet: true });
  }
  if (change.complaint === currentNumber() && change.by !== viewer) {
    const look = { button: "Muat ulang", act: () => open(change.complaint, { quiet: true }) };
    tell(`${change.name} baru saja ${did(change)}.`, { ...look, about: change.complaint });
  }
  soon();
}

function did({ action, complaint }) {
  if (action === "undo") return `membatalkan keputusan atas aduan ${complaint}`;
  if (action === "urgency") return `mengubah urgensi aduan ${complaint}`;
  return action === "mark" ? `menandai aduan ${complaint}` : `memutuskan aduan ${complaint}`;
}

function emergency(change) {
  announce(change.complaint, () => open(change.complaint));
  soon();
}

export function listen() {
  drawConnection();
  onChange((reached) => { connected = reached ?? connected; drawConnection(); });
  addEventListener("offline", drawConnection);
  const again = hearFrom(latest, hear);
  // A browser reconnects by itself with growing delays; this reconnects as soon as it is online again.
  addEventListener("online", () => { drawConnection(); again(); });
}

function hear(kind, event) {
  if (kind === "change") changed(event);
  if (kind === "emergency") emergency(event);
  if (kind === "error") { connected = false; drawConnection(); soon(); } // the refresh reveals an expired login
  if (kind === "hello") { connected = true; drawConnection(); flush(); openMissing(); soon(); }
}
