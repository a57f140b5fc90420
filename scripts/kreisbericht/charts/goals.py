"""Goals: the way from the baseline to the target, now, and where steady progress would be today.

``goals(rows, *, size="full", **frame) -> Canvas``
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.lettering import measure, wrap
from kreisbericht.charts.ratings import COLOURS, draw_ratings
from kreisbericht.charts.scales import Scale
from kreisbericht.numbers import format_number

_NAME_ROOM = {"full": 224, "half": 336, "phone": 336}
_LEADING, _SMALL = 15.5, 12.0
_BEHIND = 0.05  # of the whole way: how far behind steady progress still counts as on course
_RETREAT = 0.14  # of the way: room left of the baseline for a value that moves away
_WORDS = {"worse": "entfernt sich", "similar": "hinter dem Plan", "better": "auf Kurs", "none": "nicht entscheidbar"}


@dataclasses.dataclass(frozen=True)
class Progress:
    """Share of the way done and due (0 baseline, 1 target) and the rating that follows."""

    done: float
    due: float

    @property
    def rating(self) -> str:
        """``better`` on course, ``similar`` behind the plan, ``worse`` moving away from the target."""
        if self.done < 0:
            return "worse"
        return "similar" if self.done < min(self.due, 1.0) - _BEHIND else "better"


def measure_progress(base: tuple[int, float], now: tuple[int, float], target: tuple[int, float]) -> Progress:
    """Progress from (year, value) of baseline, present and target; steady progress is linear in the years.

    Raises
    ------
    ValueError
        If target and baseline are the same value or the same year.
    """
    (base_year, start), (year, value), (target_year, goal) = base, now, target
    if goal == start or target_year == base_year:
        raise ValueError("baseline and target are the same: there is no way between them")
    return Progress((value - start) / (goal - start), (year - base_year) / (target_year - base_year))


def goals(rows: Sequence[Mapping[str, Any]], *, size: str = "full", **frame) -> Canvas:
    """One row per goal; left is the baseline and right the target, whatever the direction.

    Parameters
    ----------
    rows
        Mappings with ``name``, ``unit`` (phrase), ``digits`` and ``base``, ``now``, ``target``, each (year, value);
        ``rating`` and ``word`` where the verdict is known better than from steady progress alone (intervals).

    Raises
    ------
    ValueError
        If there is no row, or a target equals its baseline.
    """
    if not rows:
        raise ValueError("nothing to draw: no goal")
    plot = _Goals(rows, size=size)
    plot.lay_out(frame)
    for place in range(len(rows)):
        plot.draw_row(place)
    plot.draw_key()
    return plot.canvas


class _Goals:
    """Measures and drawing of one goal chart."""

    def __init__(self, rows, *, size) -> None:
        self.rows, self.size, self.small = rows, size, size != "full"
        self.progress = [measure_progress(row["base"], row["now"], row["target"]) for row in rows]
        self.ratings = [row.get("rating") or progress.rating for row, progress in zip(rows, self.progress, strict=True)]

    def lay_out(self, frame: dict) -> None:
        """Rows as high as their words; the way beside them or below."""
        room = _NAME_ROOM[self.size] - (110 if self.small else 0)
        self.words = [
            [(line, True) for line in wrap(row["name"], room, bold=True)]
            + [(line, False) for line in wrap(row["unit"], room, _SMALL)]
            for row in self.rows
        ]
        tall = [len(words) * _LEADING for words in self.words]
        self.heights = [height + 72 if self.small else max(74, height + 14) for height in tall]
        self.canvas = Canvas(self.size, sum(self.heights) + 28, **frame)
        self.left, self.right = (50, self.canvas.width - 14) if self.small else (292, self.canvas.width - 134)

    def draw_row(self, place: int) -> None:
        """Words, the way, and the three values of one goal."""
        c, row, progress = self.canvas, self.rows[place], self.progress[place]
        top = c.top + sum(self.heights[:place])
        height, words = self.heights[place], self.words[place]
        y = top + height - 34 if self.small else top + height / 2 + 1
        first = top + 13 if self.small else y - (len(words) - 1) * _LEADING / 2
        if place:
            c.line([(0, top), (c.width, top)], "rule", 0.8)
        for k, (line, name) in enumerate(words):
            size, tone = (None, "ink") if name else (_SMALL, "ink_3")
            c.text(0, first + k * _LEADING, line, size=size, bold=name, colour=tone)
        self._draw_way(progress, self.ratings[place], y)
        self._draw_values(row, progress, self.ratings[place], y)
        rating = self.ratings[place]
        word, tone = row.get("word") or _WORDS[rating], COLOURS[rating]
        c.text(c.width, first if self.small else y - 7, word, bold=True, colour=tone, align="right")
        if not self.small:
            c.text(c.width, y + 9, f"Stand {row['now'][0]}", size=_SMALL, colour="ink_3", align="right")

    def _x(self, share: float) -> float:
        return float(Scale(0, 1, self.left, self.right)(min(max(share, -_RETREAT), 1.0)))

    def _draw_way(self, progress: Progress, rating: str, y: float) -> None:
        c, tone = self.canvas, COLOURS[rating]
        start, end, now = self._x(0), self._x(1), self._x(progress.done)
        c.line([(start, y), (end, y)], "rule", 7, z=1, cap="round")
        c.line([(start, y), (now, y)], tone, 7, z=2, cap="round")
        c.line([(start, y - 8), (start, y + 8)], "ink_2", 1.6, z=3)
        c.line([(end, y - 9), (end, y + 9)], "ink", 2.2, z=3)
        due = self._x(progress.due)
        c.line([(due, y + 6), (due, y + 12)], "ink", 1.6, z=3)
        draw_ratings(c, rating, [(now, y)], 13)

    def _draw_values(self, row: Mapping[str, Any], progress: Progress, rating: str, y: float) -> None:
        c = self.canvas
        number = {key: format_number(row[key][1], row["digits"]) for key in ("base", "now", "target")}
        base, target = f"{number['base']} ({row['base'][0]})", f"Ziel {number['target']} ({row['target'][0]})"
        now = number["now"] + (f" ({row['now'][0]})" if self.small else "")
        half = measure(now, bold=True) / 2
        at = min(max(self._x(progress.done), half), c.width - half)
        c.text(at, y - 19, now, bold=True, colour=COLOURS[rating], align="center")
        start = max(self._x(0), measure(base, _SMALL) / 2)
        c.text(start, y + 21, base, size=_SMALL, colour="ink_3", align="center")
        if self.small:
            c.text(c.width, y + 21, target, size=_SMALL, colour="ink", align="right")
        else:
            c.text(self._x(1), y + 21, target, size=_SMALL, colour="ink", align="center")

    def draw_key(self) -> None:
        """What the small mark under the way is."""
        c, y = self.canvas, self.canvas.top + sum(self.heights) + 14
        c.line([(4, y - 4), (4, y + 4)], "ink", 1.6)
        c.text(12, y, "Soll heute bei gleichmäßigem Fortschritt", size=_SMALL, colour="ink_3")
