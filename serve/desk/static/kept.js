// Session storage for unsent input, with keys per viewer, so that the next user of this tab doesn't see it.

function place(name) {
  const key = `disposisi.${name}.${document.body.dataset.viewer}`;
  return {
    read: () => JSON.parse(sessionStorage.getItem(key) ?? "null"),
    write: (what) => sessionStorage.setItem(key, JSON.stringify(what)),
    clear: () => sessionStorage.removeItem(key),
  };
}

export const ofComplaints = place("ketikan"); // typed.js
export const ofForm = place("belum"); // unsent.js
export const ofNewComplaint = place("baru"); // draft.js: { sent, values }; once it is stored complaints.js clears it

export const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);
export function setValue(field, value) { field[field.type === "checkbox" ? "checked" : "value"] = value; }

// Whether a field's value was changed since the page was loaded.
export function differs(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.multiple) return [...field.options].some((o) => o.selected !== o.defaultSelected);
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((o) => o.defaultSelected));
  return field.value !== field.defaultValue;
}
