"""Charts for the printed book: the same drawings with their words as text instead of outlines of glyphs.

A chart of the page draws each letter as a path, so that it looks the same in every browser. The printed book embeds the
same fonts anyway; as text its words are smaller by far, can be searched and copied, and are set faster.
Not in here: how a chart is drawn (``charts``).
"""

from __future__ import annotations

import functools
import html
import re
from pathlib import Path

from kreisbericht.fonts import font_file
from kreisbericht.paths import write_atomically

FOLDER = Path("_druck") / "bilder"
_WORDS = re.compile(
    r'(?P<halo><g class="s-\w+" stroke="#\w+" stroke-width=")?'
    r'(?(halo)(?P<edge>[\d.]+)(?P<join>" stroke-linejoin="round">))'
    r'<g (?:class="f-\w+" )?fill="(?P<fill>#\w+)" transform="translate\((?P<x>-?[\d.]+) (?P<y>-?[\d.]+)\)'
    r' scale\((?P<scale>[\d.]+) -[\d.]+\)">(?:<defs>(?:<path id="SourceSansPro-[^>]*>)+</defs>)?'
    r'(?P<glyphs>(?:<use xlink:href="#SourceSansPro-\w+-\w+"(?: transform="translate\([^)]*\)")?/>)+)</g>'
)
_USE = re.compile(r'#SourceSansPro-(\w+)-(\w+)"')
_DRAWN_SIZE = 100  # px of type: glyph outlines of matplotlib's SVG are drawn at this size, then scaled


def write_print_pictures(root: Path) -> None:
    """Write the printed form of every chart below ``root/chapters`` to ``root/_druck/bilder``, same path."""
    for path in sorted((root / "chapters").rglob("*.svg")):
        if not path.stem.endswith(".phone"):
            drawing = path.read_text(encoding="utf-8")
            write_atomically(root / FOLDER / path.relative_to(root), set_words(drawing).encode())


def set_words(drawing: str) -> str:
    """SVG of one chart with text in *Source Sans Pro*, without the rules of the themes.

    Where one word cannot be told from its glyphs, all stay outlines: a later word may share their definitions.
    """
    try:
        worded = _WORDS.sub(_set_word, drawing)
    except KeyError:
        worded = drawing
    if "#SourceSansPro-" in worded:
        worded = drawing
    worded = re.sub(r"<style>.*?</style>|<title>.*?</title>|<desc>.*?</desc>", "", worded, flags=re.S)
    return re.sub(r' class="[^"]*"', "", worded)


def _set_word(found: re.Match[str]) -> str:
    glyphs = _USE.findall(found["glyphs"])
    style = glyphs[0][0]
    words = "".join(_characters(style)[int(glyph, 16)] for _, glyph in glyphs)
    size = float(found["scale"]) * _DRAWN_SIZE
    weight = ' font-weight="600"' if style == "Semibold" else ""
    text = (
        f'<text x="{float(found["x"]):.2f}" y="{float(found["y"]):.2f}" font-family="Source Sans Pro" '
        f'font-size="{size:g}"{weight} fill="{found["fill"]}" xml:space="preserve">'
        f"{html.escape(words, quote=False)}</text>"
    )
    if not found["halo"]:
        return text
    # The edge is in the units of the outlines: 64 per pixel of the size they are drawn at.
    return f"{found['halo']}{float(found['edge']) * size / (64 * _DRAWN_SIZE):g}{found['join']}{text}"


@functools.cache
def _characters(style: str) -> dict[int, str]:
    """Text of each glyph by its number; ligatures (``f_t``) are spelled out, other forms of a letter are the letter."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file("Sans", style)) as font:
        names, table = font.getGlyphOrder(), font.getBestCmap()
    known = {name: chr(code) for code, name in sorted(table.items(), reverse=True) if not 0xFB00 <= code <= 0xFB06}
    spelled = ((number, name.split(".")[0].split("_")) for number, name in enumerate(names))
    return {number: "".join(known[part] for part in parts) for number, parts in spelled if set(parts) <= set(known)}
