// Enhances the forms of an opened complaint: office type-ahead, parts of a split, replies that follow the choice.

import { picker } from "./offices.js";

export function enhance(root) {
  root.querySelectorAll("[data-step]").forEach((button) => { button.hidden = false; });
  root.querySelectorAll("[data-picker]").forEach(picker);
  root.querySelectorAll("[data-split]").forEach(parts);
  root.querySelectorAll("[data-outside]").forEach(outside);
  const choices = root.querySelector(".choices");
  choices?.addEventListener("mouseover", (event) => show(root, event.target.closest("[data-choice]")));
  choices?.addEventListener("focusin", (event) => show(root, event.target.closest("[data-choice]")));
}

// Marks the words that support the office under the pointer or focus.
function show(root, choice) {
  const radio = choice && root.querySelector(`.marks input[value="${choice.dataset.choice}"]`);
  if (radio) radio.checked = true;
}

export function nextMarks(root) {
  const radios = [...root.querySelectorAll(".marks input")];
  const at = radios.findIndex((radio) => radio.checked);
  if (radios.length) radios[(at + 1) % radios.length].checked = true;
}

// Adds an empty part whenever the last one is filled, also by what was found.
function parts(form) {
  const button = form.querySelector("button");
  const add = () => {
    const all = [...form.querySelectorAll("textarea")];
    if (all.at(-1).value.trim() && all.length < 10) {
      const label = document.createElement("label");
      label.textContent = `Bagian ${all.length + 1}`;
      label.append(Object.assign(document.createElement("textarea"), { name: "bagian", rows: 3 }));
      button.before(label);
    }
  };
  form.addEventListener("input", add);
  add();
}

// Updates the reply when the responsible body is chosen, unless the reply was edited.
function outside(select) {
  const reply = select.form.elements.balasan;
  const shown = select.form.elements.balasan_baku;
  select.addEventListener("change", () => {
    const text = select.selectedOptions[0].dataset.reply;
    if (text && reply.value === shown.value) reply.value = shown.value = text;
  });
}
