/* Where a note stands: the blocks of a page, and selectors that find a block again (W3C TextQuoteSelector).
   kreisbericht.reviews.blocks reads pages by the same rules; a change here is a change there. */
(() => {
  "use strict";
  const CONTEXT = 40;  // characters before and after the quotation
  const LONGEST = 400;  // characters of a quotation
  const FOUND = 0.6;  // share of words that must be there again
  const BLOCKS = "h1,h2,h3,h4,h5,h6,p,li,dd,figure,.tafel,.quarto-float";
  const OUTSIDE = "nav,.nextprev,.werkzeuge,.acts-big,.cover,.status,.kicker,[data-anm],dialog";
  const SILENT = ".no,.nr,.vh,[data-anm],script,style,.header-section-number,.chapter-number";
  const WHOLE = "figure,.tafel,.quarto-float,li,dd";

  const squeeze = (text) => text.replace(/\s+/g, " ").trim();

  function words(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(SILENT)) return "";
    return [...node.childNodes].map(words).join("");
  }

  function kindOf(element) {
    if (/^H[1-6]$/.test(element.tagName)) return "ueberschrift";
    if (element.matches(".tafel") || (element.matches(".quarto-float") && element.querySelector("table"))) return "tabelle";
    if (element.matches("figure,.quarto-float")) return "abbildung";
    return element.tagName === "LI" ? "listenpunkt" : "absatz";
  }

  /* Figures and tables are known by their title: what they show may change in every cell. */
  function quotable(element, kind) {
    const float = kind === "abbildung" || kind === "tabelle";
    const title = float && element.querySelector("caption,figcaption");
    const text = squeeze(words(title || element));
    return kind !== "abbildung" && kind !== "tabelle" ? text
      : text.replace(/^(Abbildung|Tabelle)\s+[A-Z]?\d*(\.\d+)*[:.]?\s*/, "") || squeeze(element.querySelector("img")?.alt || "");
  }

  function isBlock(element) {
    if (element.closest(OUTSIDE)) return false;
    if (element.matches("li") && element.querySelector("ul,ol")) return false;
    const outer = element.parentElement.closest(WHOLE);
    return !outer || (outer.matches("li") && outer.querySelector("ul,ol") !== null && !outer.parentElement.closest(WHOLE));
  }

  /* All blocks in reading order, each with the section it stands in. */
  function readBlocks(main) {
    const found = [];
    let heading = { id: "", text: "" };
    for (const element of main.querySelectorAll(BLOCKS)) {
      if (!isBlock(element)) continue;
      const kind = kindOf(element);
      const text = quotable(element, kind);
      if (!text) continue;
      const id = element.id || (kind === "ueberschrift" ? element.closest("section[id]")?.id || "" : "");
      if (kind === "ueberschrift") heading = { id: id || heading.id, text };
      found.push({ element, kind, text, anchor: id || heading.id, section: heading.text });
    }
    return found;
  }

  /* Selector of a block; `passage` is what the reader had marked inside it. */
  function describe(blocks, block, passage = "") {
    const place = blocks.indexOf(block);
    const before = blocks.slice(Math.max(0, place - 2), place).map((b) => b.text).join(" ");
    const after = blocks.slice(place + 1, place + 3).map((b) => b.text).join(" ");
    const wanted = squeeze(passage);
    const start = wanted ? Math.max(0, block.text.indexOf(wanted)) : 0;
    const exact = (wanted && block.text.includes(wanted) ? wanted : block.text).slice(0, LONGEST);
    return {
      type: "TextQuoteSelector",
      exact,
      prefix: `${before} ${block.text.slice(0, start)}`.trim().slice(-CONTEXT),
      suffix: `${block.text.slice(start + exact.length)} ${after}`.trim().slice(0, CONTEXT),
    };
  }

  const split = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  function countCommon(wanted, there) {
    const left = new Map();
    for (const word of there) left.set(word, (left.get(word) || 0) + 1);
    return wanted.filter((word) => {
      const count = left.get(word) || 0;
      left.set(word, count - 1);
      return count > 0;
    }).length;
  }

  /* 1 where the quotation stands there letter by letter; else the share of common words: of both texts, or, for a passage
     out of a longer text, of the passage and the best stretch of its length. */
  function likeness(exact, text) {
    if (text.includes(exact)) return 1;
    const wanted = split(exact);
    const there = split(text);
    if (!wanted.length || !there.length) return 0;
    const whole = (2 * countCommon(wanted, there)) / (wanted.length + there.length);
    if (there.length < 1.5 * wanted.length || wanted.length < 4) return whole;
    const starts = [...Array(there.length - wanted.length + 1).keys()];
    return Math.max(whole, ...starts.map((i) => countCommon(wanted, there.slice(i, i + wanted.length)) / wanted.length));
  }

  /* The block a place means, or null: same kind, best likeness, then its own id, then the words around it. */
  function locate(blocks, place) {
    const { exact, prefix, suffix } = place.selektor;
    const scored = blocks.map((block, i) => {
      if (block.kind !== place.block) return [0, block];
      let score = likeness(exact, block.text);
      if (block.element.id && block.element.id === place.anker) score = Math.max(score, 0.9);
      if (score < FOUND) return [0, block];
      if (block.anchor === place.anker) score += 0.1;
      if (prefix && i && prefix.endsWith(blocks[i - 1].text.slice(-20))) score += 0.05;
      if (suffix && i + 1 < blocks.length && suffix.startsWith(blocks[i + 1].text.slice(0, 20))) score += 0.05;
      return [score, block];
    });
    const best = scored.reduce((one, other) => (other[0] > one[0] ? other : one), [0, null]);
    return best[0] >= FOUND ? best[1] : null;
  }

  window.kreisberichtAnmerkungen = { anchors: { readBlocks, describe, locate } };
})();
