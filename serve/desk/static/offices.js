// A combobox (ARIA 1.2, list autocomplete) over official names, aliases and the problems that offices handle.

const SHOWN = 8;
const ABOUT_CHARS = 160;
let offices = null;
let pickers = 0;

async function all() {
  offices ??= fetch("/instansi.json").then((response) => response.json()).then((found) => found.map(prepared));
  offices.catch(() => { offices = null; });
  return offices;
}

const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

function prepared(office) {
  const initials = plain(office.name).split(" ").filter((w) => w !== "dan").map((w) => w[0]).join("");
  return {
    ...office,
    names: [office.name, office.code, initials, ...office.aliases].map(plain),
    matters: office.problems.map((name) => ({ name, plain: plain(name) })),
    about: plain(office.mandate),
  };
}

// Ranks offices: all words must match; names weigh more than problems, and those more than the mandate.
function rank(found, words) {
  const wanted = plain(words).split(" ").filter(Boolean);
  if (!wanted.length) return [];
  const starts = (text, word) => ` ${text}`.includes(` ${word}`);
  const inside = (text) => wanted.every((word) => starts(text, word));
  const ranked = [];
  for (const office of found) {
    let score = 0;
    let matter = "";
    if (office.names.some((name) => name === wanted.join(" "))) score = 100;
    else if (office.names.some((name) => name.startsWith(wanted.join(" ")))) score = 60;
    else if (office.names.some(inside)) score = 40;
    const hits = office.matters.filter((m) => inside(m.plain));
    if (hits.length) { score += 20 + Math.min(hits.length, 9); matter = hits[0].name; }
    if (inside(office.about)) score += 12;
    if (score) ranked.push({ office, score, matter });
  }
  return ranked.sort((a, b) => b.score - a.score || a.office.name.localeCompare(b.office.name)).slice(0, SHOWN);
}

// Truncates at a word.
function short(text) {
  if (text.length <= ABOUT_CHARS) return text;
  const whole = text.slice(0, ABOUT_CHARS + 1);
  return `${whole.slice(0, whole.lastIndexOf(" ")).replace(/[\s,;:·(]+$/, "")} …`;
}

// Message if no office matches; `other` is a match to which complaints aren't forwarded.
function missing(other) {
  if (other?.kind === "luar") return `Tidak ditemukan. ${other.name} di luar kewenangan: pakai “Luar kewenangan” (Esc, lalu x).`;
  if (other?.kind === "bukan") return "Tidak ditemukan. Bila ini bukan aduan, pakai “Bukan aduan” (Esc, lalu b).";
  return "Tidak ditemukan. Coba kata lain: nama, singkatan, atau masalahnya.";
}

export function picker(place) {
  const select = place.querySelector("select");
  const form = select.form;
  const id = `pilih-${++pickers}`;
  const input = Object.assign(document.createElement("input"), { type: "text", autocomplete: "off", id, placeholder: "Nama, singkatan, atau masalah" });
  const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: "Instansi (boleh lebih dari satu)" });
  const options = Object.assign(document.createElement("ul"), { className: "options", id: `${id}-daftar`, hidden: true });
  const chosen = Object.assign(document.createElement("ul"), { className: "chosen" });
  const none = Object.assign(document.createElement("p"), { className: "soft none" });
  none.setAttribute("role", "status");
  options.setAttribute("role", "listbox");
  options.setAttribute("aria-label", "Instansi yang cocok");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": options.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
  let shown = [];
  let active = -1;

  const option = (code) => [...select.options].find((o) => o.value === code);
  function drawChosen() {
    chosen.replaceChildren(...[...select.selectedOptions].map((o) => {
      const li = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: `${o.text} ×` });
      button.setAttribute("aria-label", `Hapus ${o.text}`);
      button.addEventListener("click", () => { o.selected = false; drawChosen(); input.focus(); });
      li.append(button);
      return li;
    }));
  }
  function close() { options.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }
  function point(to) {
    active = to;
    [...options.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === to)));
    const li = options.children[to];
    if (li) { input.setAttribute("aria-activedescendant", li.id); li.scrollIntoView({ block: "nearest" }); }
  }
  function choose(found) {
    const o = option(found.office.code);
    if (!o) return;
    select.append(o); // forms send options in DOM order, and the first chosen office leads
    o.selected = true;
    input.value = "";
    close();
    drawChosen();
  }
  async function search() {
    const words = input.value;
    let found;
    try { found = await all(); } catch { none.textContent = "Daftar instansi belum dapat dimuat; periksa jaringan."; return; }
    if (words !== input.value) return;
    shown = rank(found.filter((office) => option(office.code)), words);
    none.textContent = shown.length || !plain(words) ? "" : missing(rank(found.filter((office) => !option(office.code)), words)[0]?.office);
    options.replaceChildren(...shown.map(({ office, matter }, n) => {
      const li = Object.assign(document.createElement("li"), { id: `${id}-${n}`, textContent: office.name });
      li.setAttribute("role", "option");
      li.append(Object.assign(document.createElement("small"), { textContent: short(matter ? `${matter} · ${office.mandate}` : office.mandate) }));
      li.addEventListener("mousedown", (event) => { event.preventDefault(); choose(shown[n]); });
      return li;
    }));
    options.hidden = !shown.length;
    options.scrollIntoView({ block: "nearest" }); // the whole list first, then the active option
    input.setAttribute("aria-expanded", String(Boolean(shown.length)));
    if (shown.length) point(0); else close();
  }
  input.addEventListener("input", search);
  select.addEventListener("change", drawChosen); // when an earlier choice is restored
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && shown.length) { point(Math.min(active + 1, shown.length - 1)); event.preventDefault(); }
    else if (event.key === "ArrowUp" && shown.length) { point(Math.max(active - 1, 0)); event.preventDefault(); }
    else if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      if (!options.hidden && shown[active]) choose(shown[active]);
      else if (select.selectedOptions.length) form.requestSubmit();
    } else if (event.key === "Escape" && !options.hidden) { close(); event.stopPropagation(); }
    else if (event.key === "Backspace" && !input.value && select.selectedOptions.length) { [...select.selectedOptions].at(-1).selected = false; drawChosen(); }
  });
  const wrapper = select.closest("label");
  wrapper.hidden = true;
  place.append(label, input, options, none, chosen);
  drawChosen();
  all();
}
