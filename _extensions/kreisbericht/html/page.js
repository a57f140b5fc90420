/* What a page does beyond reading: pop-ups, light and dark, the list of this page, editions. Nothing is needed to read. */
(() => {
  "use strict";
  const root = document.documentElement;
  const base = root.dataset.wurzel || "";
  const KEY = "kreisbericht.darstellung";

  function remember(choice) {
    try {
      if (choice === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, choice);
    } catch {
      /* storage is switched off: the choice holds for this page */
    }
  }

  function offerThemes() {
    const menu = document.querySelector("[data-darstellung]");
    if (!menu) return;
    menu.hidden = false;
    const current = root.dataset.theme || "system";
    for (const input of menu.querySelectorAll("input")) {
      input.checked = input.value === current;
      input.addEventListener("change", () => {
        if (input.value === "system") delete root.dataset.theme;
        else root.dataset.theme = input.value;
        remember(input.value);
      });
    }
  }

  function closePopUps() {
    const pops = [...document.querySelectorAll("details.pop")];
    document.addEventListener("click", (event) => {
      for (const pop of pops) if (pop.open && !pop.contains(event.target)) pop.open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      for (const pop of pops.filter((p) => p.open)) {
        pop.open = false;
        if (pop.contains(document.activeElement)) pop.querySelector("summary").focus();
      }
    });
  }

  function openChapters() {
    const details = document.querySelector(".book-nav details");
    if (!details) return;
    const wide = matchMedia("(min-width: 60em)");
    const follow = () => { details.open = wide.matches; };
    follow();
    wide.addEventListener("change", follow);
    const nav = document.querySelector(".book-nav");
    const current = nav.querySelector("[aria-current]");
    if (wide.matches && current && nav.scrollHeight > nav.clientHeight) {
      nav.scrollTop = current.offsetTop - nav.clientHeight / 2;
    }
  }

  function followReading() {
    const links = [...document.querySelectorAll(".page-nav a")];
    const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    if (!links.length || !("IntersectionObserver" in window)) return;
    const update = () => {
      const line = innerHeight * 0.3;
      let index = -1;
      targets.forEach((target, i) => { if (target && target.getBoundingClientRect().top <= line) index = i; });
      links.forEach((link, i) => {
        if (i === index) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      });
    };
    const observer = new IntersectionObserver(update, { rootMargin: "0px 0px -70% 0px", threshold: [0, 1] });
    targets.filter(Boolean).forEach((target) => observer.observe(target));
  }

  /* The list of editions lies above the edition, so that a published one need not change when a new one appears. */
  function offerEditions() {
    const pop = document.querySelector("[data-ausgaben]");
    if (!pop || !pop.dataset.ausgaben) return;
    const script = document.createElement("script");
    script.src = pop.dataset.ausgaben;
    script.addEventListener("load", () => {
      const own = root.dataset;
      const all = (window.kreisberichtAusgaben || []).filter((e) => e.ags === own.ags && e.bericht === own.bericht);
      const others = all.filter((e) => e.version !== own.version);
      listEditions(pop, others);
      announceNewer(others, !all.some((e) => e.version === own.version && e.veroeffentlicht));
    });
    document.head.append(script);
  }

  function addressIn(edition) {
    const here = edition.seiten.includes(root.dataset.seite);
    return [`${base}../../${edition.ags}/${edition.ordner}/${here ? root.dataset.seite : "index.html"}`, here];
  }

  function listEditions(pop, editions) {
    const list = pop.querySelector("ul");
    const before = list.querySelector("[data-alle-ausgaben]") || list.lastElementChild;
    for (const edition of editions) {
      const [address, here] = addressIn(edition);
      const item = document.createElement("li");
      const link = document.createElement("a");
      const note = document.createElement("small");
      link.href = address;
      link.textContent = `${edition.version}, ${edition.status_kurz} `;
      note.textContent = here ? `Datenstand ${edition.datenstand}, gleiche Seite öffnen`
        : `Datenstand ${edition.datenstand}, diese Seite gibt es dort nicht: Übersicht öffnen`;
      link.append(note);
      item.append(link);
      list.insertBefore(item, before);
    }
  }

  /* A reader of a published edition hears of published ones only; who reads a draft, of drafts too. */
  function announceNewer(editions, isDraft) {
    const parts = (version) => version.split(".").map(Number);
    const own = parts(root.dataset.version);
    const isNewer = (version) => {
      const other = parts(version);
      const place = other.findIndex((part, i) => part !== (own[i] ?? -1));
      return place >= 0 && other[place] > (own[place] ?? -1);
    };
    const newer = editions.find((e) => (e.veroeffentlicht || isDraft) && isNewer(e.version));
    const head = document.querySelector("header.head");
    if (!newer || !head) return;
    const [address, here] = addressIn(newer);
    const box = document.createElement("div");
    const text = document.createElement("p");
    const strong = document.createElement("strong");
    const link = document.createElement("a");
    box.className = "status neuer";
    strong.textContent = newer.id === root.dataset.ausgabe ? "Diese Ausgabe ist berichtigt" : "Es gibt eine neuere Ausgabe";
    link.href = address;
    link.textContent = here ? `Diese Seite in Ausgabe ${newer.version} öffnen` : `Ausgabe ${newer.version} öffnen`;
    text.append(strong, " ", link);
    box.append(text);
    head.append(box);
  }

  offerThemes();
  closePopUps();
  openChapters();
  followReading();
  offerEditions();
})();
