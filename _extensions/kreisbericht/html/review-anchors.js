/* Where a note stands: the blocks of a page, and selectors that find a block again (W3C TextQuoteSelector).
   kreisbericht.reviews.blocks reads pages by the same rules; a change here is a change there. */
(() => {
  "use strict";
  const CONTEXT = 40;  // characters before and after the quotation
  const LONGEST = 400;  // characters of a quotation
  const [FOUND, CLEAR, SURE] = [0.6, 0.85, 0.9];  // share of words: between the same neighbours, in the section, on the page
  const SEEN = 20;  // characters by which a neighbour is known
  const BLOCKS = "h1,h2,h3,h4,h5,h6,p,li,dd,figure,.tafel,.quarto-float";
  const OUTSIDE = "nav,.nextprev,.werkzeuge,.quelle,.acts-big,.cover,.status,.kicker,[data-anm],dialog";
  const SILENT = ".no,.nr,.vh,.erklaerung,[data-anm],script,style,.header-section-number,.chapter-number";
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

  const hasId = (block, place) => place.anker !== "" && block.element.id === place.anker;

  function countNeighbours(blocks, i, { prefix, suffix }) {
    const before = i ? blocks[i - 1].text.slice(-SEEN) : "";
    const after = i + 1 < blocks.length ? blocks[i + 1].text.slice(0, SEEN) : "";
    return Number(before !== "" && prefix.endsWith(before)) + Number(after !== "" && suffix.startsWith(after));
  }

  /* Reports repeat their sentences: a text that is gone must not be taken for its twin about another indicator. */
  function isSame(block, place, alike, around) {
    const { exact, prefix, suffix } = place.selektor;
    if (hasId(block, place) || block.text === exact) return true;
    if (["abbildung", "tabelle", "ueberschrift"].includes(block.kind)) {
      return !/^(fig|tbl)-/.test(place.anker) && alike >= SURE && block.text.length < 1.5 * exact.length;
    }
    const here = block.anchor === place.anker;
    if (alike >= (here ? CLEAR : SURE)) return true;
    const wasBeside = suffix.startsWith(block.text.slice(0, SEEN)) || prefix.endsWith(block.text.slice(-SEEN));
    return alike >= FOUND && here && around > 0 && !wasBeside;
  }

  /* The block a place means, or null: same kind, best likeness, then its own id, then the words around it. */
  function locate(blocks, place) {
    let best = null;
    let most = 0;
    blocks.forEach((block, i) => {
      if (block.kind !== place.block) return;
      const alike = likeness(place.selektor.exact, block.text);
      const around = countNeighbours(blocks, i, place.selektor);
      if (!isSame(block, place, alike, around)) return;
      const score = Math.max(alike, hasId(block, place) ? SURE : 0) + 0.1 * (block.anchor === place.anker) + 0.05 * around
        + 0.01 * (block.text === place.selektor.exact);
      if (score > most) [best, most] = [block, score];
    });
    return best;
  }

  window.kreisberichtAnmerkungen = { anchors: { readBlocks, describe, locate } };
})();
