"""What the page list, the cover and the search take out of a chapter's tree: sections, key figures, finding, words.

Not in here: how any of it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kreisbericht.assemble.pandoc import attribute, elements, plain, walk

if TYPE_CHECKING:
    from kreisbericht.assemble.markdown import Document

HIDDEN = ("vh", "wertung")
LEFT_OUT = ("werkzeuge", "quelle")
MAX_FINDING = 120
CONTAINERS = ("Span", "Plain", "Para", "Header", "Div", "Emph", "Strong", "BulletList", "BlockQuote")


@dataclass(frozen=True)
class KeyFigure:
    """A computed statement: ``number`` such as '12,4 %', ``unit`` where it is a word, ``text`` without the rating."""

    number: str
    text: str
    unit: str = ""


@dataclass
class Passage:
    """The words under one heading; ``captions`` are titles and subtitles of its figures and tables."""

    id: str
    heading: str
    text: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """First column of its tables: mostly names of places."""


def page_sections(document: Document) -> list[tuple[str, str]]:
    """Id and text of the headings of the second level, boxes included; attribute ``kurz`` shortens one for the list."""
    found = []
    for heading in elements(document.ast["blocks"], "Header"):
        level, attr, inlines = heading["c"]
        if level == 2 and attr[0]:
            found.append((attr[0], attribute(attr, "kurz") or plain(inlines).strip()))
    return found


def key_figures(document: Document) -> list[KeyFigure]:
    """The chapter's Kernaussagen that begin with a number."""
    return [figure for item in _statements(document) if (figure := _key_figure(item))]


def finding(document: Document) -> str:
    """One line on the chapter: the first Kernaussage that fits, else its first figure's title or sentence; or ''."""
    for item in _statements(document):
        text = _words(item, hidden=HIDDEN)
        if len(text) <= MAX_FINDING:
            return text
    for item in document.floats:
        if item.kind == "fig":
            return item.title
    for block in document.ast["blocks"][1:]:
        if block["t"] == "Para":
            sentence = re.split(r"(?<=[.?!])\s+(?=[A-ZÄÖÜ])", plain(block).strip())[0]
            return sentence if len(sentence) <= MAX_FINDING else ""
        if block["t"] == "Header":
            break
    return ""


def passages(document: Document) -> list[Passage]:
    """The chapter's words, split at every heading with an id; the first passage is the chapter itself."""
    found: list[Passage] = []
    for block in _flatten(document.ast["blocks"]):
        if block["t"] == "Header" and (block["c"][1][0] or not found):
            found.append(Passage(block["c"][1][0], plain(block["c"][2]).strip()))
        elif found:
            _collect(block, found[-1])
    return found


def _statements(document: Document) -> Iterator[list]:
    """The items of the chapter's Kernaussagen, as blocks."""
    for div in elements(document.ast["blocks"], "Div"):
        if "kernaussagen" in div["c"][0][1]:
            for items in elements(div["c"][1], "BulletList"):
                yield from items["c"]


def _key_figure(item: list) -> KeyFigure | None:
    numbers = [span for span in elements(item, "Span") if "zahl" in span["c"][0][1]]
    if not numbers:
        return None
    text = _words(item, hidden=(*HIDDEN, "zahl"))
    return part_unit(plain(numbers[0]).strip(), text)


def part_unit(number: str, text: str) -> KeyFigure:
    """``70.635 Personen`` as number and unit; ``12,4 %`` stays one."""
    in_words = re.fullmatch(r"([\d.,]+)\s+([^\W\d]{2,}.*)", number)
    return KeyFigure(in_words[1], text, in_words[2]) if in_words else KeyFigure(number, text)


def _words(node: object, *, hidden: tuple[str, ...] = ("vh",)) -> str:
    """Plain words of a piece of tree without spans of the given classes; blocks are parted by a space."""
    if isinstance(node, list):
        return _squeeze("".join(_piece(child, hidden) for child in node))
    return _squeeze(_piece(node, hidden))


def _piece(node: object, hidden: tuple[str, ...]) -> str:
    if isinstance(node, list):
        return "".join(_piece(child, hidden) for child in node)
    if not isinstance(node, dict):
        return ""
    kind, content = node["t"], node.get("c")
    if kind not in CONTAINERS:
        return plain(node)
    classes = content[0][1] if kind == "Span" else []
    if set(hidden) & set(classes):
        return ""
    inner = _piece(content[-1] if kind in ("Span", "Header", "Div") else content, hidden)
    return inner if kind in ("Emph", "Strong") or (kind == "Span" and "titel" not in classes) else f"{inner} "


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _flatten(blocks: list) -> Iterator[dict]:
    for block in blocks:
        if block["t"] == "Div":
            if not set(LEFT_OUT) & set(block["c"][0][1]):
                yield from _flatten(block["c"][1])
        else:
            yield block


def _collect(block: dict, passage: Passage) -> None:
    kind = block["t"]
    if kind in ("Figure", "Table"):
        passage.captions.append(_words(block["c"][1][1]))
        if kind == "Table":
            passage.names += _first_column(block)
    elif kind == "OrderedList":
        passage.text += [_words(item) for item in block["c"][1]]
    elif kind == "DefinitionList":
        for term, definitions in block["c"]:
            passage.text.append(f"{plain(term)}: {' '.join(_words(d) for d in definitions)}")
    elif kind == "BulletList":
        passage.text += [_words(item) for item in block["c"]]
    elif kind not in ("RawBlock", "HorizontalRule"):
        passage.text.append(_words(block))


def _first_column(table: dict) -> list[str]:
    rows = [row for body in table["c"][4] for row in body[3]]
    return [text for row in rows if row[1] and (text := _words(row[1][0][4]))]


def resources(document: Document) -> list[str]:
    """Relative addresses of the pictures and downloads a page needs, each once, in order."""
    found: dict[str, None] = {}

    def note(element: dict) -> None:
        kind = element["t"]
        if kind == "Image":
            found[element["c"][2][0]] = None
            phone = attribute(element["c"][0], "telefon")
            if phone:
                found[phone] = None
        elif kind == "Link" and (
            "download" in element["c"][0][1] or attribute(element["c"][0], "download") is not None
        ):
            found[element["c"][2][0]] = None

    walk(document.ast["blocks"], note)
    return list(found)
