"""What a reading program reads aloud from a PDF: the words of each element of the structure tree, in its order.

Not in here: whether the order is right (tests, people), and what a file must declare (``check.pdf``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kreisbericht.check.pdftext import to_unicode, words_of

INLINE = {"/Span", "/Link", "/Strong", "/Em", "/Reference", "/Lbl", "/Quote", "/Code", "/Annot"}


@dataclass(frozen=True)
class Spoken:
    """One element: page it starts on (from 1, 0 where nothing is drawn), kind (``H1``, ``P``, ``Figure`` …), words."""

    page: int
    kind: str
    text: str


def read_aloud(path: Path) -> list[Spoken]:
    """All elements with words, in reading order; a figure says its alternative text, whatever is drawn in it."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        marked = {page.objgen: (number, _marked_words(page)) for number, page in enumerate(pdf.pages, start=1)}
        return [spoken for spoken in _speak(pdf.Root.StructTreeRoot, marked) if spoken.text]


def _speak(element, marked: dict) -> Iterator[Spoken]:
    kind = str(element.get("/S", "/Document"))[1:]
    inner = [kid for kid in _kids(element) if not isinstance(kid, int) and "/S" in kid]
    pieces = list(_own_pieces(element, marked))
    if "/Alt" in element or kind.startswith("H") or _is_line(element):
        pieces = list(_pieces(element, marked))
        inner = []
    words = str(element.Alt) if "/Alt" in element else " ".join("".join(text for _, text in pieces).split())
    yield Spoken(pieces[0][0] if pieces else 0, kind, words)
    for kid in inner:
        yield from _speak(kid, marked)


def _is_line(element) -> bool:
    """Whether the element holds nothing but words, links and emphasis."""
    inner = [kid for kid in _kids(element) if not isinstance(kid, int) and "/S" in kid]
    return all(str(kid.S) in INLINE and _is_line(kid) for kid in inner)


def _kids(element) -> list:
    import pikepdf

    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid if isinstance(kid, pikepdf.Dictionary) else int(kid) for kid in kids]


def _own_pieces(element, marked: dict) -> Iterator[tuple[int, str]]:
    for kid in _kids(element):
        if isinstance(kid, int) or "/S" not in kid:
            yield from _marked_piece(element, kid, marked)


def _pieces(element, marked: dict) -> Iterator[tuple[int, str]]:
    """Page and words of all marked content of the element, in the order of its children."""
    for kid in _kids(element):
        if isinstance(kid, int) or "/S" not in kid:
            yield from _marked_piece(element, kid, marked)
        else:
            yield from _pieces(kid, marked)


def _marked_piece(element, kid, marked: dict) -> Iterator[tuple[int, str]]:
    number, page = (kid, None) if isinstance(kid, int) else (kid.get("/MCID"), kid.get("/Pg"))
    page = element.get("/Pg") if page is None else page
    if number is not None and page is not None and page.objgen in marked:
        leaf, words = marked[page.objgen]
        yield leaf, words.get(int(number), "")


def _marked_words(page) -> dict[int, str]:
    """Words of a page by the number of their marked content (MCID)."""
    import pikepdf

    found: dict[int, str] = {}
    stack: list[int | None] = []
    fonts, table = page.resources.get("/Font", {}), {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            properties = operands[1] if name == "BDC" else None
            marked = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
            stack.append(int(properties.MCID) if marked else (stack[-1] if stack and name == "BDC" else None))
        elif name == "EMC" and stack:
            stack.pop()
        elif name == "Tf":
            font = fonts.get(str(operands[0]))
            table = to_unicode(font) if font is not None else {}
        elif stack and stack[-1] is not None:
            found[stack[-1]] = found.get(stack[-1], "") + words_of(name, operands, table)
    return found
