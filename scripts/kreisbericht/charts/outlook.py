"""Outlook: what was counted, and what is expected with its margin; solid and dashed.

``outlook(counted, expected, *, unit="", digits=0, limits=None, step=1, size="full", **frame) -> Canvas``
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.lettering import sizes, spread, widest, wrap
from kreisbericht.charts.scales import Scale, nice_ticks, tick_labels, with_unit, year_step
from kreisbericht.numbers import format_number
from kreisbericht.tokens import chart_width

_HEIGHT = {"full": 310, "half": 260, "phone": 260}
_HEAD, _FOOT, _LEADING = 30, 28, 15.5
_DASH = (2.2, 1.4)  # in line widths
_SMALL = 12


def outlook(
    counted: pd.Series,
    expected: pd.DataFrame,
    *,
    unit: str = "",
    digits: int = 0,
    limits: Mapping[str, pd.Series] | None = None,
    step: int = 1,
    size: str = "full",
    **frame,
) -> Canvas:
    """Line of what was counted, dashed line of what is expected, and a band between its lower and upper course.

    Parameters
    ----------
    counted
        Published values by year; missing years are gaps.
    expected
        Columns ``niedrig``, ``mittel``, ``hoch`` by year; the first year is where the outlook starts.
    limits
        Further lines by name, such as the places there are.

    step
        Expected values are written rounded to multiples of this; they are drawn as they are.

    Raises
    ------
    ValueError
        If ``expected`` is empty or lacks a column.
    """
    if expected.empty or not {"niedrig", "mittel", "hoch"} <= set(expected):
        raise ValueError("nothing to draw: expected needs the columns niedrig, mittel, hoch")
    plot = _Outlook(counted.astype(float).dropna().sort_index(), expected.astype(float), dict(limits or {}), step)
    plot.lay_out(size, unit, digits, frame)
    plot.draw_ground()
    plot.draw_lines()
    plot.draw_labels()
    return plot.canvas


class _Outlook:
    """Measures and drawing of one outlook."""

    def __init__(self, counted, expected, limits, step) -> None:
        self.counted, self.expected, self.limits, self.step = counted, expected, limits, step
        first = min([*counted.index, *expected.index])
        self.years = list(range(int(first), int(expected.index[-1]) + 1))
        self.start = int(expected.index[0])

    def lay_out(self, size: str, unit: str, digits: int, frame: dict) -> None:
        """Canvas and scales, from the room that the words at the right edge need."""
        self.unit, self.digits = unit, digits
        ends = {name: self.expected[name].iloc[-1] for name in ("hoch", "mittel", "niedrig")}
        ends |= {name: line.dropna().iloc[-1] for name, line in self.limits.items() if line.notna().any()}
        written = {name: value if name in self.limits else self._round(value) for name, value in ends.items()}
        self.labels = [
            (name, value, [*wrap(name, 96, bold=True), self._number(written[name])]) for name, value in ends.items()
        ]
        known = [*self.counted, *self.expected.to_numpy().ravel(), *(v for line in self.limits.values() for v in line)]
        self.ticks = nice_ticks(0.0, float(np.nanmax(known)) or 1.0, 5 if size == "full" else 4)
        self.tick_texts = tick_labels(self.ticks, unit)
        self.left = widest(self.tick_texts, sizes()["tick"]) + 8
        words = widest([line for *_, lines in self.labels for line in lines], bold=True)
        self.right = chart_width(size) - 12 - words
        half = (self.right - self.left) / (2 * len(self.years))
        self.x = Scale(self.years[0], self.years[-1], self.left + min(half, 12), self.right - 5)
        tall = sum(len(lines) * _LEADING + 3 for *_, lines in self.labels) + _HEAD + _FOOT
        total = max(_HEIGHT[size], tall)
        self.canvas = Canvas(size, total, **frame)
        self.top, self.bottom = self.canvas.top + _HEAD, self.canvas.top + total - _FOOT
        self.y = Scale(self.ticks[0], self.ticks[-1], self.bottom, self.top)

    def _number(self, value: float) -> str:
        return with_unit(format_number(value, self.digits), self.unit)

    def _round(self, value: float) -> float:
        return math.floor(value / self.step + 0.5) * self.step if self.step > 1 else value

    def draw_ground(self) -> None:
        """Grid, axis, years, and the line where counting ends and expecting begins."""
        c = self.canvas
        self._draw_gaps()
        c.lines([[(self.left, self.y(t)), (self.right, self.y(t))] for t in self.ticks], "grid", 0.9, z=0.5)
        c.line([(self.left, self.bottom), (self.right, self.bottom)], "ink_3", 1.1, z=1)
        for tick, text in zip(self.ticks, self.tick_texts, strict=True):
            c.text(0, self.y(tick), text, size=sizes()["tick"], colour="ink_3")
        every = year_step(len(self.years), self.right - self.left + 20)
        for year in (year for year in self.years if (self.years[-1] - year) % every == 0):
            c.line([(self.x(year), self.bottom), (self.x(year), self.bottom + 4)], "ink_3", 1)
            c.text(self.x(year), self.bottom + 15, str(year), size=sizes()["tick"], align="center", colour="ink_3")
        at = self.x(self.start)
        c.line([(at, self.top - 22), (at, self.bottom)], "ink_3", 1, dash=(1.5, 2), z=1.5)
        c.text(at + 6, self.top - 16, "berechnet", size=_SMALL, colour="ink_2", halo="paper")
        if self.start > self.years[0]:
            c.text(at - 6, self.top - 16, "gezählt", size=_SMALL, colour="ink_2", align="right", halo="paper")

    def _draw_gaps(self) -> None:
        """A warm band over years that were not published."""
        known = [*self.counted.index, self.start]
        for before, after in itertools.pairwise(known):
            if after - before < 2:
                continue
            left, right = float(self.x(before + 0.5)), float(self.x(after - 0.5))
            self.canvas.boxes([(left, self.top, right - left, self.bottom - self.top)], "paper_warm", z=0)
            for word in (["keine Werte"], ["keine", "Werte"]):
                if widest(word, _SMALL) <= right - left:
                    self.canvas.block((left + right) / 2, self.bottom - 20, word, leading=13, size=_SMALL,
                                      align="center", colour="ink_3", halo="paper_warm")  # fmt: skip
                    break

    def draw_lines(self) -> None:
        """Band with its edges, the middle course dashed, the counted values solid with gaps."""
        c, band = self.canvas, self.expected
        upper = [self._point(year, band.at[year, "hoch"]) for year in band.index]
        lower = [self._point(year, band.at[year, "niedrig"]) for year in band.index]
        c.areas([[np.array([*upper, *reversed(lower)])]], "home_tint", z=0.8)
        c.lines([upper, lower], "home", 1.1, z=2)
        middle = [self._point(year, value) for year, value in band["mittel"].items()]
        c.line(middle, "home", 2.6, dash=_DASH, z=4)
        pieces = np.split(self.counted.index, np.flatnonzero(np.diff(self.counted.index) > 1) + 1)
        solid = [[self._point(year, self.counted[year]) for year in piece] for piece in pieces if len(piece)]
        c.lines([piece for piece in solid if len(piece) > 1], "home", 2.8, z=4, cap="round")
        c.dots([point for piece in solid for point in piece], "home", 6.4, z=5)
        c.dots([middle[-1]], "home", 7.5, z=6)
        for line in self.limits.values():
            points = [self._point(year, value) for year, value in line.dropna().items() if year in self.years]
            c.line(points, "land", 2, z=3)

    def _point(self, year: float, value: float) -> tuple[float, float]:
        return float(self.x(year)), float(self.y(value))

    def draw_labels(self) -> None:
        """Name and last value of each course, and the value the outlook starts from."""
        c = self.canvas
        tall = [len(lines) * _LEADING + 3 for *_, lines in self.labels]
        placed = spread([float(self.y(value)) for _, value, _ in self.labels], tall, self.top - 12, self.bottom + 10)
        for (name, value, lines), at in zip(self.labels, placed, strict=True):
            own = name == "mittel"
            if abs(at - self.y(value)) > 7:
                c.line([(self.right, self.y(value)), (self.right + 6, at)], "ink_3", 0.8, z=2)
            tone = "home" if own else "ink_2"
            c.block(self.right + 8, at, lines, leading=_LEADING, bold=own, colour=tone)
        if self.start in self.counted.index:
            x, y = self._point(self.start, self.counted[self.start])
            c.text(x, y - 14, self._number(self.counted[self.start]), bold=True, colour="home", align="center",
                   halo="paper")  # fmt: skip
