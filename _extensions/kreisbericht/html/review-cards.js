/* What the reader sees of notes: a card, the form, the dialog with all of them. Text goes in as text, never as markup. */
(() => {
  "use strict";
  const app = window.kreisberichtAnmerkungen;
  const KINDS = { frage: "Frage", korrektur: "Korrektur", vorschlag: "Vorschlag" };
  const BLOCKS = {
    absatz: "Absatz", listenpunkt: "Listenpunkt", ueberschrift: "Überschrift", abbildung: "Abbildung", tabelle: "Tabelle",
  };
  const EXCERPT = 90;  // characters
  let count = 0;

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(key, value);
      else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  }

  const hidden = (text) => make("span", { class: "vh" }, text);
  const shorten = (text) => (text.length > EXCERPT ? `${text.slice(0, EXCERPT).replace(/\s+\S*$/, "")} …` : text);
  const button = (text, click, more = "") => make("button", { type: "button", class: "anm-btn", click }, text, more ? hidden(`: ${more}`) : "");
  const day = (iso) => (/^\d{4}-\d\d-\d\d/.test(iso) ? `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)}` : "");

  function head(note) {
    const rest = [note.von && `von ${note.von}`, day(note.erstellt), note.fremd && `aus ${note.fremd}`].filter(Boolean).join(", ");
    return make("p", { class: "anm-kopf" }, make("strong", {}, KINDS[note.art]), rest ? ` ${rest}` : "");
  }

  /* One note; `actions` are its buttons. */
  function card(note, actions) {
    return make("div", { class: `anm-notiz ${note.art}`, "data-anm": true, "data-id": note.id },
      head(note), make("p", { class: "anm-text" }, note.text), make("p", { class: "anm-tun" }, ...actions));
  }

  function kindField(chosen, id) {
    const options = Object.entries(KINDS).map(([value, word]) => make("label", {},
      make("input", { type: "radio", name: `art-${id}`, value, checked: value === chosen }), ` ${word}`));
    return make("fieldset", {}, make("legend", {}, "Art"), ...options);
  }

  /* Form for a new note or an old one; `done(values)` after Speichern, `leave()` after Abbrechen or Escape. */
  function form({ note, about, done, leave }) {
    count += 1;
    const id = `anm-${count}`;
    const text = make("textarea", { id: `${id}-text`, rows: 4, maxlength: 5000, required: true });
    const who = make("input", { id: `${id}-von`, maxlength: 120, autocomplete: "organization" });
    const wrong = make("p", { id: `${id}-fehler`, class: "anm-fehler", role: "alert" });
    text.value = note?.text || "";
    who.value = note ? note.von : app.notes.knownName();
    const kinds = kindField(note?.art || "frage", id);
    const result = make("form", { class: "anm-form", "data-anm": true, novalidate: true, "aria-label": note ? "Anmerkung bearbeiten" : "Neue Anmerkung" },
      make("p", { class: "anm-zitat" }, about), kinds,
      make("label", { for: text.id }, "Ihre Anmerkung"), text, wrong,
      make("label", { for: who.id }, "Name oder Dienststelle (freiwillig)"), who,
      make("p", { class: "anm-tun" }, make("button", { type: "submit", class: "anm-btn stark" }, "Speichern"), button("Abbrechen", leave)));
    result.addEventListener("submit", (event) => {
      event.preventDefault();
      if (text.value.trim()) return done({ text: text.value, von: who.value, art: kinds.querySelector(":checked").value });
      wrong.textContent = "Bitte schreiben Sie Ihre Anmerkung in das Feld.";
      text.setAttribute("aria-invalid", "true");
      text.setAttribute("aria-describedby", wrong.id);
      return text.focus();
    });
    result.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      leave();
    });
    result.isDirty = () => text.value.trim() !== (note?.text || "");
    result.begin = () => text.focus();
    return result;
  }

  /* The dialog with all notes of the book; `act` has what its buttons do. */
  function dialog(act) {
    const said = make("p", { class: "anm-sagt", role: "status" });
    const place = make("p", { class: "anm-ort-hinweis" });
    const files = make("input", { type: "file", multiple: true, accept: ".json,application/json", id: "anm-datei", class: "vh" });
    files.addEventListener("change", async () => {
      await act.take([...files.files]);
      files.value = "";
    });
    const list = make("div", { class: "anm-alle" });
    const clear = button("Alle entfernen", act.clear);
    const box = make("dialog", { class: "anm-liste", "aria-labelledby": "anm-titel", "data-anm": true }, make("div", {},
      make("div", { class: "anm-leistenkopf" },
        make("h2", { id: "anm-titel", tabindex: -1 }, "Anmerkungen zum Bericht"), button("Schließen", () => box.close()),
        make("p", { class: "anm-tun" }, button("Als Datei sichern", act.export),
          files, make("label", { for: files.id, class: "anm-btn" }, "Datei einlesen"), clear)),
      said, place, list));
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    return { box, said, place, list, clear };
  }

  /* The notes grouped by page in reading order; `lost` tells which have lost their place on this page. */
  function fill(list, notes, { order, address, actions, isLost }) {
    const pages = [...new Set(notes.map((note) => note.stelle.seite))]
      .sort((one, other) => order(one) - order(other) || one.localeCompare(other));
    const groups = pages.flatMap((page) => {
      const here = notes.filter((note) => note.stelle.seite === page).sort((one, other) => one.erstellt.localeCompare(other.erstellt));
      return [make("h3", {}, here[0].stelle.kapitel || page), make("ul", {}, ...here.map((note) => entry(note, { address, actions, isLost })))];
    });
    list.replaceChildren(...(groups.length ? groups : [make("p", { class: "anm-leer" },
      "Noch keine Anmerkung. Schließen Sie die Liste und wählen Sie das Pluszeichen neben einem Absatz, einer Überschrift, Abbildung oder Tabelle.")]));
  }

  function entry(note, { address, actions, isLost }) {
    const where = [BLOCKS[note.stelle.block], note.stelle.block === "ueberschrift" ? "" : note.stelle.abschnitt].filter(Boolean).join(" in: ");
    return make("li", { "data-id": note.id },
      make("p", { class: "anm-stelle" }, make("a", { href: address(note) }, where, hidden(`, Anmerkung: ${shorten(note.text)}`)),
        isLost(note) ? " (Stelle nicht mehr gefunden)" : ""),
      make("p", { class: "anm-zitat" }, `„${shorten(note.stelle.selektor.exact)}“`), card(note, actions(note)));
  }

  /* Beside the text on wide screens, each below the one before; else where they stand. */
  function layOut(main, wide) {
    const inMargin = wide && main.parentElement.matches(".with-nav");
    let lowest = -Infinity;
    main.style.removeProperty("min-height");
    for (const card of main.querySelectorAll(".anm-notiz, .anm-form")) {
      card.classList.toggle("anm-rand", inMargin);
      card.style.removeProperty("top");
      card.style.removeProperty("left");
      if (!inMargin) continue;
      const owner = card.parentElement.closest(".anm-block") || previousBlock(card);
      const frame = card.offsetParent.getBoundingClientRect();
      const edge = main.getBoundingClientRect();
      const top = Math.max((owner || card).getBoundingClientRect().top, lowest);
      card.style.top = `${top - frame.top}px`;
      card.style.left = `${edge.right + 40 - frame.left}px`;
      lowest = top + card.offsetHeight + 12;
    }
    if (inMargin && lowest > -Infinity) main.style.minHeight = `${lowest - main.getBoundingClientRect().top}px`;
  }

  function previousBlock(card) {
    let before = card.previousElementSibling;
    while (before && before.matches("[data-anm]")) before = before.previousElementSibling;
    return before;
  }

  app.cards = { make, button, card, form, dialog, fill, layOut, shorten, KINDS, BLOCKS };
})();
