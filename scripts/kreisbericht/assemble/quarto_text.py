"""Quarto's text of a page in the report's own words of HTML, as ``html.lua`` writes them for the embedded assembler.

Quarto wraps cells, figures and tables in elements that its own style and scripts need. Here they
become the elements that our style, review mode and checks know, and nothing that runs stays in the text. Not in here:
the page around it (``pages``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag
from bs4.formatter import EntitySubstitution, HTMLFormatter

BY_QUARTO = '<meta name="generator" content="quarto-'
"""By this a page is known as one that Quarto has just written."""
RUNNING = ("script", "style", "iframe", "object", "embed", "form", "link", "meta", "base")
LEFT_BY_QUARTO = {
    "anchored", "caption-top", "even", "odd", "header", "level1", "level2", "level3", "level4", "level5", "level6",
    "unnumbered", "unlisted", "small", "table", "table-sm", "table-striped",
}  # fmt: skip
_NUMBER = re.compile(r"^\s*(Abbildung|Tabelle)\s+([A-Z]?\d*(?:\.\d+)*)\s*")
_APPENDIX = re.compile(r"^\w+\s+([A-Z])\s+[—–-]\s+(.*)$", re.S)
_SCHEME = re.compile(r"^(?:https?|mailto|tel):", re.I)


class _InOrder(HTMLFormatter):
    """HTML with attributes in the order they were written in."""

    def attributes(self, tag: Tag) -> Iterable[tuple[str, str | None]]:
        return tag.attrs.items()


_HTML = _InOrder(EntitySubstitution.substitute_xml, void_element_close_prefix="", empty_attributes_are_booleans=True)


def write_text(text: BeautifulSoup) -> str:
    """The text as HTML."""
    return text.decode(formatter=_HTML)


def read_text(page: str, *, opening: bool = False) -> BeautifulSoup:
    """The text of one of Quarto's pages: the chapter's title, then what it says.

    On the ``opening`` page the book's title is the first heading, so the text's own headings step down by one.
    """
    soup = BeautifulSoup(page, "html.parser")
    main = soup.body.extract()
    _drop_what_runs(main)
    _unwrap_cells(main)
    _take_title(main, opening=opening)
    for holder in main.select("div.quarto-float"):
        (_frame_table if holder.select_one("figure.quarto-float-tbl") else _frame_figure)(holder)
    for section in main.find_all("section"):
        _open_section(section)
    for reference in main.select("a.quarto-xref"):
        appendix = _APPENDIX.match(reference.get_text())  # 'Anhang A — Methoden': the name belongs to the heading
        reference.string = f"Anhang {appendix[1]}" if appendix else reference.get_text()
    for element in main.find_all(True):
        _tidy(element)
    text = BeautifulSoup("", "html.parser")
    text.extend(list(main.contents))
    return text


def _drop_what_runs(main: Tag) -> None:
    """Nothing of a chapter runs or leads to a program, whatever a cell has printed."""
    for element in main.find_all(RUNNING):
        element.decompose()
    for element in main.find_all(True):
        for name in [n for n in element.attrs if n == "style" or n.startswith("on")]:
            del element[name]
        target = re.sub(r"[\x00-\x20]", "", str(element.get("href", "")))
        if re.match(r"[\w+.-]+:", target) and not _SCHEME.match(target):
            del element["href"]


def _unwrap_cells(main: Tag) -> None:
    for cell in main.select("div.cell, div.cell-output"):
        cell.unwrap()


def _take_title(main: Tag, *, opening: bool) -> None:
    """Quarto's block of title, author and date gives way to the chapter's heading."""
    block = main.find(id="title-block-header")
    if opening:
        block.decompose()
        for heading in main.find_all(re.compile(r"^h[1-5]$")):
            heading.name = f"h{int(heading.name[1]) + 1}"
        return
    old, heading = block.find("h1"), BeautifulSoup("", "html.parser").new_tag("h1")
    number, title = _read_title(old)
    if named := old.find(id=True):
        heading["id"] = named["id"]
    if number:
        heading.append(_make("span", number, "nr"))
        heading.append(" ")
    heading.append(title)
    block.replace_with(heading)


def _read_title(heading: Tag) -> tuple[str, str]:
    number, title = heading.select_one(".chapter-number"), heading.select_one(".chapter-title")
    if title is not None:
        return (number.get_text().strip() if number else ""), title.get_text().strip()
    appendix = _APPENDIX.match(heading.get_text().strip())
    return (appendix[1], appendix[2].strip()) if appendix else ("", heading.get_text().strip())


def _frame_figure(holder: Tag) -> None:
    figure, caption = holder.find("figure"), holder.find("figcaption")
    content = caption.find_next_sibling("div") or caption.find_previous_sibling("div")
    number = _set_number(caption)
    framed = _make("figure", "", "")
    framed["id"] = holder["id"]
    framed.append(_bare(caption))
    framed.extend(list((content or figure).contents))
    _replace_with_followers(holder, framed, number)


def _frame_table(holder: Tag) -> None:
    """The caption moves into the table, where screen readers look for it; the scrolling region is named by it."""
    caption, region, table = holder.find("figcaption"), holder.select_one(".rollfeld"), holder.find("table")
    framed = _make("div", "", "tafel")
    framed["id"] = holder["id"]
    if table is None:  # nothing of ours, so it stays as it is
        framed.extend(list(holder.contents))
        holder.replace_with(framed)
        return
    number = _set_number(caption)
    title = _make("span", "", "")
    title.attrs = {"id": f"{holder['id']}-titel", "class": "tabellentitel"}
    title.extend(list(caption.contents))
    head = _make("caption", "", "")
    head.append(title)
    table.insert(0, head)
    region = region or table.wrap(_make("div", "", "rollfeld"))
    region.attrs = {"class": "rollfeld", "tabindex": "0", "role": "region", "aria-labelledby": title["id"]}
    framed.append(region)
    _replace_with_followers(holder, framed, number)


def _set_number(caption: Tag) -> str:
    """'Abbildung 4.1 ' in front of a caption becomes its small line above; returns it, '' for none."""
    first = next((node for node in caption.find_all(string=True) if node.strip()), None)
    found = _NUMBER.match(first) if first else None
    if not found:
        return ""
    first.replace_with(first[found.end() :])
    caption.insert(0, _make("span", f"{found[1]} {found[2]}", "no"))
    return f"{found[1]} {found[2]}"


def _bare(element: Tag) -> Tag:
    element.attrs = {}
    return element


def _replace_with_followers(holder: Tag, framed: Tag, number: str) -> None:
    """Source and tools that follow a figure or table belong to it; the citation names its number."""
    follower = holder.find_next_sibling()
    while follower is not None and {"quelle", "werkzeuge"} & set(follower.get("class", [])):
        following = follower.find_next_sibling()
        framed.append(follower.extract())
        follower = following
    for place in framed.select(".zitat .nummer"):
        place.replace_with(f"{number}: " if number else "")
    holder.replace_with(framed)


def _open_section(section: Tag) -> None:
    """Boxes stay sections, named by their heading; the others only carried the heading's id."""
    heading = section.find(re.compile(r"^h[1-6]$"), recursive=False)
    if heading is not None and section.get("id"):
        heading["id"] = section["id"]
    if "kasten" not in section.get("class", []):
        section.unwrap()
        return
    kept = [name for name in section["class"] if name not in LEFT_BY_QUARTO and name != "kastentitel"]
    section.attrs = {"class": " ".join(kept)}
    if heading is not None and heading.get("id"):
        section["aria-labelledby"] = heading["id"]


def _tidy(element: Tag) -> None:
    """Classes and attributes that only Quarto's own style and scripts read."""
    names = element.get("class", [])
    names = names.split() if isinstance(names, str) else names
    if "header-section-number" in names:
        names = ["nr"]
    if "quarto-xref" in names:
        names = ["ref"]
    kept = [n for n in names if n not in LEFT_BY_QUARTO and not n.startswith("quarto-") and n != "figure-img"]
    if kept:
        element["class"] = " ".join(kept)
    elif "class" in element.attrs:
        del element["class"]
    for name in ("data-anchor-id", "data-number", "data-tags", "data-execution_count"):
        element.attrs.pop(name, None)


def _make(name: str, text: str, classes: str) -> Tag:
    element = BeautifulSoup("", "html.parser").new_tag(name)
    if classes:
        element["class"] = classes
    if text:
        element.string = text
    return element
