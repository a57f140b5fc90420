"""The facts of a chapter's last section: what each indicator means, where it comes from, how it is rated.

Not in here: the key messages at its head (``messages``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kreisbericht import language as lang
from kreisbericht import store
from kreisbericht.numbers import format_date, format_number, format_years
from kreisbericht.output import escape, make_id
from kreisbericht.overview import list_credits
from kreisbericht.scope import Scope
from kreisbericht.statistics import (
    SIMILAR_PERCENT,
    STABLE_COUNT_FROM,
    STABLE_PERCENT,
    STABLE_PERCENT_COUNT,
)

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator

RULE = (
    f"Ähnlich heißt: weniger als {format_number(SIMILAR_PERCENT, 0)} % vom Vergleichswert entfernt. "
    f"Nahezu gleich heißt: weniger als {format_number(STABLE_PERCENT, 0)} % Änderung, bei Bestandszahlen ab "
    f"{format_number(STABLE_COUNT_FROM, 0)} weniger als {format_number(STABLE_PERCENT_COUNT, 0)} %."
)


def basis_items(scope: Scope, indicator: Indicator, *, rule: bool = True) -> list[tuple[str, str]]:
    """Definition, formula, source, data cut-off, limits, breaks and the rule of rating, from the catalogue."""
    return [
        ("Definition", indicator.definition),
        ("Formel", formula(indicator)),
        ("Quelle", f"{indicator.credit.rstrip('.')}."),
        ("Datenstand", _status(scope, indicator)),
        ("Grenzen", indicator.limits),
        ("Brüche", " ".join(f"Ab {b.year} {b.event}: {b.note}" for b in indicator.breaks_for(scope.home.ags))),
        ("Hinweis", indicator.note),
        ("Einstufung", f"{_side(indicator)} {RULE}" if rule else _side(indicator)),
    ]


def short_basis(scope: Scope, indicator: Indicator, *, limits: bool = True) -> str:
    """Definition, limits and years of one indicator as one entry; the sheet in the appendix has the rest.

    ``limits=False`` where an earlier entry has the same ones.
    """
    parts = [indicator.definition, indicator.limits if limits else ""]
    years = [year for year in store.years(indicator.id, scope.home.ags) if year <= scope.until]
    parts.append(f"Werte {format_years(years)}." if years else "Keine Werte für diesen Kreis.")
    sheet = f"[Indikatorenblatt](indikatorenblaetter.ipynb#{make_id('ind', indicator.id)})"
    term = escape(lang.label_noun(indicator))
    return f"{term}\n:   {escape(' '.join(part for part in parts if part))} {sheet}"


def short_bases(scope: Scope, indicators: Sequence[Indicator]) -> list[str]:
    """Entries of :func:`short_basis`, then the sources, each once; groups such as ``Zuzüge (…)`` share one entry.

    Limits that several entries have in common are told with the first one.
    """
    grouped: dict[tuple[str, str], list[Indicator]] = {}
    for indicator in indicators:
        grouped.setdefault((indicator.short.partition(" (")[0], indicator.credit), []).append(indicator)
    entries, told = [], set()
    for first, *others in grouped.values():
        links = [f"[{escape(_group_name(other))}](indikatorenblaetter.ipynb#{make_id('ind', other.id)})"
                 for other in others]  # fmt: skip
        entry = short_basis(scope, first, limits=first.limits not in told)
        entries.append(entry + (f". Ebenso: {', '.join(links)}." if links else ""))
        told.add(first.limits)
    return [*entries, _sources(indicators)]


def _sources(indicators: Sequence[Indicator]) -> str:
    """The credits as below a table of several indicators: of many, publisher and work; figures and sheets have all."""
    term, _, credits = list_credits([indicator.credit for indicator in indicators]).partition(": ")
    return f"{term}\n:   {escape(credits)}"


def _group_name(indicator: Indicator) -> str:
    """``unter 18 Jahren`` of ``Zuzüge (unter 18 Jahren)``."""
    return indicator.short.partition(" (")[2].removesuffix(")") or indicator.title


def formula(indicator: Indicator) -> str:
    """``Zähler ÷ Nenner × Faktor``; the numerator alone where there is no denominator."""
    if not (indicator.numerator and indicator.denominator):
        return indicator.numerator
    factor = {"%": 100}.get(indicator.unit) or _per(indicator.unit)
    return f"{indicator.numerator} ÷ {indicator.denominator}" + (f" × {format_number(factor, 0)}" if factor else "")


def _per(unit: str) -> int | None:
    words = unit.split()
    number = words[1].replace(".", "") if len(words) > 1 and words[0] == "je" else ""
    return int(number) if number.isdigit() else None


def _status(scope: Scope, indicator: Indicator) -> str:
    years = store.years(indicator.id, scope.home.ags)
    usable = [year for year in years if year <= scope.until]
    span = f", Reihe {lang.year_span(usable)}" if usable else ", keine Werte für diesen Kreis"
    if indicator.as_of and indicator.as_of in indicator.work:
        return f"{indicator.work}{span}."
    as_of = f", Stand {format_date(indicator.as_of)}" if indicator.as_of else ""
    return f"{indicator.work}{as_of}{span}."


def _side(indicator: Indicator) -> str:
    return {
        1: "Ein höherer Wert gilt als günstiger.",
        -1: "Ein niedrigerer Wert gilt als günstiger.",
        0: "Ohne Wertung: kein Wert gilt als günstiger.",
    }[indicator.polarity]
