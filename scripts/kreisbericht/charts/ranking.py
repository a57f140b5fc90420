"""Ranking: bars from zero, one per district, the home row tinted, Land and Bund as named lines.

``ranking(values, *, home, references=None, unit="%", digits=1, max_rows=26, size="full", **frame) -> Canvas``
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.excerpt import Gap, excerpt
from kreisbericht.charts.lettering import measure, sizes, widest, wrap
from kreisbericht.charts.references import draw_reference, place_references, rows_of
from kreisbericht.charts.scales import Scale, with_unit
from kreisbericht.numbers import NBSP, format_number, number_word
from kreisbericht.tokens import chart_width

_ROW, _LEADING = 17.5, 14.0
_NAME_WIDTH = {"full": 210, "half": 128, "phone": 128}
_REFERENCE_ROW = 16


def ranking(
    values: pd.Series,
    *,
    home: str,
    references: Mapping[str, float] | None = None,
    unit: str = "%",
    digits: int = 1,
    max_rows: int = 26,
    noun: str = "Kreise",
    size: str = "full",
    **frame,
) -> Canvas:
    """Bars of one year, highest first.

    Parameters
    ----------
    values
        One value per district, indexed by its name; rows without a value are counted below the bars.
    home
        Name of the home district.
    references
        Values of Land and Bund by name, in this order: solid line, dashed line.
    max_rows
        With more districts only the extremes and the home district's neighbourhood are drawn, with their ranks; a
        gap row says how many are left out.
    noun
        What the rows are, for the gap row (``Kreise``, ``Gemeinden``).

    Raises
    ------
    ValueError
        If there is no value at all or a name stands for two rows.
    """
    if values.index.has_duplicates:
        raise ValueError(f"names are not unique: {sorted(set(values.index[values.index.duplicated()]))[:3]}")
    known = values.astype(float).dropna().sort_values(ascending=False, kind="stable")
    if known.empty:
        raise ValueError("nothing to draw: no value in the ranking")
    plot = _Plot(known, home=home, references=dict(references or {}), unit=unit, digits=digits, size=size)
    plot.noun, plot.missing = noun, [name for name in values.index if name not in known.index]
    plot.lay_out(max_rows, frame)
    plot.draw_rows()
    plot.draw_references()
    plot.draw_missing()
    return plot.canvas


@dataclasses.dataclass(frozen=True)
class _Row:
    """One bar, or a gap that stands for ``left_out`` districts."""

    name: str
    value: float
    rank: int
    lines: list[str]
    left_out: int = 0

    @property
    def height(self) -> float:
        return _ROW + (len(self.lines) - 1) * _LEADING + (4 if self.left_out else 0)


class _Plot:
    """Measures and drawing of one ranking."""

    def __init__(self, known, *, home, references, unit, digits, size) -> None:
        self.known, self.home, self.unit, self.digits, self.size = known, home, unit, digits, size
        self.references = {name: value for name, value in references.items() if not pd.isna(value)}

    def lay_out(self, max_rows: int, frame: dict) -> None:
        """Rows, columns and the height they need."""
        self.rows = self._rows(max_rows)
        cut = any(row.left_out for row in self.rows)
        self.rank_width = widest([f"{row.rank}." for row in self.rows], 12) + 6 if cut else 0.0
        self.width = chart_width(self.size)
        bars = [row for row in self.rows if not row.left_out]
        numbers = [format_number(row.value, self.digits) for row in bars]
        names = widest([line for row in bars for line in row.lines], bold=True)
        self.number = 5 + self.rank_width + names + 12 + widest(numbers, bold=True)
        unit_width = measure(with_unit("", self.unit), _unit_size()) if self.size == "full" else 0
        left = self.number + unit_width + 10
        everything = [*self.known, *self.references.values(), 0.0]
        self.x = Scale(min(everything), max(everything) or 1.0, left, self.width - 4)
        self.labels = place_references(self.references, self.x, unit=self.unit, digits=self.digits, width=self.width)
        head = 8 + _REFERENCE_ROW * rows_of(self.labels)
        foot = 22 if self.missing else 6
        self.canvas = Canvas(self.size, head + sum(row.height for row in self.rows) + foot, **frame)
        self.y0 = self.canvas.top + head
        self.y1 = self.y0 + sum(row.height for row in self.rows)

    def _rows(self, max_rows: int) -> list[_Row]:
        rows, room = [], _NAME_WIDTH[self.size]
        ranks = self.known.rank(ascending=False, method="min").astype(int)
        for item in excerpt(list(self.known.index), self.home, max_rows):
            if isinstance(item, Gap):
                rows.append(_Row("", 0.0, 0, [""], item.count))
            else:
                lines = wrap(item, room, bold=item == self.home)
                rows.append(_Row(item, self.known[item], int(ranks[item]), lines))
        return rows

    def draw_rows(self) -> None:
        """Tint, bars, names and numbers."""
        c, y, bars = self.canvas, self.y0, {"home": [], "other": []}
        first = True
        for row in self.rows:
            middle = y + row.height / 2
            if row.left_out:
                self._draw_gap(row, middle)
            else:
                own = row.name == self.home
                start, end = sorted((self.x(0), self.x(row.value)))
                bars["home" if own else "other"].append((start, middle - 5.25, end - start, 10.5))
                if own:
                    c.boxes([(0, y, c.width, row.height)], "home_tint", z=0)
                self._draw_words(row, middle, own=own, unit=first)
                first = False
            y += row.height
        for colour, boxes in bars.items():
            c.boxes(boxes, colour)
        if self.x.low < 0:
            c.line([(self.x(0), self.y0), (self.x(0), self.y1)], "ink_3", 1.1)

    def _draw_words(self, row: _Row, y: float, *, own: bool, unit: bool) -> None:
        c = self.canvas
        if self.rank_width:
            c.text(self.rank_width - 1, y, f"{row.rank}.", size=12, colour="ink_3", align="right")
        c.block(5 + self.rank_width, y, row.lines, leading=_LEADING, bold=own, colour="home" if own else "ink")
        shown = format_number(row.value, self.digits)
        c.text(self.number, y, shown, size=sizes()["value"], bold=own, colour="home" if own else "ink_2", align="right")
        if unit and self.size == "full":
            c.text(self.number, y, with_unit("", self.unit), size=_unit_size(), colour="ink_3")

    def _draw_gap(self, row: _Row, y: float) -> None:
        c = self.canvas
        words = f"{row.left_out} weitere {self.noun}"
        c.text(5 + self.rank_width, y, words, size=12, colour="ink_3")
        start = 5 + self.rank_width + measure(words, 12) + 10
        c.line([(start, y), (c.width, y)], "ink_3", 1, dash=(1, 3))

    def draw_references(self) -> None:
        """Land and Bund over the bars, with their names above."""
        for reference in self.labels:
            y = self.y0 - 9 - reference.row * _REFERENCE_ROW
            draw_reference(self.canvas, reference, y=y, bottom=self.y1, edge_from=self.y0)

    def draw_missing(self) -> None:
        """How many rows have no value, by name while they are few."""
        if not self.missing:
            return
        words = f"Ohne Wert: {', '.join(self.missing)}"
        if len(self.missing) > 3 or measure(words, 12) > self.width:
            words = f"Ohne Wert: {number_word(len(self.missing))}{NBSP}{self.noun}"
        self.canvas.text(5, self.y1 + 13, words, size=12, colour="ink_3")


def _unit_size() -> float:
    return sizes()["source"]
