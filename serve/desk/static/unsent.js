// Restores a form's input after a submit that failed because the login had expired or somebody else was faster.
// Passwords are never stored. Drafts of new complaints are handled by draft.js.

import { ofForm, setValue, valueOf } from "./kept.js";

const WRITTEN = "input:not([type=hidden], [type=password]), select, textarea";
const fields = (form) => [...form.elements].filter((field) => field.name && field.matches(WRITTEN));
const nameOf = (form) => `${form.getAttribute("action")} ${form.elements.perintah?.value ?? ""}`;

addEventListener("submit", ({ target: form }) => {
  if (form.getAttribute("action") === "/keluar") return ofForm.clear();
  if ("draft" in form.dataset || !fields(form).length) return;
  ofForm.write({ page: location.pathname, form: nameOf(form), values: fields(form).map(valueOf) });
});

function putBack() {
  const sent = ofForm.read();
  if (sent?.page !== location.pathname) return;
  ofForm.clear();
  if (document.querySelector(".told, .error, .result")) return; // the submit was answered
  const form = [...document.forms].find((other) => nameOf(other) === sent.form && fields(other).length === sent.values.length);
  if (!form) return;
  fields(form).forEach((field, n) => setValue(field, sent.values[n]));
  const note = Object.assign(document.createElement("p"), { className: "notice", textContent: "Belum terkirim. Periksa, lalu kirim lagi." });
  note.setAttribute("role", "status");
  form.before(note);
  if (form.closest("details")) form.closest("details").open = true;
  (form.querySelector("[type=password]") ?? fields(form)[0]).focus();
}

putBack();
