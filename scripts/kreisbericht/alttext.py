"""Alternative texts: form of the picture, span, home from–to, extremes, comparison, where the values are.

Two to four sentences, computed from the same figures as the picture. Not in here: captions (``titles``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht.numbers import format_number, format_value
from kreisbericht.sentences import describe_breaks, extremes_phrase
from kreisbericht.statistics import Rank, missing_years

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

WHERE = "Alle Werte stehen in der Datei zu dieser Abbildung."


def trend_alt(
    indicator: Indicator,
    home: Region,
    series: pd.Series,
    *,
    others: Sequence[tuple[Region, pd.Series]] = (),
    breaks: Iterable[tuple[int, str]] = (),
) -> str:
    """``Liniendiagramm, 2016 bis 2022. Kyffhäuserkreis: von 17,9 auf 12,4 %, Höchststand 18,1 im Jahr 2017. …``."""
    years = [int(y) for one in (series, *(other for _, other in others)) for y in one.dropna().index]
    said = [f"Liniendiagramm zu „{indicator.short}“, {lang.year_span(years)}."]
    said.append(f"{home}: {_from_to(indicator, series, extremes=True)}.")
    said += [f"{region}: {_from_to(indicator, other)}." for region, other in others if other.notna().any()]
    if known := sorted(set(breaks)):
        said.append(f"Bruch in der Reihe: {describe_breaks(known)}.")
    if gaps := missing_years(series):
        said.append(f"Keine Werte für {lang.list_years(gaps)}.")
    return " ".join([*said, WHERE])


def ranking_alt(
    indicator: Indicator,
    rank: Rank,
    *,
    home: Region,
    year: int,
    values: pd.Series,
    names: dict[str, str],
    references: Sequence[tuple[Region, float]] = (),
    form: str = "Balkendiagramm",
) -> str:
    """``Balkendiagramm der 22 Kreise, 2022. Höchster Wert Gera 18,4 %, …. Kyffhäuserkreis 12,4 % auf Platz 6. …``."""
    said = [f"{form} zu „{indicator.short}“, {rank.of} Kreise, {year}.", _ends(indicator, rank, values, names)]
    said.append(
        f"{home}: {lang.value_phrase(values[home.ags], indicator)}, Platz {rank.place} vom höchsten Wert gezählt."
    )
    said += _references(indicator, references)
    return " ".join([*said, WHERE])


def map_alt(
    indicator: Indicator,
    *,
    home: Region | None,
    year: int,
    values: pd.Series,
    names: dict[str, str],
    area: str,
    classes: int,
) -> str:
    """``Karte der 22 Kreise in Thüringen in 5 Klassen, 2022. Am höchsten: Gera 18,4 %, Erfurt 15,0 %. …``.

    Parameters
    ----------
    area
        ``Kreise in Thüringen`` or ``Gemeinden des Kyffhäuserkreises``.
    """
    known = values.dropna().sort_values(ascending=False, kind="stable")
    unit = "Prozent" if lang.is_share(indicator.unit) else lang.prose_unit(indicator)
    counted = f" ({unit})" if unit else ""
    said = [f"Karte zu „{indicator.short}“{counted}, {len(values)} {area}, {year}, {classes} Klassen."]
    top = ", ".join(f"{names[key]} {lang.bare_value(value, indicator)}" for key, value in known.head(3).items())
    low = ", ".join(f"{names[key]} {lang.bare_value(value, indicator)}" for key, value in known[::-1].head(3).items())
    said.append(f"Am höchsten: {top}. Am niedrigsten: {low}.")
    if home is not None and home.ags in known.index:
        said.append(f"{home}, umrandet: {lang.value_phrase(known[home.ags], indicator)}.")
    if without := len(values) - len(known):
        said.append(f"Ohne Wert und schraffiert: {without}.")
    return " ".join([*said, WHERE])


def multiples_alt(indicator: Indicator, home: Region, table: pd.DataFrame, names: dict[str, str]) -> str:
    """``22 kleine Liniendiagramme, 2016 bis 2022, in der Reihenfolge des letzten Werts. …``."""
    last = table.iloc[-1].dropna()
    said = [
        f"{table.shape[1]} kleine Liniendiagramme zu „{indicator.short}“, "
        f"{lang.year_span([int(year) for year in table.index])}, geordnet nach dem letzten Wert."
    ]
    if home.ags in table:
        said.append(f"{home}: {_from_to(indicator, table[home.ags])}.")
    high, low = last.idxmax(), last.idxmin()
    said.append(
        f"Zuletzt am höchsten: {names[high]} {lang.value_phrase(last[high], indicator)}, "
        f"am niedrigsten: {names[low]} {lang.value_phrase(last[low], indicator)}."
    )
    return " ".join([*said, WHERE])


def pyramid_alt(home: Region, reference: Region | None, year: int, shares: pd.DataFrame) -> str:
    """Three broad age groups in words; the shape itself is in the table of values.

    Parameters
    ----------
    shares
        Index ags, columns ``unter_20``, ``20_64``, ``ab_65`` [% of the population].
    """
    said = [f"Bevölkerungspyramide, {home}, 31. Dezember {year}, Männer links, Frauen rechts."]
    for region in (home, *([reference] if reference is not None else [])):
        row = shares.loc[region.ags]
        said.append(
            f"{region}: unter 20 Jahre {format_value(row['unter_20'], '%')}, 20 bis 64 Jahre "
            f"{format_value(row['20_64'], '%')}, ab 65 Jahre {format_value(row['ab_65'], '%')}."
        )
    return " ".join([*said, WHERE])


def balance_alt(home: Region, pair: Sequence[Indicator], series: dict[str, pd.Series]) -> str:
    """Two counts of one district over the years."""
    years = [int(year) for one in series.values() for year in one.dropna().index]
    said = [f"Liniendiagramm mit zwei Reihen, {home}, {lang.year_span(years)}."]
    said += [f"{entry.short}: {_from_to(entry, series[entry.short])}." for entry in pair]
    return " ".join([*said, WHERE])


def distribution_alt(
    indicator: Indicator, rank: Rank, *, home: Region, year: int, values: pd.Series, names: dict[str, str],
    references: Sequence[tuple[Region, float]] = (),
) -> str:  # fmt: skip
    """``Verteilung der 400 Kreise …`` with the middle half of the districts."""
    known = values.dropna()
    said = [f"Verteilung zu „{indicator.short}“, {rank.of} Kreise, {year}.", _ends(indicator, rank, values, names)]
    low, high = (format_number(known.quantile(part), indicator.digits) for part in (0.25, 0.75))
    said.append(f"Die mittlere Hälfte liegt zwischen {low} und {high}.")
    said.append(f"{home}: {lang.value_phrase(values[home.ags], indicator)}.")
    return " ".join([*said, *_references(indicator, references), WHERE])


def _from_to(indicator: Indicator, series: pd.Series, *, extremes: bool = False) -> str:
    known = series.dropna()
    if known.empty:
        return "keine Werte"
    last = lang.value_phrase(known.iloc[-1], indicator)
    if len(known) == 1:
        return f"{last} im Jahr {known.index[-1]}"
    first = lang.bare_value(known.iloc[0], indicator)
    said = f"von {first} im Jahr {known.index[0]} auf {last} im Jahr {known.index[-1]}"
    more = extremes_phrase(indicator, known) if extremes else ""
    return f"{said}, {more}" if more else said


def _ends(indicator: Indicator, rank: Rank, values: pd.Series, names: dict[str, str]) -> str:
    if len(rank.highest) == rank.of:
        return f"Alle Werte sind gleich: {lang.value_phrase(values[rank.highest[0]], indicator)}."
    high, low = rank.highest[0], rank.lowest[0]
    return (
        f"Höchster Wert: {names[high]} {lang.value_phrase(values[high], indicator)}, "
        f"niedrigster: {names[low]} {lang.value_phrase(values[low], indicator)}."
    )


def _references(indicator: Indicator, references: Sequence[tuple[Region, float]]) -> list[str]:
    listed = [f"{region} {lang.value_phrase(value, indicator)}" for region, value in references]
    return [f"Zum Vergleich: {lang.join_list(listed)}."] if listed else []
