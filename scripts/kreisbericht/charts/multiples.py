"""Small multiples: the same trend in all districts, one scale, one axes with offsets.

``small_multiples(table, *, home, reference=None, reference_name="", unit="%", digits=1, breaks=(), zero=True,
max_panels=None, size="full", **frame) -> Canvas``
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.excerpt import excerpt
from kreisbericht.charts.lettering import measure, widest, wrap
from kreisbericht.charts.scales import Scale, value_axis, with_unit
from kreisbericht.numbers import format_number
from kreisbericht.tokens import chart_width

_COLUMNS = {"full": (6, 5, 4), "half": (3, 2), "phone": (3, 2)}
_MOST = {"full": 30, "half": 24, "phone": 24}
_GUTTER, _PLOT, _NAME, _YEAR = 14, 46, 12.5, 11.5
_BELOW, _BELOW_YEARS = 13, 28  # px under a panel's axis, without and with years


def small_multiples(
    table: pd.DataFrame,
    *,
    home: str,
    reference: pd.Series | None = None,
    reference_name: str = "",
    unit: str = "%",
    digits: int = 1,
    breaks: Sequence[int] = (),
    zero: bool = True,
    max_panels: int | None = None,
    size: str = "full",
    **frame,
) -> Canvas:
    """One panel per district, ordered by the last value, the highest first; the home panel is tinted.

    Parameters
    ----------
    table
        Years × districts (columns are names); NaN is a gap. Districts without any value are only counted.
    home
        Column of the home district.
    reference, reference_name
        Values of the Land by year, drawn dashed in each panel.
    breaks
        First years on a new basis; lines are cut there.
    max_panels
        With more districts only the extremes and the home district's neighbourhood are drawn; the key says so.
        Default: 30 at full width, else 24.

    Raises
    ------
    ValueError
        If there is no value at all.
    """
    known = table.astype(float).sort_index().dropna(axis="columns", how="all").dropna(axis="index", how="all")
    if known.empty:
        raise ValueError("nothing to draw: no district has a value")
    plot = _Panels(known, home=home, unit=unit, digits=digits, size=size)
    plot.breaks, plot.total = sorted(breaks), table.shape[1]
    plot.reference, plot.reference_name = reference, reference_name
    plot.lay_out(max_panels or _MOST[size], zero=zero, frame=frame)
    plot.draw_panels()
    plot.draw_key()
    return plot.canvas


class _Panels:
    """Measures and drawing of one grid of panels."""

    def __init__(self, known, *, home, unit, digits, size) -> None:
        self.known, self.home, self.unit, self.digits, self.size = known, home, unit, digits, size

    def lay_out(self, max_panels: int, *, zero: bool, frame: dict) -> None:
        """Which panels, how many columns, and the scales inside a panel."""
        last = self.known.ffill().iloc[-1].sort_values(ascending=False, kind="stable")
        self.last = last
        self.names = [name for name in excerpt(list(last.index), self.home, max_panels) if isinstance(name, str)]
        numbers = widest([format_number(last[name], self.digits) for name in self.names], 12, bold=True)
        self.value_room = numbers + 10
        self._choose_columns()
        heads = max(len(lines) for lines in self.titles.values())
        self.head = 9 + 14 * heads
        rows = math.ceil(len(self.names) / self.columns)
        tall = [self.head + _PLOT + (_BELOW_YEARS if row in (0, rows - 1) else _BELOW) for row in range(rows)]
        self.tops = np.concatenate([[0], np.cumsum(tall)])
        self.canvas = Canvas(self.size, self.tops[-1] + self._key_height(), **frame)
        years = self.known.index.to_numpy(float)
        self.x = Scale(years[0], years[-1], 0, self.panel_width - self.value_room)
        shown = [self.known[self.names].min().min(), self.known[self.names].max().max()]
        reference = self._reference()
        if len(reference):
            shown += [reference.min(), reference.max()]
        ticks = value_axis(min(shown), max(shown), zero=zero, wanted=2)
        self.low, self.high = float(ticks[0]), max(shown)
        self.y = Scale(self.low, self.high, _PLOT, 0)

    def _choose_columns(self) -> None:
        """As many columns as still hold every name in at most two lines."""
        width = chart_width(self.size)
        for columns in _COLUMNS[self.size]:
            self.columns = columns
            self.panel_width = (width - _GUTTER * (columns - 1)) / columns
            room = self.panel_width - 2
            self.titles = {name: wrap(name, room, _NAME, bold=True) for name in self.names}
            lines = self.titles.values()
            if all(len(t) <= 2 for t in lines) and max(widest(t, _NAME, bold=True) for t in lines) <= room:
                break

    def _reference(self) -> pd.Series:
        if self.reference is None:
            return pd.Series(dtype=float)
        values = self.reference.astype(float).dropna().sort_index()
        return values[(values.index >= self.known.index[0]) & (values.index <= self.known.index[-1])]

    def _pieces(self, values: pd.Series) -> list[np.ndarray]:
        """Points of unbroken stretches in panel coordinates: a missing year and a break both end a piece."""
        full = values.reindex(self.known.index)
        numbers, years = full.to_numpy(float), self.known.index.to_numpy(float)
        usual = np.diff(years).min() if len(years) > 1 else 1
        cut = np.flatnonzero(np.diff(years) > usual) + 1
        cuts = {*cut.tolist(), *(int(np.searchsorted(years, first)) for first in self.breaks)}
        points = np.column_stack([self.x(years), self.y(numbers)])
        pieces = []
        for part in np.split(points, sorted(c for c in cuts if 0 < c < len(years))):
            gaps = np.flatnonzero(np.isnan(part[:, 1]))
            pieces += [p[~np.isnan(p[:, 1])] for p in np.split(part, gaps)]
        return [piece for piece in pieces if len(piece)]

    def draw_panels(self) -> None:
        """All panels in a handful of collections."""
        reference = self._pieces(self._reference()) if len(self._reference()) else []
        drawn: dict[str, list] = {"own": [], "others": [], "references": [], "bases": [], "dots": [], "ends": []}
        for place, name in enumerate(self.names):
            row, column = divmod(place, self.columns)
            origin = np.array([column * (self.panel_width + _GUTTER), self.canvas.top + self.tops[row] + self.head])
            self._draw_panel(name, origin, row, drawn)
            drawn["references"] += [piece + origin for piece in reference if len(piece) > 1]
        c = self.canvas
        c.lines(drawn["bases"], "ink_3", 0.8)
        c.lines(drawn["references"], "bund", 1.5, dash=(3, 1.8), z=3)
        c.lines(drawn["others"], "ink_2", 1.8, z=4, cap="round")
        c.lines(drawn["own"], "home", 2.8, z=4, cap="round")
        c.dots(drawn["dots"], "ink_2", 4.5, width=0.8)
        c.dots(drawn["ends"], "ink_2", 5.5)

    def _draw_panel(self, name: str, origin: np.ndarray, row: int, drawn: dict[str, list]) -> None:
        c, own, (left, ground) = self.canvas, name == self.home, origin
        if own:
            tall = self.tops[row + 1] - self.tops[row] - 3
            c.boxes([(left - 5, ground - self.head, self.panel_width + 9, tall)], "home_tint", z=0)
        self._draw_name(name, left, ground)
        pieces = [piece + origin for piece in self._pieces(self.known[name])]
        drawn["own" if own else "others"] += [piece for piece in pieces if len(piece) > 1]
        base = ground + self.y(max(self.low, 0.0) if self.low <= 0 else self.low)
        drawn["bases"].append([(left, base), (left + self.x.end, base)])
        x, y = pieces[-1][-1]
        if own:
            c.dots([(x, y)], "home", 7)
        else:
            drawn["ends"].append((x, y))
            drawn["dots"] += [tuple(piece[0]) for piece in pieces[:-1] if len(piece) == 1]
        number = format_number(self.last[name], self.digits)
        c.text(x + 7, y, number, size=12, bold=own, colour="home" if own else "ink_2")
        if row in (0, len(self.tops) - 2):
            self._draw_years(left, ground + _PLOT + 12)

    def _draw_name(self, name: str, left: float, ground: float) -> None:
        own, lines = name == self.home, self.titles[name]
        for row, line in enumerate(lines):
            y = ground + 1 - 14 * (len(lines) - row)
            self.canvas.text(left, y, line, size=_NAME, bold=own, colour="home" if own else "ink")

    def _draw_years(self, left: float, y: float) -> None:
        first, last = str(self.known.index[0]), str(self.known.index[-1])
        self.canvas.text(left, y, first, size=_YEAR, colour="ink_3")
        if first != last:
            self.canvas.text(left + self.x.end, y, last, size=_YEAR, align="right", colour="ink_3")

    # --- key --------------------------------------------------------------------------------------

    def _key_words(self) -> list[str]:
        words = []
        top = with_unit(format_number(self.high, self.digits), self.unit)
        words.append(f"Alle Felder: {format_number(self.low, 0 if self.low == 0 else self.digits)} bis {top}")
        if self.known[self.names].isna().to_numpy().any() or (np.diff(self.known.index) > 1).any():
            words.append("Lücke: kein Wert")
        if len(self.names) < self.total:
            words.append(f"{len(self.names)} von {self.total} gezeigt")
        return words

    def _key_height(self) -> float:
        return 24 + 20 * (self.size != "full")

    def draw_key(self) -> None:
        """Line forms, the common scale and, in an excerpt, how many districts are shown."""
        c = self.canvas
        x, y = 0.0, c.height - c.foot - self._key_height() + 12
        if self.reference_name:
            c.line([(x, y), (x + 24, y)], "bund", 1.5, dash=(3, 1.8))
            c.text(x + 30, y, self.reference_name, size=12)
            x += measure(self.reference_name, 12) + 54
        if self.size != "full":
            x, y = 0.0, y + 20
        c.text(x, y, "; ".join(self._key_words()), size=12, colour="ink_3")
