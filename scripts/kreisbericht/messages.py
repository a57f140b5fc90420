"""Key messages at the head of a chapter: the largest deviations and changes that chance does not explain.

A deviation is the distance to the Land (to the median of its districts where the Land has no value), a change the move
within the newest basis of the series. Both are told only where they are larger than what counts as similar and than
chance allows; the largest come first. The rule in words stands in the method chapter. Not in here: the planner's own
assessment, which is written, never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreisbericht import language as lang
from kreisbericht import sentences, store
from kreisbericht.chance import can_test, is_certain_gap, yearly_noise
from kreisbericht.numbers import NBSP, format_number, round_half_up
from kreisbericht.output import Printer, escape
from kreisbericht.overview import find_standing
from kreisbericht.scope import Scope, present_districts
from kreisbericht.statistics import Change, change_options, find_turn, measure_change, split_at_breaks

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator

MOST = 4  # key messages of a chapter
FEWEST = 2
YEARS = 10  # a change is told over this many years at most
UNIT_LENGTH = 9  # characters of a unit that stand beside the large figure
COUNT_SPREAD = 10.0  # a count has no spread between districts: this change [%] weighs as much as one spread
_NORMAL_QUARTILES = 1.349  # distance of the quartiles of a normal distribution [standard deviations]


@dataclass(frozen=True, order=True)
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


def make_message(number: str, unit: str, sentence: str, **told: str | float) -> Message:
    """Message whose figure stays short: a longer unit opens the sentence, ``+4,3`` · ``Prozentpunkte: Der …``."""
    if not unit or len(unit) <= UNIT_LENGTH:
        return Message(f"{number}{NBSP}{unit}" if unit else number, sentence, **told)
    return Message(number, f"{unit}{':' if sentence[0].isupper() else ''} {sentence}", **told)


def choose_messages(scope: Scope, indicators: Sequence[Indicator]) -> list[Message]:
    """Certain deviations and changes: those of the first indicator, then the larger one of each other.

    Size is counted in spreads: the middle half of the districts of the Land, so that a share and an income compare.
    A second statement on the same figure is made only where the box would hold fewer than ``FEWEST``.
    """
    known = [indicator for indicator in indicators if scope.latest(indicator) is not None]
    pairs = [(find_deviation(scope, indicator), find_change(scope, indicator)) for indicator in known]
    told = [[message for message in pair if message is not None] for pair in pairs]
    others = [sorted(pair, key=lambda message: -message.weight) for pair in told[1:]]
    ranked = sorted((number, -message.weight, message) for pair in others for number, message in enumerate(pair))
    lead = told[0] if told else []
    largest = [*lead, *(message for number, _, message in ranked if number == 0)]
    return [*largest, *(message for number, _, message in ranked if number)][: min(MOST, max(FEWEST, len(largest)))]


def quiet_sentence(scope: Scope) -> str:
    """What the box says where nothing deviates or has changed."""
    return (
        f"Keine der Kennzahlen dieses Kapitels weicht {scope.home.in_phrase} deutlich vom Vergleichswert ab oder hat "
        "sich deutlich verändert."
    )


def find_level(scope: Scope, indicator: Indicator) -> Message | None:
    """Newest value without a rating; None where the district has none."""
    year = scope.latest(indicator)
    if year is None:
        return None
    return make_message(*_level(indicator, year, scope.series(indicator)[year], scope.home.in_phrase))


def find_deviation(scope: Scope, indicator: Indicator) -> Message | None:
    """Newest value with its rating against the Land; None where it is similar or chance explains the distance."""
    standing = None if lang.is_count(indicator.unit) else find_standing(scope, indicator)
    if standing is None or standing.reference != standing.reference:
        return None
    comparison = sentences.compare(indicator, standing.value, standing.reference)
    if comparison.rating == "ohne" and not round_half_up(standing.value, indicator.digits):
        return None  # what the district does not have, such as a university, is no finding about it
    if comparison.relation == "ähnlich" or not _is_certain(scope, indicator, standing.year, standing.reference):
        return None
    area = scope.area.in_phrase
    than = f"im mittleren Kreis {area}" if standing.by_median else area
    number, unit, said = _level(indicator, standing.year, standing.value, scope.home.in_phrase)
    word = sentences.rating_phrase(indicator, comparison, than)
    weight = abs(comparison.difference) / _spread(scope, indicator, standing.year, standing.reference)
    return make_message(number, unit, said, rating=comparison.rating, word=word, weight=weight)


def find_change(scope: Scope, indicator: Indicator) -> Message | None:
    """Change of the last ``YEARS`` years, or since the peak or low within them; None within chance.

    Also None where chance cannot be told, because neither counts nor enough years are known.
    """
    whole, counts = scope.series(indicator), scope.counts(indicator)
    breaks = [year for year, _ in scope.breaks(indicator)]
    series = whole.loc[scope.latest(indicator) - YEARS :]
    options = {**change_options(indicator), "breaks": breaks}
    change = measure_change(series, counts=counts, history=whole, **options)
    noise = yearly_noise(split_at_breaks(whole, breaks)[-1])
    if change is None or change.random or not can_test(indicator.unit, counts=counts, noise=noise):
        return None
    turn = find_turn(series, **options) or change
    if turn.direction == "stabil" or turn.random:
        return None
    rating = {0: "ohne", 1: "guenstiger", -1: "unguenstiger"}[
        indicator.polarity * (1 if turn.direction == "steigt" else -1)
    ]
    word = f"{sentences.RATING_WORDS[rating]} als {turn.first_year}" if rating != "ohne" else ""
    ends = _ends_of(scope, indicator, turn)
    said = f"{_moved(indicator, turn, change)}{_beside(scope, indicator, ends) if ends else ''}."
    weight = _change_weight(scope, indicator, turn, ends)
    return make_message(*_difference(indicator, turn), said, rating=rating, word=word, weight=weight)


def _level(indicator: Indicator, year: int, value: float, where: str) -> tuple[str, str, str]:
    """Number, unit and the rest of the sentence: ``12,4``, ``%``, ``der Kinder unter 15 Jahren lebten 2022 …``."""
    number, _, unit = lang.value_phrase(value, indicator).partition(NBSP)
    if indicator.key_sentence:
        said = indicator.key_sentence.format(jahr=year, wo=where)
        return number, "" if lang.is_rate(indicator.unit) else unit, said
    noun = lang.subject(indicator.short, indicator.article)
    named = f"{noun} ({unit})" if lang.is_rate(indicator.unit) else noun
    verb = "waren" if lang.is_plural(indicator.article) else "war"
    return number, "" if lang.is_rate(indicator.unit) else unit, f"So hoch {verb} {year} {where} {named}."


def _moved(indicator: Indicator, turn: Change, change: Change) -> str:
    """``Die Kinderarmut sank vom Höchststand 2017 bis 2022 von 18,1 auf 12,4 %``."""
    noun = lang.capitalise(lang.subject(indicator.short, indicator.article))
    peak = "Höchststand" if turn.direction == "sinkt" else "Tiefststand"
    since = f"von {turn.first_year}" if turn is change else f"vom {peak} {turn.first_year}"
    first, last = lang.bare_value(turn.first, indicator), lang.value_phrase(turn.last, indicator)
    verb = lang.past(turn.direction, indicator.article)
    return f"{noun} {verb} {since} bis {turn.last_year} von {first} auf {last}"


def _beside(scope: Scope, indicator: Indicator, ends: tuple[float, float]) -> str:
    """``, in Thüringen von 14,2 auf 9,7 %``; the same printed value twice stayed."""
    spoken = lang.bare_value if lang.is_rate(indicator.unit) else lang.value_phrase
    first, last = lang.bare_value(ends[0], indicator), spoken(ends[1], indicator)
    moved = f"von {first} auf {last}" if first != lang.bare_value(ends[1], indicator) else f"blieb es bei {first}"
    return f", {scope.area.in_phrase} {moved}"


def _difference(indicator: Indicator, change: Change) -> tuple[str, str]:
    """Number and unit: ``−5,7 Prozentpunkte``, ``−20,0 %`` of a count or an amount, ``+0,8 Jahre``.

    The newest value where the difference of the printed values would be another one.
    """
    if not sentences.fits_ends(indicator, change):
        number, _, unit = lang.value_phrase(change.last, indicator).partition(NBSP)
        return number, "" if lang.is_rate(indicator.unit) else unit
    if (lang.is_count(indicator.unit) or indicator.unit == "Euro") and change.percent is not None:
        return format_number(change.percent, 1, sign=True), "%"
    number = format_number(change.difference, indicator.digits, sign=True)
    if lang.is_share(indicator.unit):
        return number, "Prozentpunkt" if number[1:] == "1" else "Prozentpunkte"
    return number, "" if lang.is_rate(indicator.unit) else lang.prose_unit(indicator)


def _is_certain(scope: Scope, indicator: Indicator, year: int, reference: float) -> bool:
    counts = scope.counts(indicator)
    pair = None
    if counts is not None and year in counts.index and counts.loc[year].notna().all():
        pair = (float(counts.loc[year, "faelle"]), float(counts.loc[year, "basis"]))
    series = scope.series(indicator)
    basis = split_at_breaks(series, [start for start, _ in scope.breaks(indicator)])[-1]
    return is_certain_gap(float(series[year]), reference, counts=pair, noise=yearly_noise(basis))


def _spread(scope: Scope, indicator: Indicator, year: int, reference: float) -> float:
    """Spread of the districts by their quartiles [unit of the values]; a tenth of the comparison value without them."""
    group = scope.group(year)
    values = store.cross_section(indicator.id, year, [region.ags for region in group])
    values = values.reindex([region.ags for region in present_districts(group, values)]).dropna()
    middle = float(values.quantile(0.75) - values.quantile(0.25)) / _NORMAL_QUARTILES if len(values) > 2 else 0.0
    return middle or abs(reference) / 10 or 1.0


def _ends_of(scope: Scope, indicator: Indicator, change: Change) -> tuple[float, float] | None:
    """Values of the Land (of Germany, for a city state) in both years; None where one is missing or for counts."""
    if lang.is_count(indicator.unit) or indicator.own or scope.area == scope.home:
        return None
    known = scope.series(indicator, scope.area).dropna()
    years = (change.first_year, change.last_year)
    return tuple(float(known[year]) for year in years) if set(years) <= set(known.index) else None


def _change_weight(scope: Scope, indicator: Indicator, change: Change, ends: tuple[float, float] | None) -> float:
    """Size in spreads; a move that the Land shares, or that cannot be compared with it, weighs half."""
    if lang.is_count(indicator.unit):
        return change.weight * 100 / COUNT_SPREAD / 2
    own = change.difference
    excess = own - (ends[1] - ends[0]) if ends else 0.0
    return (abs(own) + abs(excess)) / 2 / _spread(scope, indicator, change.last_year, change.last)
