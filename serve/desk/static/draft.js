// What was typed into the form of a new complaint, kept in this tab over a look at another page and over a login that has
// ended, until it is stored.

const STORE = "disposisi.baru." + document.body.dataset.viewer;
const form = document.querySelector("form[data-draft]");
const fields = () => [...form.elements].filter((field) => field.name && field.name !== "csrf");
const differs = (field) => (field.type === "checkbox" ? field.checked !== field.defaultChecked
  : field.options ? field.selectedIndex > 0 : field.type !== "hidden" && field.value !== field.defaultValue);
let left = false; // by the form itself, or to log out

function putBack() {
  const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
  sessionStorage.removeItem(STORE);
  if (!kept || form.dataset.draft === "ditolak") return; // a refused form came with what was typed
  for (const field of fields()) {
    if (!(field.name in kept)) continue;
    if (field.type === "checkbox") field.checked = kept[field.name];
    else field.value = kept[field.name];
  }
}

function keep() {
  if (!left && !fields().some(differs) && form.dataset.draft !== "ditolak") return;
  const values = fields().map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
  sessionStorage.setItem(STORE, JSON.stringify(Object.fromEntries(values)));
}

putBack();
addEventListener("submit", ({ target }) => { left = target === form; if (!left) removeEventListener("pagehide", keep); });
addEventListener("pagehide", keep);
