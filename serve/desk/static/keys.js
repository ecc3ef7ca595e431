// Keys of one character act at once. Who dictates, or touches keys by chance, can switch them off in this browser.

const STORE = "disposisi.tombol";
const box = document.getElementById("single-keys");

export const keysOn = () => localStorage.getItem(STORE) !== "mati";

// What names a key that does nothing is not shown.
function draw() {
  box.checked = keysOn();
  document.documentElement.toggleAttribute("data-keyless", !keysOn());
}

box.closest(".switch").hidden = false;
box.addEventListener("change", () => { localStorage.setItem(STORE, box.checked ? "hidup" : "mati"); draw(); });
addEventListener("storage", draw); // switched in another window
draw();
