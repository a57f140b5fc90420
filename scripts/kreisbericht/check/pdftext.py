"""Words of a PDF page, as a reader would copy them; enough for tests and for finding unresolved references.

Reads Typst's output: fonts with two-byte codes and a ToUnicode table. Order is the order of the drawing.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
WORD_GAP = -180
"""A kern of this many thousandths of the type size or more to the right is a space [1/1000 em, negative = right]."""


def page_text(page) -> str:
    """Text of one page (``pikepdf.Page``); new lines where the drawing moves to another line."""
    import pikepdf

    words: list[str] = []
    fonts = page.resources.get("/Font", {})
    table: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "Tf":
            font = fonts.get(str(operands[0]))
            table = to_unicode(font) if font is not None else {}
        else:
            words.append(words_of(name, operands, table))
    return re.sub(r"\n+", "\n", "".join(words)).strip()


def words_of(operator: str, operands, table: dict[int, str]) -> str:
    """What one operator of a content stream adds to the text: words, a new line where it moves, else nothing."""
    if operator in ("Tm", "Td", "T*"):
        return "\n"
    if operator == "Tj":
        return _decode(bytes(operands[0]), table)
    if operator == "TJ":
        return "".join(_piece(item, table) for item in operands[0])
    return ""


def to_unicode(font) -> dict[int, str]:
    """Table from glyph code to text of one font."""
    stream = font.get("/ToUnicode")
    return {} if stream is None else _parse(stream.read_bytes())


def _piece(item, table: dict[int, str]) -> str:
    import pikepdf

    if isinstance(item, pikepdf.String):
        return _decode(bytes(item), table)
    return " " if float(item) <= WORD_GAP else ""


def _decode(codes: bytes, table: dict[int, str]) -> str:
    return "".join(table.get(int.from_bytes(codes[i : i + 2], "big"), "") for i in range(0, len(codes), 2))


@lru_cache(maxsize=64)
def _parse(cmap: bytes) -> dict[int, str]:
    table: dict[int, str] = {}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            start = int(text, 16)
            for step, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                table[code] = chr(start + step) if start + step < 0x110000 else ""
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in _PAIR.findall(block):
            table[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    return table
