/* The reader's notes: kept in this browser, exported as one file, joined with the files of others.
   What a file holds is checked here and again by kreisbericht.reviews.files (schema/rueckmeldung.json). Nothing is sent. */
(() => {
  "use strict";
  const FORMAT = "kreisbericht-anmerkungen/1";
  const KINDS = ["frage", "korrektur", "vorschlag"];
  const BLOCKS = ["absatz", "listenpunkt", "ueberschrift", "abbildung", "tabelle"];
  const LIMITS = { id: 80, text: 5000, von: 120, version: 40, erstellt: 40, geaendert: 40 };
  const PLACE = { seite: 200, kapitel: 300, abschnitt: 300, anker: 200 };
  const QUOTE = { exact: 2000, prefix: 200, suffix: 200 };
  const PAGE = /^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.-]+(?:\/[\w.-]+)*\.html$/;
  const MOST = 5000;  // notes in one browser
  const LARGEST = 5e6;  // bytes of a file

  const status = document.querySelector("main .status[data-ags]");
  const own = document.documentElement.dataset.ags !== undefined ? document.documentElement.dataset : status?.dataset || {};
  const book = { ags: own.ags || "", ausgabe: own.ausgabe || "", version: own.version || "", bericht: own.bericht || "gesamt" };
  const KEY = `kreisbericht.anmerkungen.${book.ags}.${book.ausgabe}`;
  const NAME = "kreisbericht.anmerkungen.von";
  let memory = [];
  let name = "";
  let full = false;

  const isText = (value, most) => typeof value === "string" && value.length <= most;
  const isPart = (part, limits) => part !== null && typeof part === "object" && Object.entries(limits).every(([key, most]) => isText(part[key], most));

  function isNote(note) {
    return isPart(note, LIMITS) && note.id !== "" && note.text.trim() !== "" && KINDS.includes(note.art)
      && isPart(note.stelle, PLACE) && PAGE.test(note.stelle.seite) && BLOCKS.includes(note.stelle.block)
      && isPart(note.stelle.selektor, QUOTE) && note.stelle.selektor.type === "TextQuoteSelector" && note.stelle.selektor.exact !== "";
  }

  /* A copy with the known fields only. */
  function clean(note) {
    const pick = (from, limits) => Object.fromEntries(Object.keys(limits).map((key) => [key, from[key]]));
    const selektor = { type: "TextQuoteSelector", ...pick(note.stelle.selektor, QUOTE) };
    const copy = { ...pick(note, LIMITS), art: note.art, stelle: { ...pick(note.stelle, PLACE), block: note.stelle.block, selektor } };
    return note.fremd ? { ...copy, fremd: String(note.fremd).slice(0, 120) } : copy;
  }

  const works = (() => {
    try {
      localStorage.setItem(`${KEY}.probe`, "1");
      localStorage.removeItem(`${KEY}.probe`);
      return true;
    } catch {
      return false;
    }
  })();

  /* Read anew each time: another tab may have written. */
  function all() {
    if (!works || full) return memory;
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(kept) ? kept.filter(isNote) : [];
    } catch {
      return [];
    }
  }

  function keep(notes) {
    memory = notes;
    if (!works) return;
    try {
      localStorage.setItem(KEY, JSON.stringify(notes));
      full = false;
    } catch {
      full = true;  // no room: the notes stay in this page, and the page says so
    }
  }

  function makeId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function save({ id, art, text, von, stelle }) {
    const notes = all();
    const now = new Date().toISOString();
    const old = notes.find((note) => note.id === id);
    const fresh = { art, text: text.trim().slice(0, LIMITS.text), von: von.trim().slice(0, LIMITS.von), geaendert: now };
    if (old) Object.assign(old, fresh);
    else notes.push({ id: makeId(), version: book.version, erstellt: now, ...fresh, stelle });
    rememberName(fresh.von);
    keep(notes);
    return old || notes.at(-1);
  }

  /* Takes notes out; gives what `restore` needs to put them back. */
  function remove(ids) {
    const notes = all();
    const taken = notes.filter((note) => ids.includes(note.id));
    keep(notes.filter((note) => !ids.includes(note.id)));
    return taken;
  }

  function restore(taken) {
    const notes = all();
    keep([...notes, ...taken.filter((note) => !notes.some((other) => other.id === note.id))]);
  }

  function rememberName(value) {
    name = value;
    try {
      localStorage.setItem(NAME, value);
    } catch {
      /* storage is switched off: the name holds for this page */
    }
  }

  function knownName() {
    try {
      return localStorage.getItem(NAME) || name;
    } catch {
      return name;
    }
  }

  function exported() {
    const anmerkungen = all().map((note) => {
      const copy = clean(note);
      delete copy.fremd;
      return copy;
    });
    return { format: FORMAT, bericht: { ...book, titel: document.title.slice(0, 300) }, gesichert: new Date().toISOString(), anmerkungen };
  }

  function fileName() {
    const who = knownName().toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss")
      .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
    return ["anmerkungen", book.ags, book.version, who].filter(Boolean).join("-") + ".json";
  }

  function download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(exported(), null, 1)], { type: "application/json" }));
    link.download = fileName();
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return link.download;
  }

  /* Reads another reader's file; says in one sentence what came of it. */
  async function take(file) {
    const called = `„${file.name}“`;
    if (file.size > LARGEST) return `${called} ist zu groß für eine Datei mit Anmerkungen. Es wurde nichts eingelesen.`;
    let content = null;
    try {
      content = JSON.parse(await file.text());
    } catch {
      return `${called} ist keine Datei mit Anmerkungen oder beschädigt. Es wurde nichts eingelesen.`;
    }
    if (content?.format !== FORMAT || !Array.isArray(content.anmerkungen)) {
      return `${called} ist keine Datei mit Anmerkungen aus diesem Bericht. Es wurde nichts eingelesen.`;
    }
    const about = content.bericht || {};
    if (about.ags !== book.ags || about.ausgabe !== book.ausgabe) {
      return `${called} gehört zu einem anderen Bericht oder einer anderen Ausgabe. Es wurde nichts eingelesen.`;
    }
    return join(content.anmerkungen, file.name, called);
  }

  function join(offered, from, called) {
    const notes = all();
    const good = offered.filter(isNote).map(clean);
    let added = 0;
    for (const note of good) {
      const known = notes.find((other) => other.id === note.id);
      if (!known && notes.length < MOST) {
        notes.push({ ...note, fremd: from });
        added += 1;
      } else if (known?.fremd && known.geaendert < note.geaendert) Object.assign(known, note, { fremd: from });
    }
    keep(notes);
    const rest = [
      good.length > added ? `${good.length - added} ${good.length - added === 1 ? "war" : "waren"} schon da` : "",
      offered.length > good.length ? `${offered.length - good.length} unlesbar und übergangen` : "",
    ].filter(Boolean);
    const many = added === 1 ? "1 Anmerkung" : `${added} Anmerkungen`;
    return `${many} aus ${called} eingelesen${rest.length ? `; ${rest.join(", ")}` : ""}.`;
  }

  const isKept = () => works && !full;

  /* What the reader should know of the place of the notes; `apart`: the browser keeps a store for each page. */
  function whereKept(apart) {
    const safe = "Sichern Sie sie als Datei, bevor Sie den Verlauf dieses Browsers löschen.";
    if (!isKept()) {
      return "Dieser Browser bewahrt nichts auf (Speicher gesperrt oder voll). Ihre Anmerkungen gelten nur, bis Sie diese Seite verlassen: "
        + "Bitte sichern Sie sie vorher als Datei. Dateien mehrerer Seiten lassen sich zusammen einlesen.";
    }
    if (apart) {
      return "Dieser Browser bewahrt Anmerkungen bei Dateien von der Festplatte für jede Seite getrennt auf; diese Liste zeigt nur die dieser Seite. "
        + "Bitte sichern Sie auf jeder Seite eine Datei; die Sozialplanung führt sie zusammen.";
    }
    return `Ihre Anmerkungen liegen nur in diesem Browser und werden nirgendwohin gesendet. ${safe}`;
  }

  Object.assign(window.kreisberichtAnmerkungen, {
    notes: { all, save, remove, restore, knownName, download, take, book, KEY, KINDS, isKept, whereKept },
  });
})();
