// Draft of a new complaint, kept in session storage across visits to other pages and expired logins until it is stored.

import { differs, ofNewComplaint, setValue, valueOf } from "./kept.js";

const form = document.querySelector("form[data-draft]");
const wasRefused = form.dataset.draft === "ditolak";
const fields = () => [...form.elements].filter((field) => field.name && field.name !== "csrf");
let sent = false;

function putBack() {
  const kept = ofNewComplaint.read();
  ofNewComplaint.clear();
  if (!kept || wasRefused) return; // the server has filled in a refused form
  for (const field of fields()) {
    if (field.name in kept.values) setValue(field, kept.values[field.name]);
  }
}

function keep() {
  if (!sent && !wasRefused && !fields().some((field) => field.type !== "hidden" && differs(field))) return;
  ofNewComplaint.write({ sent, values: Object.fromEntries(fields().map((field) => [field.name, valueOf(field)])) });
}

putBack();
addEventListener("submit", ({ target }) => { sent = target === form; if (!sent) removeEventListener("pagehide", keep); }); // logs out
addEventListener("pagehide", keep);
