"""One SVG file for screen, dark screen, high contrast and print.

matplotlib writes fixed light colours. Here each colour that is a token gets a class, and a short style sheet gives the
class its colour in the other themes. A picture in ``<img>`` follows the ``color-scheme`` of the element that shows it,
so a page that switches this property by hand switches its charts too. Browsers do not hand ``prefers-contrast`` on to
pictures yet; a page may ask for it with the fragment ``chart.svg#kontrast``. Print programs and old viewers ignore the
rules and see the light theme.
"""

from __future__ import annotations

import html
import re

from kreisbericht import lineage
from kreisbericht.tokens import colours

CONTRAST_FRAGMENT = "kontrast"
_PROPERTIES = {"fill": "f", "stroke": "s"}
_STYLE = re.compile(r' style="([^"]*)"')
_PATH = re.compile(r' d="([^"]+)"')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.S)
_HALO = re.compile(r'<g id="halo-(\w+)-([\d.]+)"')
_BARE_FILL = re.compile(r'(<rect[^>]*) fill="(#[0-9a-f]{6})"')
_PAGE_ONLY = ("link", "edge", "draft", "final", "cover")


@lineage.remembered
def palette() -> dict[str, str]:
    """Light colours by token name, each hex value once.

    Two tokens may share a colour in one theme and differ in another (the darkest map step and ``home``). The later one
    is moved by a step of blue nobody can see, so that the hex value alone tells which token was meant.
    """
    taken: dict[str, str] = {}
    for name, colour in colours("light").items():
        if name.startswith(_PAGE_ONLY):
            continue
        value = int(colour[1:], 16)
        while f"#{value:06x}" in taken.values():
            value += -1 if value & 0xFF else 1
        taken[name] = f"#{value:06x}"
    return taken


def finish(svg: str, *, title: str, alt: str) -> str:
    """Strip what only costs bytes, round coordinates, add title, description and the rules of the themes."""
    svg = re.sub(r"<\?xml.*?\?>\s*<!DOCTYPE.*?>\s*", "", svg, flags=re.S)
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", _COMMENT.sub("", svg), flags=re.S)
    svg = _HALO.sub(_halo, svg)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = _BARE_FILL.sub(r'\1 style="fill: \2"', svg)
    svg = _PATH.sub(lambda match: f' d="{_shorten(match[1])}"', svg)
    used: set[tuple[str, str]] = set()
    svg = _STYLE.sub(lambda match: _classes(match[1], used), svg)
    svg = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', svg)
    svg = re.sub(r">\s+<", "><", svg)
    root = rf'\1 id="{CONTRAST_FRAGMENT}" role="img">' + _head(title, alt, used).replace("\\", r"\\")
    return re.sub(r"(<svg[^>]*)>", root, svg, count=1)


def wrap(body: str, width: float, height: float, *, title: str, alt: str, used: set[tuple[str, str]]) -> str:
    """The picture around its elements; ``used`` are the properties and colours in them (``attributes``)."""
    wide, tall = f"{width:g}", f"{height:g}"
    return (
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="{wide}" height="{tall}" viewBox="0 0 {wide} {tall}" '
        f'xmlns="http://www.w3.org/2000/svg" version="1.1" id="{CONTRAST_FRAGMENT}" role="img">'
        f"{_head(title, alt, used)}{body}</svg>\n"
    )


def attributes(style: dict[str, str], used: set[tuple[str, str]]) -> str:
    """A style with token names for colours as attributes (which rules can override) and classes; notes the tokens."""
    tones = palette()
    classes = [f"{_PROPERTIES[key]}-{value}" for key, value in style.items() if key in _PROPERTIES and value in tones]
    used.update((key, value) for key, value in style.items() if key in _PROPERTIES and value in tones)
    shown = "".join(f' {key}="{tones.get(value, value)}"' for key, value in style.items())
    return (f' class="{" ".join(classes)}"' if classes else "") + shown


def _head(title: str, alt: str, used: set[tuple[str, str]]) -> str:
    named = f"<title>{html.escape(title)}</title>" if title else ""
    described = f"<desc>{html.escape(alt)}</desc>" if alt else ""
    return f"{named}{described}<style>{_rules(used)}</style>"


def _shorten(path: str) -> str:
    """Path data with two decimals for strokes near the pixel, none for glyph outlines in font units."""
    text = _NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), path)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", text).replace(" -", "-").strip()


def _halo(group: re.Match[str]) -> str:
    """The copy of a text that lies under it: same glyphs with a thick edge in the colour of the ground."""
    return f'<g style="stroke: {palette()[group[1]]}; stroke-width: {group[2]}; stroke-linejoin: round"'


def _classes(style: str, used: set[tuple[str, str]]) -> str:
    """Inline style as attributes (which rules can override), plus a class for each token colour."""
    names = {colour: token for token, colour in palette().items()}
    attributes, classes = [], []
    for key, _, value in (part.strip().partition(": ") for part in style.split(";") if part.strip()):
        token = names.get(value)
        if token and key in _PROPERTIES:
            used.add((key, token))
            classes.append(f"{_PROPERTIES[key]}-{token}")
        attributes.append(f'{key}="{value}"')
    return (f' class="{" ".join(classes)}"' if classes else "") + "".join(f" {item}" for item in attributes)


def _rules(used: set[tuple[str, str]]) -> str:
    """Style sheet of the other themes, later ones stronger; both ways to ask for contrast lead to the same colours."""
    contrast, contrast_dark = _tones("contrast", used), _tones("contrast_dark", used)
    asked, asked_dark = (_tones(theme, used, ":root:target ") for theme in ("contrast", "contrast_dark"))
    dark, more = "(prefers-color-scheme:dark)", "(prefers-contrast:more)"
    return (
        f"@media {dark}{{{_tones('dark', used)}}}@media {more}{{{contrast}}}@media {more} and {dark}{{{contrast_dark}}}"
        f"{asked}@media {dark}{{{asked_dark}}}"
    )


def _tones(theme: str, used: set[tuple[str, str]], scope: str = "") -> str:
    """One rule per property and colour that the picture uses."""
    tones = colours(theme)
    return "".join(f"{scope}.{_PROPERTIES[key]}-{token}{{{key}:{tones[token].lower()}}}" for key, token in sorted(used))
