// Unsent input in a complaint's forms, kept in session storage across reloads, visits to other complaints or pages,
// expired logins, and refusals.

import { differs, ofComplaints, setValue, valueOf } from "./kept.js";

// By complaint, then by action: what `typed` returned.
const kept = new Map((ofComplaints.read() ?? []).map(([number, forms]) => [number, new Map(forms)]));
let loggedOut = false;

const named = (form, name) => [...form.elements].filter((field) => field.name === name && field.type !== "hidden");

// The fields of a form that were changed.
export function typed(form) {
  return [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.matches("input, select, textarea") && isTyped(field)).map((field) => ({
    name: field.name,
    at: named(form, field.name).indexOf(field),
    value: field.options ? [...field.selectedOptions].map((o) => o.value) : valueOf(field),
    box: field.type === "checkbox" ? field.value : null, // identifies one of several checkboxes
  }));
}

function isTyped(field) {
  const standard = field.name === "balasan" && field.form.elements.balasan_baku; // follows what is chosen
  return standard ? field.value !== standard.value : differs(field);
}

export function keep(number, action, fields) {
  if (!fields.length) return;
  if (!kept.has(number)) kept.set(number, new Map());
  kept.get(number).set(action, fields);
}

// Called before the pane's content is replaced; forms in flight are kept by the outbox.
export function keepAll(article) {
  for (const form of article.querySelectorAll("form[data-action]:not([data-sent])")) {
    keep(Number(article.dataset.id), form.dataset.action, typed(form));
  }
}

// Called before the page is left; nothing is kept on logout.
export function keepOver(article) {
  if (article && !article.dataset.done) keepAll(article);
  const filled = [...kept].filter(([, forms]) => forms.size).map(([number, forms]) => [number, [...forms]]);
  if (filled.length && !loggedOut) ofComplaints.write(filled);
  else ofComplaints.clear();
}
addEventListener("submit", ({ target }) => { loggedOut ||= target.getAttribute("action") === "/keluar"; });

export function drop(number) { kept.delete(number); }

// Restores input in its fields; if its form is gone, shows the text, to be copied.
export function putBack(article) {
  const number = Number(article.dataset.id);
  for (const [action, fields] of kept.get(number) ?? []) {
    const form = [...article.querySelectorAll(`form[data-action="${action}"]`)].at(-1); // parts: the one to be edited
    const left = fields.filter((field) => !(form && put(form, field)));
    if (left.length) kept.get(number).set(action, left); else kept.get(number).delete(action);
    left.forEach((field) => tell(article, field));
  }
}

// The focused field of an unsent form; null if there is none.
export function place(article) {
  const field = document.activeElement;
  const form = field?.closest("form[data-action]:not([data-sent])");
  if (!form || !article?.contains(form) || !field.matches("input, select, textarea")) return null;
  return { action: form.dataset.action, at: [...form.elements].indexOf(field), field };
}

// Moves the focus to the same field in the complaint's new version; returns whether that was possible.
export function goOn(article, { action, at, field }) {
  const again = article.querySelector(`form[data-action="${action}"]`)?.elements[at];
  if (again?.type !== field.type) return false;
  unfold(again);
  if (!field.name) again.value = field.value; // search text of a picker
  again.focus();
  if (field.selectionStart !== undefined && field.selectionStart !== null) again.setSelectionRange(field.selectionStart, field.selectionEnd);
  return true;
}

function unfold(field) {
  for (let panel = field.closest("details"); panel; panel = panel.parentElement.closest("details")) panel.open = true;
}

function put(form, { name, at, value, box }) {
  const field = box === null ? named(form, name)[at] : named(form, name).find((other) => other.value === box);
  if (!field) return false;
  if (field.multiple) for (const o of field.options) o.selected = false;
  if (field.options) value.forEach((code) => choose(field, code));
  else setValue(field, value);
  field.dispatchEvent(new Event(field.options ? "change" : "input", { bubbles: true }));
  unfold(field);
  return true;
}

function choose(select, code) {
  const option = [...select.options].find((o) => o.value === code);
  if (!option) return;
  if (select.multiple) select.append(option); // the first chosen office leads
  option.selected = true;
}

function tell(article, { value }) {
  if (typeof value !== "string" || !value.trim()) return;
  const note = Object.assign(document.createElement("p"), { className: "notice unsent", textContent: `Belum terkirim: “${value}”` });
  article.querySelector(".columns").before(note);
}
