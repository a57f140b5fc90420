"""Whether a series has worsened beyond chance: by counts where they are published, else by the order of its values.

Not in here: how a change is worded (``sentences``).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from kreisbericht.chance import is_random_change
from kreisbericht.scope import Scope
from kreisbericht.statistics import split_at_breaks

ALPHA = 0.05  # one-sided error of the trend test
FEWEST = 5  # values that a test of the order needs


@dataclass(frozen=True)
class Worsening:
    """Change over the last years of one basis and whether chance explains it.

    Parameters
    ----------
    first, last
        (year, value).
    certain
        Whether it is worse beyond chance.
    method
        What was tested, as a sentence.
    """

    first: tuple[int, float]
    last: tuple[int, float]
    certain: bool
    method: str


def measure_worsening(scope: Scope, indicator, *, years: int, polarity: int) -> Worsening | None:
    """Worsening over the last ``years`` years of the newest basis; None with fewer than two values."""
    parts = split_at_breaks(scope.series(indicator), [year for year, _ in scope.breaks(indicator)])
    if not parts:
        return None
    known = parts[-1][parts[-1].index >= parts[-1].index[-1] - years]
    if len(known) < 2:
        return None
    first, last = (int(known.index[0]), float(known.iloc[0])), (int(known.index[-1]), float(known.iloc[-1]))
    worse = (last[1] - first[1]) * polarity < 0
    counted = _compare_counts(scope, indicator, first[0], last[0])
    if counted is not None:
        return Worsening(first, last, worse and not counted, "geprüft an den Fallzahlen (95 %)")
    if len(known) < FEWEST:
        return Worsening(first, last, False, f"nicht prüfbar: weniger als {FEWEST} Werte auf einer Grundlage")
    certain = worse and trend_probability(known * -polarity) < ALPHA
    return Worsening(first, last, certain, "geprüft an der Folge der Werte (Mann-Kendall, 5 % Irrtum)")


def trend_probability(series: pd.Series) -> float:
    """Probability that chance alone orders the values as rising as they are (Mann-Kendall, exact without ties).

    References
    ----------
    Kendall (1975): Rank Correlation Methods, table of S. Mann (1945), Econometrica 13.
    """
    values = list(series)
    score = sum((later > earlier) - (later < earlier) for earlier, later in itertools.combinations(values, 2))
    pairs = len(values) * (len(values) - 1) // 2
    inversions = _inversion_counts(len(values))
    most = (pairs - score) // 2  # as few falling pairs as found, or fewer
    return sum(inversions[: most + 1]) / sum(inversions)


@lru_cache(maxsize=64)
def _inversion_counts(size: int) -> tuple[int, ...]:
    """Number of orders of ``size`` values by the number of falling pairs."""
    counts = [1]
    for length in range(2, size + 1):
        longer = [0] * (len(counts) + length - 1)
        for place, number in enumerate(counts):
            for extra in range(length):
                longer[place + extra] += number
        counts = longer
    return tuple(counts)


def _compare_counts(scope: Scope, indicator, first: int, last: int) -> bool | None:
    """Whether the change is random; None where the counts of a year are not published."""
    counts = scope.counts(indicator)
    if counts is None or not {first, last} <= set(counts.index):
        return None
    pairs = counts.loc[[first, last], ["faelle", "basis"]]
    if pairs.isna().to_numpy().any():
        return None
    return is_random_change(*(tuple(row) for row in pairs.to_numpy(float)))
