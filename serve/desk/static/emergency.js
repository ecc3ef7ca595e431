// An emergency that has come in is told to the ear, to the eye, and to screen readers.

import { alarm, tell } from "./notice.js";
import { ring } from "./sound.js";

export function announce(number, open) {
  const silent = ring() ? " (tanpa bunyi: peramban menahan suara sampai halaman ini disentuh)" : "";
  alarm(`Aduan darurat baru, nomor ${number}.`);
  tell(`Aduan darurat baru: nomor ${number}${silent}`, { button: "Buka", act: open, bad: true });
}
