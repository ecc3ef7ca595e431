// What was typed into a complaint's forms, kept in this tab over a reload, a look at another complaint or page, a login
// that has ended, and a refusal.

import { differs, ofComplaints } from "./kept.js";

// By complaint: a Map by action of what `typed` returned.
const kept = new Map((ofComplaints.read() ?? []).map(([number, forms]) => [number, new Map(forms)]));
let loggedOut = false;

const named = (form, name) => [...form.elements].filter((field) => field.name === name && field.type !== "hidden");

// The fields of a form that differ from how it came.
export function typed(form) {
  return [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.matches("input, select, textarea") && isTyped(field)).map((field) => ({
    name: field.name,
    at: named(form, field.name).indexOf(field),
    value: field.options ? [...field.selectedOptions].map((o) => o.value) : field.type === "checkbox" ? field.checked : field.value,
    box: field.type === "checkbox" ? field.value : null, // which one of several it is
  }));
}

function isTyped(field) {
  const standard = field.name === "balasan" && field.form.elements.balasan_baku; // which follows what was chosen
  return standard ? field.value !== standard.value : differs(field);
}

export function keep(number, action, fields) {
  if (!fields.length) return;
  if (!kept.has(number)) kept.set(number, new Map());
  kept.get(number).set(action, fields);
}

// Before another complaint takes its place, or this one anew; what is being sent is kept by its order.
export function keepAll(article) {
  for (const form of article.querySelectorAll("form[data-action]:not([data-sent])")) {
    keep(Number(article.dataset.id), form.dataset.action, typed(form));
  }
}

// Before the page is left; who logs out leaves nothing behind.
export function keepOver(article) {
  if (article && !article.dataset.done) keepAll(article);
  const filled = [...kept].filter(([, forms]) => forms.size).map(([number, forms]) => [number, [...forms]]);
  if (filled.length && !loggedOut) ofComplaints.write(filled);
  else ofComplaints.clear();
}
addEventListener("submit", ({ target }) => { loggedOut ||= target.getAttribute("action") === "/keluar"; });

export function drop(number) { kept.delete(number); }

// Puts words back where they were typed. Where their form is no more they are shown, to be copied.
export function putBack(article) {
  const number = Number(article.dataset.id);
  for (const [action, fields] of kept.get(number) ?? []) {
    const form = [...article.querySelectorAll(`form[data-action="${action}"]`)].at(-1); // parts: the one to be edited
    const left = fields.filter((field) => !(form && put(form, field)));
    if (left.length) kept.get(number).set(action, left); else kept.get(number).delete(action);
    left.forEach((field) => tell(article, field));
  }
}

// Where somebody is typing into a form that was not sent; null for nowhere.
export function place(article) {
  const field = document.activeElement;
  const form = field?.closest("form[data-action]:not([data-sent])");
  if (!form || !article?.contains(form) || !field.matches("input, select, textarea")) return null;
  return { action: form.dataset.action, at: [...form.elements].indexOf(field), field };
}

// Lets them go on there in the complaint's new version; tells whether that was possible.
export function goOn(article, { action, at, field }) {
  const again = article.querySelector(`form[data-action="${action}"]`)?.elements[at];
  if (again?.type !== field.type) return false;
  unfold(again);
  if (!field.name) again.value = field.value; // what a list is searched for
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
  else if (box === null) field.value = value;
  else field.checked = value;
  field.dispatchEvent(new Event(field.options ? "change" : "input", { bubbles: true }));
  unfold(field);
  return true;
}

function choose(select, code) {
  const option = [...select.options].find((o) => o.value === code);
  if (!option) return;
  if (select.multiple) select.append(option); // the first chosen leads
  option.selected = true;
}

function tell(article, { value }) {
  if (typeof value !== "string" || !value.trim()) return;
  const note = Object.assign(document.createElement("p"), { className: "notice unsent", textContent: `Belum terkirim: “${value}”` });
  article.querySelector(".columns").before(note);
}
