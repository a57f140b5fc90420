"""Class bounds of a map: natural breaks with the roundest edges that separate the same districts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

STEPS = 5  # colour steps of the tokens
_TOLERANCE = 0.02  # of the range of values: how far a bound may move to become round
_SHADES = {1: [3], 2: [2, 4], 3: [1, 3, 5], 4: [1, 2, 4, 5], 5: [1, 2, 3, 4, 5]}


def class_bounds(values: Sequence[float], *, classes: int = STEPS) -> list[float]:
    """Inner bounds of at most ``classes`` classes, each lower bound included (``8,0 bis unter 10,0``).

    Natural breaks after Fisher (1958) and Jenks (1967): the exact partition of the sorted values with the least squared
    distance to the class means. Then each bound moves to the roundest number between the two districts it separates, or
    within 2 % of the whole range where these lie closer together, so that a legend says 15 and not 15,48.

    Parameters
    ----------
    values
        Values of the districts; missing ones are ignored.

    Returns
    -------
    Ascending bounds, one fewer than classes; fewer classes where there are fewer distinct values, none for one value.

    Raises
    ------
    ValueError
        If there is no value.
    """
    data = np.asarray([value for value in values if not math.isnan(value)], float)
    if not len(data):
        raise ValueError("nothing to classify: no value")
    distinct, counts = np.unique(data, return_counts=True)
    starts = _natural_breaks(distinct, counts, min(classes, len(distinct)))
    exact = [roundest_between(distinct[start - 1], distinct[start]) for start in starts]
    reach = _TOLERANCE * (distinct[-1] - distinct[0])
    gaps = [(distinct[start - 1], distinct[start]) for start in starts]
    rounded = [roundest_between(min(a, (a + b) / 2 - reach), max(b, (a + b) / 2 + reach)) for a, b in gaps]
    filled = np.bincount(np.searchsorted(rounded, distinct, side="right"), minlength=len(starts) + 1)
    return rounded if (np.diff(rounded) > 0).all() and filled.all() else exact


def roundest_between(low: float, high: float) -> float:
    """Roundest number in the half-open range (low, high]: 10 before 5 before 2 before 1, as coarse as possible."""
    exponent = math.ceil(math.log10(max(abs(low), abs(high), high - low))) + 1
    while True:
        for factor in (5, 2, 1):
            step = factor * 10.0**exponent
            multiple = math.floor(high / step + 1e-9) * step
            if multiple > low:
                return round(multiple, max(0, -exponent) + 1)
        exponent -= 1


def shades(count: int) -> list[str]:
    """Colour tokens for ``count`` classes, spread over the five steps: ``seq_1`` … ``seq_5``."""
    return [f"seq_{step}" for step in _SHADES[count]]


def _natural_breaks(values: np.ndarray, weights: np.ndarray, classes: int) -> list[int]:
    """First index of each class but the first, by dynamic programming over the sorted distinct values."""
    count = len(values)
    total, first, second = (np.concatenate([[0.0], np.cumsum(weights * values**power)]) for power in (0, 1, 2))
    cost = np.full((classes + 1, count + 1), np.inf)
    cost[0, 0] = 0.0
    cut = np.zeros((classes + 1, count + 1), int)
    for k in range(1, classes + 1):
        for end in range(k, count + 1):
            start = np.arange(k - 1, end)
            size = total[end] - total[start]
            spread = second[end] - second[start] - (first[end] - first[start]) ** 2 / size
            tried = cost[k - 1, start] + np.maximum(spread, 0.0)
            best = int(np.argmin(tried))
            cost[k, end], cut[k, end] = tried[best], start[best]
    starts, end = [], count
    for k in range(classes, 1, -1):
        end = int(cut[k, end])
        starts.append(end)
    return starts[::-1]
