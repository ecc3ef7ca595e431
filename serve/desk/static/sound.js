// Alarm sound for emergencies, and its button, which mutes it and shows whether the browser blocks it.

const MUTED = "disposisi.suara";
const HELD = "Peramban menahan suara sampai halaman ini disentuh: klik di mana saja atau tekan satu tombol.";
const TONES = [660, 880, 660, 880]; // Hz
const TONE_SECONDS = 0.22;
const LOUDNESS = 0.25; // gain, 0 to 1
const INAUDIBLE = 0.0001; // an exponential ramp never reaches 0
const button = document.getElementById("sound");
let audio = null;
let quiet = 0; // end of the last alarm, in `audio.currentTime`

const muted = () => localStorage.getItem(MUTED) === "mati";

function draw() {
  const held = !muted() && audio.state !== "running";
  button.hidden = false;
  button.textContent = muted() ? "Suara mati" : held ? "Suara tertahan" : "Suara hidup";
  button.title = held ? HELD : `Tekan untuk ${muted() ? "menghidupkan" : "mematikan"} suara aduan darurat.`;
  button.classList.toggle("held", held);
}

// Plays the alarm, synthesised, so that no file can be missing on a slow connection. Returns whether the browser blocks
// it; a blocked one isn't played later, when nobody expects it.
export function ring() {
  if (!audio || muted()) return false;
  if (audio.state !== "running") return true;
  if (audio.currentTime < quiet) return false; // simultaneous alarms sound once
  quiet = audio.currentTime + TONES.length * TONE_SECONDS;
  TONES.forEach((pitch, n) => {
    const at = audio.currentTime + n * TONE_SECONDS;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(INAUDIBLE, at);
    volume.gain.exponentialRampToValueAtTime(LOUDNESS, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(INAUDIBLE, at + TONE_SECONDS - 0.02);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + TONE_SECONDS - 0.01);
  });
  return false;
}

export function begin() {
  if (!window.AudioContext) return;
  audio = new AudioContext();
  audio.addEventListener("statechange", draw);
  addEventListener("storage", draw); // muted in another window
  // Browsers allow sound after a user gesture; on phones that is the end of a touch.
  for (const touch of ["pointerup", "keydown"]) addEventListener(touch, ({ target }) => { if (target !== button) audio.resume(); });
  button.addEventListener("click", async () => {
    if (!button.classList.contains("held")) localStorage.setItem(MUTED, muted() ? "hidup" : "mati");
    await audio.resume();
    draw();
    ring(); // a sample of the sound
  });
  draw();
}
