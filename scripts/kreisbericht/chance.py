"""What chance alone moves: intervals of shares, tests of changes, the yearly fluctuation of a series.

Not in here: how a change or a comparison is described (``statistics``).
"""

from __future__ import annotations

import math
from typing import Literal

import pandas as pd

from kreisbericht.small_numbers import find_rule

NOISE_YEARS = 5  # values on one basis from which on their yearly changes show how much a series fluctuates
EVENT_UNITS = ("Personen", "Fälle", "Kinder", "Haushalte")  # counts that chance moves; schools or beds are decided on
FULL_UNITS = ("Schulen", "Einrichtungen", "Plätze", "Betten", "Wohnungen", "km²")  # complete lists, no chance
Z_95 = 1.959964  # two-sided 95 % of the normal distribution


def wilson_interval(cases: float, base: float) -> tuple[float, float]:
    """95 % interval of a share [both 0–100 %], Wilson (1927).

    Raises
    ------
    ValueError
        If ``base`` is not positive or ``cases`` lies outside 0 … ``base``.

    References
    ----------
    Brown, Cai, DasGupta (2001): Interval Estimation for a Binomial Proportion, Statistical Science 16(2).
    """
    if not 0 <= cases <= base or base <= 0:
        raise ValueError(f"cases {cases} of base {base}")
    share, z2 = cases / base, Z_95**2
    middle = (share + z2 / (2 * base)) / (1 + z2 / base)
    half = Z_95 / (1 + z2 / base) * math.sqrt(share * (1 - share) / base + z2 / (4 * base**2))
    return max(0.0, (middle - half) * 100), min(100.0, (middle + half) * 100)


def is_small(cases: float, base: float) -> bool:
    """Whether a share rests on too few people for a statement: the default of ``small_numbers``."""
    rule = find_rule("")
    return cases < rule.min_cases or base < rule.min_base


def is_random_change(first: tuple[float, float], last: tuple[float, float]) -> bool:
    """Whether two shares (cases, base) differ by no more than chance would, at 95 % (pooled z test)."""
    if is_small(*first) or is_small(*last):
        return True
    (cases_1, base_1), (cases_2, base_2) = first, last
    pooled = (cases_1 + cases_2) / (base_1 + base_2)
    error = math.sqrt(pooled * (1 - pooled) * (1 / base_1 + 1 / base_2))
    return abs(cases_2 / base_2 - cases_1 / base_1) < Z_95 * error or error == 0


def yearly_noise(series: pd.Series) -> float | None:
    """Standard deviation of the changes from value to value on one basis [unit of the values].

    Around a steady trend with independent fluctuations it is the standard error of a difference of two values, and
    √2 times that of one value.

    Returns
    -------
    None with fewer than ``NOISE_YEARS`` values.
    """
    changes = series.dropna().sort_index().diff().dropna()
    return float(changes.std(ddof=1)) if len(changes) >= NOISE_YEARS - 1 else None


def is_certain_gap(
    value: float, other: float, *, counts: tuple[float, float] | None = None, noise: float | None = None
) -> bool:
    """Whether a value differs from a fixed comparison value by more than chance moves it (95 %).

    Parameters
    ----------
    value, other
        The district's share and the comparison value [same unit; per cent where ``counts`` are given].
    counts
        (cases, base) behind the district's share.
    noise
        :func:`yearly_noise` of its series; used where there are no counts. With neither, the gap stands.
    """
    if counts is not None:
        if is_small(*counts) or counts[0] > counts[1]:
            return False
        low, high = wilson_interval(*counts)
        return not low <= other <= high
    return noise is None or abs(value - other) > Z_95 * noise / math.sqrt(2)


def can_test(unit: str, *, counts: pd.DataFrame | None, noise: float | None) -> bool:
    """Whether enough is known about a change to tell it from chance: counts, fluctuation, or a complete list."""
    return counts is not None or noise is not None or unit in (*EVENT_UNITS, *FULL_UNITS)


def find_chance(
    known: pd.Series, *, unit: str, counts: pd.DataFrame | None, noise: float | None, events: bool = True
) -> Literal["", "faelle", "schwankung"]:
    """What lets a change count as random: few cases, or a series that moves as much every year; '' for neither.

    A stock of people (``events=False``) is complete: it is not tested.
    """
    first, last = float(known.iloc[0]), float(known.iloc[-1])
    tested = _test_counts(counts, int(known.index[0]), int(known.index[-1]))
    if tested is not None:
        return "faelle" if tested else ""
    if unit in EVENT_UNITS and events:
        return "faelle" if abs(last - first) < Z_95 * math.sqrt(abs(first) + abs(last)) else ""
    if unit in (*EVENT_UNITS, *FULL_UNITS) or noise is None:
        return ""
    return "schwankung" if abs(last - first) < Z_95 * noise else ""


def _test_counts(counts: pd.DataFrame | None, first: int, last: int) -> bool | None:
    """Test on the counts; None where those of a year are not known."""
    if counts is None or not {first, last} <= set(counts.index):
        return None
    pairs = counts.loc[[first, last], ["faelle", "basis"]]
    if pairs.isna().to_numpy().any():
        return None
    (a, b) = (tuple(row) for row in pairs.to_numpy(float))
    return is_random_change(a, b)
