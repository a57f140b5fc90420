/* The review mode of one page: a button beside every block, the notes below or beside it, the bar and the list. */
(() => {
  "use strict";
  const app = window.kreisberichtAnmerkungen;
  const { anchors, notes, cards } = app;
  const root = document.documentElement;
  const main = document.querySelector("main");
  const base = new URL(root.dataset.wurzel ?? document.querySelector("meta[name='quarto:offset']")?.content ?? "./", location.href);
  const page = root.dataset.seite || decodeURIComponent(location.pathname.slice(base.pathname.length)) || "index.html";
  const wide = matchMedia("(min-width: 77.5em)");
  const chapter = (main.querySelector("h1")?.textContent || document.title).replace(/\s+/g, " ").trim().slice(0, 300);
  let blocks = [];
  let parts = null;  // bar and dialog, once they are built
  let open = null;  // the form that is open
  let undo = [];  // notes taken out last
  let mode = null;
  let apart = false;  // this browser keeps a store for each page

  const shown = (note) => note.stelle.seite === page;
  const marked = (block) => cards.shorten(block.text);

  // 1. Blocks and their notes ------------------------------------------------------------------------------------------

  /* A heading's button stands behind it: inside it would become part of its name. */
  function offer(block) {
    const plus = cards.make("button", { type: "button", class: "anm-knopf", "data-anm": true,
      "aria-label": `Anmerken: ${cards.BLOCKS[block.kind]} „${marked(block)}“`,
      pointerdown: (event) => event.preventDefault(),  // keeps what is marked in the text
      click: () => write(block) });
    block.button = plus;
    block.element.classList.add("anm-block");
    const outside = block.kind === "ueberschrift";
    if (outside) block.element.after(cards.make("div", { class: "anm-ort", "data-anm": true }, plus));
    else block.element.append(plus);
  }

  /* Below the block, for a paragraph behind it: a paragraph holds no other blocks. */
  function attach(block, element) {
    const after = block.kind === "ueberschrift" ? block.button.parentElement : block.element;
    let last = after;
    if (/^(P|H[1-6])$/.test(block.element.tagName)) {
      while (last.nextElementSibling?.matches("[data-anm]")) last = last.nextElementSibling;
      last.after(element);
    } else block.element.append(element);
  }

  function passageIn(block) {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return "";
    const inside = block.element.contains(selection.anchorNode) && block.element.contains(selection.focusNode);
    return inside && ["absatz", "listenpunkt"].includes(block.kind) ? selection.toString() : "";
  }

  function write(block, note = null) {
    if (open && !leave()) return;
    const selektor = note ? note.stelle.selektor : anchors.describe(blocks, block, passageIn(block));
    const about = `${cards.BLOCKS[block.kind]} „${cards.shorten(selektor.exact)}“`;
    const stelle = { seite: page, kapitel: chapter, abschnitt: block.section.slice(0, 300), anker: block.anchor.slice(0, 200), block: block.kind, selektor };
    const after = (word) => {
      open.remove();
      open = null;
      refresh(word);
      block.button.focus();
    };
    open = cards.form({ note, about, leave: () => leave() && block.button.focus(),
      done: (values) => { notes.save({ id: note?.id, stelle, ...values }); after("Anmerkung gespeichert."); } });
    open.block = block;
    if (note) main.querySelector(`.anm-notiz[data-id="${CSS.escape(note.id)}"]`)?.replaceWith(open);
    else attach(block, open);
    block.element.classList.add("anm-offen");
    say("");
    layOut();
    open.begin();
    open.scrollIntoView({ block: "nearest" });
  }

  /* Closes the form; one with words in it asks first. */
  function leave() {
    if (open?.isDirty() && !confirm("Ihre Anmerkung ist noch nicht gespeichert. Verwerfen?")) return false;
    open?.remove();
    open = null;
    refresh();
    return true;
  }

  function refresh(word = "") {
    const all = notes.all();
    for (const card of main.querySelectorAll(".anm-notiz[data-id]")) card.remove();
    for (const block of blocks) block.element.classList.remove("anm-hat", "anm-offen");
    for (const note of all.filter(shown)) {
      const block = anchors.locate(blocks, note.stelle);
      if (!block) continue;
      block.element.classList.add("anm-hat");
      attach(block, cards.card(note, actions(note, block)));
    }
    if (open) open.block.element.classList.add("anm-offen");
    count(all);
    if (word) say(word);
    if (parts?.list.box.open) fillList(all);
    layOut();
  }

  function actions(note, block = null) {
    const about = cards.shorten(note.text);
    const remove = cards.button(note.fremd ? "Entfernen" : "Löschen", () => drop([note.id]), about);
    const edit = cards.button("Bearbeiten", () => (block ? write(block, note) : editInList(note)), about);
    return note.fremd ? [remove] : [edit, remove];
  }

  function drop(ids) {
    undo = notes.remove(ids);
    refresh(undo.length === 1 ? "Anmerkung entfernt." : `${undo.length} Anmerkungen entfernt.`);
    const back = cards.button("Rückgängig", () => {
      notes.restore(undo);
      refresh("Wiederhergestellt.");
      (parts.list.box.open ? parts.list.title : parts.all).focus();
    });
    speaker().append(" ", back);
    back.focus();
  }

  function layOut() {
    cards.layOut(main, Boolean(mode) && wide.matches);
  }

  // 2. The bar and the list --------------------------------------------------------------------------------------------

  function buildParts() {
    const said = cards.make("p", { class: "anm-sagt", role: "status" });
    const all = cards.button("", openList);
    all.setAttribute("aria-haspopup", "dialog");
    const bar = cards.make("section", { class: "anm-leiste", "aria-label": "Anmerkungen", "data-anm": true },
      cards.make("div", {}, all, cards.button("Als Datei sichern", save), cards.button("Beenden", () => app.turn(false, mode)), said));
    const list = cards.dialog({ export: save, take, clear: () => drop(notes.all().map((note) => note.id)) });
    list.title = list.box.querySelector("h2");
    list.box.addEventListener("close", () => refresh());
    main.before(bar);
    document.body.append(list.box);
    return { bar, all, said, list };
  }

  const speaker = () => (parts.list.box.open ? parts.list.said : parts.said);

  function say(word) {
    speaker().textContent = word;
  }

  function count(all) {
    const here = all.filter(shown).length;
    parts.all.textContent = all.length === 1 ? "1 Anmerkung" : `${all.length} Anmerkungen`;
    parts.all.append(cards.make("span", { class: "anm-hier" }, `, ${here} auf dieser Seite`));
  }

  function save() {
    if (!notes.all().length) return say("Es gibt noch keine Anmerkung zum Sichern.");
    const all = notes.all();
    const foreign = all.filter((note) => note.fremd).length;
    const name = notes.download();
    return say(`${all.length === 1 ? "1 Anmerkung" : `${all.length} Anmerkungen`} in „${name}“ gesichert`
      + `${foreign ? `, davon ${foreign} aus eingelesenen Dateien` : ""}. Geben Sie die Datei an die Sozialplanung weiter.`);
  }

  async function take(files) {
    const told = [];
    for (const file of files) told.push(await notes.take(file));
    refresh();
    say(told.join(" "));
  }

  function openList() {
    if (open && !leave()) return;
    parts.list.box.showModal();
    parts.list.said.textContent = "";
    fillList(notes.all());
    parts.list.title.focus();
  }

  const chapters = [...document.querySelectorAll(".book-nav a[href], #quarto-sidebar a[href]")].map((link) => link.pathname);

  function fillList(all) {
    const place = (name) => chapters.indexOf(new URL(name, base).pathname);
    parts.list.clear.hidden = !all.length;
    parts.list.place.textContent = notes.whereKept(apart);
    cards.fill(parts.list.list, all, {
      order: (name) => (name === "index.html" ? -1 : place(name) < 0 ? 9999 : place(name)),
      address: (note) => addressOf(note),
      actions: (note) => actions(note),
      isLost: (note) => shown(note) && !anchors.locate(blocks, note.stelle),
    });
    for (const link of parts.list.list.querySelectorAll(".anm-stelle a")) {
      link.addEventListener("click", (event) => visit(event, link.closest("li").dataset.id));
    }
  }

  function addressOf(note) {
    const address = new URL(note.stelle.seite, base);
    if (apart || !notes.isKept()) address.searchParams.set("anmerken", "weiter");
    address.hash = note.stelle.anker;
    return address.href;
  }

  /* A note of this page: close the list and go to its block. */
  function visit(event, id) {
    const note = notes.all().find((one) => one.id === id);
    const block = note && shown(note) ? anchors.locate(blocks, note.stelle) : null;
    if (!block) return;
    event.preventDefault();
    parts.list.box.close();
    block.element.scrollIntoView({ block: "center" });
    block.button.focus();
  }

  function editInList(note) {
    const entry = parts.list.list.querySelector(`li[data-id="${CSS.escape(note.id)}"]`);
    const back = (word) => {
      refresh(word);
      (parts.list.list.querySelector(`li[data-id="${CSS.escape(note.id)}"] button`) || parts.list.title).focus();
    };
    const form = cards.form({ note, about: `„${cards.shorten(note.stelle.selektor.exact)}“`, leave: () => back(""),
      done: (values) => { notes.save({ id: note.id, stelle: note.stelle, ...values }); back("Anmerkung gespeichert."); } });
    entry.querySelector(".anm-notiz").replaceWith(form);
    form.begin();
  }

  // 3. On and off ------------------------------------------------------------------------------------------------------

  /* Where nothing is kept between pages the links carry the mode along. */
  function carryAlong(on) {
    for (const link of document.querySelectorAll("a[href]")) {
      if (link.origin !== location.origin || link.protocol !== location.protocol || !/\.html$/.test(link.pathname) || link.closest("[data-ausgaben]")) continue;
      const address = new URL(link.href);
      if (address.pathname === location.pathname && address.hash) continue;
      if (on) address.searchParams.set("anmerken", "weiter");
      else address.searchParams.delete("anmerken");
      link.href = address.href;
    }
  }

  function remember(on) {
    try {
      if (on) localStorage.setItem(mode.key, "an");
      else localStorage.removeItem(mode.key);
    } catch {
      /* storage is switched off: the links carry the mode along */
    }
  }

  function start() {
    blocks = anchors.readBlocks(main);
    blocks.forEach(offer);
    parts ||= buildParts();
    parts.bar.hidden = false;
    root.classList.add("anmerken");
    remember(true);
    if (apart || !notes.isKept() || location.protocol === "file:") carryAlong(true);
    refresh();
    if (apart || !notes.isKept()) say(notes.whereKept(apart));
    else if (mode.by === "klick") {
      say("Anmerken ist eingeschaltet. Wählen Sie das Pluszeichen neben einem Absatz, einer Überschrift, Abbildung oder Tabelle, mit der Tastatur über die Tabulatortaste. "
        + notes.whereKept(apart));
    }
    if (mode.by === "klick") parts.all.focus();
  }

  function stop() {
    if (open && !leave()) return;
    remember(false);
    root.classList.remove("anmerken");
    for (const element of main.querySelectorAll("[data-anm]:not(.rueckmeldung)")) element.remove();
    for (const block of blocks) block.element.classList.remove("anm-block", "anm-hat", "anm-offen");
    parts.bar.hidden = true;
    carryAlong(false);
    mode.button.setAttribute("aria-pressed", "false");
    mode.button.focus();
    const address = new URL(location.href);
    address.searchParams.delete("anmerken");
    if (address.href !== location.href) history.replaceState(null, "", address.href);
    mode = null;
  }

  app.turn = (on, how) => {
    if (on === Boolean(mode)) return;
    if (!on) return stop();
    mode = how;
    apart = how.by === "weiter" && notes.isKept();
    start();
  };

  wide.addEventListener("change", () => mode && layOut());
  addEventListener("resize", () => mode && layOut());
  addEventListener("load", () => mode && layOut());
  addEventListener("storage", (event) => { if (mode && event.key === notes.KEY && !open) refresh(); });
  addEventListener("beforeunload", (event) => {
    if (open?.isDirty() || (mode && !notes.isKept() && notes.all().length)) event.preventDefault();
  });
})();
