"""Distribution: all districts of Germany as dots, own district and Land among them, averages as named lines.

``distribution(values, *, home, references=None, group=(), group_name="", unit="%", digits=1, size="full", **frame)``
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.lettering import measure, sizes, widest
from kreisbericht.charts.references import draw_reference, place_references, rows_of
from kreisbericht.charts.scales import Scale, nice_ticks, tick_labels, with_unit
from kreisbericht.charts.swarm import swarm_places
from kreisbericht.numbers import format_number
from kreisbericht.tokens import chart_width

_DOT = {"full": 6.0, "half": 4.4, "phone": 4.4}
_SMALLEST = 4.0
"""Diameter of a dot that can still be seen as one [px]; a crowd that needs smaller ones overlaps and is counted."""
_TALLEST = {"full": 190, "half": 170, "phone": 170}
_FOOT, _LABEL_ROW, _KEY_ROW, _HOME_ROW = 26, 18, 20, 24


def distribution(
    values: pd.Series,
    *,
    home: str,
    references: Mapping[str, float] | None = None,
    group: Collection[str] = (),
    group_name: str = "",
    others_name: str = "Kreis in Deutschland",
    names: Mapping[str, str] | None = None,
    unit: str = "%",
    digits: int = 1,
    size: str = "full",
    **frame,
) -> Canvas:
    """One dot per district along a value axis; dots that would overlap are set beside each other (a swarm).

    Parameters
    ----------
    values
        One value per district, indexed by ags or name; missing ones are left out.
    home
        Index of the home district.
    references
        Values of Land and Bund by name: solid line, dashed line.
    group
        Indices of the districts of the same Land, drawn dark.
    group_name, others_name
        Their names in the key: ``Kreis in Thüringen``.
    names
        Name by index, where the index is the ags.

    Raises
    ------
    ValueError
        If there is no value, or none for the home district.
    """
    known = values.astype(float).dropna()
    if home not in known.index:
        raise ValueError(f"nothing to draw: {home!r} has no value")
    plot = _Plot(known, home=home, unit=unit, digits=digits, size=size)
    plot.home_name = (names or {}).get(home, home)
    plot.references = {name: value for name, value in (references or {}).items() if not pd.isna(value)}
    plot.keys = [("land", group_name)] * bool(group_name) + [("other", others_name)]
    plot.lay_out(frame)
    plot.draw_ground()
    plot.draw_dots(set(group))
    plot.draw_labels()
    return plot.canvas


class _Plot:
    """Measures and drawing of one distribution."""

    def __init__(self, known, *, home, unit, digits, size) -> None:
        self.known, self.home, self.unit, self.digits, self.size = known, home, unit, digits, size

    def lay_out(self, frame: dict) -> None:
        """Scale, height of the swarm, the names above it and the key below."""
        width = chart_width(self.size)
        shown = [*self.known, *self.references.values()]
        self.ticks = nice_ticks(min(shown), max(shown), 8 if self.size == "full" else 4)
        self.x = Scale(self.ticks[0], self.ticks[-1], 12, width - 14)
        self.dot, tall = self._swarm_size()
        self.labels = place_references(self.references, self.x, unit=self.unit, digits=self.digits, width=width)
        self.keys_at = self._place_keys(width)
        head = 10 + _LABEL_ROW * rows_of(self.labels)
        foot = _FOOT + _KEY_ROW * (1 + self.keys_at[-1][1])
        self.canvas = Canvas(self.size, head + tall + _HOME_ROW + foot, **frame)
        self.top, self.middle = self.canvas.top + head, self.canvas.top + head + tall
        self.bottom = self.middle + _HOME_ROW

    def _swarm_size(self) -> tuple[float, float]:
        """Diameter of a dot and height of the swarm [px], from the most crowded place."""
        places = np.sort(self.x(self.known.to_numpy()))
        dot, tallest = _DOT[self.size], _TALLEST[self.size]
        while True:
            crowd = np.searchsorted(places, places + dot + 1, side="right") - np.arange(len(places))
            tall = _pile(crowd.max(), dot)
            if tall <= tallest or dot - 0.4 < _SMALLEST:
                break
            dot -= 0.4
        return dot, float(np.clip(tall, 48.0, tallest))

    def _place_keys(self, width: float) -> list[tuple[float, int, str, str]]:
        """(x, row, colour, words) of the key, in as many rows as needed."""
        placed, x, row = [], 6.0, 0
        for tone, words in self.keys:
            wide = measure(words, 12) + 28
            if placed and x + wide - 16 > width:
                x, row = 6.0, row + 1
            placed.append((x, row, tone, words))
            x += wide
        return placed

    def draw_ground(self) -> None:
        """Value axis with its ticks; names below."""
        c = self.canvas
        c.lines([[(self.x(t), self.top), (self.x(t), self.bottom)] for t in self.ticks], "grid", 0.9, z=0)
        c.line([(self.x(self.ticks[0]), self.bottom), (self.x(self.ticks[-1]), self.bottom)], "ink_3", 1.1, z=1)
        texts = tick_labels(self.ticks, self.unit)
        room = (self.x(self.ticks[1]) - self.x(self.ticks[0])) if len(self.ticks) > 1 else 99
        every = 1 if widest(texts, sizes()["tick"]) + 8 < room else 2
        for place, (tick, text) in enumerate(zip(self.ticks, texts, strict=True)):
            if (len(texts) - 1 - place) % every == 0:
                align = "right" if place == len(texts) - 1 else "center"
                at = c.width - 2 if align == "right" else self.x(tick)
                c.text(at, self.bottom + 15, text, size=sizes()["tick"], align=align, colour="ink_3")

    def draw_dots(self, group: set[str]) -> None:
        """Swarm of all, and the home district again on top, larger."""
        c, tall = self.canvas, self.middle - self.top
        along = self.x(self.known.to_numpy())
        across = swarm_places(along, self.dot, self.top + tall / 2, 0.4 * tall)
        places = list(zip(along.tolist(), across.tolist(), strict=True))
        own = self.known.index.get_loc(self.home)
        c.swarm(places, ["land" if key in group else "other" for key in self.known.index], self.dot, own=own)
        self.spot = places[own]
        self._count_crowd()

    def _count_crowd(self) -> None:
        """How many districts have the same value, beside their dots where these are too many to stay apart."""
        counts = self.known.round(self.digits).value_counts()
        at, number = self.x(counts.index[0]), counts.iloc[0]
        if _pile(number, self.dot) <= _TALLEST[self.size]:
            return
        words = f"{number} mit {with_unit(format_number(counts.index[0], self.digits), self.unit)}"
        left = at + 10 + measure(words, 12) < self.canvas.width
        place = at + 8 if left else at - 8
        self.canvas.text(place, self.top + 12, words, size=12, align="left" if left else "right", halo="paper")

    def draw_labels(self) -> None:
        """Averages as lines with their names above, the home district's name below on a leader, and the key."""
        c = self.canvas
        for reference in self.labels:
            draw_reference(c, reference, y=self.top - 10 - reference.row * _LABEL_ROW, bottom=self.middle)
        words = f"{self.home_name} {with_unit(format_number(self.known[self.home], self.digits), self.unit)}"
        half, (at, from_dot) = measure(words, bold=True) / 2, self.spot
        y = self.bottom - _HOME_ROW / 2
        c.line([(at, from_dot), (at, y - 9)], "home", 1.8, z=1.6)
        c.text(min(max(at, half), c.width - half), y, words, bold=True, colour="home", align="center", halo="paper")
        for x, row, tone, text in self.keys_at:
            y = self.bottom + _FOOT + 10 + row * _KEY_ROW
            c.dots([(x, y)], tone, 8, width=0.5)
            c.text(x + 9, y, text, size=12)


def _pile(number: int, dot: float) -> float:
    """Height of so many dots at one place [px]; in a swarm some slip in beside others."""
    return (0.85 * number + 2) * (dot + 1)
