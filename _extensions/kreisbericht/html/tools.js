/* Figures, tables and terms: copy a citation, sort a table, put a definition away. Nothing of it is needed to read.
   Works in the pages of both assemblers. */
(() => {
  "use strict";
  const status = document.createElement("p");
  status.className = "vh";
  status.setAttribute("role", "status");

  function say(words) {
    status.textContent = "";
    requestAnimationFrame(() => { status.textContent = words; });
  }

  /* 1. Citations: where the project names no site, the address is the one the page is read at. */
  function addressOf(anchor) {
    const canonical = document.querySelector("link[rel=canonical]")?.href || location.href;
    const page = canonical.split("#")[0];
    return /^https?:/.test(page) ? page + anchor : "";
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; /* not allowed here, e.g. from file:// in some browsers */
    }
  }

  function offerCopies() {
    for (const place of document.querySelectorAll(".zitat [data-adresse]")) {
      if (!place.textContent) place.textContent = addressOf(place.dataset.adresse);
    }
    for (const button of document.querySelectorAll("button.kopieren")) {
      const source = document.getElementById(button.dataset.kopiert);
      if (!source) continue;
      button.hidden = false;
      button.addEventListener("click", async () => {
        if (await copy(source.textContent.replace(/\s+/g, " ").trim())) return say("Zitat kopiert");
        getSelection().selectAllChildren(source);
        say("Zitat ist markiert und kann kopiert werden");
      });
    }
  }

  /* 2. Tables: a button in each column head; 'summe' and what follows it (Land, Germany) stay below. */
  const NUMBER = /^[+−-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?/;

  function numberOf(text) {
    if (text === "–") return 0;
    const found = NUMBER.exec(text);
    return found ? Number(found[0].replace(/\./g, "").replace(",", ".").replace("−", "-")) : null;
  }

  function valueOf(row, column, numeric) {
    const text = row.cells[column].textContent.trim();
    return numeric ? numberOf(text) : text || null;
  }

  /* Where there is no value (., …, /, x) the row comes last, whatever the direction. */
  function compare(a, b, sign) {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "de", { numeric: true }));
  }

  function isSortable(table) {
    const body = table.tBodies[0];
    if (table.tBodies.length !== 1 || !table.tHead || table.tHead.rows.length !== 1 || body.rows.length < 3) return false;
    const cells = [...table.tHead.rows[0].cells, ...[...body.rows].flatMap((row) => [...row.cells])];
    const wide = table.tHead.rows[0].cells.length;
    return cells.every((cell) => cell.colSpan === 1 && cell.rowSpan === 1) && [...body.rows].every((row) => row.cells.length === wide);
  }

  function offerSorting(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const sum = rows.findIndex((row) => row.classList.contains("summe"));
    const moving = sum < 0 ? rows : rows.slice(0, sum);
    const kept = sum < 0 ? [] : rows.slice(sum);
    if (moving.length < 3) return;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const name = head.textContent.trim();
      if (!name) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sortieren";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        const numeric = moving.filter((row) => numberOf(row.cells[column].textContent.trim()) !== null).length > moving.length / 2;
        const order = numeric ? ["descending", "ascending"] : ["ascending", "descending"];
        const next = order[order.indexOf(before) + 1];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (next) head.setAttribute("aria-sort", next);
        const sign = next === "descending" ? -1 : 1;
        const sorted = next ? moving.map((row) => [valueOf(row, column, numeric), row]).sort((a, b) => compare(a[0], b[0], sign))
          .map(([, row]) => row) : moving;
        body.append(...sorted, ...kept);
        say(next ? `Sortiert nach ${name}, ${next === "descending" ? "absteigend" : "aufsteigend"}` : "Ursprüngliche Reihenfolge");
      });
    });
  }

  /* 3. Terms: Escape puts a definition away without moving focus or pointer (WCAG 1.4.13). */
  function dismissDefinitions() {
    const again = (event) => event.currentTarget.classList.remove("zu");
    for (const term of document.querySelectorAll(".begriff")) {
      term.addEventListener("mouseleave", again);
      term.addEventListener("focusout", again);
    }
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      for (const term of document.querySelectorAll(".begriff:is(:hover, :focus-within)")) term.classList.add("zu");
    });
  }

  function start() {
    document.body.append(status);
    offerCopies();
    document.querySelectorAll("main .rollfeld > table").forEach((table) => { if (isSortable(table)) offerSorting(table); });
    dismissDefinitions();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
