"""Blocks of a finished page (paragraphs, list items, headings, figures, tables) and finding a note's block again.

The same rules as ``review-anchors.js``; a change here is a change there. Works on the pages of both assemblers. Not in
here: what is done with a place (``draft``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from kreisbericht.reviews.model import Place

FOUND, CLEAR, SURE = 0.6, 0.85, 0.9
"""Share of words that must be there again: between the same neighbours, in the same section, anywhere on the page.
Reports repeat their sentences; a text that is gone must not be taken for its twin about another indicator."""
SEEN = 20  # characters by which a neighbour is known
LONG_PASSAGE = 1.5  # a text longer than this many quotations is searched for its best stretch
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SILENT = {"no", "nr", "vh", "erklaerung", "header-section-number", "chapter-number"}
OUTSIDE = {"nextprev", "werkzeuge", "quelle", "acts-big", "cover", "status", "kicker"}
_HEADING = re.compile(r"h[1-6]$")
_FLOAT_NUMBER = re.compile(r"^(Abbildung|Tabelle)\s+[A-Z]?\d*(\.\d+)*[:.]?\s*")
_WORD = re.compile(r"[^\W_]+")


@dataclass
class Node:
    """An element of the page with the offsets of its start, of its end tag and behind it."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None
    start: int = 0
    inner_end: int = 0
    end: int = 0
    children: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def ancestors(self) -> Iterator[Node]:
        """The elements around this one, innermost first."""
        node = self.parent
        while node:
            yield node
            node = node.parent

    def walk(self) -> Iterator[Node]:
        """Elements inside, in document order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()


@dataclass(frozen=True)
class Block:
    """What a reader can mark: ``text`` is quotable, ``anchor`` the nearest id."""

    node: Node
    kind: str
    text: str
    anchor: str
    section: str


class _Tree(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.open = Node("", {}, None)
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.feed(text)
        self.close()

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._offset()
        end = start + len(self.get_starttag_text() or "")
        node = Node(tag, {key: value or "" for key, value in attrs}, self.open, start, end, end)
        self.open.children.append(node)
        if tag not in VOID:
            self.open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        before = self.open
        self.handle_starttag(tag, attrs)
        self.open = before

    def handle_endtag(self, tag: str) -> None:
        found = next((node for node in (self.open, *self.open.ancestors()) if node.tag == tag), None)
        if found is None or found is self.root:
            return
        start = self._offset()
        found.inner_end, found.end = start, self.text.index(">", start) + 1
        self.open = found.parent or self.root

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def parse_page(text: str) -> Node | None:
    """The page's ``main`` element; None where it has none."""
    return next((node for node in _Tree(text).root.walk() if node.tag == "main"), None)


def read_blocks(main: Node) -> list[Block]:
    """All blocks in reading order."""
    found: list[Block] = []
    anchor = section = ""
    for node in main.walk():
        kind = _kind(node)
        if not kind or not _is_block(node, main):
            continue
        text = _quotable(node, kind)
        if not text:
            continue
        own = node.attributes.get("id", "") or (_section_id(node) if kind == "ueberschrift" else "")
        if kind == "ueberschrift":
            anchor, section = own or anchor, text
        found.append(Block(node, kind, text, own or anchor, section))
    return found


def find_block(blocks: Sequence[Block], place: Place) -> tuple[Block | None, float]:
    """The block a place means and how like its text is (1: letter by letter); None where nothing is like enough."""
    best, best_score, best_likeness = None, 0.0, 0.0
    for number, block in enumerate(blocks):
        if block.kind != place.block:
            continue
        alike = likeness(place.exact, block.text)
        around = _count_neighbours(blocks, number, place)
        if not _is_same(block, place, alike, around):
            continue
        score = max(alike, SURE if _has_id(block, place) else 0) + 0.1 * (block.anchor == place.anchor) + 0.05 * around
        score += 0.01 * (block.text == place.exact)
        if score > best_score:
            best, best_score, best_likeness = block, score, alike
    return best, best_likeness


def _is_same(block: Block, place: Place, alike: float, around: int) -> bool:
    if _has_id(block, place) or block.text == place.exact:
        return True
    if block.kind in ("abbildung", "tabelle", "ueberschrift"):
        named = place.anchor.startswith(("fig-", "tbl-"))  # it had an id of its own, and that is gone
        return not named and alike >= SURE and len(block.text) < LONG_PASSAGE * len(place.exact)
    here = block.anchor == place.anchor
    if alike >= (CLEAR if here else SURE):
        return True
    was_beside = place.suffix.startswith(block.text[:SEEN]) or place.prefix.endswith(block.text[-SEEN:])
    return alike >= FOUND and here and around > 0 and not was_beside


def _has_id(block: Block, place: Place) -> bool:
    return place.anchor != "" and block.node.attributes.get("id") == place.anchor


def _count_neighbours(blocks: Sequence[Block], number: int, place: Place) -> int:
    """How many of the texts before and after are those the quotation was taken between (0 to 2)."""
    before = blocks[number - 1].text[-SEEN:] if number else ""
    after = blocks[number + 1].text[:SEEN] if number + 1 < len(blocks) else ""
    return int(before != "" and place.prefix.endswith(before)) + int(after != "" and place.suffix.startswith(after))


def likeness(exact: str, text: str) -> float:
    """Share of words two texts have in common; of a passage, with the best stretch of its length."""
    if exact in text:
        return 1.0
    wanted, there = _WORD.findall(exact.lower()), _WORD.findall(text.lower())
    if not wanted or not there:
        return 0.0
    whole = 2 * _common(wanted, there) / (len(wanted) + len(there))
    if len(there) < LONG_PASSAGE * len(wanted) or len(wanted) < 4:
        return whole
    stretches = (there[start : start + len(wanted)] for start in range(len(there) - len(wanted) + 1))
    return max(whole, *(_common(wanted, stretch) / len(wanted) for stretch in stretches))


def _common(one: list[str], other: list[str]) -> int:
    return (Counter(one) & Counter(other)).total()


def _kind(node: Node) -> str:
    if _HEADING.match(node.tag):
        return "ueberschrift"
    if "tafel" in node.classes or "quarto-float" in node.classes:
        return "tabelle" if any(inner.tag == "table" for inner in node.walk()) else "abbildung"
    return {"figure": "abbildung", "li": "listenpunkt", "p": "absatz", "dd": "absatz"}.get(node.tag, "")


def _is_block(node: Node, main: Node) -> bool:
    around = [node]
    for parent in node.ancestors():
        if parent is main:
            break
        around.append(parent)
    if any(one.tag in ("nav", "dialog") or one.classes & OUTSIDE or "data-anm" in one.attributes for one in around):
        return False
    if node.tag == "li" and _has_list(node):
        return False
    wholes = [one for one in around[1:] if _is_whole(one)]
    return not wholes or (wholes[0].tag == "li" and _has_list(wholes[0]) and len(wholes) == 1)


def _is_whole(node: Node) -> bool:
    return node.tag in ("figure", "li", "dd") or bool(node.classes & {"tafel", "quarto-float"})


def _has_list(node: Node) -> bool:
    return any(inner.tag in ("ul", "ol") for inner in node.walk())


def _section_id(node: Node) -> str:
    return next(
        (one.attributes["id"] for one in node.ancestors() if one.tag == "section" and "id" in one.attributes), ""
    )


def _quotable(node: Node, kind: str) -> str:
    if kind not in ("abbildung", "tabelle"):
        return _words(node)
    title = next((inner for inner in node.walk() if inner.tag in ("caption", "figcaption")), None)
    picture = next((inner.attributes.get("alt", "") for inner in node.walk() if inner.tag == "img"), "")
    return _FLOAT_NUMBER.sub("", _words(title or node)) or " ".join(picture.split())


def _words(node: Node) -> str:
    return " ".join("".join(_texts(node)).split())


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif not (child.classes & SILENT or "data-anm" in child.attributes or child.tag in ("script", "style")):
            yield from _texts(child)
