"""How sure a share is: the cases behind it, its 95 % interval, and whether the Land's value lies inside.

Only for shares whose numerator and denominator are published as counts. Not in here: the formula (``statistics``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kreisbericht import language as lang
from kreisbericht.chance import is_small, wilson_interval
from kreisbericht.numbers import format_number
from kreisbericht.scope import Scope

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator


def find_cases(scope: Scope, indicator: Indicator, year: int | None) -> tuple[float, float] | None:
    """Cases and base of a share in one year; None where they are not published or rest on too few people."""
    counts = scope.counts(indicator)
    if counts is None or year not in counts.index or counts.loc[year].isna().any():
        return None
    cases, base = (float(counts.loc[year, column]) for column in ("faelle", "basis"))
    return None if is_small(cases, base) or cases > base else (cases, base)


def interval_sentences(scope: Scope, indicator: Indicator) -> list[str]:
    """Cases and interval (Wilson) of the newest share at home, and the Land's value against it.

    Returns
    -------
    Empty where the counts of that year are not published or rest on too few people.
    """
    year = scope.latest(indicator)
    found = find_cases(scope, indicator, year)
    if year is None or found is None:
        return []
    cases, base = found
    low, high = wilson_interval(cases, base)
    shown = lang.value_phrase(float(scope.series(indicator)[year]), indicator)
    behind = f"{format_number(cases, 0)} von {format_number(base, 0)} Fällen"
    said = [
        f"Der Wert von {shown} beruht auf {behind} im Jahr {year}.",
        "Ein einzelnes Jahr schwankt zufällig; das 95-Prozent-Intervall reicht von "
        f"{lang.bare_value(low, indicator)} bis {lang.value_phrase(high, indicator)}.",
    ]
    return [*said, *_compare_with_land(scope, indicator, year, low=low, high=high)]


def _compare_with_land(scope: Scope, indicator: Indicator, year: int, *, low: float, high: float) -> list[str]:
    values = [value for region, value in scope.reference_values(indicator, year) if region == scope.land]
    if not values:
        return []
    where = f"Der Wert {scope.land.in_phrase} ({lang.value_phrase(values[0], indicator)})"
    if low <= values[0] <= high:
        return [f"{where} liegt darin: Der Unterschied kann zufällig sein."]
    return [f"{where} liegt außerhalb: Der Unterschied ist größer, als der Zufall erklärt."]
