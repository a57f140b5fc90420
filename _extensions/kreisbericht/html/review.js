/* Starts the review mode, in every page of both assemblers: a button, ?anmerken, or the reader's choice on the page before.
   All else is loaded when it is wanted. Without script the button stays hidden and nothing is lost of the report. */
(() => {
  "use strict";
  const KEY = "kreisbericht.anmerken";
  const folder = new URL(".", document.currentScript.src);
  const PARTS = ["review-anchors.js", "review-notes.js", "review-cards.js", "review-page.js"];
  let loaded = null;

  function recall() {
    try {
      return localStorage.getItem(KEY) === "an";
    } catch {
      return false;
    }
  }

  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(name, folder).href;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }

  async function turn(on, button, by) {
    loaded ||= PARTS.reduce((before, name) => before.then(() => load(name)), Promise.resolve());
    await loaded;
    button.setAttribute("aria-pressed", String(on));
    window.kreisberichtAnmerkungen.turn(on, { button, key: KEY, by });
  }

  /* Quarto's page has no tools of ours: there the button stands in the line with edition and status. */
  function findButton() {
    const given = document.querySelector("[data-anmerken]");
    const status = document.querySelector("main .status p");
    if (given || !status) return given;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "anm-btn", textContent: "Anmerkungen" });
    button.dataset.anmerken = "";
    status.append(" ", button);
    return button;
  }

  function start() {
    const button = findButton();
    if (!button) return;
    const asked = new URLSearchParams(location.search).get("anmerken");
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => turn(button.getAttribute("aria-pressed") !== "true", button, "klick"));
    if (asked !== null || recall()) turn(true, button, asked === "weiter" && !recall() ? "weiter" : "seite");
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
