"""Computed sentences: trend, comparison, place, spread over municipalities, missing value.

Each starts with the finding and names numbers only as they are printed in figure and table. No sentence explains
why: causes are for the planner's own text. Titles are in ``titles``, alternative texts in ``alttext``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht.numbers import NBSP, format_number, round_half_up
from kreisbericht.statistics import (
    Change,
    Comparison,
    change_options,
    compare_values,
    find_extremes,
    find_turn,
    measure_change,
    split_at_breaks,
)

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

RATING_WORDS = {"guenstiger": "günstiger", "aehnlich": "ähnlich", "unguenstiger": "ungünstiger", "ohne": "ohne Wertung"}
_CHANCE = {
    "faelle": "Die Fallzahlen sind so klein, dass dieser Unterschied zufällig sein kann.",
    "schwankung": "Von Jahr zu Jahr schwankt der Wert so stark, dass dieser Unterschied zufällig sein kann.",
}
_MORE = {"über": "höher als", "unter": "niedriger als", "ähnlich": "ähnlich hoch wie"}


def trend_sentences(
    indicator: Indicator,
    home: Region,
    series: pd.Series,
    *,
    others: Sequence[tuple[Region, pd.Series]] = (),
    breaks: Iterable[tuple[int, str]] = (),
    counts: pd.DataFrame | None = None,
) -> list[str]:
    """Development at home, the move since its last peak or low, the comparison areas, the move before a break.

    Breaks and gaps themselves are named where they are drawn, in the source line of the figure.

    Parameters
    ----------
    series, others
        Index year, values in the indicator's unit, NaN where there is none.
    breaks
        (first year of the new basis, event).
    counts
        Numerator and denominator at home, see ``statistics.measure_change``.
    """
    breaks = sorted(breaks)
    years = [year for year, _ in breaks]
    if not series.notna().any():
        return [missing_sentence(indicator.short, home)]
    options = {**change_options(indicator), "breaks": years}
    change = measure_change(series, counts=counts, **options)
    if change is None:
        said = [_single_sentence(indicator, home, series, breaks)]
    else:
        said = [_change_sentence(indicator, home, change)]
        turn = None if change.random else find_turn(series, **options)
        said += [_turn_sentence(indicator, change, turn)] if turn else []
        said = [sentence for sentence in said if sentence]
        said += _others_sentence(indicator, change, others, years)
    return said + _break_sentence(indicator, series, breaks)


def comparison_sentence(
    indicator: Indicator, home: Region, year: int, value: float, others: Sequence[tuple[Region, float]]
) -> str:
    """``Die Kinderarmut lag 2022 im Kyffhäuserkreis mit 12,4 % höher als in Thüringen (9,7 %) und …``."""
    parts, before = [], ""
    for region, other in others:
        relation = compare(indicator, value, other).relation
        words = "" if relation == before else f"{_MORE[relation]} "
        parts.append(f"{words}{region.in_phrase} ({lang.later_value(other, indicator)})")
        before = relation
    head = (
        f"{lang.capitalise(lang.subject(indicator.short, indicator.article))} {lang.verb('lag', indicator.article)} "
        f"{year} {home.in_phrase}"
    )
    shown = lang.value_phrase(value, indicator, dative=True)
    return f"{head} mit {shown} {lang.join_list(parts)}." if parts else f"{head} bei {shown}."


def balance_sentence(plus: Indicator, minus: Indicator, home: Region, both: pd.DataFrame) -> str:
    """``2024 gab es im Kyffhäuserkreis 362 Geburten und 1.150 Sterbefälle, also 788 Sterbefälle mehr.``

    Parameters
    ----------
    both
        Index year, two columns: counts of ``plus`` and ``minus``.
    """
    first, second = both.iloc[-1]
    counts = [format_number(value, 0) for value in (first, second)]
    names = [lang.counted_noun(entry.short) for entry in (plus, minus)]
    said = f"{both.index[-1]} gab es {home.in_phrase} {counts[0]} {names[0]} und {counts[1]} {names[1]}"
    if first == second:
        return f"{said}, also ebenso viele."
    more = names[0] if first > second else names[1]
    return f"{said}, also {format_number(abs(first - second), 0)} {more} mehr."


def missing_sentence(what: str, home: Region, *, until: int | None = None) -> str:
    """``Im Kyffhäuserkreis liegt im Datenbestand bis zum Berichtsjahr 2020 kein Wert zu „Kinderarmut“ vor.``"""
    when = f"bis zum Berichtsjahr {until} " if until else ""
    return f"{lang.capitalise(home.in_phrase)} liegt im Datenbestand {when}kein Wert zu „{what}“ vor."


def missing_below_sentence(indicator: Indicator, home: Region) -> str:
    """``Für Gebiete unterhalb … sind keine Werte zu „Kinderarmut“ hinterlegt. …``, and who has them."""
    return (
        f"Für Gebiete innerhalb {home.of_phrase} enthält der Datenbestand keine Werte zu „{indicator.short}“. "
        f"Kleinräumige Zahlen hält oft die eigene Verwaltung bereit; sonst ist der Herausgeber zu fragen: "
        f"{indicator.publisher}."
    )


def source_hint(indicator: Indicator) -> str:
    """Where the missing figures would come from, in one sentence."""
    if indicator.own:
        return f"Diese Zahlen hat nur der Kreis selbst; sie kommen mit der Vorlage {indicator.table}.xlsx ins Buch."
    table = f", Tabelle {indicator.table}" if indicator.table else ""
    return f"Die Zahlen veröffentlicht: {indicator.publisher} ({indicator.work}{table})."


def compare(indicator: Indicator, value: float, other: float) -> Comparison:
    """``statistics.compare_values`` with the indicator's side and decimals."""
    return compare_values(value, other, polarity=indicator.polarity, digits=indicator.digits)


def rating_phrase(indicator: Indicator, comparison: Comparison, than: str) -> str:
    """``ungünstiger als in Thüringen (9,7 %)``; without a better side ``höher als in Thüringen (9,7 %)``."""
    shown = lang.later_value(comparison.other, indicator)
    if comparison.rating == "ohne":
        return f"{_MORE[comparison.relation]} {than} ({shown})"
    link = "wie" if comparison.rating == "aehnlich" else "als"
    return f"{RATING_WORDS[comparison.rating]} {link} {than} ({shown})"


def describe_breaks(breaks: Iterable[tuple[int, str]]) -> str:
    """``ab 2012 Zensus 2011, ab 2022 Zensus 2022``."""
    return ", ".join(f"ab {year} {event}" for year, event in sorted(breaks))


def _change_sentence(indicator: Indicator, home: Region, change: Change) -> str:
    noun = lang.capitalise(lang.subject(indicator.short, indicator.article))
    first, last = lang.bare_value(change.first, indicator), lang.value_phrase(change.last, indicator)
    there = lang.value_phrase(change.last, indicator, dative=True)
    span = f"zwischen {change.first_year} und {change.last_year}"
    if change.random:
        return (
            f"{noun} {lang.verb('lag', indicator.article)} {home.in_phrase} {change.first_year} bei {first} und "
            f"{change.last_year} bei {there}. {_CHANCE[change.cause]}"
        )
    if change.direction == "stabil":
        same = first == lang.bare_value(change.last, indicator)
        place = f"genauso hoch wie {change.first_year}" if same else f"nahe am Wert von {change.first_year} ({first})"
        return f"{noun} {lang.verb('lag', indicator.article)} {change.last_year} {home.in_phrase} mit {there} {place}."
    size = f"{_by(indicator, change)} " if fits_ends(indicator, change) else ""
    return (
        f"{noun} {lang.verb('ist', indicator.article)} {home.in_phrase} {span} {size}"
        f"{lang.participle(change.direction)}, von {first} auf {last}."
    )


def _turn_sentence(indicator: Indicator, change: Change, turn: Change) -> str:
    word = "Höchststand" if turn.direction == "sinkt" else "Tiefststand"
    start = lang.value_phrase(turn.first, indicator)
    if turn.direction == change.direction:
        if start == lang.value_phrase(change.first, indicator):
            return ""
        return f"Der {word} lag {turn.first_year} bei {lang.value_phrase(turn.first, indicator, dative=True)}."
    size = _by(indicator, turn) if fits_ends(indicator, turn) else f"auf {lang.value_phrase(turn.last, indicator)}"
    return f"Seit dem {word} {turn.first_year} ({start}) ist der Wert {size} {lang.participle(turn.direction)}."


def fits_ends(indicator: Indicator, change: Change) -> bool:
    """Whether the printed size of a change is what a reader finds who subtracts the printed ends; also in per cent."""
    if change.percent is not None and (lang.is_count(indicator.unit) or indicator.unit == "Euro"):
        return True
    digits = indicator.digits
    ends = round_half_up(change.last, digits) - round_half_up(change.first, digits)
    return ends == round_half_up(change.difference, digits)


def _by(indicator: Indicator, change: Change) -> str:
    """``um 5,5 Prozentpunkte``; ``geringfügig`` where the printed difference would be zero."""
    size = lang.amount_phrase(change.difference, indicator, percent=change.percent)
    return "geringfügig" if not size.split(NBSP)[0].strip("0,") else f"um {size}"


def _others_sentence(
    indicator: Indicator, change: Change, others: Sequence[tuple[Region, pd.Series]], breaks: list[int]
) -> list[str]:
    parts: list[str] = []
    before = ""
    for region, series in others:
        window = series.loc[series.index.isin([change.first_year, change.last_year])]
        other = measure_change(window, history=series, breaks=breaks, **change_options(indicator))
        if other is None or (other.first_year, other.last_year) != (change.first_year, change.last_year):
            continue
        parts.append(f"{region.in_phrase} {_other_part(indicator, other, before)}")
        before = "zufall" if other.random else other.direction
    return [f"{lang.capitalise(', '.join(parts))}."] if parts else []


def _other_part(indicator: Indicator, change: Change, before: str) -> str:
    """``sank der Wert im selben Zeitraum um 4,2 Prozentpunkte``; after the same direction only ``um 2,0 …``."""
    subject = "er" if before else "der Wert im selben Zeitraum"
    if change.random:
        same = "veränderte er sich" if before else "veränderte sich der Wert im selben Zeitraum"
        return "ebenso wenig" if before == "zufall" else f"{same} nicht deutlich"
    if change.direction == "stabil":
        return "ebenfalls" if before == "stabil" else f"blieb {subject} nahezu gleich"
    if change.direction == before:
        return _by(indicator, change)
    return f"{lang.past(change.direction)} {subject} {_by(indicator, change)}"


def _single_sentence(indicator: Indicator, home: Region, series: pd.Series, breaks: list[tuple[int, str]]) -> str:
    known = series.dropna().sort_index()
    year, value = int(known.index[-1]), lang.value_phrase(known.iloc[-1], indicator, dative=True)
    noun = lang.subject(indicator.short, indicator.article)
    said = f"{lang.capitalise(noun)} {lang.verb('lag', indicator.article)} {year} {home.in_phrase} bei {value}."
    if len(split_at_breaks(known, [first for first, _ in breaks])) == 1:
        return f"{said} Aus einem einzelnen Jahr lässt sich keine Entwicklung ablesen."
    return f"{said} Auf der neuen Berechnungsgrundlage gibt es erst dieses eine Jahr."


def _break_sentence(indicator: Indicator, series: pd.Series, breaks: list[tuple[int, str]]) -> list[str]:
    parts = split_at_breaks(series, [first for first, _ in breaks])
    if len(parts) < 2:
        return []
    newest = int(parts[-1].index[0])
    year, event = next((first, event) for first, event in reversed(breaks) if first <= newest)
    before = measure_change(parts[-2], **change_options(indicator))
    if before is None or before.direction == "stabil":
        return []
    return [
        f"Vor dem Bruch {year} ({event}), von {before.first_year} bis {before.last_year}, "
        f"{lang.past(before.direction)} der Wert {_by(indicator, before)}."
    ]


def extremes_phrase(indicator: Indicator, series: pd.Series) -> str:
    """``Höchststand 18,1 im Jahr 2017`` or the low, whichever is not at an end of the series; '' where neither is."""
    known = series.dropna()
    peak, low = find_extremes(known, digits=indicator.digits)
    shown = {year: round_half_up(value, indicator.digits) for year, value in known.items()}
    ends = (shown[known.index[0]], shown[known.index[-1]])
    said = [
        f"{word} {format_number(known[year], indicator.digits)} im Jahr {year}"
        for word, year in (("Höchststand", peak), ("Tiefststand", low))
        if shown[year] not in ends
        and round_half_up(known[peak], indicator.digits) != round_half_up(known[low], indicator.digits)
    ]
    return ", ".join(said)
