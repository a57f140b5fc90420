"""Map of classes: five steps of one hue, the home district outlined and in the legend, missing values hatched.

``choropleth(rings, values, *, names, home=None, bounds=None, references=None, legend_title="", unit="%", digits=1,
size="full", height=None, **frame) -> Canvas``
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.classes import STEPS, class_bounds, shades
from kreisbericht.charts.geometry import MANY, Projection, Rings, area, extent, label_spot
from kreisbericht.charts.lettering import widest, wrap
from kreisbericht.charts.scales import with_unit
from kreisbericht.numbers import format_number
from kreisbericht.tokens import chart_width

_SIDE, _LEGEND = 176, 168  # px: column of the legend, width of its rows
_ROW, _LINE = 19, 13.5
_TALLEST = {"full": 440, "half": 420, "phone": 420}
_TINY = 16  # px: a home district smaller than this gets a circle around it
_EXTREMES = 3  # highest and lowest districts that are tried for a label


def choropleth(
    rings: Mapping[str, Rings],
    values: pd.Series,
    *,
    names: Mapping[str, str],
    home: str | None = None,
    bounds: Sequence[float] | None = None,
    references: Mapping[str, float] | None = None,
    points: Sequence[tuple[float, float]] = (),
    points_name: str = "",
    legend_title: str = "",
    unit: str = "%",
    digits: int = 1,
    size: str = "full",
    height: float | None = None,
    **frame,
) -> Canvas:
    """Classed map of districts or municipalities.

    Parameters
    ----------
    rings
        Outlines by ags: arrays of (longitude, latitude), holes wound the other way.
    values
        One value per ags; areas without one are hatched.
    names
        Name by ags, for labels and the legend; without one the ags stands there.
    home
        ags with the outline and its own legend row.
    bounds
        Up to four inner class bounds, ascending, each included in the upper class; default: ``class_bounds``.
    references
        Values of Land and Bund by name, for the legend.
    points, points_name
        Places (longitude, latitude) to mark, and what they are.
    legend_title
        What the numbers are (``je 100 Kinder unter 15``).
    height
        Greatest height of the map itself [px].

    Raises
    ------
    ValueError
        If no area has a value, or there are more than four bounds.
    """
    known = values.astype(float).reindex(list(rings)).dropna()
    if known.empty:
        raise ValueError("nothing to draw: no area of the map has a value")
    home = home if home in rings else None
    limits = list(bounds) if bounds is not None else class_bounds(known.tolist())
    if len(limits) >= STEPS:
        raise ValueError(f"at most {STEPS - 1} class bounds, not {len(limits)}")
    plot = _Map(rings, known, names=names, home=home, limits=limits, unit=unit, digits=digits, size=size)
    plot.legend_title = legend_title
    plot.points, plot.points_name = list(points), points_name
    plot.references = {name: value for name, value in (references or {}).items() if not pd.isna(value)}
    plot.lay_out(height or _TALLEST[size], frame)
    plot.draw_areas()
    plot.draw_home()
    plot.draw_labels()
    plot.draw_points()
    plot.draw_legend()
    return plot.canvas


class _Map:
    """Measures and drawing of one map."""

    def __init__(self, rings, known, *, names, home, limits, unit, digits, size) -> None:
        self.rings, self.known, self.home = rings, known, home
        self.names = {ags: names.get(ags, ags) for ags in rings}
        self.limits, self.unit, self.digits, self.size = limits, unit, digits, size
        self.tones = shades(len(limits) + 1)
        self.classes = {ags: int(np.searchsorted(limits, value, side="right")) for ags, value in known.items()}

    def lay_out(self, tallest: float, frame: dict) -> None:
        """Map left and legend right, or the legend below where the picture is narrow."""
        width = chart_width(self.size)
        beside = self.size == "full"
        room = width - (_SIDE + 16 if beside else 4)
        projection = Projection(self.rings, room, tallest - 12)
        self.legend_lines = wrap(self.legend_title, _LEGEND - 36, 12.5, bold=True) or [""]
        legend = self._legend_height()
        tall = projection.height + 12
        self.canvas = Canvas(self.size, max(tall, legend) if beside else tall + 10 + legend, **frame)
        left = 2 if not beside else 2 + (room - projection.width) / 2
        left = left if beside else (width - projection.width) / 2
        top = self.canvas.top + 6
        self.legend_at = (width - _SIDE + 4, top + 8) if beside else (0, top + projection.height + 22)
        self.legend_width = _LEGEND if beside else min(width, 300)
        self.spots = [projection(np.array([point], float), left, top)[0] for point in self.points]
        self.shapes = {ags: [projection(r, left, top) for r in parts] for ags, parts in self.rings.items()}

    def _legend_height(self) -> float:
        rows = (
            len(self.tones)
            + len(self.references)
            + (len(self.known) < len(self.rings))
            + 2 * bool(self.home)
            + bool(self.points)
        )
        return 34 + len(self.legend_lines) * 15 + rows * _ROW

    def draw_areas(self) -> None:
        """Areas by class, large ones first so that a town inside its district stays visible."""
        order = sorted(self.classes, key=lambda ags: -max(area(ring) for ring in self.shapes[ags]))
        width = 1.1 if len(self.rings) < MANY else 0.6
        tones = [self.tones[self.classes[ags]] for ags in order]
        without = [self.shapes[ags] for ags in self.rings if ags not in self.classes]
        self.canvas.areas(without, "paper", edge="ink_3", width=0.7, hatched=True)
        self.canvas.areas([self.shapes[ags] for ags in order], tones, edge="paper", width=width)

    def draw_home(self) -> None:
        """Outline with an edge of paper; a circle around a district that is too small to be seen."""
        if self.home is None:
            return
        c, shape = self.canvas, self.shapes[self.home]
        c.areas([shape], "none", edge="paper", width=5.5, z=4)
        c.areas([shape], "none", edge="ink", width=2.4, z=4.1)
        left, top, right, bottom = extent(shape)
        if max(right - left, bottom - top) < _TINY:
            turn = np.linspace(0, 2 * np.pi, 49)
            radius = _TINY
            circle = np.column_stack([np.cos(turn), np.sin(turn)]) * radius + ((left + right) / 2, (top + bottom) / 2)
            c.line(circle, "paper", 4.5, z=4.2)
            c.line(circle, "ink", 1.6, z=4.3)

    def draw_points(self) -> None:
        """Places as dots with an edge of paper."""
        self.canvas.dots([tuple(spot) for spot in self.spots], "ink", 7.5, z=6.5, width=1.4)

    def draw_labels(self) -> None:
        """Home district, then highest and lowest in turn, each only if name and value fit inside its area."""
        ranked = list(self.known.sort_values(kind="stable").index)
        extremes = [ags for pair in zip(ranked[::-1], ranked, strict=True) for ags in pair][: 2 * _EXTREMES]
        for ags in dict.fromkeys([self.home, *extremes]):
            if ags in self.classes:
                self._draw_label(ags)

    def _draw_label(self, ags: str) -> None:
        own, size = ags == self.home, 12.5 if self.size == "full" else 11.5
        value = format_number(self.known[ags], self.digits)
        for room in (400, 100, 60):
            lines = wrap(self.names[ags], room, size, bold=own)
            air = 9 if own else 6
            box = widest([*lines, value], size, bold=True) + air, (len(lines) + 1) * _LINE + air - 4
            spot = label_spot(self.shapes[ags], *box)
            if spot:
                break
        else:
            return
        ground = self.tones[self.classes[ags]]
        ink = "paper" if ground in ("seq_4", "seq_5") else "ink"
        x, y = spot
        for row, line in enumerate([*lines, value]):
            bold = own or row == len(lines)
            at = y + (row - len(lines) / 2) * _LINE
            self.canvas.text(x, at, line, size=size, bold=bold, colour=ink, align="center", halo=ground, z=6)

    # --- legend -----------------------------------------------------------------------------------

    def draw_legend(self) -> None:
        """Classes with the number of areas in each, missing values, then home district, Land and Bund."""
        c, (x, y) = self.canvas, self.legend_at
        c.block(x, y + (len(self.legend_lines) - 1) * 7.5, self.legend_lines, size=12.5, bold=True, colour="ink")
        c.text(x + self.legend_width, y, "Zahl", size=12, align="right", colour="ink_3")
        y += len(self.legend_lines) * 15 + 5
        counts = np.bincount(list(self.classes.values()), minlength=len(self.tones))
        for tone, words, count in zip(self.tones, self._class_names(), counts, strict=True):
            c.boxes([(x, y - 6.5, 22, 13)], tone, edge="ink_3", width=0.7)
            self._legend_row(y, words, str(count))
            y += _ROW
        without = len(self.rings) - len(self.known)
        if without:
            c.boxes([(x, y - 6.5, 22, 13)], "paper", edge="ink_3", width=0.7, hatched=True)
            self._legend_row(y, "kein Wert", str(without))
            y += _ROW
        if self.points:
            c.dots([(x + 11, y)], "ink", 7.5)
            self._legend_row(y, self.points_name, str(len(self.points)))
            y += _ROW
        self._draw_reference_rows(x, y + 6)

    def _draw_reference_rows(self, x: float, y: float) -> None:
        c = self.canvas
        if self.home or self.references:
            c.line([(x, y - 11), (x + self.legend_width, y - 11)], "rule", 0.8)
        if self.home:
            known = self.home in self.known
            tone = self.tones[self.classes[self.home]] if known else "paper"
            lines = wrap(self.names[self.home], self.legend_width - 74, 12.5, bold=True)
            c.boxes([(x + 1, y - 6, 20, 12)], tone, edge="ink", width=2.4, hatched=False)
            value = self._value(self.known[self.home]) if known else "kein Wert"
            for row, line in enumerate(lines):
                self._legend_row(y, line, "" if row else value, bold=True)
                y += _ROW if row == len(lines) - 1 else 15
        for name, value in self.references.items():
            self._legend_row(y, name, self._value(value))
            y += _ROW

    def _legend_row(self, y: float, words: str, number: str, *, bold: bool = False) -> None:
        x = self.legend_at[0]
        self.canvas.text(x + 30, y, words, size=12.5, bold=bold, colour="ink" if bold else "ink_2")
        tone = "ink" if bold else "ink_3"
        self.canvas.text(x + self.legend_width, y, number, size=12.5, bold=bold, align="right", colour=tone)

    def _value(self, value: float) -> str:
        return with_unit(format_number(value, self.digits), self.unit)

    def _class_names(self) -> list[str]:
        if not self.limits:
            return [format_number(self.known.iloc[0], self.digits)]
        digits = next(d for d in range(7) if all(abs(round(b, d) - b) < 1e-9 for b in self.limits) or d == 6)
        edges = [format_number(bound, min(max(digits, 0), 6)) for bound in self.limits]
        between = [f"{low} bis unter {high}" for low, high in itertools.pairwise(edges)]
        return [f"unter {edges[0]}", *between, f"{edges[-1]} und mehr"]
