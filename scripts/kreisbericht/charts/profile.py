"""Profile (*Steckbrief*): a dozen indicators, each district of the Land a tick, the Land in the middle.

``profile(rows, *, land, size="full", change_label="seit 3 Jahren", heads=…, tick=…, **frame) -> Canvas``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.lettering import measure, wrap
from kreisbericht.charts.ratings import COLOURS, draw_ratings
from kreisbericht.charts.scales import Scale
from kreisbericht.numbers import format_number
from kreisbericht.tokens import chart_width, rating_word

_NAME_ROOM, _HOME_AT, _LAND_AT, _SPINE, _RATING_AT = 200, 256, 314, (330, 552), 578
_LEADING, _SMALL = 15.0, 11.5
_HEAD, _FOOT = {"full": 46, "half": 26, "phone": 26}, 42
_MANY = 100
_WORDS = {"up": "steigt", "down": "sinkt", "flat": "stabil", None: ""}


def profile(
    rows: Sequence[Mapping[str, Any]],
    *,
    land: str,
    size: str = "full",
    change_label: str = "seit 3 Jahren",
    heads: tuple[str, str] = ("Kreis", "Land"),
    tick: str = "jeder Strich ein Kreis des Landes",
    **frame,
) -> Canvas:
    """One row per indicator; the right side is always the more favourable one.

    Parameters
    ----------
    rows
        Mappings with ``name``, ``unit`` (phrase), ``year``, ``digits``, ``polarity`` (+1 more is better, −1 less is
        better, 0 neither: right is simply more), ``home`` and ``land`` (values), ``all`` (values of the Land's
        districts), ``rating`` (``better``, ``similar``, ``worse``, ``none``) and, if known, ``trend`` (``up``,
        ``down``, ``flat``).
    land
        Name of the Land, over the middle line.
    change_label
        Head of the column with the change.
    heads
        Heads of the two columns of values.
    tick
        What a tick is, for the key.

    Raises
    ------
    ValueError
        If there is no row.
    """
    if not rows:
        raise ValueError("nothing to draw: a profile needs at least one row")
    plot = _Profile(rows, land=land, size=size, heads=heads, tick=tick)
    plot.lay_out(frame)
    plot.draw_head(change_label)
    for row, top, height in zip(plot.rows, plot.tops, plot.heights, strict=True):
        plot.place_row(row, top, height)
    plot.draw_collected()
    plot.draw_key()
    return plot.canvas


class _Profile:
    """Measures and drawing of one profile."""

    def __init__(self, rows, *, land, size, heads, tick) -> None:
        self.rows, self.land, self.size, self.small = rows, land, size, size != "full"
        self.heads, self.tick = heads, tick
        self.bands: list[tuple[float, float, float, float]] = []
        self.ticks: list[list[tuple[float, float]]] = []
        self.middles: list[list[tuple[float, float]]] = []
        self.shapes: dict[str, list[tuple[float, float]]] = {}
        self.keys: dict[str, list[tuple[float, float]]] = {}

    def lay_out(self, frame: dict) -> None:
        """Rows as high as their words; the spine beside them or, where it is narrow, below them."""
        width = chart_width(self.size)
        room = width if self.small else _NAME_ROOM
        self.names = [wrap(row["name"], room, bold=self.small) for row in self.rows]
        self.units = [wrap(f"{row['unit']}, {row['year']}", room, _SMALL) for row in self.rows]
        lines = [len(name) + len(unit) for name, unit in zip(self.names, self.units, strict=True)]
        self.heights = [count * _LEADING + (58 if self.small else 9) for count in lines]
        head = _HEAD[self.size]
        self.canvas = Canvas(self.size, head + sum(self.heights) + _FOOT + 18 * self.small, **frame)
        self.start = self.canvas.top + head
        self.tops = self.start + np.concatenate([[0], np.cumsum(self.heights)[:-1]])
        self.end = self.start + sum(self.heights)
        self.spine = (6, width - 6) if self.small else _SPINE
        self.middle = sum(self.spine) / 2

    def draw_head(self, change_label: str) -> None:
        """Column heads, direction of the spine, middle line and rules."""
        c, y = self.canvas, self.start - 13
        style = {"size": 12, "colour": "ink_3"}
        c.text(self.spine[0], y, "← ungünstiger", **style)
        c.text(self.spine[1], y, "günstiger →", align="right", **style)
        c.lines([[(0, y), (c.width, y)] for y in [*self.tops[1:], self.end]], "rule", 0.8, z=1)
        c.line([(0, self.start), (c.width, self.start)], "ink", 1.1)
        if self.small:
            c.text(self.middle, y, self.land, size=12, bold=True, colour="ink", align="center")
            return
        c.text(self.middle, y - 17, self.land, size=12.5, bold=True, colour="ink", align="center")
        c.line([(self.middle, y - 9), (self.middle, self.end)], "ink", 1.3, z=3)
        c.text(_HOME_AT, y, self.heads[0], align="right", **style)
        c.text(_LAND_AT, y, self.heads[1], align="right", **style)
        c.text(_RATING_AT, y, "Einordnung", **style)
        c.text(c.width, y, change_label, align="right", **style)

    def place_row(self, row: Mapping[str, Any], top: float, height: float) -> None:
        """Words of one row, and its marks into the collections."""
        place = list(self.tops).index(top)
        y = top + height - 21 if self.small else top + height / 2
        words = self._draw_small_words if self.small else self._draw_words
        words(row, place, top, y)
        sign = row["polarity"] or 1
        distances = (np.asarray(row["all"], float) - row["land"]) * sign
        distances = distances[~np.isnan(distances)]
        own = (row["home"] - row["land"]) * sign
        reach = max([abs(own), *np.abs(distances)]) or 1.0
        x = Scale(-reach, reach, self.spine[0] + 6, self.spine[1] - 6)
        spots = [float(x(distance)) for distance in [*distances, own]]
        self.bands.append((min(spots), y - 6, max(spots) - min(spots), 12))
        step = 1.0 if len(spots) < _MANY else 3.0  # px: of many ticks side by side the eye sees one
        drawn = sorted({round(spot / step) * step for spot in spots[:-1]}) if step > 1 else spots[:-1]
        self.ticks += [[(spot, y - 5.5), (spot, y + 5.5)] for spot in drawn]
        self.middles.append([(self.middle, y - 10), (self.middle, y + 10)])
        self.shapes.setdefault(row["rating"], []).append((spots[-1], y))

    def _draw_words(self, row: Mapping[str, Any], place: int, top: float, y: float) -> None:
        c, names, units = self.canvas, self.names[place], self.units[place]
        for k, line in enumerate([*names, *units]):
            at, unit = top + 12 + k * _LEADING, k >= len(names)
            c.text(0, at, line, size=_SMALL if unit else None, colour="ink_3" if unit else "ink")
        c.text(_HOME_AT, y, format_number(row["home"], row["digits"]), bold=True, colour="ink", align="right")
        c.text(_LAND_AT, y, format_number(row["land"], row["digits"]), align="right")
        self.keys.setdefault(row["rating"], []).append((_RATING_AT + 6, y))
        c.text(_RATING_AT + 17, y, rating_word(row["rating"]), bold=True, colour=COLOURS[row["rating"]])
        c.text(c.width, y, _WORDS[row.get("trend")], size=12.5, align="right")

    def _draw_small_words(self, row: Mapping[str, Any], place: int, top: float, y: float) -> None:
        c, names, units = self.canvas, self.names[place], self.units[place]
        for k, line in enumerate([*names, *units]):
            at, unit = top + 14 + k * _LEADING, k >= len(names)
            c.text(0, at, line, size=_SMALL if unit else None, bold=not unit, colour="ink_3" if unit else "ink")
        at = y - 20
        own, land = (format_number(row[key], row["digits"]) for key in ("home", "land"))
        c.text(0, at, own, bold=True, colour="ink")
        c.text(measure(own, bold=True) + 8, at, f"{self.heads[1]} {land}", size=12)
        words = rating_word(row["rating"])
        c.text(c.width, at, words, size=12.5, bold=True, colour=COLOURS[row["rating"]], align="right")
        self.keys.setdefault(row["rating"], []).append((c.width - measure(words, 12.5, bold=True) - 11, at))

    def draw_collected(self) -> None:
        """Bands, ticks and shapes of all rows at once."""
        c = self.canvas
        c.boxes(self.bands, "paper_warm", z=1)
        c.lines(self.ticks, "other", 1.1, z=2)
        if self.small:
            c.lines(self.middles, "ink", 1.4, z=3)
        for rating, points in self.shapes.items():
            draw_ratings(c, rating, points, 11.5)
        for rating, points in self.keys.items():
            draw_ratings(c, rating, points, 9, bare=True)

    def draw_key(self) -> None:
        """What a tick is, and what right means for indicators without a better side."""
        c, y = self.canvas, self.end + 19
        c.lines([[(1 + 4 * k, y - 5), (1 + 4 * k, y + 5)] for k in range(4)], "other", 1.1)
        c.text(22, y, self.tick, size=12)
        if any(row["polarity"] == 0 for row in self.rows):
            x = 22 + measure(self.tick, 12) + 34
            x, y = (6, y + 19) if self.small else (x, y)
            draw_ratings(c, "none", [(x, y)], 9, bare=True)
            c.text(x + 12, y, "ohne Wertung: rechts ist der höhere Wert", size=12)
