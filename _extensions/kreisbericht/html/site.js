/* Narrows the list of districts while the reader types. Without it the whole list is there. */
(() => {
  "use strict";
  const box = document.querySelector("[data-finden]");
  if (!box) return;
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss").replace(/([aou])e/g, "$1");
  const rows = [...document.querySelectorAll("[data-kreise] tbody tr")].map((row) => [row, fold(row.cells[0].textContent)]);
  const status = box.querySelector("[role=status]");
  const input = box.querySelector("input");
  box.hidden = false;
  input.addEventListener("input", () => {
    const wanted = fold(input.value.trim());
    let shown = 0;
    for (const [row, name] of rows) {
      row.hidden = !name.includes(wanted);
      shown += row.hidden ? 0 : 1;
    }
    for (const table of document.querySelectorAll("[data-kreise]")) {
      table.closest(".tafel").hidden = !table.querySelector("tbody tr:not([hidden])");
    }
    status.textContent = wanted ? (shown ? `${shown} Kreise gefunden` : "Kein Kreis gefunden") : "";
  });
})();
