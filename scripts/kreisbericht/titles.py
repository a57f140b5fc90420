"""Figure and table titles that state the finding in at most 65 characters, and the subtitles under them.

A title is the first of several wordings, from full to terse, that fits. Not in here: sentences in running text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht.numbers import round_half_up
from kreisbericht.statistics import Change, Rank, change_options, find_turn, measure_change, split_at_breaks

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator

TITLE_LENGTH = 65  # characters


def trend_title(
    indicator: Indicator,
    series: pd.Series,
    *,
    breaks: Iterable[int] = (),
    counts: pd.DataFrame | None = None,
    place: str = "",
) -> str:
    """``Kinderarmut sinkt seit 2017 von 18,1 auf 12,4 Prozent``.

    With ``place`` ('im Kyffhäuserkreis') it is named where the finding still fits:
    ``Kinderarmut im Kyffhäuserkreis sinkt seit 2017 auf 12,4 Prozent``.
    """
    known, short = series.dropna(), _name(indicator)
    options = {**change_options(indicator), "breaks": list(breaks)}
    change = measure_change(series, counts=counts, **options)
    if change is None:
        year, value = known.index[-1], lang.title_value(known.iloc[-1], indicator)
        return fit_title(f"{_dated(short, year)} bei {value}", _dated(short, year), short)
    turn = None if change.random else find_turn(series, **options)
    return fit_title(*_change_titles(indicator, turn or change, place), short)


def ranking_title(indicator: Indicator, rank: Rank, *, noun: str, area: str) -> str:
    """``Sechsthöchste Kinderarmut unter den 22 Kreisen in Thüringen``.

    Parameters
    ----------
    noun
        Dative plural: ``Kreisen``.
    area
        ``in Thüringen``.
    """
    short, group = _name(indicator), f"{rank.of} {noun} {area}"
    if len(rank.highest) == rank.of:
        return fit_title(f"{short} in allen {group} gleich", f"{short} überall gleich", short)
    stem = lang.superlative(rank.place, rank.from_below)
    place = f"{short}: Platz {rank.place} von {rank.of}"
    if stem is None:
        return fit_title(f"{place} {noun} {area}", f"{place} {noun}", place, short)
    shared = "Mit " if rank.ties else ""
    adjective = lang.strong_adjective(stem, indicator.article)
    single = " " not in short and not lang.is_plural(indicator.article) and not shared
    attributive = f"{lang.capitalise(adjective)} {short} unter den {group}" if single else ""
    return fit_title(
        attributive, f"{short}: {stem}er Wert unter den {group}", f"{short}: {stem}er Wert {area}", place, short
    )


def spread_title(indicator: Indicator, values: pd.Series, names: dict[str, str]) -> str:
    """``Kinderarmut reicht von 4,8 in Hildburghausen bis 18,4 Prozent in Gera``, or only the numbers."""
    known, short = values.dropna(), _name(indicator)
    low, high = known.idxmin(), known.idxmax()
    first, last = lang.bare_value(known[low], indicator), lang.title_value(known[high], indicator)
    if round_half_up(known[low], indicator.digits) == round_half_up(known[high], indicator.digits):
        return fit_title(f"{short} überall bei {last}", f"{short} überall gleich", short)
    verb = "reichen" if lang.is_plural(indicator.article) else "reicht"
    return fit_title(
        f"{short} {verb} von {first} ({names[low]}) bis {last} ({names[high]})",
        f"{short} {verb} von {first} bis {last}",
        f"{short}: {first} bis {last}",
        short,
    )


def distribution_title(indicator: Indicator, rank: Rank, *, noun: str, area: str) -> str:
    """``Kinderarmut höher als in 338 von 400 Kreisen in Deutschland``."""
    below = rank.of - rank.place - len(rank.ties)
    above = rank.place - 1
    word, number = ("höher", below) if below >= above else ("niedriger", above)
    start = f"{_name(indicator)} {word} als in {number} von {rank.of}"
    place = f"{_name(indicator)}: Platz {rank.place} von {rank.of}"
    return fit_title(f"{start} {noun} {area}", f"{start} {noun}", place, _name(indicator))


def multiples_title(indicator: Indicator, changes: Sequence[Change | None]) -> str:
    """``Kinderarmut sinkt seit 2016 in 20 von 22 Kreisen``."""
    known = [change for change in changes if change is not None]
    if len({(change.first_year, change.last_year) for change in known}) != 1:
        return fit_title(f"{_name(indicator)} in den Kreisen", _name(indicator))
    counted = {way: sum(change.direction == way for change in known) for way in ("sinkt", "steigt", "stabil")}
    way = max(counted, key=counted.__getitem__)
    first = min(change.first_year for change in known)
    where = f"in allen {len(known)}" if counted[way] == len(known) else f"in {counted[way]} von {len(known)}"
    last = max(change.last_year for change in known)
    said = {"sinkt": "niedriger als", "steigt": "höher als", "stabil": "ähnlich wie"}[way]
    short = _name(indicator)
    return fit_title(
        f"{_dated(short, last)} {where} Kreisen {said} {first}", f"{short}: {where} Kreisen {said} {first}", short
    )


def table_title(
    indicator: Indicator, home: pd.Series, land: pd.Series | None, *, area: str, breaks: Iterable[int] = ()
) -> str:
    """``Kinderarmut: Abstand zu Thüringen ist kleiner geworden``; else ``Kinderarmut in Zahlen``."""
    plain = f"{lang.label_noun(indicator)} in Zahlen"
    if land is None or lang.is_count(indicator.unit):
        return fit_title(plain, _name(indicator))
    parts = split_at_breaks(home - land, breaks)
    gap = parts[-1] if parts else pd.Series(dtype=float)
    if len(gap) < 2 or gap.iloc[0] * gap.iloc[-1] <= 0:
        return fit_title(plain, _name(indicator))
    first, last = (abs(gap.iloc[i]) for i in (0, -1))
    shown = [round_half_up(value, indicator.digits) for value in (first, last)]
    if shown[0] == shown[1] or abs(last - first) < 0.1 * first:
        return fit_title(plain, _name(indicator))
    word = "kleiner" if last < first else "größer"
    return fit_title(f"{_name(indicator)}: Abstand zu {area} ist {word} geworden", plain, _name(indicator))


def subtitle(indicator: Indicator, *, areas: Sequence[str] = (), when: str = "", note: str = "") -> str:
    """What is counted, in which unit, where and when; then a remark on the axis.

    Parameters
    ----------
    when
        ``2016 bis 2022`` or ``2022``.
    """
    what = indicator.feature or indicator.title
    parts = [what if _names_unit(what, indicator.unit) else f"{what} ({_unit_word(indicator.unit)})"]
    parts += [lang.join_list(areas)] if areas else []
    text = ", ".join([*parts, when] if when else parts)
    return f"{text}; {note}" if note else text


def when_phrase(indicator: Indicator, years: Sequence[int]) -> str:
    """``2016 bis 2022``; with a reference date ``31. Dezember 2022``."""
    span = lang.year_span(years)
    return f"31. Dezember {span}" if "31.12" in indicator.reference and " " not in span else span


def fit_title(*wordings: str) -> str:
    """First wording that fits ``TITLE_LENGTH``; the last one is cut at a word if none does."""
    for wording in wordings:
        if wording and len(wording) <= TITLE_LENGTH:
            return wording
    return f"{wordings[-1][: TITLE_LENGTH - 1].rsplit(' ', 1)[0]}…"


def _change_titles(indicator: Indicator, change: Change, place: str) -> list[str]:
    short, article = _name(indicator), indicator.article
    there = f"{short} {place}" if place else ""
    first, last = lang.bare_value(change.first, indicator), lang.title_value(change.last, indicator)
    since, until = change.first_year, change.last_year
    if change.direction == "stabil":
        equal = first == lang.bare_value(change.last, indicator)
        same = "auf dem Stand von" if equal else "ohne gesicherte Änderung seit" if change.random else "ähnlich wie"
        plain = [f"{_dated(short, until)} {same} {since}: {last}", f"{_dated(short, until)} {same} {since}"]
        return [f"{there} {until} {same} {since}" if there else "", *plain]
    more = "höher" if change.direction == "steigt" else "niedriger"
    spoken = lang.participle(change.direction)
    if change.steady:
        verb = f"{short} {lang.verb(change.direction, article)} seit {since}"
        placed = f"{there} {lang.verb(change.direction, article)} seit {since} auf {last}" if there else ""
        later = f"{_dated(short, until)} {more} als {since}"
        return [placed, f"{verb} von {first} auf {last}", f"{verb} auf {last}", later]
    later = f"{_dated(short, until)} {more} als {since}"
    placed = f"{there} {until} {more} als {since}" if there else ""
    return [f"{short} von {first} ({since}) auf {last} ({until}) {spoken}", placed, f"{later}: {last}", later]


def _dated(name: str, year: int) -> str:
    """``Kinderarmut 2022``; with a colon after a number, which would run into the year."""
    return f"{name}{':' if name[-1].isdigit() else ''} {year}"


def _name(indicator: Indicator) -> str:
    return lang.bare_noun(indicator.short, indicator.article)


def _names_unit(text: str, unit: str) -> bool:
    if lang.is_share(unit):
        return any(word in text for word in ("je 100 ", "Prozent", "%", "Anteil je 100"))
    spelled = unit.replace("km²", "Quadratkilometer").replace("m²", "Quadratmeter")
    return not unit or lang.is_count(unit) or unit in text or spelled in text


def _unit_word(unit: str) -> str:
    return (
        "in Prozent"
        if lang.is_share(unit)
        else unit
        if lang.is_rate(unit)
        else f"in {unit}"
        if unit == "Euro"
        else unit
    )
