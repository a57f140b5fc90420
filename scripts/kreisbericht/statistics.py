"""What the figures say, before any word is chosen: change, turning point, rank, rating, interval.

Nothing here is rounded for display except where two values count as equal because a reader sees the same number.
Not in here: German (``language``, ``sentences``) and drawing (``charts``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from kreisbericht.chance import find_chance, yearly_noise
from kreisbericht.errors import DataError
from kreisbericht.numbers import round_half_up

Direction = Literal["steigt", "sinkt", "stabil"]
Rating = Literal["guenstiger", "aehnlich", "unguenstiger", "ohne"]
Relation = Literal["über", "unter", "ähnlich"]

PERCENT_FROM = 100  # a smaller count is no base of a relative change
SIMILAR_PERCENT = 5.0  # closer to the comparison value than this [% of it] is "ähnlich"
STABLE_PERCENT = 3.0  # a change smaller than this [% of the first value] is "stabil"
STABLE_PERCENT_COUNT = 1.0  # the same for full counts from STABLE_COUNT_FROM on and for ages: they barely fluctuate
STABLE_COUNT_FROM = 10_000  # [persons, cases, …]
TURN_PERCENT = 10.0  # a move since the last extreme is worth telling from this size on [% of the extreme]


@dataclass(frozen=True)
class Change:
    """From one year to a later one, on one basis of calculation."""

    first_year: int
    last_year: int
    first: float
    last: float
    direction: Direction
    steady: bool  # no year between goes against the direction
    random: bool = False  # within what chance alone moves: by the counts, else by the yearly changes of the series
    cause: Literal["", "faelle", "schwankung"] = ""  # why it counts as random

    @property
    def difference(self) -> float:
        """Last minus first, not rounded [unit of the values]."""
        return self.last - self.first

    @property
    def percent(self) -> float | None:
        """Relative change [%]; None where the first value is too small to be a base (``PERCENT_FROM``)."""
        return (self.last - self.first) / self.first * 100 if self.first >= PERCENT_FROM else None

    @property
    def weight(self) -> float:
        """Size of the change as a part of the larger end, 0 to 1 (2 across zero); for choosing, not for printing."""
        return abs(self.last - self.first) / (max(abs(self.first), abs(self.last)) or 1)


@dataclass(frozen=True)
class Rank:
    """Place of one district, counted from the highest value; equal printed values share a place."""

    place: int
    of: int
    ties: tuple[str, ...]  # other ags with the same printed value
    highest: tuple[str, ...]
    lowest: tuple[str, ...]

    @property
    def from_below(self) -> int:
        """Place counted from the lowest value."""
        return self.of - self.place - len(self.ties) + 1


@dataclass(frozen=True)
class Comparison:
    """One value against another of the same year."""

    value: float
    other: float
    relation: Relation
    rating: Rating

    @property
    def difference(self) -> float:
        """Value minus comparison value, not rounded."""
        return self.value - self.other


def split_at_breaks(series: pd.Series, breaks: Iterable[int] = ()) -> list[pd.Series]:
    """Parts of a series that may be compared within themselves.

    Parameters
    ----------
    series
        Index year, float; NaN where there is no value.
    breaks
        First years of a new basis.

    Returns
    -------
    Non-empty parts in order, without NaN.
    """
    known = series.dropna().sort_index()
    edges = sorted(set(breaks))
    part = np.searchsorted(edges, known.index.to_numpy(), side="right") if edges else np.zeros(len(known), int)
    return [known[part == number] for number in sorted(set(part))]


def measure_change(
    series: pd.Series,
    *,
    digits: int = 1,
    unit: str = "%",
    breaks: Iterable[int] = (),
    counts: pd.DataFrame | None = None,
    history: pd.Series | None = None,
    events: bool = True,
) -> Change | None:
    """Change from the first to the last value of the newest basis; never across a break.

    It is random where the counts allow no other conclusion; without counts, where it is smaller than what the series
    moves from year to year anyway (:func:`yearly_noise`).

    Parameters
    ----------
    series
        Index year, float.
    digits
        Printed decimals: values that look equal have not changed.
    counts
        Index year, columns ``faelle`` and ``basis``: numerator and denominator where they are published.
    history
        Longer series of the same values to know their fluctuation from; default: ``series``.
    events
        Whether persons and cases are events, which chance moves, or a stock counted on a day.

    Returns
    -------
    None where the newest basis has fewer than two values.
    """
    parts = split_at_breaks(series, breaks)
    if not parts or len(parts[-1]) < 2:
        return None
    longer = parts if history is None else split_at_breaks(history, breaks)
    noise = yearly_noise(longer[-1])
    return _change_within(parts[-1], digits=digits, unit=unit, counts=counts, noise=noise, events=events)


def change_options(indicator: Any) -> dict[str, Any]:
    """What :func:`measure_change` and :func:`find_turn` need to know about an indicator."""
    return {"digits": indicator.digits, "unit": indicator.unit, "events": indicator.counts_events}


def find_turn(
    series: pd.Series, *, digits: int = 1, unit: str = "%", breaks: Iterable[int] = (), events: bool = True
) -> Change | None:
    """Move since the peak or the low of the newest basis, where that lies after the first year and is worth telling.

    Of peak and low the later one counts, unless it is the last year itself.
    """
    parts = split_at_breaks(series, breaks)
    if not parts or len(parts[-1]) < 3:
        return None
    known = parts[-1]
    peak, low = find_extremes(known, digits=digits)
    last = known.index[-1]
    candidates = [year for year in sorted((peak, low), reverse=True) if year not in (last, known.index[0])]
    for year in candidates:
        moved = abs(known[last] - known[year]) >= TURN_PERCENT / 100 * abs(known[year]) > 0
        turn = _change_within(known.loc[year:], digits=digits, unit=unit, noise=yearly_noise(known), events=events)
        if moved and turn.direction != "stabil":
            return turn
    return None


def find_extremes(series: pd.Series, *, digits: int = 1) -> tuple[int, int]:
    """Years of the highest and the lowest printed value; the latest year of several equal ones."""
    shown = {int(year): round_half_up(value, digits) for year, value in series.dropna().items()}
    if not shown:
        raise DataError("Eine Reihe ohne Werte hat keinen Höchststand. Es wurde nichts berechnet.")
    peak = max(shown, key=lambda year: (shown[year], year))
    low = min(shown, key=lambda year: (shown[year], -year))
    return peak, low


def classify_change(first: float, last: float, *, digits: int = 1, unit: str = "%") -> Direction:
    """*steigt*, *sinkt* or *stabil* (thresholds: ``STABLE_PERCENT``, ``STABLE_PERCENT_COUNT``)."""
    if round_half_up(first, digits) == round_half_up(last, digits):
        return "stabil"
    size = max(abs(first), abs(last)) if first * last <= 0 else abs(first)
    exact = unit == "Jahre" or (digits == 0 and size >= STABLE_COUNT_FROM)
    if abs(last - first) < (STABLE_PERCENT_COUNT if exact else STABLE_PERCENT) / 100 * size:
        return "stabil"
    return "steigt" if last > first else "sinkt"


def rank_value(values: pd.Series, ags: str, *, digits: int = 1) -> Rank | None:
    """Place among ``values`` (index ags); None where ``ags`` has no value."""
    shown = {key: round_half_up(value, digits) for key, value in values.dropna().items()}
    if ags not in shown:
        return None
    own = shown[ags]
    top, bottom = max(shown.values()), min(shown.values())
    return Rank(
        place=1 + sum(value > own for value in shown.values()),
        of=len(shown),
        ties=tuple(key for key, value in shown.items() if value == own and key != ags),
        highest=tuple(key for key, value in shown.items() if value == top),
        lowest=tuple(key for key, value in shown.items() if value == bottom),
    )


def compare_values(value: float, other: float, *, polarity: int, digits: int = 1) -> Comparison:
    """Relation and rating of a value against a comparison value.

    Parameters
    ----------
    polarity
        1: more is günstiger, -1: less is günstiger, 0: no better side (*ohne*).
    """
    difference = value - other
    same = round_half_up(value, digits) == round_half_up(other, digits)
    if same or abs(difference) < SIMILAR_PERCENT / 100 * abs(other):
        relation: Relation = "ähnlich"
    else:
        relation = "über" if difference > 0 else "unter"
    return Comparison(value, other, relation, _rate(relation, polarity))


def missing_years(series: pd.Series) -> list[int]:
    """Years without a value between the first and the last one."""
    known = series.dropna().index
    return sorted(set(range(int(known.min()), int(known.max()) + 1)) - set(known)) if len(known) else []


def _rate(relation: Relation, polarity: int) -> Rating:
    if polarity == 0:
        return "ohne"
    if relation == "ähnlich":
        return "aehnlich"
    return "guenstiger" if (relation == "über") == (polarity > 0) else "unguenstiger"


def _change_within(
    known: pd.Series, *, digits: int, unit: str, counts: pd.DataFrame | None = None, noise: float | None = None,
    events: bool = True,
) -> Change:  # fmt: skip
    first, last = float(known.iloc[0]), float(known.iloc[-1])
    direction = classify_change(first, last, digits=digits, unit=unit)
    cause = "" if direction == "stabil" else find_chance(known, unit=unit, counts=counts, noise=noise, events=events)
    return Change(
        first_year=int(known.index[0]),
        last_year=int(known.index[-1]),
        first=first,
        last=last,
        direction="stabil" if cause else direction,
        steady=_is_steady(known, direction, digits),
        random=bool(cause),
        cause=cause,
    )


def _is_steady(known: pd.Series, direction: Direction, digits: int) -> bool:
    shown: Sequence = [round_half_up(value, digits) for value in known]
    pairs = list(itertools.pairwise(shown))
    if direction == "steigt":
        return all(a <= b for a, b in pairs)
    if direction == "sinkt":
        return all(a >= b for a, b in pairs)
    return len(set(shown)) == 1
