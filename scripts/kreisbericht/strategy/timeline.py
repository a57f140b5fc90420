"""Measures over the years as bars, milestones as shapes, the report's day as a line.

``timeline(rows, *, day, size="full", **frame) -> Canvas``; rows are mappings with ``name``, ``begin``, ``end`` (date or
None), ``state`` and ``milestones`` (date, ``done`` | ``late`` | ``open``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.lettering import wrap
from kreisbericht.charts.ratings import draw_ratings
from kreisbericht.charts.scales import Scale
from kreisbericht.tokens import chart_width

_NAME_ROOM, _LEADING, _BAR, _PAD, _HEAD = 236, 14.5, 10.0, 16.0, 30.0
_TONES = {"läuft": "home", "geplant": "paper", "abgeschlossen": "ink_3", "eingestellt": "paper", "unbekannt": "paper"}
_SHAPES = {"done": "better", "late": "worse", "open": "none"}
_KEY = {"done": "erledigt", "late": "überfällig", "open": "offen"}
_STATES = ("läuft", "geplant", "abgeschlossen", "eingestellt", "unbekannt")


def timeline(rows: Sequence[Mapping[str, Any]], *, day: dt.date, size: str = "full", **frame) -> Canvas:
    """One row per measure, in the order given.

    Raises
    ------
    ValueError
        If there is no row with a date.
    """
    dates = [
        date for row in rows for date in (row["begin"], row["end"], *(when for when, _ in row["milestones"])) if date
    ]
    if not dates:
        raise ValueError("nothing to draw: no measure has a date")
    years = range(min([*dates, day]).year, max([*dates, day]).year + 2)
    width, narrow = chart_width(size), size != "full"
    names = [wrap(row["name"], width if narrow else _NAME_ROOM) for row in rows]
    heights = [len(name) * _LEADING + _PAD + (18 if narrow else 0) for name in names]
    canvas = Canvas(size, _HEAD + sum(heights) + (82 if narrow else 44), **frame)
    x = Scale(years[0], years[-1], 4 if narrow else _NAME_ROOM + 16, width - 8)
    top = canvas.top + _HEAD
    _draw_years(canvas, x, years, canvas.top, top + sum(heights), narrow=narrow)
    _draw_day(canvas, float(x(_place(day))), canvas.top, top + sum(heights))
    for row, name, height in zip(rows, names, heights, strict=True):
        middle = top + height - 14 if narrow else top + height / 2
        canvas.block(0, top + 6 + len(name) * _LEADING / 2 if narrow else middle, name, leading=_LEADING, colour="ink")
        _draw_bar(canvas, x, row, middle, years)
        for when, state in row["milestones"]:
            draw_ratings(canvas, _SHAPES[state], [(float(x(_place(when))), middle)], 10)
        canvas.line([(0, top + height), (width, top + height)], "rule", 0.8, z=0.5)
        top += height
    _draw_key(canvas, top + 16, {row["state"] for row in rows}, narrow=narrow)
    return canvas


def _place(day: dt.date) -> float:
    """Day as a decimal year."""
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _draw_years(canvas: Canvas, x: Scale, years: range, top: float, bottom: float, *, narrow: bool) -> None:
    step = max(1, -(-len(years) // (6 if narrow else 10)))
    for year in years:
        at = float(x(year))
        canvas.line([(at, top + 20), (at, bottom)], "rule", 0.8, z=0.4)
        if (year - years[0]) % step == 0 and year != years[-1]:
            canvas.text(at + 2, top + 9, str(year), size=12, colour="ink_3")


def _draw_day(canvas: Canvas, at: float, top: float, bottom: float) -> None:
    canvas.line([(at, top + 18), (at, bottom)], "ink", 1.4, dash=(3, 2), z=3)


def _draw_bar(canvas: Canvas, x: Scale, row: Mapping[str, Any], y: float, years: range) -> None:
    begin, end = row["begin"], row["end"]
    if begin is None and end is None:
        return
    left = float(x(_place(begin) if begin else years[0]))
    right = float(x(_place(end) if end else years[-1]))
    state = row["state"]
    style = {"edge": "home" if state == "geplant" else "ink_3", "width": 1.2}
    canvas.boxes([(left, y - _BAR / 2, max(right - left, 3), _BAR)], _TONES[state], z=2,
                 hatched=state == "eingestellt", **style)  # fmt: skip


def _draw_key(canvas: Canvas, y: float, states: set[str], *, narrow: bool) -> None:
    at = 0.0
    for state in (one for one in _STATES if one in states):
        wide = 40 + 7 * len(state)
        if narrow and at + wide > canvas.width:
            at, y = 0.0, y + 20
        style = {"edge": "home" if state == "geplant" else "ink_3", "width": 1.2}
        canvas.boxes([(at, y - 5, 16, _BAR)], _TONES[state], hatched=state == "eingestellt", **style)
        canvas.text(at + 21, y, state, size=12, colour="ink_2")
        at += wide
    if narrow:
        at, y = 0.0, y + 20
    for name, word in _KEY.items():
        draw_ratings(canvas, _SHAPES[name], [(at + 6, y)], 10, bare=True)
        canvas.text(at + 16, y, word, size=12, colour="ink_2")
        at += 34 + 7 * len(word)
