/* Before the first paint: the reader's choice of light or dark, so that no page flashes. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const choice = localStorage.getItem("kreisbericht.darstellung");
    if (choice === "hell" || choice === "dunkel") root.dataset.theme = choice;
  } catch {
    /* storage is switched off: the system's setting stays */
  }
})();
