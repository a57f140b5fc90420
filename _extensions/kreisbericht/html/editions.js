/* Editions published earlier load the list of editions here, beside all districts; it lies with each district now.
   Their pages read it when this script has loaded, so that event waits until the district's list is there. */
(() => {
  "use strict";
  const asked = document.currentScript;
  const ags = document.documentElement.dataset.ags || document.querySelector(".status[data-ags]")?.dataset.ags;
  if (!asked || !/^\d{5}$/.test(ags || "")) return;
  const loaded = (event) => {
    if (event.target !== asked) return;
    event.stopImmediatePropagation();
    document.removeEventListener("load", loaded, true);
    const list = document.createElement("script");
    list.src = new URL(`${ags}/editions.js`, asked.src).href;
    list.addEventListener("load", () => asked.dispatchEvent(new Event("load")));
    document.head.append(list);
  };
  document.addEventListener("load", loaded, true);
})();
