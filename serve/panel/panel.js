// <disposisi-panel>: suggestions inside another application's page (docs/panel.md). A classic script, so that a page of
// any origin can load it; it talks to the server that it was loaded from, and stores nothing.
(() => {
  const HOME = new URL(document.currentScript.src).origin;
  const PAUSE_MS = 400; // debounce after the last keystroke, so that half-typed words cause no request
  const SHOWN = 3;
  const LEVELS = { darurat: "Darurat", tinggi: "Tinggi", sedang: "Sedang", rendah: "Rendah" };
  const ALARMS = new Set(["darurat", "tinggi"]); // only these levels show their reasons
  const STYLE = `
    :host { display: block; color-scheme: light dark; font: 0.9375rem/1.5 system-ui, sans-serif; }
    .panel { --ink: #18211e; --soft: #55625d; --line: #d9dfdb; --paper: #fff; --brand: #0b5c54; --brand-ink: #fff;
      --bar: #2f8f83; --track: #e4e9e6; --strong: #ffd98a; --danger: #a61b1b; --danger-ink: #fff; --warn: #f6c667; --warn-ink: #2b1d00;
      padding: .9rem 1rem; border: 1px solid var(--line); border-radius: .7rem; background: var(--paper); color: var(--ink); }
    @media (prefers-color-scheme: dark) { .panel { --ink: #e6edea; --soft: #a7b5b0; --line: #323d39; --paper: #1a211f;
      --brand: #6cc7b9; --brand-ink: #06231f; --bar: #4aa99b; --track: #2c3734; --strong: #6b4d00; --danger: #ff9a90; --danger-ink: #2b0300;
      --warn: #d69a2d; --warn-ink: #1d1200; } }
    header { display: flex; flex-wrap: wrap; gap: .25rem .6rem; align-items: center; }
    h2 { margin: 0; font-size: 1rem; } p { margin: .4rem 0 0; } .soft { color: var(--soft); font-size: .875rem; }
    .level { padding: .05rem .5rem; border: 1px solid var(--soft); border-radius: .35rem; font-size: .82rem; font-weight: 700; }
    .darurat { border-color: var(--danger); background: var(--danger); color: var(--danger-ink); }
    .tinggi { border-color: var(--warn); background: var(--warn); color: var(--warn-ink); }
    ol { display: grid; gap: .5rem; margin: .7rem 0 0; padding: 0; list-style: none; }
    li { display: grid; grid-template-columns: 1fr auto; gap: .1rem .7rem; align-items: center; }
    .bar { grid-column: 1; height: .45rem; border-radius: 1rem; background: var(--track); overflow: hidden; }
    .bar > span { display: block; height: 100%; background: var(--bar); }
    button { grid-column: 2; grid-row: 1 / 3; min-height: 2.25rem; padding: .2rem .9rem; border: 1px solid var(--brand); border-radius: .5rem;
      background: var(--brand); color: var(--brand-ink); font: inherit; font-weight: 600; cursor: pointer; }
    @media (pointer: coarse) { button { min-height: 2.75rem; } } /* 44 px for a finger */
    button:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
    .text { white-space: pre-wrap; overflow-wrap: anywhere; } mark { border-radius: .2em; background: var(--strong); color: var(--ink); }`;

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);

  class DisposisiPanel extends HTMLElement {
    static observedAttributes = ["text", "for"];
    #field = null;
    #asked = null;
    #waiting = 0;
    #onInput = () => this.#later();

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.panel = root.appendChild(element("section", { className: "panel" }));
      this.panel.setAttribute("aria-live", "polite");
      this.panel.setAttribute("aria-label", "Saran Disposisi");
    }

    connectedCallback() { this.#watch(); this.#later(0); }
    disconnectedCallback() { this.#field?.removeEventListener("input", this.#onInput); this.#asked?.abort(); clearTimeout(this.#waiting); }
    attributeChangedCallback() { if (this.isConnected) { this.#watch(); this.#later(0); } }

    #watch() {
      this.#field?.removeEventListener("input", this.#onInput);
      this.#field = this.getRootNode().getElementById?.(this.getAttribute("for")) ?? null;
      this.#field?.addEventListener("input", this.#onInput);
    }

    #later(pause = PAUSE_MS) {
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.#ask(), pause);
    }

    async #ask() {
      this.#asked?.abort();
      const text = (this.#field ? this.#field.value : this.getAttribute("text") ?? "").trim();
      if (!text) return this.#show(element("p", { className: "soft", textContent: "Tulis aduan untuk melihat sarannya." }));
      const asked = this.#asked = new AbortController();
      const headers = { "Content-Type": "application/json" };
      const key = this.getAttribute("key");
      if (key) headers.Authorization = `Bearer ${key}`;
      try {
        const answer = await fetch(`${this.getAttribute("server") ?? HOME}/v1/suggestions`, {
          method: "POST", headers, body: JSON.stringify({ text }), signal: asked.signal, credentials: "omit",
        });
        const told = await answer.json();
        if (answer.ok) this.#suggest(text, told);
        else this.#show(element("p", { textContent: told.detail }));
      } catch {
        if (!asked.signal.aborted) {
          this.#show(element("p", { textContent: "Server saran tidak terjangkau. Disposisi tetap dapat dilakukan tanpa saran." }));
        }
      }
    }

    #suggest(text, { agencies, urgency, place, decision, words, notes }) {
      const header = element("header");
      header.append(
        element("h2", { textContent: "Saran disposisi" }),
        element("span", { className: `level ${urgency.level}`, textContent: LEVELS[urgency.level] ?? urgency.level }),
      );
      if (place) header.append(element("span", { className: "soft", textContent: where(place) }));
      const parts = [header];
      if (ALARMS.has(urgency.level)) for (const reason of urgency.reasons) parts.push(element("p", { className: "soft", textContent: reason }));
      if (decision === "read") parts.push(element("p", { textContent: notes[0] ?? "Baca dahulu: teksnya tidak cukup jelas." }));
      const list = element("ol");
      agencies.slice(0, SHOWN).forEach((agency) => list.append(this.#choice(agency)));
      parts.push(list, marked(text, words));
      this.#show(...parts);
    }

    #choice({ code, name, probability }) {
      const item = element("li");
      const bar = element("span", { className: "bar" });
      bar.append(element("span"));
      bar.firstChild.style.width = `${Math.round(probability * 100)}%`;
      const button = element("button", { type: "button", textContent: "Pilih" });
      button.setAttribute("aria-label", `Pilih ${name}`);
      button.addEventListener("click", () => this.dispatchEvent(
        new CustomEvent("disposisi-pilih", { detail: { code, name, probability }, bubbles: true, composed: true }),
      ));
      item.append(element("span", { textContent: `${name} · ${percent(probability)}` }), bar, button);
      return item;
    }

    #show(...parts) { this.panel.replaceChildren(...parts); }
  }

  function element(name, about = {}) { return Object.assign(document.createElement(name), about); }

  function percent(probability) {
    if (probability > 0.99) return ">99%";
    return probability < 0.01 ? "<1%" : `${Math.round(probability * 100)}%`;
  }

  // Spans are in code points, JavaScript strings in UTF-16 code units.
  function marked(text, words) {
    const points = Array.from(text);
    const line = element("p", { className: "soft text" });
    let at = 0;
    for (const { start, end, weight } of [...words].sort((a, b) => a.start - b.start)) {
      if (weight <= 0 || start < at) continue;
      line.append(points.slice(at, start).join(""), element("mark", { textContent: points.slice(start, end).join("") }));
      at = end;
    }
    line.append(points.slice(at).join(""));
    return line;
  }

  function where({ kind, name, kecamatan }) {
    return kind === "kecamatan" ? name : `${name}, ${kecamatan}`;
  }

  customElements.define("disposisi-panel", DisposisiPanel);
})();
