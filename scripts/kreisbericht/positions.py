"""Sentences about a place among others: ranking, ends of a map, municipalities, districts that share a trend.

Not in here: one district's own development (``sentences``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht.numbers import number_word, round_half_up
from kreisbericht.statistics import Change, Rank

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region


def ranking_sentences(
    indicator: Indicator, rank: Rank, *, home: Region, regions: Sequence[Region], values: pd.Series, area: str
) -> list[str]:
    """Place of the home district, then the ends of the row.

    Parameters
    ----------
    regions
        All districts of the area, also those without a value.
    values
        Index ags.
    area
        Phrase of the area: ``in Thüringen``.
    """
    names = {region.ags: region for region in regions}
    group = f"{number_word(rank.of)} {district_noun(regions)} {area}"
    if len(rank.highest) == rank.of:
        return [f"In allen {group} liegt der Wert bei {lang.value_phrase(values[home.ags], indicator, dative=True)}."]
    stem = lang.superlative(rank.place, rank.from_below)
    ties = [names[key] for key in rank.ties]
    said = [
        f"Das ist der {stem}e Wert unter den {group}{_tied(ties)}." if stem else _between_sentence(rank, group, ties)
    ]
    said += _ends_sentence(indicator, rank, home, names, values)
    without = len(regions) - rank.of
    if without:
        said.append(
            f"Für {'einen weiteren Kreis' if without == 1 else f'{number_word(without)} weitere Kreise'} "
            "liegt kein Wert vor."
        )
    return said


def spread_sentences(indicator: Indicator, home: Region, regions: Sequence[Region], values: pd.Series) -> list[str]:
    """From the lowest to the highest municipality, and how many have no value."""
    known = values.dropna()
    names = {region.ags: region for region in regions}
    low, high = known.idxmin(), known.idxmax()
    without = len(regions) - len(known)
    places = f"{number_word(len(known))} Gemeinden {home.of_phrase}{' mit Werten' if without else ''}"
    if round_half_up(known[low], indicator.digits) == round_half_up(known[high], indicator.digits):
        said = [f"In den {places} liegt der Wert überall bei {lang.value_phrase(known[low], indicator, dative=True)}."]
    else:
        said = [
            f"In den {places} {lang.verb('liegt', indicator.article)} "
            f"{lang.subject(indicator.short, indicator.article)} zwischen "
            f"{lang.value_phrase(known[low], indicator, dative=True)} {names[low].in_phrase} und "
            f"{lang.value_phrase(known[high], indicator, dative=True)} {names[high].in_phrase}."
        ]
    if without:
        said.append(f"Für {'eine weitere' if without == 1 else f'{number_word(without)} weitere'} liegt keiner vor.")
    return said


def multiples_sentences(
    indicator: Indicator, changes: Sequence[Change | None], *, area: str, home: Region, own: Change | None
) -> list[str]:
    """``Zwischen 2016 und 2022 sank die Kinderarmut in 20 von 22 Kreisen in Thüringen.`` (those with the same years)

    Then the district's own change: ``Im Kyffhäuserkreis sank sie von 17,9 auf 12,4 %.``
    """
    same = with_common_years(changes)
    if not same:
        return []
    article, span = indicator.article, (same[0].first_year, same[0].last_year)
    way, where = most_common_direction(same)
    noun = lang.subject(indicator.short, article)
    did = f"{lang.verb('blieb', article) if way == 'stabil' else lang.past(way, article)} {noun}"
    unclear = any(change.random for change in same if change.direction == "stabil")
    wavered = "schwankten" if lang.is_plural(article) else "schwankte"
    end = "" if way != "stabil" else f" nahezu gleich oder {wavered} nur" if unclear else " nahezu gleich"
    said = [f"Zwischen {span[0]} und {span[1]} {did} {where} Kreisen {area}{end}."]
    if own is None or (own.first_year, own.last_year) != span:
        return said
    first, last = lang.bare_value(own.first, indicator), lang.value_phrase(own.last, indicator)
    there = lang.capitalise(home.in_phrase)
    if own.direction == "stabil":
        value = lang.value_phrase(own.last, indicator, dative=True)
        verb = lang.verb("lag", article)
        return [*said, f"{there} {verb} {lang.pronoun(article)} am Anfang bei {first}, am Ende bei {value}."]
    return [*said, f"{there} {lang.past(own.direction, article)} {lang.pronoun(article)} von {first} auf {last}."]


def with_common_years(changes: Sequence[Change | None]) -> list[Change]:
    """Changes over the span that most districts share; districts with another one cannot be counted with them."""
    known = [change for change in changes if change is not None]
    spans = [(change.first_year, change.last_year) for change in known]
    if not spans:
        return []
    span = max(set(spans), key=lambda years: (spans.count(years), years))
    return [change for change in known if (change.first_year, change.last_year) == span]


def most_common_direction(changes: Sequence[Change]) -> tuple[str, str]:
    """Where most of them go, and how many: ``sinkt`` and ``in 20 von 22``."""
    counted = {way: sum(change.direction == way for change in changes) for way in ("sinkt", "steigt", "stabil")}
    way = max(counted, key=counted.__getitem__)
    number, of = counted[way], len(changes)
    return way, f"in allen {number_word(of)}" if number == of else f"in {number_word(number)} von {number_word(of)}"


def map_sentences(indicator: Indicator, values: pd.Series, names: dict[str, Region], *, area: str) -> list[str]:
    """The three highest and lowest districts, or the ends where a tie leaves no three; patterns are for the reader.

    ``In Thüringen ist die Kinderarmut am höchsten in der Stadt Gera, …, am niedrigsten im Landkreis Hildburghausen, …``
    """
    known = values.dropna().sort_values(ascending=False, kind="stable")
    noun, verb = lang.subject(indicator.short, indicator.article), lang.verb("ist", indicator.article)
    if round_half_up(known.iloc[0], indicator.digits) == round_half_up(known.iloc[-1], indicator.digits):
        return [f"{lang.capitalise(noun)} {verb} in allen {number_word(len(known))} Kreisen {area} gleich."]
    shown = [round_half_up(value, indicator.digits) for value in known]
    if len(known) >= 9 and shown[2] != shown[3] and shown[-3] != shown[-4]:
        high, low = list(known.index[:3]), list(known.index[::-1][:3])
    else:
        ends = [
            [ags for ags, value in zip(known.index, shown, strict=True) if value == end]
            for end in shown[:: len(shown) - 1]
        ]
        high, low = ends
    where = [
        lang.join_list(names[ags].in_phrase for ags in keys)
        if len(keys) < 4
        else f"in {number_word(len(keys))} Kreisen"
        for keys in (high, low)
    ]
    return [f"{lang.capitalise(area)} {verb} {noun} am höchsten {where[0]}, am niedrigsten {where[1]}."]


def district_noun(regions: Sequence[Region]) -> str:
    """What the districts of an area are called, in the dative: ``Kreisen und kreisfreien Städten``."""
    cities = {region.ags for region in regions if region.kind in ("Kreisfreie Stadt", "Stadtkreis", "Stadt")}
    if any(region.kind == "Stadtkreis" for region in regions) and {region.ags[:2] for region in regions} == {"08"}:
        return "Stadt- und Landkreisen"
    if len(cities) == len(regions):
        return "kreisfreien Städten"
    return "Kreisen und kreisfreien Städten" if cities else "Kreisen"


def _between_sentence(rank: Rank, group: str, ties: Sequence[Region]) -> str:
    """``In neun von 22 Kreisen … ist der Wert höher, in zwölf niedriger.``, for a place far from both ends."""
    above, below = rank.place - 1, rank.from_below - 1
    counts = [("höher", above), ("niedriger", below)] if above <= below else [("niedriger", below), ("höher", above)]
    (first, few), (second, many) = counts
    where = lang.join_list(region.in_phrase for region in ties) if len(ties) < 3 else f"in {number_word(len(ties))}"
    same = f", {where} gleich hoch" if ties else ""
    return f"In {_some(few)} von {group} ist der Wert {first}, in {_some(many)} {second}{same}."


def _some(count: int) -> str:
    """``einem`` or the number, for districts in the dative."""
    return "einem" if count == 1 else number_word(count)


def _tied(ties: Sequence[Region]) -> str:
    if not ties:
        return ""
    if len(ties) > 2:
        return f", gleichauf mit {number_word(len(ties))} anderen"
    return f", gleichauf mit {lang.join_list(_dative(region) for region in ties)}"


def _dative(region: Region) -> str:
    """``der Stadt Weimar``, ``dem Unstrut-Hainich-Kreis``, ``Berlin``."""
    return region.in_phrase.replace("im ", "dem ", 1).removeprefix("in ")


def _ends_sentence(
    indicator: Indicator, rank: Rank, home: Region, names: dict[str, Region], values: pd.Series
) -> list[str]:
    ends = []
    for word, keys in (("höchsten", rank.highest), ("niedrigsten", rank.lowest)):
        if home.ags in keys:
            continue
        few = lang.join_list(names[key].in_phrase for key in keys[:2])
        where = few if len(keys) < 3 else f"in {number_word(len(keys))} Kreisen"
        ends.append((f"am {word}", f"{where} ({lang.later_value(values[keys[0]], indicator)})"))
    if not ends:
        return []
    said = f"{lang.capitalise(ends[0][0])} liegt der Wert {ends[0][1]}"
    return [said + (f", {' '.join(ends[1])}." if len(ends) > 1 else ".")]
