"""Key messages at the head of a chapter, chosen by rule, and the facts of its last section.

Not in here: the planner's own assessment, which is written, never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreisbericht import language as lang
from kreisbericht import positions, regions, sentences, store
from kreisbericht.numbers import format_date, format_number, format_years
from kreisbericht.output import Printer, escape, make_id
from kreisbericht.overview import find_standing
from kreisbericht.scope import Scope, present_districts
from kreisbericht.statistics import (
    SIMILAR_PERCENT,
    STABLE_COUNT_FROM,
    STABLE_PERCENT,
    STABLE_PERCENT_COUNT,
    Change,
    find_turn,
    measure_change,
    rank_value,
)

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator

MOST = 4  # key messages of a chapter
RULE = (
    f"Ähnlich heißt: weniger als {format_number(SIMILAR_PERCENT, 0)} % vom Vergleichswert entfernt. "
    f"Nahezu gleich heißt: weniger als {format_number(STABLE_PERCENT, 0)} % Änderung, bei Bestandszahlen ab "
    f"{format_number(STABLE_COUNT_FROM, 0)} weniger als {format_number(STABLE_PERCENT_COUNT, 0)} %."
)


@dataclass(frozen=True)
class Message:
    """Figure, sentence and rating of one key message; ``weight`` decides which ones are kept."""

    figure: str
    sentence: str
    rating: str = ""
    word: str = ""
    weight: float = 0.0

    def markdown(self, printer: Printer) -> str:
        """List item of the box."""
        parts = [printer.span(self.figure, "zahl"), escape(self.sentence)]
        if self.word:
            parts.append(
                f"[{escape(self.word)}]{{.wertung .{self.rating}}}" if printer.is_book else f"({escape(self.word)})"
            )
        return "- " + " ".join(parts)


def choose_messages(scope: Scope, indicators: Sequence[Indicator]) -> list[Message]:
    """One indicator: level, change, place. Several: each one's level, then the largest relative changes."""
    known = [indicator for indicator in indicators if scope.latest(indicator) is not None]
    if len(known) == 1:
        found = [_level(scope, known[0]), _change(scope, known[0]), _place(scope, known[0])]
        return [message for message in found if message][:MOST]
    levels = [_level(scope, indicator) for indicator in known][:MOST]
    changes = [message for indicator in known if (message := _change(scope, indicator, named=True))]
    changes.sort(key=lambda message: -message.weight)
    return [*levels, *changes][:MOST]


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


def short_basis(scope: Scope, indicator: Indicator) -> str:
    """Definition, limits, source and years of one indicator as one entry; the sheet in the appendix has the rest."""
    parts = [indicator.definition, indicator.limits, f"Quelle: {indicator.credit.rstrip('.')}."]
    years = [year for year in store.years(indicator.id, scope.home.ags) if year <= scope.until]
    parts.append(f"Werte {format_years(years)}." if years else "Keine Werte für diesen Kreis.")
    sheet = f"[Indikatorenblatt](indikatorenblaetter.ipynb#{make_id('ind', indicator.id)})"
    term = escape(lang.label_noun(indicator))
    return f"{term}\n:   {escape(' '.join(part for part in parts if part))} {sheet}"


def short_bases(scope: Scope, indicators: Sequence[Indicator]) -> list[str]:
    """Entries of :func:`short_basis`; groups of one thing, such as ``Zuzüge (unter 18 Jahren)``, share one."""
    grouped: dict[tuple[str, str], list[Indicator]] = {}
    for indicator in indicators:
        grouped.setdefault((indicator.short.partition(" (")[0], indicator.credit), []).append(indicator)
    entries = []
    for first, *others in grouped.values():
        links = [f"[{escape(_group_name(other))}](indikatorenblaetter.ipynb#{make_id('ind', other.id)})"
                 for other in others]  # fmt: skip
        entries.append(short_basis(scope, first) + (f". Ebenso: {', '.join(links)}." if links else ""))
    return entries


def _group_name(indicator: Indicator) -> str:
    """``unter 18 Jahren`` of ``Zuzüge (unter 18 Jahren)``."""
    return indicator.short.partition(" (")[2].removesuffix(")") or indicator.title


def _level(scope: Scope, indicator: Indicator) -> Message:
    year = scope.latest(indicator)
    value = float(scope.series(indicator)[year])
    figure, said = lang.value_phrase(value, indicator), _level_sentence(indicator, f"{year} {scope.home.in_phrase}")
    if indicator.key_sentence:
        said = indicator.key_sentence.format(jahr=year, wo=scope.home.in_phrase)
        figure = lang.bare_value(value, indicator) if lang.is_rate(indicator.unit) else figure
    rating, word = "", ""
    compared = _compared_with(scope, indicator, year)
    if compared:
        than, other = compared
        comparison = sentences.compare(indicator, value, other)
        rating, word = comparison.rating, sentences.rating_phrase(indicator, comparison, than)
    return Message(figure, said, rating, word, weight=1.0)


def _compared_with(scope: Scope, indicator: Indicator, year: int) -> tuple[str, float] | None:
    """First comparison area with a value, else the median of the districts; None for counts."""
    if lang.is_count(indicator.unit):
        return None
    references = [found for found in scope.reference_values(indicator, year) if found[0] not in scope.chosen]
    if references:
        return references[0][0].in_phrase, references[0][1]
    standing = find_standing(scope, indicator)
    if standing is None or not standing.by_median:
        return None
    return f"im mittleren Kreis {scope.area.in_phrase}", standing.reference


def _level_sentence(indicator: Indicator, when: str) -> str:
    """``betrug 2022 im Kyffhäuserkreis die Kinderarmut.``; plural counts follow their number: ``Geburten gab es …``."""
    if lang.is_count(indicator.unit) and not lang.prose_unit(indicator):
        return f"{lang.label_noun(indicator)} gab es {when}."
    verb = (
        "umfasste" if lang.is_count(indicator.unit) else "betrugen" if lang.is_plural(indicator.article) else "betrug"
    )
    return f"{verb} {when} {lang.subject(indicator.short, indicator.article)}."


def _change(scope: Scope, indicator: Indicator, *, named: bool = False) -> Message | None:
    series = scope.series(indicator)
    options = {"digits": indicator.digits, "unit": indicator.unit}
    options["breaks"] = [year for year, _ in scope.breaks(indicator)]
    change = measure_change(series, counts=scope.counts(indicator), **options)
    if change is None or change.random:
        return None
    turn = find_turn(series, **options) or change
    if turn.direction == "stabil":
        return None
    figure, unit = _difference(indicator, turn)
    start = lang.value_phrase(turn.first, indicator)
    since = _since(turn, change)
    noun = f" bei {lang.dative(indicator.short, indicator.article)}".replace("bei dem", "beim") if named else ""
    said = " ".join(part for part in (unit + noun, f"seit {since} mit {start}.") if part.strip()).strip()
    rating = {0: "ohne", 1: "guenstiger", -1: "unguenstiger"}[
        indicator.polarity * (1 if turn.direction == "steigt" else -1)
    ]
    word = f"{sentences.RATING_WORDS[rating]} als {turn.first_year}" if rating != "ohne" else ""
    return Message(figure, said, rating, word, weight=turn.weight)


def _since(turn: Change, change: Change) -> str:
    if turn is change:
        return str(turn.first_year)
    return f"dem {'Höchststand' if turn.direction == 'sinkt' else 'Tiefststand'} {turn.first_year}"


def _difference(indicator: Indicator, change: Change) -> tuple[str, str]:
    """Signed number and what it is counted in."""
    if lang.is_count(indicator.unit) and change.percent is not None:
        return format_number(change.percent, 1, sign=True), "Prozent"
    figure = format_number(change.difference, indicator.digits, sign=True)
    return figure, "Prozentpunkte" if lang.is_share(indicator.unit) else indicator.unit


def _place(scope: Scope, indicator: Indicator) -> Message | None:
    if lang.is_count(indicator.unit):
        return None
    year = scope.latest(indicator)
    group = scope.group(year)
    values = store.cross_section(indicator.id, year, [region.ags for region in group])
    group = present_districts(group, values)
    rank = rank_value(values, scope.home.ags, digits=indicator.digits)
    if rank is None or rank.of < 3:
        return None
    said = f"unter den {rank.of} {positions.district_noun(group)} {scope.area.in_phrase}, vom höchsten Wert gezählt."
    germany = dict(scope.reference_values(indicator, year)).get(regions.find_region("00"))
    if germany is None or not scope.land:
        return Message(f"Platz {rank.place}", said)
    comparison = sentences.compare(indicator, float(values[scope.home.ags]), germany)
    return Message(
        f"Platz {rank.place}", said, comparison.rating, sentences.rating_phrase(indicator, comparison, "in Deutschland")
    )


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
