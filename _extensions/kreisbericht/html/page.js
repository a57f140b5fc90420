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
    const wide = matchMedia("(min-width: 960px)");
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

  /* The list of editions lies beside the edition, so that a published one need not change when a new one appears. */
  function offerEditions() {
    const pop = document.querySelector("[data-ausgaben]");
    if (!pop) return;
    pop.addEventListener("toggle", () => {
      if (!pop.open || pop.dataset.geladen) return;
      pop.dataset.geladen = "1";
      const script = document.createElement("script");
      script.src = base + "../../editions.js";
      script.addEventListener("load", () => listEditions(pop));
      document.head.append(script);
    });
  }

  function listEditions(pop) {
    const list = pop.querySelector("ul");
    const page = root.dataset.seite;
    const others = (window.kreisberichtAusgaben || []).filter(
      (e) => e.ags === root.dataset.ags && e.version !== root.dataset.version);
    for (const edition of others) {
      const here = edition.seiten.includes(page);
      const item = document.createElement("li");
      const link = document.createElement("a");
      const note = document.createElement("small");
      link.href = `${base}../../${edition.ags}/${edition.ordner}/${here ? page : "index.html"}`;
      link.textContent = `${edition.version}, ${edition.status_kurz} `;
      note.textContent = here ? `Datenstand ${edition.datenstand}, gleiche Seite öffnen`
        : `Datenstand ${edition.datenstand}, diese Seite gibt es dort nicht: Übersicht öffnen`;
      link.append(note);
      item.append(link);
      list.insertBefore(item, list.lastElementChild);
    }
  }

  offerThemes();
  closePopUps();
  openChapters();
  followReading();
  offerEditions();
})();
