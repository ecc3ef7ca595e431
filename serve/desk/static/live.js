// What happens elsewhere: new complaints, decisions of others; a sound for emergencies, which can be muted.

import { alarm, tell } from "./notice.js";
import { currentNumber, forget, open, openMissing, refresh } from "./complaints.js";
import { flush, onChange, waiting } from "./outbox.js";

const MUTED = "disposisi.suara";
const viewer = document.querySelector("main").dataset.viewer;
const sound = document.getElementById("sound");
const connection = document.getElementById("connection");
let audio = null;
let connected = true;
let planned = 0;
let source = null;
let last = ""; // the last event seen, so that none is missed in between

const muted = () => localStorage.getItem(MUTED) === "mati";

function drawSound() {
  sound.hidden = false;
  sound.textContent = muted() ? "Suara mati" : "Suara hidup";
  sound.setAttribute("aria-pressed", String(!muted()));
}

export function drawConnection() {
  const count = waiting().length;
  const off = !connected || !navigator.onLine;
  connection.hidden = false;
  connection.classList.toggle("off", off);
  const queue = count ? ` · ${count} keputusan menunggu dikirim` : "";
  connection.textContent = (off ? "Luring" : count ? "Mengirim" : "Tersambung") + (off ? queue : "");
  connection.dataset.waiting = String(count);
}

// Two rising tones, made here: no file to load, none to miss when the line is slow.
function ring() {
  if (muted()) return;
  audio ??= new AudioContext();
  audio.resume().catch(() => {});
  [660, 880, 660, 880].forEach((pitch, n) => {
    const at = audio.currentTime + n * 0.22;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.21);
  });
  document.documentElement.dataset.rang = String(Number(document.documentElement.dataset.rang ?? 0) + 1);
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
  ring();
  alarm(`Aduan darurat baru, nomor ${change.complaint}.`);
  tell(`Aduan darurat baru: nomor ${change.complaint}`, { button: "Buka", act: () => open(change.complaint), bad: true });
  soon();
}

export function listen() {
  drawSound();
  drawConnection();
  onChange((reached) => { connected = reached ?? connected; drawConnection(); });
  sound.addEventListener("click", () => {
    localStorage.setItem(MUTED, muted() ? "hidup" : "mati");
    drawSound();
    if (!muted()) ring();
  });
  // Browsers let a page sound only after somebody has touched it.
  addEventListener("pointerdown", () => { audio ??= new AudioContext(); }, { once: true });
  addEventListener("keydown", () => { audio ??= new AudioContext(); }, { once: true });
  addEventListener("offline", drawConnection);
  addEventListener("online", () => { drawConnection(); subscribe(); });
  subscribe();
}

// A browser waits longer and longer before it tries again by itself; it knows at once when it is back online.
function subscribe() {
  source?.close();
  source = new EventSource(`/v1/events${last ? `?after=${last}` : ""}`);
  source.addEventListener("hello", () => { connected = true; drawConnection(); flush(); openMissing(); soon(); });
  source.addEventListener("change", (event) => { last = event.lastEventId; changed(JSON.parse(event.data)); });
  source.addEventListener("emergency", (event) => { last = event.lastEventId; emergency(JSON.parse(event.data)); });
  source.addEventListener("error", () => { connected = false; drawConnection(); });
}
