/* Search in the edition: opens a dialog, loads library and index on first use, works from file://.
   German words are folded (ä and ae become a), lightly stemmed, found by their beginning, with small typing errors,
   inside compounds ("armut" finds "Kinderarmut"), and everyday words lead to official ones ("Kita", "Hartz IV"). Without script the link leads to the contents page. */
(() => {
  "use strict";
  const root = document.documentElement;
  const base = root.dataset.wurzel || "";
  const opener = document.querySelector("[data-suche]");
  if (!opener || typeof HTMLDialogElement === "undefined") return;

  const MAX_RESULTS = 20;
  const MAX_PER_PAGE = 3;
  const MAX_COMPOUNDS = 40;
  const STOP = new Set(("der die das den dem des ein eine einer eines einem einen und oder im in am an auf aus bei mit nach " +
    "von vom zu zum zur für über unter um ist sind war wie wird werden auch als je sich nicht").split(" ").map(fold));
  let engine = null;
  let entries = [];
  const alike = new Map();
  const phrases = new Map();
  const vocabulary = new Set();

  function fold(word) {
    return word.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss").replace(/([aou])e/g, "$1");
  }

  function stem(word) {
    if (/\d/.test(word) || word.length < 5) return word;
    const cut = word.replace(/(innen|ungen|ern|em|en|er|es|e|n|s)$/, (ending) => (ending === "ungen" ? "ung" : ""));
    return cut.length >= 4 ? cut : word;
  }

  const words = (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  function term(word) {
    const folded = fold(word);
    return STOP.has(folded) || (folded.length < 2 && !/\d/.test(folded)) ? null : stem(folded);
  }

  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${base}assets/${name}`;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }

  async function prepare() {
    if (engine) return;
    await Promise.all([load("minisearch.js"), load("suche-daten.js")]);
    entries = window.kreisberichtSuche;
    for (const [word, others] of Object.entries(window.kreisberichtSuchworte || {})) {
      alike.set(term(words(word)[0]), others.map(term));
      if (word.includes(" ")) phrases.set(fold(word), words(word)[0]);
    }
    engine = new MiniSearch({
      fields: ["k", "h", "f", "t", "n", "p"],
      idField: "id",
      tokenize: words,
      processTerm: (word) => {
        const found = term(word);
        if (found) vocabulary.add(found);
        return found;
      },
    });
    engine.addAll(entries.map((entry, id) => ({ ...entry, id })));
  }

  /* A compound as two words of the book: "Jugendarbeitslosigkeit" as "Jugend" and "Arbeitslosigkeit". */
  function split(word) {
    for (let i = word.length - 4; i >= 4; i -= 1) {
      const [first, second] = [word.slice(0, i), stem(word.slice(i))];
      const known = [first, first.replace(/s$/, ""), stem(first)].find((part) => vocabulary.has(part));
      if (known && vocabulary.has(second)) return [known, second];
    }
    return [];
  }

  /* "Hartz 4" is one thing, not two words. */
  function joinPhrases(question) {
    let plain = ` ${words(question).map(fold).join(" ")} `;
    for (const [phrase, word] of phrases) plain = plain.replace(` ${phrase} `, ` ${word} `);
    return plain;
  }

  /* One word of the question: its beginning and near misses, and the longer words it is part of. */
  function asQuery(word) {
    const inside = word.length < 4 ? []
      : [...vocabulary].filter((known) => known.length > word.length && known.includes(word) && !known.startsWith(word));
    const own = {
      queries: [word], prefix: true, fuzzy: word.length > 4 ? 0.2 : false, tokenize: (t) => [t], processTerm: (t) => t,
    };
    const compounds = inside.slice(0, MAX_COMPOUNDS).map((known) => ({
      queries: [known], boost: { k: 3, h: 2, f: 1.5 }, prefix: false, fuzzy: false, tokenize: (t) => [t], processTerm: (t) => t,
    }));
    const official = (alike.get(word) || []).filter((other) => other !== word).map((other) => ({ ...own, queries: [other], fuzzy: false }));
    const parts = official.length ? [] : split(word);
    const lower = { k: 2, h: 1, f: 0.6, t: 0.3, n: 0.2, p: 0.3 };
    const both = parts.length ? [{ combineWith: "AND", queries: parts.map((part) => ({ ...own, queries: [part], fuzzy: false, boost: lower })) }] : [];
    return { combineWith: "OR", queries: [own, ...compounds, ...official, ...both] };
  }

  function find(question) {
    const terms = words(joinPhrases(question)).map(term).filter(Boolean);
    if (!terms.length) return { terms, found: [] };
    const options = { boost: { k: 6, h: 3, f: 2, t: 1, n: 0.6, p: 1 }, weights: { fuzzy: 0.25, prefix: 0.6 },
      boostDocument: (id) => (entries[id].h ? 1 : 2) * (entries[id].w || 1) };
    let found = engine.search({ combineWith: "AND", queries: terms.map(asQuery) }, options);
    if (!found.length && terms.length > 1) found = engine.search({ combineWith: "OR", queries: terms.map(asQuery) }, options);
    return { terms, found: fewPerPage(found) };
  }

  function fewPerPage(found) {
    const seen = new Map();
    return found.filter((hit) => {
      const page = entries[hit.id].u.split("#")[0];
      seen.set(page, (seen.get(page) || 0) + 1);
      return seen.get(page) <= MAX_PER_PAGE;
    });
  }

  function isHit(word, terms, matched) {
    const own = term(word);
    return Boolean(own) && (matched.has(own) || terms.some((t) => own.startsWith(t) || (t.length > 3 && own.includes(t))));
  }

  /* The words around the first hit, hits marked; built from text nodes only, so nothing in a book becomes markup. */
  function excerpt(entry, terms, matched) {
    const fields = [entry.t, entry.f, entry.n].filter(Boolean).map((text) => text.split(/([^\p{L}\p{N}]+)/u));
    const hitIn = (field) => field.findIndex((part) => isHit(part, terms, matched));
    const parts = fields.find((field) => hitIn(field) >= 0) || fields[0] || [];
    const first = Math.max(0, hitIn(parts));
    const start = first > 24 ? first - 16 + (first % 2) : 0;
    const line = document.createElement("span");
    line.className = "auszug";
    if (start) line.append("… ");
    for (const part of parts.slice(start, start + 60)) {
      if (isHit(part, terms, matched)) {
        const mark = document.createElement("mark");
        mark.textContent = part;
        line.append(mark);
      } else line.append(part);
    }
    if (parts.length > start + 60) line.append(" …");
    return line;
  }

  function result(hit, terms) {
    const entry = entries[hit.id];
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = base + entry.u;
    const line = (name, text) => {
      const span = document.createElement("span");
      span.className = name;
      span.textContent = text;
      return span;
    };
    link.append(line("fund", entry.h || entry.k), " ");
    link.append(line("ort", [entry.p, entry.h ? entry.k : ""].filter(Boolean).join(" · ")), " ");
    link.append(excerpt(entry, terms, new Set(hit.terms)));
    item.append(link);
    return item;
  }

  function build() {
    const dialog = document.createElement("dialog");
    dialog.className = "suche";
    dialog.setAttribute("aria-label", "Suche im Bericht");
    const frame = document.createElement("div");
    const form = document.createElement("form");
    form.method = "dialog";
    const label = document.createElement("label");
    label.htmlFor = "suchwort";
    label.textContent = "Suche im Bericht";
    const input = document.createElement("input");
    Object.assign(input, { id: "suchwort", type: "search", autocomplete: "off", spellcheck: false });
    const close = document.createElement("button");
    Object.assign(close, { className: "btn", type: "button", textContent: "Schließen" });
    const status = document.createElement("p");
    status.className = "meldung";
    status.setAttribute("role", "status");
    const hits = document.createElement("div");
    hits.className = "treffer";
    const list = document.createElement("ol");
    list.setAttribute("aria-label", "Treffer");
    form.append(label, input, close);
    hits.append(list);
    frame.append(form, status, hits);
    dialog.append(frame);
    document.body.append(dialog);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    list.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      list.querySelector("a")?.click();
    });
    input.addEventListener("input", () => { if (engine) show(input.value, list, status); });  // else open() shows it
    frame.addEventListener("keydown", (event) => move(event, input, list));
    return { dialog, input, list, status };
  }

  function show(question, list, status) {
    const { terms, found } = find(question);
    list.replaceChildren(...found.slice(0, MAX_RESULTS).map((hit) => result(hit, terms)));
    list.hidden = !found.length;
    const shown = found.length > MAX_RESULTS ? `, die ersten ${MAX_RESULTS} stehen hier` : "";
    status.textContent = !terms.length ? "Wort eingeben; mit den Pfeiltasten durch die Treffer."
      : found.length ? `${found.length} Treffer${shown}` : "Kein Treffer. Vielleicht hilft ein kürzeres oder allgemeineres Wort.";
  }

  function move(event, input, list) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...list.querySelectorAll("a")];
    const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    stops[Math.min(Math.max(next, 0), stops.length - 1)].focus();
  }

  let parts = null;

  async function open() {
    parts ||= build();
    if (!parts.dialog.open) parts.dialog.showModal();
    parts.input.focus();
    parts.input.select();
    try {
      await prepare();
      show(parts.input.value, parts.list, parts.status);
      parts.dialog.dataset.bereit = "1";
    } catch {
      parts.status.textContent = "Die Suche konnte nicht geladen werden. Das Inhaltsverzeichnis führt zu allen Kapiteln.";
    }
  }

  opener.setAttribute("role", "button");
  opener.setAttribute("aria-haspopup", "dialog");
  opener.addEventListener("click", (event) => { event.preventDefault(); open(); });
  opener.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); open(); } });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || "");
    if ((event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      open();
    }
  });
})();
