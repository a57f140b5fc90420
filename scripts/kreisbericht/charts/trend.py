"""Trend: one indicator over the years, home district on top, gaps and breaks visible.

``trend(series, *, home, unit="%", digits=1, breaks=(), zero=True, size="full", height=None, **frame) -> Canvas``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.trend_plot import TrendPlot


def trend(
    series: Mapping[str, pd.Series],
    *,
    home: str,
    unit: str = "%",
    digits: int = 1,
    breaks: Sequence[tuple[int, str]] = (),
    zero: bool = True,
    size: str = "full",
    height: float | None = None,
    **frame,
) -> Canvas:
    """Line chart of one indicator.

    Parameters
    ----------
    series
        Values by name (``Kyffhäuserkreis``, ``Thüringen``, ``Deutschland``), each indexed by year; NaN is a gap.
        Apart from ``home`` the first is drawn solid (Land), the second dashed (Bund).
    home
        Name of the home district among them.
    unit, digits
        Unit and decimals of the labels. Units of up to four letters are written at the numbers.
    breaks
        (first year on the new basis, name of the event); lines are cut there.
    zero
        Start the axis at zero. Without it the subtitle must say so.
    size, height
        ``full``, ``half`` or ``phone``; height of the drawing [px].
    frame
        ``title``, ``subtitle``, ``source``, ``frame`` of ``Canvas``.

    Raises
    ------
    ValueError
        If ``home`` is not among the series or has no value: there is nothing to draw.
    """
    lines = _clean(series, home)
    years = _years(lines, home)
    inside = [(int(year), label) for year, label in sorted(breaks) if years[0] < year <= years[-1]]
    plot = TrendPlot(lines, home=home, years=years, breaks=inside, unit=unit, digits=digits, size=size)
    plot.lay_out(zero=zero, height=height, frame=frame)
    plot.draw_ground()
    plot.draw_lines()
    plot.draw_end_labels()
    plot.draw_marks()
    plot.draw_band_words()
    return plot.canvas


def _clean(series: Mapping[str, pd.Series], home: str) -> dict[str, pd.Series]:
    """Series without gaps' rows, sorted by year, home last so that it is drawn on top; empty ones left out."""
    if home not in series:
        raise ValueError(f"home {home!r} is not among the series: {', '.join(series)}")
    kept = {name: values.astype(float).dropna().sort_index() for name, values in series.items()}
    if kept[home].empty:
        raise ValueError(f"nothing to draw: {home!r} has no value")
    return {name: kept[name] for name in sorted(kept, key=lambda name: name == home) if len(kept[name])}


def _years(lines: Mapping[str, pd.Series], home: str) -> list[int]:
    """From the first year of the home district to the last year of any; every n-th year if the series is so."""
    own = lines[home].index.astype(int)
    last = max(int(values.index.max()) for values in lines.values())
    steps = {int(step) for step in np.diff(own)}
    step = steps.pop() if len(steps) == 1 else 1
    return list(range(int(own[0]), max(last, int(own[-1])) + 1, step))
