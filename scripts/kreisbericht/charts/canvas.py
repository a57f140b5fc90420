"""A figure whose only axes count pixels from the top left corner, and the house frame around it.

Drawing methods take colours by token name (``"home"``, ``"ink_2"``), so a chart has no other colours.
Not in here: what a chart looks like; how the SVG is finished (``svg``).
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline

from kreisbericht.charts import svg
from kreisbericht.charts.lettering import CAP_MIDDLE, font, sizes, wrap
from kreisbericht.tokens import chart_width

Point = tuple[float, float]
_DRAWING = {"svg.fonttype": "path", "svg.hashsalt": "kreisbericht", "path.simplify": False, "hatch.linewidth": 0.7}
_TITLE_LEADING, _SOURCE_LEADING = 1.28, 1.35
_HATCH = "//"
_HALO_WIDTH = 3.5  # px
_GLYPH_UNITS = 6400  # glyph outlines per px of font size: matplotlib draws them at 100 px in units of 1/64


class Canvas:
    """Drawing surface of one chart.

    Parameters
    ----------
    size
        ``full`` (720 px), ``half`` (348 px) or ``phone`` (336 px).
    height
        Height of the drawing without title and source [px].
    title, subtitle, source
        Text around the drawing; drawn only with ``frame``. The title always names the SVG.
    frame
        Stand-alone picture (download, press) with its text inside.

    Attributes
    ----------
    width, height
        Whole size [px].
    top
        First pixel row of the drawing; charts count from here.
    """

    def __init__(self, size: str, height: float, *, title="", subtitle="", source="", frame=False) -> None:
        self.width, self.title = chart_width(size), title
        head = self._head(title, subtitle) if frame else []
        foot = wrap(source, self.width, sizes()["source"]) if frame and source else []
        self.top = sum(row[1] * _TITLE_LEADING for row in head) + 26 if frame else 0.0
        self.foot = len(foot) * sizes()["source"] * _SOURCE_LEADING + 12 if foot else 0.0
        self.height = math.ceil(self.top + height + self.foot)
        paper = svg.palette()["paper"]
        self.figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72, facecolor=paper)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, self.width), ylim=(self.height, 0))
        self.axes.axis("off")
        if frame:
            self._draw_frame(head, foot)

    def _head(self, title: str, subtitle: str) -> list[tuple[str, float, bool, str]]:
        big, small = sizes()["title"], sizes()["subtitle"]
        titles = [(line, big, True, "ink") for line in wrap(title, self.width, big, bold=True)]
        return titles + [(line, small, False, "ink_2") for line in wrap(subtitle, self.width, small)]

    def _draw_frame(self, head: list[tuple[str, float, bool, str]], foot: list[str]) -> None:
        self.line([(0, 1.5), (40, 1.5)], "home", 3)
        y = 12.0
        for text, size, bold, colour in head:
            self.text(0, y + size / 2, text, size=size, bold=bold, colour=colour)
            y += size * _TITLE_LEADING
        step = sizes()["source"] * _SOURCE_LEADING
        for row, text in enumerate(foot):
            y = self.height - self.foot + 16 + row * step
            self.text(0, y, text, size=sizes()["source"], colour="ink_3")

    def text(self, x, y, text, *, size=None, bold=False, colour="ink_2", align="left", halo=None, z=7.0) -> None:
        """One line of text; ``y`` is the middle of its capitals, ``halo`` the ground it must stand out from."""
        size = size or sizes()["label"]
        style = {"fontproperties": font(size, bold), "ha": align, "va": "baseline", "parse_math": False}
        at = (x, y + CAP_MIDDLE * size, text)
        if halo:
            gid = f"halo-{halo}-{_HALO_WIDTH * _GLYPH_UNITS / size:.0f}"
            self.axes.text(*at, color=svg.palette()[halo], zorder=z - 0.5, gid=gid, **style)
        self.axes.text(*at, color=svg.palette()[colour], zorder=z, **style)

    def block(self, x, y, lines: Sequence[str], *, leading=15.0, **style) -> None:
        """Several lines around the middle height ``y``."""
        for row, line in enumerate(lines):
            self.text(x, y + (row - (len(lines) - 1) / 2) * leading, line, **style)

    def line(self, points, colour, width, *, dash=None, z=2.0, cap="butt") -> None:
        """One polyline."""
        self.lines([points], colour, width, dash=dash, z=z, cap=cap)

    def lines(self, many, colour, width, *, dash=None, z=2.0, cap="butt") -> None:
        """Many polylines in one collection; ``colour`` and ``width`` may be one per line."""
        if not len(many):
            return
        style = "solid" if dash is None else (0, tuple(dash))
        drawn = LineCollection(many, colors=self._tones(colour), linewidths=width, linestyles=style, zorder=z)
        drawn.set(capstyle=cap, joinstyle="round", clip_on=False)
        self.axes.add_collection(drawn, autolim=False)

    def boxes(self, many, colour, *, z=1.0, edge="none", width=0.0, hatched=False) -> None:
        """Rectangles (x, y, width, height), hatched where they stand for a missing value."""
        corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in many]
        if corners:
            style = self._area_style(colour, edge, width, hatched)
            self.axes.add_collection(PolyCollection(corners, zorder=z, clip_on=False, **style), autolim=False)

    def areas(self, many: Sequence[Sequence[np.ndarray]], colour, *, z=2.0, edge="none", width=0.0, hatched=False):
        """Areas of several rings (n × 2 pixel coordinates each); a hole is wound the other way."""
        paths = [Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings)) for rings in many]
        if paths:
            style = self._area_style(colour, edge, width, hatched)
            self.axes.add_collection(PathCollection(paths, zorder=z, clip_on=False, **style), autolim=False)

    def dots(self, points, colour, size, *, marker="o", z=5.0, edge="paper", width=1.4) -> None:
        """Shapes of one colour: circle ``o``, diamond ``D``, square ``s``; with an edge of paper they stay apart."""
        if len(points):
            xs, ys = zip(*points, strict=True)
            tones = svg.palette()
            self.axes.plot(xs, ys, marker, color=tones[colour], ms=size, mec=tones[edge], mew=width, zorder=z,
                           ls="none", clip_on=False, scalex=False, scaley=False)  # fmt: skip

    def _area_style(self, colour, edge: str, width: float, hatched: bool) -> dict:
        style = {"facecolors": self._tones(colour), "edgecolors": self._tones(edge), "linewidths": width}
        return style | ({"hatch": _HATCH} if hatched else {})

    @staticmethod
    def _tones(names):
        tones = svg.palette() | {"none": "none"}
        return tones[names] if isinstance(names, str) else [tones[name] for name in names]

    def svg(self, alt: str = "") -> str:
        """The file as text: same input, same bytes. ``alt`` becomes its description."""
        buffer = io.StringIO()
        with mpl.rc_context(_DRAWING):
            FigureCanvasSVG(self.figure).print_svg(
                buffer, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
            )
        return svg.finish(buffer.getvalue(), title=self.title, alt=alt)

    def png(self, path: Path, scale: float = 2) -> None:
        """Light picture for looking at while developing."""
        with mpl.rc_context(_DRAWING):
            FigureCanvasAgg(self.figure)
            self.figure.savefig(path, dpi=72 * scale)
