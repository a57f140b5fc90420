"""A drawing surface that counts pixels from the top left corner, and the house frame around it.

Drawing methods take colours by token name (``"home"``, ``"ink_2"``), so a chart has no other colours. Each call is
kept as a mark until the picture is written. Not in here: what a chart looks like; how marks become SVG (``pen``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kreisbericht.charts import svg
from kreisbericht.charts.lettering import CAP_MIDDLE, sizes, wrap
from kreisbericht.charts.pen import Dots, Mark, Pen, Shapes, Strokes, Swarm, Word
from kreisbericht.tokens import chart_width

Point = tuple[float, float]
_TITLE_LEADING, _SOURCE_LEADING = 1.28, 1.35
_HALO_WIDTH = 3.5  # px
_OVER = 100.0  # from this height on a mark lies in a layer of its own


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
    marks
        What is drawn, each with its height above the paper, in the order of the calls.
    """

    def __init__(self, size: str, height: float, *, title="", subtitle="", source="", frame=False) -> None:
        self.width, self.title = chart_width(size), title
        head = self._head(title, subtitle) if frame else []
        foot = wrap(source, self.width, sizes()["source"]) if frame and source else []
        self.top = sum(row[1] * _TITLE_LEADING for row in head) + 26 if frame else 0.0
        self.foot = len(foot) * sizes()["source"] * _SOURCE_LEADING + 12 if foot else 0.0
        self.height = math.ceil(self.top + height + self.foot)
        self.marks: list[tuple[float, Mark]] = []
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
        if not text:
            return
        word = Word(x, y + CAP_MIDDLE * size, text, size, bold, colour, align)
        if halo:
            self.marks.append((z - 0.5, word._replace(colour=halo, halo=_HALO_WIDTH)))
        self.marks.append((z, word))

    def block(self, x, y, lines: Sequence[str], *, leading=15.0, **style) -> None:
        """Several lines around the middle height ``y``."""
        for row, line in enumerate(lines):
            self.text(x, y + (row - (len(lines) - 1) / 2) * leading, line, **style)

    def line(self, points, colour, width, *, dash=None, z=2.0, cap="butt") -> None:
        """One polyline."""
        self.lines([points], colour, width, dash=dash, z=z, cap=cap)

    def lines(self, many, colour, width, *, dash=None, z=2.0, cap="butt") -> None:
        """Many polylines in one collection; ``colour`` and ``width`` may be one per line."""
        if len(many):
            self.marks.append((z, Strokes(many, colour, width, tuple(dash) if dash else None, cap)))

    def boxes(self, many, colour, *, z=1.0, edge="none", width=0.0, hatched=False) -> None:
        """Rectangles (x, y, width, height), hatched where they stand for a missing value."""
        corners = [[np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)])] for x, y, w, h in many]
        self.areas(corners, colour, z=z, edge=edge, width=width, hatched=hatched)

    def areas(self, many: Sequence[Sequence[np.ndarray]], colour, *, z=2.0, edge="none", width=0.0, hatched=False):
        """Areas of several rings (n × 2 pixel coordinates each); a hole is wound the other way."""
        if len(many):
            self.marks.append((z, Shapes(many, colour, edge, width, hatched)))

    def dots(self, points, colour, size, *, marker="o", z=5.0, edge="paper", width=1.4) -> None:
        """Shapes of one colour: circle ``o``, diamond ``D``, square ``s``; with an edge of paper they stay apart."""
        if len(points):
            self.marks.append((z, Dots(points, colour, size, marker, edge, width)))

    def swarm(self, points: Sequence[Point], colours: Sequence[str], size: float, *, own: int) -> None:
        """Circles over everything else, one colour each; the one at place ``own`` again on top, larger."""
        home = Dots([points[own]], "home", size + 4, "o", "paper", 1.2)
        self.marks += [(_OVER, Swarm(points, colours, size)), (_OVER, home)]

    def svg(self, alt: str = "") -> str:
        """The file as text: same input, same bytes. ``alt`` becomes its description."""
        ordered = sorted(self.marks, key=lambda pair: pair[0])
        below = [mark for z, mark in ordered if z < _OVER]
        above = [mark for z, mark in ordered if z >= _OVER]
        pen = Pen(self.width, self.height)
        body = pen.write([below, above] if above else [below])
        return svg.wrap(body, self.width, self.height, title=self.title, alt=alt, used=pen.used)
