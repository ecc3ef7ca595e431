// Short messages in the corner: what was done, with a way back; what failed stays until it is closed.

const SECONDS = 9;
const box = document.getElementById("toasts");

// Returns the notice; `key` is the one that does the same as the button. What was told before about the same complaint
// (`about`) isn't so any more, nor can it be undone.
export function tell(text, { button, key, act, about, bad = false } = {}) {
  const toast = document.createElement("div");
  if (about) {
    box.querySelectorAll(`.toast[data-about="${about}"]`).forEach((old) => old.remove());
    toast.dataset.about = about;
  }
  toast.className = bad ? "toast bad" : "toast";
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (button) {
    const control = Object.assign(document.createElement("button"), { type: "button", textContent: button });
    if (key) control.append(" ", Object.assign(document.createElement("kbd"), { textContent: key }));
    control.addEventListener("click", () => { toast.remove(); act(); });
    toast.append(control);
  }
  if (bad) {
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Tutup" });
    close.addEventListener("click", () => {
      toast.remove();
      document.getElementById("opened")?.focus({ preventScroll: true }); // else one would be nowhere
    });
    toast.append(close);
  } else {
    setTimeout(() => pass(toast), SECONDS * 1000);
  }
  const passing = box.querySelectorAll(".toast:not(.bad)");
  [...passing].slice(0, Math.max(0, box.children.length - 2)).forEach((old) => old.remove());
  box.append(toast);
  box.scrollTop = box.scrollHeight;
  return toast;
}

// Not while somebody is about to press its button.
function pass(toast) {
  if (toast.matches(":hover, :focus-within")) setTimeout(() => pass(toast), 1000);
  else toast.remove();
}

// Goes to the newest notice that can be answered.
export function goToNewest() { [...box.querySelectorAll(".toast:has(button)")].at(-1)?.querySelector("button").focus(); }

export function alarm(text) {
  const place = document.getElementById("alarm");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}
