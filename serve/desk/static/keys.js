// Switch for single-character shortcuts, for people who use dictation or touch keys by accident (WCAG 2.1.4).

const STORE = "disposisi.tombol";
const box = document.getElementById("single-keys");

export const keysOn = () => localStorage.getItem(STORE) !== "mati";

// Hides the hints for shortcuts while these are off.
function draw() {
  box.checked = keysOn();
  document.documentElement.toggleAttribute("data-keyless", !keysOn());
}

box.closest(".switch").hidden = false;
box.addEventListener("change", () => { localStorage.setItem(STORE, box.checked ? "hidup" : "mati"); draw(); });
addEventListener("storage", draw); // changed in another window
draw();
