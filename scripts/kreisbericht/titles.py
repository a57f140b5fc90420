"""Figure and table titles that state the finding in at most 65 characters, and the subtitles under them.

A title is the first of several wordings, from full to terse, that fits; a long name is shortened before the finding
is given up. Not in here: sentences in running text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht import positions
from kreisbericht.numbers import round_half_up
from kreisbericht.statistics import Change, Rank, change_options, find_turn, measure_change, split_at_breaks

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator

TITLE_LENGTH = 65  # characters
_HEAD = re.compile(r"(?:Anteil|Zahl) der (?=[A-ZÄÖÜ])")  # what a title may drop before a colon and a figure
_REMARK = re.compile(r" \([^)]*\)$")


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
    known = series.dropna()
    options = {**change_options(indicator), "breaks": list(breaks)}
    change = measure_change(series, counts=counts, **options)
    if change is None:
        year, value = known.index[-1], lang.title_value(known.iloc[-1], indicator)
        return _fit_name(
            indicator, [f"{_dated(_name(indicator), year)} bei {value}"],
            lambda name: [f"{name}: {shown} ({year})" for shown in _short_values(known.iloc[-1], indicator)],
        )  # fmt: skip
    found = (None if change.random else find_turn(series, **options)) or change
    return _fit_name(
        indicator, _change_titles(indicator, found, place), lambda name: _terse_titles(name, indicator, found)
    )


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
        return _fit_name(indicator, [f"{short} in allen {group} gleich"], lambda name: [f"{name}: überall gleich"])
    stem = lang.superlative(rank.place, rank.from_below)
    place = f"Platz {rank.place} von {rank.of}"
    if stem is None:
        ends = [f"{place} {noun} {area}", f"{place} {noun}", place]
        return _fit_name(
            indicator, [f"{short}: {end}" for end in ends], lambda name: [f"{name}: {end}" for end in ends]
        )
    shared = "Mit " if rank.ties else ""
    adjective = lang.strong_adjective(stem, indicator.article)
    single = " " not in short and not lang.is_plural(indicator.article) and not shared
    attributive = f"{lang.capitalise(adjective)} {short} unter den {group}" if single else ""
    ends = [f"{stem}er Wert unter den {group}", f"{stem}er Wert {area}", f"{stem}er von {rank.of} Werten", place]
    return _fit_name(indicator, [attributive], lambda name: [f"{name}: {end}" for end in ends])


def spread_title(indicator: Indicator, values: pd.Series, names: dict[str, str]) -> str:
    """``Kinderarmut reicht von 4,8 in Hildburghausen bis 18,4 Prozent in Gera``, or only the numbers."""
    known = values.dropna()
    low, high = known.idxmin(), known.idxmax()
    first, last = lang.bare_value(known[low], indicator), lang.title_value(known[high], indicator)
    if round_half_up(known[low], indicator.digits) == round_half_up(known[high], indicator.digits):
        return _fit_name(
            indicator, [f"{_name(indicator)} überall bei {last}"],
            lambda name: [f"{name}: überall {last}", f"{name}: überall gleich"],
        )  # fmt: skip
    verb = "reichen" if lang.is_plural(indicator.article) else "reicht"
    start = f"{_name(indicator)} {verb} von"
    return _fit_name(
        indicator,
        [f"{start} {first} ({names[low]}) bis {last} ({names[high]})", f"{start} {first} bis {last}"],
        lambda name: [f"{name}: {first} bis {shown}" for shown in _short_values(known[high], indicator)],
    )


def distribution_title(indicator: Indicator, rank: Rank, *, noun: str, area: str) -> str:
    """``Kinderarmut höher als in 338 von 400 Kreisen in Deutschland``."""
    below = rank.of - rank.place - len(rank.ties)
    above = rank.place - 1
    word, number = ("höher", below) if below >= above else ("niedriger", above)
    other = "niedriger" if word == "höher" else "höher"
    start, group = f"{_name(indicator)} {word} als in", f"{number} von {rank.of} {noun}"
    return _fit_name(
        indicator,
        [f"{start} {group} {area}", f"{start} {group}"],
        lambda name: [f"{name}: in {group} {other}", f"{name}: Platz {rank.place} von {rank.of}"],
    )


def multiples_title(indicator: Indicator, changes: Sequence[Change | None]) -> str:
    """``Kinderarmut sinkt seit 2016 in 20 von 22 Kreisen``."""
    same = positions.with_common_years(changes)
    if not same:
        return _fit_name(indicator, [], lambda name: [f"{name} in den Kreisen"])
    (way, where), first, last = positions.most_common_direction(same), same[0].first_year, same[0].last_year
    said = {"sinkt": "niedriger als", "steigt": "höher als", "stabil": "ähnlich wie"}[way]
    moved = {"sinkt": "gesunken", "steigt": "gestiegen", "stabil": "ohne Trend"}[way]
    counted = where.removeprefix("in ").replace("allen", "alle")
    return _fit_name(
        indicator,
        [f"{_dated(_name(indicator), last)} {where} Kreisen {said} {first}"],
        lambda name: [
            *(f"{name}: {where}{end}" for end in (f" Kreisen {said} {first}", f" {said} {first}", f" {moved}")),
            f"{name}: {counted} {moved}",
        ],
    )


def table_title(
    indicator: Indicator, home: pd.Series, land: pd.Series | None, *, area: str, breaks: Iterable[int] = ()
) -> str:
    """``Kinderarmut: Abstand zu Thüringen ist kleiner geworden``; else ``Kinderarmut in Zahlen``."""
    plain = fit_title(*(f"{name} in Zahlen" for name in (lang.label_noun(indicator), *_names(indicator))))
    if land is None or lang.is_count(indicator.unit):
        return plain
    parts = split_at_breaks(home - land, breaks)
    gap = parts[-1] if parts else pd.Series(dtype=float)
    if len(gap) < 2 or gap.iloc[0] * gap.iloc[-1] <= 0:
        return plain
    first, last = (abs(gap.iloc[i]) for i in (0, -1))
    shown = [round_half_up(value, indicator.digits) for value in (first, last)]
    if shown[0] == shown[1] or abs(last - first) < 0.1 * first:
        return plain
    word = "kleiner" if last < first else "größer"
    ends = [f"Abstand zu {area} ist {word} geworden", f"Abstand zu {area} {word} als {gap.index[0]}"]
    found = _fit_name(indicator, [], lambda name: [f"{name}: {end}" for end in ends])
    return found if "Abstand" in found else plain


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


def _fit_name(indicator: Indicator, full: list[str], terse: Callable[[str], list[str]]) -> str:
    """First wording that fits: those with the whole name, then terse ones, without a verb, with ever shorter names."""
    return fit_title(*full, *(wording for name in _names(indicator) for wording in terse(name)), _names(indicator)[-1])


def _names(indicator: Indicator) -> list[str]:
    """The name, then shorter ones: ``Schulabgänge ohne Abschluss`` for ``Anteil der Schulabgänge …``."""
    name = _name(indicator)
    things = lang.label_noun(indicator)
    shorter = lang.bare_noun(_HEAD.sub("", things), "die_pl") if _HEAD.match(things) else things
    return list(dict.fromkeys([name, shorter, _REMARK.sub("", shorter)]))


def _terse_titles(name: str, indicator: Indicator, change: Change) -> list[str]:
    """Both ends as figures: ``Schulabgänge ohne Abschluss: 10,8 (1995), 11,5 Prozent (2022)``, else the last one."""
    first = f"{lang.bare_value(change.first, indicator)} ({change.first_year})"
    ends = [f"{value} ({change.last_year})" for value in _short_values(change.last, indicator)]
    return [*(f"{name}: {first}, {end}" for end in ends), *(f"{name}: {end}" for end in ends)]


def _short_values(value: float, indicator: Indicator) -> list[str]:
    """Value with its unit and with a shorter one: ``12,4 Prozent`` and ``12,4 %``; a rate without any."""
    bare = lang.bare_value(value, indicator)
    short = lang.value_phrase(value, indicator) if lang.is_share(indicator.unit) else bare
    return [lang.title_value(value, indicator), short]


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
    if lang.is_rate(unit) and re.search(r"\b(?:je|pro) ", text):
        return True
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
