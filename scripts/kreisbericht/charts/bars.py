"""Bars of groups: our value thick, Land and Bund as thin lines below it, all from zero; solid and dashed as everywhere.

``bars(table, *, home, unit="%", digits=1, sign=False, size="full", **frame) -> Canvas``
"""

from __future__ import annotations

import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.lettering import measure, sizes, widest, wrap
from kreisbericht.charts.scales import Scale, with_unit
from kreisbericht.numbers import format_number
from kreisbericht.tokens import chart_width

_PAD, _LEADING, _BAR, _LINE = 18.0, 14.5, 12.0, 6.5  # px; the last is the distance of the thin lines
_DASHES = (None, (2.2, 1.2), (0.9, 0.9))  # in line widths
_NAME_ROOM = {"full": 230, "half": 120, "phone": 120}
_KEY = 12.5  # px, text of the key


def bars(
    table: pd.DataFrame, *, home: str, unit: str = "%", digits: int = 1, sign: bool = False, size: str = "full", **frame
) -> Canvas:
    """One row per group, in the order of the table.

    Parameters
    ----------
    table
        Index: names of the groups; columns: areas, ``home`` among them. NaN is written as *kein Wert*.
    home
        Column drawn as bars; the others become lines, solid and then dashed.
    sign
        Write ``+`` before values above zero, for balances.

    Raises
    ------
    ValueError
        If no group has a value at home.
    """
    if table[home].isna().all():
        raise ValueError("nothing to draw: no group has a value")
    plot = _Bars(table.astype(float), home=home, unit=unit, digits=digits, sign=sign, size=size)
    plot.lay_out(frame)
    plot.draw_key()
    plot.draw_rows()
    return plot.canvas


class _Bars:
    """Measures and drawing of one set of bars."""

    def __init__(self, table, *, home, unit, digits, sign, size) -> None:
        self.own, self.others = table[home], table.drop(columns=home)
        self.home, self.unit, self.digits, self.sign, self.size = home, unit, digits, sign, size

    def lay_out(self, frame: dict) -> None:
        """Columns for names and numbers; rows as high as their names."""
        self.names = [wrap(str(name), _NAME_ROOM[self.size]) for name in self.own.index]
        self.numbers = [self._number(value) for value in self.own]
        self.block = _BAR + (_LINE * self.others.shape[1] + 1 if self.others.shape[1] else 0)
        self.heights = [_PAD + max(len(lines) * _LEADING, self.block) for lines in self.names]
        names = widest([line for lines in self.names for line in lines])
        self.number_at = names + 14 + widest(self.numbers, bold=True)
        known = [0.0, *self.own.dropna(), *self.others.to_numpy().ravel()]
        known = [value for value in known if not pd.isna(value)]
        start = self.number_at + 12
        self.x = Scale(min(known), max(known) or (1.0 if min(known) == 0 else 0.0), start, chart_width(self.size) - 4)
        self.key = self._place_key()
        self.head = 12 + 19 * (1 + max((row for *_, row in self.key), default=-1))
        self.canvas = Canvas(self.size, self.head + sum(self.heights) + 4, **frame)

    def _number(self, value: float) -> str:
        if pd.isna(value):
            return "kein Wert"
        return with_unit(format_number(value, self.digits, sign=self.sign), self.unit)

    def _place_key(self) -> list[tuple[str, float, int]]:
        """(name, left end, row) of home and each other area; home alone needs no key."""
        if self.others.shape[1] == 0:
            return []
        placed, x, row = [], 0.0, 0
        for name in [self.home, *self.others.columns]:
            wide = 24 + measure(str(name), _KEY, bold=name == self.home)
            if placed and x + wide > chart_width(self.size):
                x, row = 0.0, row + 1
            placed.append((str(name), x, row))
            x += wide + 26
        return placed

    def draw_key(self) -> None:
        """A bar for home, a line for each other area."""
        c = self.canvas
        for place, (name, x, row) in enumerate(self.key):
            y = c.top + 11 + 19 * row
            if place == 0:
                c.boxes([(x, y - 5, 16, 10)], "home")
            else:
                self._draw_line(x, x + 16, y, place - 1)
            own = place == 0
            c.text(x + 22, y, name, size=_KEY, bold=own, colour="home" if own else "ink")

    def draw_rows(self) -> None:
        """Names, numbers, bars and lines, with the zero line on top where bars go both ways."""
        c, top, boxes, rules = self.canvas, self.canvas.top + self.head, [], []
        for place, (name, lines) in enumerate(zip(self.own.index, self.names, strict=True)):
            y, value = top + self.heights[place] / 2, self.own.iloc[place]
            c.block(0, y, lines, leading=_LEADING, colour="ink")
            tone, missing = ("ink_3", True) if pd.isna(value) else ("home", False)
            c.text(self.number_at, y, self.numbers[place], size=sizes()["value"] if not missing else 12,
                   bold=not missing, colour=tone, align="right")  # fmt: skip
            if not missing:
                start, end = sorted((self.x(0.0), self.x(value)))
                boxes.append((start, y - self.block / 2, end - start, _BAR))
            for k, other in enumerate(self.others.loc[name]):
                if not pd.isna(other):
                    level = y - self.block / 2 + _BAR + _LINE * (k + 0.75)
                    self._draw_line(float(self.x(0.0)), float(self.x(other)), level, k)
            rules.append([(0, top), (c.width, top)])
            top += self.heights[place]
        c.lines(rules, "rule", 0.8, z=0.5)
        c.boxes(boxes, "home")
        c.line([(self.x(0.0), c.top + self.head), (self.x(0.0), top)], "ink_3", 1.1, z=3)

    def _draw_line(self, start: float, end: float, y: float, place: int) -> None:
        form = min(place, len(_DASHES) - 1)
        colour = ("land", "bund", "other")[form]
        self.canvas.line([(start, y), (end, y)], colour, 3.2, dash=_DASHES[form], z=2)
