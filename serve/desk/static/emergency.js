// Announces a new emergency by sound, by a notice, and to screen readers.

import { alarm, tell } from "./notice.js";
import { ring } from "./sound.js";

const APART = 3; // notices shown separately; more are combined into one
let open = []; // announcements not closed yet: { number, toast }

// What has been opened, from wherever, needs no notice any more.
addEventListener("aduan:terbuka", ({ detail }) => {
  const seen = open.filter(({ number }) => number === detail.number);
  open = open.filter(({ number }) => number !== detail.number);
  seen.filter(({ toast }) => !open.some((other) => other.toast === toast)).forEach(({ toast }) => toast.remove());
});

export function announce(number, act) {
  const silent = ring() ? " (tanpa bunyi: peramban menahan suara sampai halaman ini disentuh)" : "";
  open = open.filter(({ toast }) => toast.isConnected);
  if (open.length < APART) {
    alarm(`Aduan darurat baru, nomor ${number}.`);
    open.push({ number, toast: tell(`Aduan darurat baru: nomor ${number}${silent}`, { button: "Buka", act, bad: true }) });
    return;
  }
  open.forEach(({ toast }) => toast.remove());
  const numbers = [...open.map((other) => other.number), number];
  const told = `${numbers.length} aduan darurat baru`;
  alarm(`${told}, yang terbaru nomor ${number}.`);
  const look = () => location.assign("/?urgensi=darurat&urutan=baru"); // the old ones would come first
  const toast = tell(`${told}, yang terbaru nomor ${number}${silent}`, { button: "Lihat semua", act: look, bad: true });
  open = numbers.map((each) => ({ number: each, toast }));
}
