// What is kept in this tab of what somebody typed; who logs in here after them does not see it.

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

// Whether a field is no more as it came.
export function differs(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.multiple) return [...field.options].some((o) => o.selected !== o.defaultSelected);
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((o) => o.defaultSelected));
  return field.value !== field.defaultValue;
}
