"""Marks of a canvas as SVG elements, byte for byte what matplotlib's SVG backend writes after ``svg.finish``.

A figure of matplotlib spends 95 % of its time on axes, ticks, artists and layout that a chart counted in pixels does
not use. Not in here: which marks a chart has (``canvas``), rules of the themes (``svg``), glyphs (``outlines``).
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.hatch import get_path as hatch_path
from matplotlib.path import Path

from kreisbericht.charts import svg
from kreisbericht.charts.outlines import (
    exact,
    glyph_data,
    joint,
    line_data,
    marker_path,
    path_data,
    ring_data,
    set_text,
)  # fmt: skip

_HATCH, _HATCH_SIZE = "//", 72
_GLYPH_UNITS = 6400  # glyph outlines per px of font size: drawn at 100 px in units of 1/64
_SALT = "kreisbericht"
_DEFAULTS = '<defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>'
_USUAL = "".join(map(chr, range(0x20, 0x7F))) + "ÄÖÜäöüß–−…%€„“·\u00a0\u202f"
Colours = str | Sequence[str]


class Word(NamedTuple):
    """One line of text, ``y`` its baseline; a ``halo`` is the thick edge under it, in px."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    colour: str
    align: str
    halo: float = 0.0


class Strokes(NamedTuple):
    """Polylines; ``colours`` and ``widths`` one for all or one for each."""

    lines: Sequence
    colours: Colours
    widths: float | Sequence[float]
    dash: tuple[float, ...] | None
    cap: str


class Shapes(NamedTuple):
    """Areas of closed rings."""

    rings: Sequence[Sequence]
    colours: Colours
    edges: Colours
    width: float
    hatched: bool


class Dots(NamedTuple):
    """The same marker at many places."""

    points: Sequence[tuple[float, float]]
    colour: str
    size: float
    marker: str
    edge: str
    width: float


class Swarm(NamedTuple):
    """Circles without an edge, one colour for each."""

    points: Sequence[tuple[float, float]]
    colours: Sequence[str]
    size: float


Mark = Word | Strokes | Shapes | Dots | Swarm


class Pen:
    """Writes the marks of one picture in the order they lie upon each other."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.used: set[tuple[str, str]] = set()
        self._glyphs: set[str] = set()
        self._stamps: dict[tuple[str, str], str] = {}
        self._hatches: dict[str, str] = {}

    def write(self, layers: Iterable[Iterable[Mark]]) -> str:
        """The whole picture without its outer element; a layer lies over all that is in the one before."""
        w, h = exact(self.width), exact(self.height)
        ground = self._element("path", f' d="M0 {h}L{w} {h}L{w} 0L0 0z"', {"fill": "paper"})
        drawn = "".join(f"<g>{''.join(map(self._draw, marks))}</g>" for marks in layers)
        hatches = f"<defs>{''.join(self._hatches.values())}</defs>" if self._hatches else ""
        return f"{_DEFAULTS}<g><g>{ground}</g>{drawn}</g>{hatches}"

    def _draw(self, mark: Mark) -> str:
        return getattr(self, f"_draw_{type(mark).__name__.lower()}")(mark)

    def _draw_word(self, mark: Word) -> str:
        glyphs = set_text(mark.text, mark.bold)
        scale = mark.size / 100
        x = mark.x - glyphs.width * scale * {"left": 0, "center": 0.5, "right": 1}[mark.align]
        turn = f' transform="translate({exact(x)} {exact(mark.y)}) scale({exact(scale)} {exact(-scale)})"'
        uses = "".join(
            f'<use xlink:href="#{name}" transform="{shift}"/>' if shift else f'<use xlink:href="#{name}"/>'
            for name, shift in glyphs.placed
        )
        outer = "<g"
        if mark.halo:
            wide = f"{mark.halo * _GLYPH_UNITS / mark.size:.0f}"
            style = {"stroke": mark.colour, "stroke-width": wide, "stroke-linejoin": "round"}
            outer += self._attributes(style)
        inner = self._attributes({"fill": mark.colour})
        return f"{outer}><g{inner}{turn}>{self._define(name for name, _ in glyphs.placed)}{uses}</g></g>"

    def _define(self, names: Iterable[str]) -> str:
        """Outlines of the glyphs that the picture uses for the first time."""
        new = [name for name in dict.fromkeys(names) if name not in self._glyphs]
        self._glyphs.update(new)
        drawn = "".join(map(_glyph, new))
        return f"<defs>{drawn}</defs>" if new else ""

    def _draw_strokes(self, mark: Strokes) -> str:
        paths = [f' d="{line_data(line)}"' for line in mark.lines]
        widths = [mark.widths] if isinstance(mark.widths, (int, float)) else list(mark.widths)
        styles = [self._attributes(style) for style in _stroke_styles(mark, widths)]
        return f"<g>{''.join(f'<path{path}{styles[place % len(styles)]}/>' for place, path in enumerate(paths))}</g>"

    def _draw_shapes(self, mark: Shapes) -> str:
        faces, edges = _colours(mark.colours), _colours(mark.edges)
        if len(mark.rings) == len(faces) == len(edges) == 1 and not mark.hatched and self._is_small(mark.rings[0]):
            return f"<g>{self._stamp_shape(mark.rings[0], faces[0], edges[0], mark.width)}</g>"
        count = max(len(faces), len(edges), 1)
        styles = []
        for place in range(count):
            face = faces[place % len(faces)] if faces else "none"
            edge = edges[place % len(edges)] if edges else ""
            style = {"fill": self._hatch(face, edge) if mark.hatched else face}
            styles.append(self._attributes(style | _edge(edge, mark.width)))
        drawn = [ring_data(rings, whole=not faces) for rings in mark.rings]
        paths = [f'<path d="{data}"{styles[place % count]}/>' for place, data in enumerate(drawn)]
        return f"<g>{''.join(paths)}</g>"

    def _is_small(self, rings: Sequence) -> bool:
        corners = np.concatenate(rings)
        wide, tall = np.ptp(corners, axis=0)
        return wide < self.width and tall < self.height

    def _stamp_shape(self, rings: Sequence, face: str, edge: str, width: float) -> str:
        """A single area, which matplotlib takes for a marker: drawn from the lower left corner."""
        codes = [[Path.MOVETO] + [Path.LINETO] * (len(ring) - 2) + [Path.CLOSEPOLY] for ring in rings]
        path = Path(np.concatenate(rings) - (0, self.height), np.concatenate(codes))
        return self._stamp(path, {"fill": face} | _edge(edge, width), [(0.0, self.height)])

    def _draw_dots(self, mark: Dots) -> str:
        style = {"fill": mark.colour} | _edge(mark.edge, mark.width)
        if joint(mark.marker) != "round":
            style["stroke-linejoin"] = joint(mark.marker)
        return f"<g>{self._stamp(marker_path(mark.marker, mark.size), style, mark.points)}</g>"

    def _stamp(self, path: Path, style: dict[str, str], points: Iterable[tuple[float, float]]) -> str:
        tones = svg.palette()
        key = path_data(path, exact), "; ".join(f"{name}: {tones.get(value, value)}" for name, value in style.items())
        defined = ""
        if key not in self._stamps:
            self._stamps[key] = _identify("m", key)
            edge = {name: value for name, value in style.items() if name.startswith("stroke")}
            start = f' id="{self._stamps[key]}" d="{path_data(path)}"'
            defined = f"<defs>{self._element('path', start, edge)}</defs>"
        shown = self._attributes(style)
        uses = [f'<use xlink:href="#{self._stamps[key]}" x="{exact(x)}" y="{exact(y)}"{shown}/>' for x, y in points]
        return f"{defined}<g>{''.join(uses)}</g>"

    def _draw_swarm(self, mark: Swarm) -> str:
        path = marker_path("o", mark.size)
        name = f"C0_0_{_identify('', path_data(path, exact))}"
        styles = {colour: self._attributes({"fill": colour}) for colour in dict.fromkeys(mark.colours)}
        uses = [
            f'<use xlink:href="#{name}" x="{exact(x)}" y="{exact(y)}"{styles[colour]}/>'
            for (x, y), colour in zip(mark.points, mark.colours, strict=True)
        ]
        return f'<g><defs><path id="{name}" d="{path_data(path)}"/></defs>{"".join(uses)}</g>'

    def _hatch(self, face: str, edge: str) -> str:
        """Reference to the pattern of a missing value, which is written at the end."""
        tones = svg.palette()
        sides = [tuple(to_rgba_array(tones[face])[0]), to_rgba(tones[edge])]
        name = _identify("h", (_HATCH, *sides, 1.0))
        if name not in self._hatches:
            ground = self._element("rect", ' x="0" y="0" width="73" height="73"', {"fill": face})
            style = {"fill": edge, "stroke": edge, "stroke-width": "1.0", "stroke-linecap": "butt",
                     "stroke-linejoin": "miter"}  # fmt: skip
            lines = self._element("path", f' d="{_hatch_data()}"', style)
            start = f'<pattern id="{name}" patternUnits="userSpaceOnUse" x="0" y="0" width="72" height="72">'
            self._hatches[name] = f"{start}{ground}{lines}</pattern>"
        return f"url(#{name})"

    def _element(self, tag: str, attributes: str, style: dict[str, str]) -> str:
        return f"<{tag}{attributes}{self._attributes(style)}/>"

    def _attributes(self, style: dict[str, str]) -> str:
        return svg.attributes(style, self.used)


def learn_letters() -> None:
    """Find the outlines of the usual letters, so that processes forked from this one need not."""
    for bold in (False, True):
        for name, _ in set_text(_USUAL, bold).placed:
            _glyph(name)


def _colours(names: Colours) -> list[str]:
    names = [names] if isinstance(names, str) else list(names)
    return [] if names == ["none"] else names


def _edge(colour: str, width: float) -> dict[str, str]:
    """Style of an edge; the usual width is not said."""
    if not colour or not width:
        return {}
    return {"stroke": colour} | ({"stroke-width": exact(width)} if width != 1 else {})


def _stroke_styles(mark: Strokes, widths: list[float]) -> list[dict[str, str]]:
    colours = _colours(mark.colours)
    styles = []
    for place in range(max(len(colours), len(widths))):
        width = widths[place % len(widths)]
        style = {"fill": "none"}
        if mark.dash:
            dash = ",".join(exact(length * width) for length in mark.dash)
            style |= {"stroke-dasharray": dash, "stroke-dashoffset": "0"}
        style |= _edge(colours[place % len(colours)], width)
        styles.append(style | ({"stroke-linecap": mark.cap} if mark.cap != "butt" else {}))
    return styles


@functools.cache
def _glyph(name: str) -> str:
    data = glyph_data(name)
    return f'<path id="{name}"{f" d={chr(34)}{data}{chr(34)}" if data else ""} transform="scale(0.015625)"/>'


@functools.cache
def _hatch_data() -> str:
    lines = hatch_path(_HATCH, 6)
    return path_data(Path(lines.vertices * (_HATCH_SIZE, -_HATCH_SIZE) + (0, _HATCH_SIZE), lines.codes))


@functools.lru_cache(maxsize=4096)
def _identify(kind: str, content: object) -> str:
    return f"{kind}{hashlib.sha256(f'{_SALT}{content}'.encode()).hexdigest()[:10]}"
