"""Population pyramid: areas are persons, the Land as outline, the surplus over it darker.

``pyramid(groups, *, home, reference="", open_end=95, digits=0, size="full", height=None, **frame) -> Canvas``
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.lettering import measure, sizes
from kreisbericht.charts.scales import Scale, nice_ticks, tick_labels
from kreisbericht.tokens import chart_width

_HEIGHT = {"full": 400, "half": 380, "phone": 380}
_HEAD, _FOOT, _KEY_ROW = 30, 30, 19
_SIDES = ((-1, "m", "Männer"), (1, "f", "Frauen"))


def pyramid(
    groups: pd.DataFrame,
    *,
    home: str,
    reference: str = "",
    open_end: int = 95,
    size: str = "full",
    height: float | None = None,
    **frame,
) -> Canvas:
    """Age structure by sex.

    Parameters
    ----------
    groups
        Index of (first age, first age of the next group) with None for the open group, from young to old; columns
        ``home_m``, ``home_f`` and, with ``reference``, ``ref_m``, ``ref_f`` [persons per 1,000 inhabitants]. Groups of
        unequal width are spread over their years, so the area and not the length stands for the persons.
    home, reference
        Names of the district and of the Land.
    open_end
        Age at which the open group is drawn to end [years]; the subtitle must say so.

    Raises
    ------
    ValueError
        If a group has no value: half a pyramid would mislead.
    """
    needed = ["home_m", "home_f"] + (["ref_m", "ref_f"] if reference else [])
    if groups.empty or groups[needed].isna().any().any():
        raise ValueError("nothing to draw: a pyramid needs a value for every age group")
    plot = _Pyramid(groups[needed], home=home, reference=reference, open_end=open_end, size=size)
    plot.lay_out(height or _HEIGHT[size], frame)
    plot.draw_ground()
    plot.draw_bars()
    plot.draw_key()
    return plot.canvas


class _Pyramid:
    """Measures and drawing of one pyramid."""

    def __init__(self, groups, *, home, reference, open_end, size) -> None:
        self.home, self.reference, self.size, self.open_end = home, reference, size, open_end
        self.ages = [(low, open_end if high is None or pd.isna(high) else int(high)) for low, high in groups.index]
        years = np.array([high - low for low, high in self.ages], float)
        self.per_year = {name: groups[name].to_numpy(float) / years for name in groups}

    def lay_out(self, height: float, frame: dict) -> None:
        """Both halves around the column of ages; the key above at full width, below otherwise."""
        width = chart_width(self.size)
        self.keys = [("seq_4", self.home)]
        if self.reference:
            self.keys += [("home", f"mehr als in {self.reference}"), (None, self.reference)]
        self.below = self.size != "full"
        self.key_spots = self._place_keys(width)
        foot = 10 + _KEY_ROW * (1 + self.key_spots[-1][1]) if self.below else 0
        self.canvas = Canvas(self.size, height + foot, **frame)
        self.top, self.bottom = self.canvas.top + _HEAD, self.canvas.top + height - _FOOT
        self.gutter = 20 if self.below else 26
        peak = max(values.max() for values in self.per_year.values())
        self.ticks = nice_ticks(0, peak, 4 if self.below else 5)
        self.ticks = self.ticks[self.ticks <= peak * 1.001]
        self.x = Scale(0, peak, self.gutter, width / 2 - 10)
        self.y = Scale(0, self.open_end, self.bottom, self.top)
        self.middle = width / 2

    def _place_keys(self, width: float) -> list[tuple[float, int]]:
        spots, x, row = [], 0.0, 0
        for _, words in self.keys:
            wide = measure(words, 12) + 37
            if self.below and spots and x + wide - 16 > width:
                x, row = 0.0, row + 1
            spots.append((x, row) if self.below else (0.0, len(spots)))
            x += wide
        return spots

    def draw_ground(self) -> None:
        """Grid with persons per year of age on both sides, ages in the middle, heads of the halves."""
        c, tick = self.canvas, sizes()["tick"]
        labels = tick_labels(self.ticks, "")
        for side, _, word in _SIDES:
            c.lines(
                [[(self._at(t, side), self.top), (self._at(t, side), self.bottom)] for t in self.ticks], "grid", 0.9
            )
            for value, label in zip(self.ticks, labels, strict=True):
                c.text(self._at(value, side), self.bottom + 14, label, size=tick, align="center", colour="ink_3")
            align = "right" if side < 0 else "left"
            c.text(self._at(0, side), self.top - 14, word, bold=True, colour="ink", align=align)
        for age in range(0, self.open_end, 10):
            c.text(self.middle, self.y(age) - (6 if age == 0 else 0), str(age), size=tick, align="center")
        c.text(self.middle, self.top - 14, "Alter", size=tick, align="center", colour="ink_3")

    def _at(self, value: float, side: int) -> float:
        return float(self.middle + side * self.x(value))

    def draw_bars(self) -> None:
        """Own bars up to the Land's length, the surplus on top, the Land's outline over both."""
        for side, sex, _ in _SIDES:
            own = self.per_year[f"home_{sex}"]
            other = self.per_year.get(f"ref_{sex}", own)
            rows = list(zip(self.ages, own, other, strict=True))
            self.canvas.boxes([self._bar(age, 0, min(a, b), side) for age, a, b in rows], "seq_4", z=3)
            self.canvas.boxes([self._bar(age, b, a, side) for age, a, b in rows if a > b], "home", z=3)
            if self.reference:
                outline = [(self._at(0, side), self.y(0))]
                for (low, high), _, value in rows:
                    outline += [(self._at(value, side), self.y(low)), (self._at(value, side), self.y(high))]
                self.canvas.line(outline, "paper", 3.2, z=4)
                self.canvas.line(outline, "ink", 1.4, z=4.1)

    def _bar(self, age: tuple[int, int], start: float, end: float, side: int) -> tuple[float, float, float, float]:
        a, b = sorted((self._at(start, side), self._at(end, side)))
        top, bottom = float(self.y(age[1])), float(self.y(age[0]))
        return a, top + 0.6, b - a, bottom - top - 1.2

    def draw_key(self) -> None:
        """Own colour, surplus, outline."""
        c = self.canvas
        y0 = self.bottom + _FOOT + 8 if self.below else self.top - 14
        for (tone, words), (x, row) in zip(self.keys, self.key_spots, strict=True):
            y = y0 + row * _KEY_ROW
            if tone:
                c.boxes([(x, y - 5.5, 16, 11)], tone, z=5)
            else:
                c.line([(x, y), (x + 16, y)], "ink", 1.6)
            c.text(x + 21, y, words, size=12, halo="paper")


def per_thousand(men: Sequence[float], women: Sequence[float]) -> pd.DataFrame:
    """Columns ``m`` and ``f`` [persons per 1,000 of both together] from counts by age group."""
    both = np.column_stack([men, women]).astype(float)
    return pd.DataFrame(both / both.sum() * 1000, columns=["m", "f"])
