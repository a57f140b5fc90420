"""Measures and drawing of a trend chart; what goes into it is decided in ``trend``."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.lettering import measure, sizes, spread, widest, wrap
from kreisbericht.charts.scales import Scale, tick_labels, value_axis, with_unit, year_step
from kreisbericht.numbers import format_number
from kreisbericht.tokens import chart_width

_STYLES = [("land", 1.7, None), ("bund", 1.6, (4, 2.2)), ("other", 1.2, None), ("other", 1.2, (1.5, 2))]
_HEIGHT = {"full": 300, "half": 250, "phone": 250}
_NAME_WIDTH = {"full": 150, "half": 112, "phone": 112}  # px before a name is wrapped
_BREAK_ROW, _FOOT, _LEADING = 16, 28, 15.5
_SMALL = 11.5


@dataclasses.dataclass(frozen=True)
class _EndLabel:
    """Name and last value beside a line's end."""

    name: str
    lines: list[str]
    value: str

    def height(self, stacked: bool) -> float:
        return (len(self.lines) + stacked) * _LEADING + 2.5


class TrendPlot:
    """Measures and drawing of one trend chart."""

    def __init__(self, lines, *, home, years, breaks, unit, digits, size) -> None:
        self.lines, self.home, self.years, self.breaks = lines, home, years, breaks
        self.unit, self.digits, self.size = unit, digits, size
        self.stacked = size != "full" or len(lines) == 1
        self.labels = [self._end_label(name) for name in lines]
        self.marks: list[tuple[float, float, float]] = []

    def _end_label(self, name: str) -> _EndLabel:
        last = int(self.lines[name].index[-1])
        value = self.label(self.lines[name].iloc[-1]) + (f" ({last})" if last != self.years[-1] else "")
        return _EndLabel(name, wrap(name, _NAME_WIDTH[self.size], bold=True), value)

    def label(self, value: float) -> str:
        return with_unit(format_number(value, self.digits), self.unit)

    # --- measures ---------------------------------------------------------------------------------

    def lay_out(self, *, zero: bool, height: float | None, frame: dict) -> None:
        """Canvas and scales, from the room that the words need."""
        shown = pd.concat(list(self.lines.values()))
        shown = shown[shown.index >= self.years[0]]
        ticks = value_axis(shown.min(), shown.max(), zero=zero, wanted=5 if self.size == "full" else 4)
        self.ticks, self.tick_texts = ticks, tick_labels(ticks, self.unit)
        self.left = widest(self.tick_texts, sizes()["tick"]) + 8
        names = widest([line for label in self.labels for line in label.lines], bold=True)
        values = widest([label.value for label in self.labels], bold=True)
        canvas_width = chart_width(self.size)
        self.right = canvas_width - 12 - (max(names, values) if self.stacked else names + values + 8)
        half = (self.right - self.left) / max(2 * len(self.years), 2)
        single = len(self.years) == 1
        span = (self.right - 5, self.right - 5) if single else (self.left + min(half, 12), self.right - 5)
        self.x = Scale(self.years[0], self.years[-1], *span)
        self.half = half if single else (self.x(self.years[1]) - self.x(self.years[0])) / 2
        break_rows = self._place_breaks(canvas_width)
        head = break_rows * _BREAK_ROW + 30 if break_rows else 16
        self._place_bands()
        needed = head + _FOOT + sum(label.height(self.stacked) for label in self.labels)
        total = max(height or _HEIGHT[self.size], needed)
        self.canvas = Canvas(self.size, total + (18 if self.band_note else 0), **frame)
        self.top, self.bottom = self.canvas.top + head, self.canvas.top + total - _FOOT
        self.y = Scale(ticks[0], ticks[-1], self.bottom, self.top)

    def _place_breaks(self, width: float) -> int:
        """Centre of each break's name, pushed inside the picture, in as many rows as needed."""
        ends: list[float] = []
        self.break_labels: list[tuple[float, int, str]] = []
        for first, word in self.breaks:
            wide = measure(word, 12)
            centre = min(max(self.x(first) - self.half, wide / 2), width - wide / 2)
            row = next((r for r, end in enumerate(ends) if centre - wide / 2 > end + 10), len(ends))
            ends[row : row + 1] = [centre + wide / 2]
            self.break_labels.append((centre, row, word))
        return len(ends)

    def _place_bands(self) -> None:
        """Runs of years without a value of the home district: (start, end) in px and the words that fit."""
        missing = [year for year in self.years if year not in self.lines[self.home].index]
        step = self.years[1] - self.years[0] if len(self.years) > 1 else 1
        runs = np.split(missing, np.flatnonzero(np.diff(missing) > step) + 1) if missing else []
        self.bands: list[tuple[float, float, list[str]]] = []
        for run in runs:
            start, end = self.x(run[0]) - self.half, min(self.x(run[-1]) + self.half, self.right)
            words = "kein Wert" if len(run) == 1 else "keine Werte"
            room = end - start - 4
            lines = next((tried for tried in ([words], words.split()) if widest(tried, _SMALL) <= room), [])
            self.bands.append((start, end, lines))
        self.band_note = bool(self.bands) and not all(lines for *_, lines in self.bands)

    # --- drawing ----------------------------------------------------------------------------------

    def draw_ground(self) -> None:
        """Bands, grid, axis and breaks."""
        c = self.canvas
        tall = self.bottom - self.top
        c.boxes([(a, self.top, b - a, tall) for a, b, _ in self.bands], "paper_warm", z=0)
        c.lines([[(self.left, self.y(t)), (self.right, self.y(t))] for t in self.ticks], "grid", 0.9, z=1)
        base = self.y(0) if self.ticks[0] < 0 < self.ticks[-1] else self.bottom
        c.line([(self.left, base), (self.right, base)], "ink_3", 1.1, z=1)
        for tick, text in zip(self.ticks, self.tick_texts, strict=True):
            c.text(0, self.y(tick), text, size=sizes()["tick"], colour="ink_3")
        self._draw_years()
        for (first, _), (centre, row, word) in zip(self.breaks, self.break_labels, strict=True):
            at, above = self.x(first) - self.half, self.top - 28 - row * _BREAK_ROW
            c.line([(at, above + 8), (at, self.bottom)], "ink_3", 1, dash=(1.5, 2), z=1.5)
            c.text(centre, above, word, size=12, align="center", halo="paper")

    def _draw_years(self) -> None:
        c, last = self.canvas, self.years[-1]
        spacing = self.years[1] - self.years[0] if len(self.years) > 1 else 1
        every = max(spacing, year_step(last - self.years[0] + 1, self.right - self.left + 20))
        shown = [year for year in self.years if (last - year) % every == 0]
        c.lines([[(self.x(y), self.bottom), (self.x(y), self.bottom + 4)] for y in shown], "ink_3", 1)
        for year in shown:
            c.text(self.x(year), self.bottom + 15, str(year), size=sizes()["tick"], align="center", colour="ink_3")

    def draw_lines(self) -> None:
        """Lines in pieces, a dot at each end; the home district's years are dots while they are few."""
        styles = iter(_STYLES)
        for name, values in self.lines.items():
            own = name == self.home
            colour, width, dash = ("home", 2.8, None) if own else next(styles, _STYLES[-1])
            pieces = self._pieces(values)
            cap = "butt" if dash else "round"
            self.canvas.lines([p for p in pieces if len(p) > 1], colour, width, dash=dash, z=4 if own else 3, cap=cap)
            few = own and len(values) <= 16
            dots = [point for piece in pieces for point in piece if few or len(piece) == 1]
            self.canvas.dots(dots, colour, 6.4 if own else 6, z=5)
            self.canvas.dots([self._point(values.index[-1], values.iloc[-1])], colour, 8.5 if own else 6.5, z=6)

    def _point(self, year: float, value: float) -> tuple[float, float]:
        return float(self.x(year)), float(self.y(value))

    def _pieces(self, values: pd.Series) -> list[list[tuple[float, float]]]:
        """Points of unbroken stretches: a missing year and a break both end a piece."""
        cuts = [first for first, _ in self.breaks]
        step = self.years[1] - self.years[0] if len(self.years) > 1 else 1
        pieces: list[list[tuple[float, float]]] = []
        before = None
        for year, value in values.items():
            if year < self.years[0]:
                continue
            cut = before is None or year - before > step or any(before < first <= year for first in cuts)
            if cut:
                pieces.append([])
            pieces[-1].append(self._point(year, value))
            before = year
        return pieces

    def draw_end_labels(self) -> None:
        """Name and last value at the right edge, kept apart, with a leader where one had to move."""
        c = self.canvas
        ends = [self._point(self.lines[la.name].index[-1], self.lines[la.name].iloc[-1]) for la in self.labels]
        tall = [label.height(self.stacked) for label in self.labels]
        placed = spread([y for _, y in ends], tall, self.top - 12, self.bottom + 10)
        for label, (x, y), at in zip(self.labels, ends, placed, strict=True):
            own = label.name == self.home
            style = {"bold": own, "colour": "home" if own else "ink_2"}
            if abs(at - y) > 7 and x > self.right - 12:
                c.line([(x + 5, y), (self.right + 6, at)], "ink_3", 0.8, z=2)
            if self.stacked:
                c.block(self.right + 8, at, [*label.lines, label.value], leading=_LEADING, **style)
            else:
                c.block(self.right + 8, at, label.lines, leading=_LEADING, **style)
                c.text(c.width, at, label.value, align="right", **style)

    def draw_marks(self) -> None:
        """Highest and first value of the home district, unless it is the last one, which is labelled already."""
        values = self.lines[self.home]
        peak, first, last = values.idxmax(), values.index[0], values.index[-1]
        years = [] if peak == last else [peak]
        if first != last and (not years or self.x(peak) - self.x(first) > 70):
            years.append(first)
        for year in years:
            self._draw_mark(year, values[year])

    def _draw_mark(self, year: int, value: float) -> None:
        text = self.label(value)
        x, y = self._point(year, value)
        wide = measure(text, bold=True)
        x_text = min(max(x, self.left + 4 + wide / 2), self.right - wide / 2)
        above = not self._crossed(x_text, wide, y - 21, y - 5) or self._crossed(x_text, wide, y + 6, y + 22)
        y_text = y - 13 if above else y + 14
        self.marks.append((x_text, y_text, wide))
        self.canvas.text(x_text, y_text, text, bold=True, colour="home", align="center", halo="paper")

    def _crossed(self, x: float, wide: float, low: float, high: float) -> bool:
        """Whether any line passes through the box of a label."""
        across = np.linspace(x - wide / 2, x + wide / 2, 9)
        for values in self.lines.values():
            heights = np.interp(across, self.x(values.index.to_numpy(float)), self.y(values.to_numpy()), np.nan, np.nan)
            if np.any((heights > low) & (heights < high)):
                return True
        return bool(high > self.bottom)

    def draw_band_words(self) -> None:
        """*keine Werte* in each band, low if that is free, else high or in the middle; or once below the axis."""
        c = self.canvas
        for start, end, lines in self.bands:
            if lines:
                y = self._band_spot((start + end) / 2, widest(lines, _SMALL), 13 * len(lines))
                style = {"leading": 13, "size": _SMALL, "align": "center", "colour": "ink_3", "halo": "paper_warm"}
                c.block((start + end) / 2, y, lines, **style)
        if self.band_note:
            y = self.bottom + _FOOT + 8
            c.boxes([(self.left, y - 6, 16, 12)], "paper_warm", edge="rule", width=0.7)
            c.text(self.left + 22, y, "keine Werte", size=_SMALL, colour="ink_3")

    def _band_spot(self, x: float, wide: float, tall: float) -> float:
        """Middle height for the words of a band, where neither a line nor a mark is."""
        spots = [self.bottom - 4 - tall / 2, self.top + 6 + tall / 2, (self.top + self.bottom) / 2]
        for y in spots:
            low, high = y - tall / 2 - 2, min(y + tall / 2 + 2, self.bottom)
            marked = any(abs(x - at) < (wide + w) / 2 and low - 9 < height < high + 9 for at, height, w in self.marks)
            if not marked and not self._crossed(x, wide + 2 * self.half, low, high):
                return y
        return spots[0]
