// Toast notices: what was done, with an undo button; errors stay until closed.

const SECONDS = 9;
const box = document.getElementById("toasts");

// Shows a notice and returns it; `key` is the shortcut of its button. Replaces earlier notices about the same complaint
// (`about`), which are outdated and cannot be undone any more.
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
      document.getElementById("opened")?.focus({ preventScroll: true }); // else the focus would be lost
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

// Removes a notice, but not while it is hovered or focused.
function pass(toast) {
  if (toast.matches(":hover, :focus-within")) setTimeout(() => pass(toast), 1000);
  else toast.remove();
}

// Focuses the button of the newest notice that has one.
export function goToNewest() { [...box.querySelectorAll(".toast:has(button)")].at(-1)?.querySelector("button").focus(); }

export function alarm(text) {
  const place = document.getElementById("alarm");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}
