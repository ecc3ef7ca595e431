// What happens elsewhere: new complaints, emergencies among them, and decisions of others.

import { tell } from "./notice.js";
import { currentNumber, forget, open, openMissing, refresh } from "./complaints.js";
import { flush, loginEnded, onChange, waiting } from "./outbox.js";
import { announce } from "./emergency.js";

const viewer = document.querySelector("main").dataset.viewer;
const connection = document.getElementById("connection");
let connected = true;
let planned = 0;
let source = null;
let last = document.querySelector("main").dataset.latest; // the last event that is known, so that none is missed in between

export function drawConnection() {
  const count = waiting().length;
  const off = !connected || !navigator.onLine;
  const held = off || loginEnded();
  connection.hidden = false;
  connection.classList.toggle("off", held);
  const queue = held && count ? ` · ${count} keputusan menunggu dikirim` : "";
  connection.textContent = (loginEnded() ? "Perlu masuk" : off ? "Luring" : count ? "Mengirim" : "Tersambung") + queue;
  connection.dataset.waiting = String(count);
}

function soon() {
  clearTimeout(planned);
  planned = setTimeout(refresh, 600);
}

function changed(change) {
  if (change.by === viewer && change.action !== "receive") return;
  forget(change.complaint);
  if (change.complaint === currentNumber() && change.by !== viewer) {
    tell(`${change.by} baru saja memutuskan aduan ${change.complaint}.`, { button: "Muat ulang", act: () => open(change.complaint, { quiet: true }) });
  }
  soon();
}

function emergency(change) {
  announce(change.complaint, () => open(change.complaint));
  soon();
}

export function listen() {
  drawConnection();
  onChange((reached) => { connected = reached ?? connected; drawConnection(); });
  addEventListener("offline", drawConnection);
  addEventListener("online", () => { drawConnection(); subscribe(); });
  subscribe();
}

// A browser waits longer and longer before it tries again by itself; it knows at once when it is back online.
function subscribe() {
  source?.close();
  source = new EventSource(`/v1/events?after=${last}`);
  source.addEventListener("hello", (event) => { last = event.lastEventId; connected = true; drawConnection(); flush(); openMissing(); soon(); });
  source.addEventListener("change", (event) => { last = event.lastEventId; changed(JSON.parse(event.data)); });
  source.addEventListener("emergency", (event) => { last = event.lastEventId; emergency(JSON.parse(event.data)); });
  source.addEventListener("error", () => { connected = false; drawConnection(); });
}
