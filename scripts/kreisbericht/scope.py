"""Which figures a chapter may use: home district, its comparison areas, and the years up to the edition.

The one place that turns parameters into series and cross-sections. Not in here: words and pictures.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kreisbericht import language as lang
from kreisbericht import lineage, regions, sample, store
from kreisbericht.catalogue import Indicator, find_indicator
from kreisbericht.errors import ParameterError
from kreisbericht.numbers import format_date
from kreisbericht.regions import Region

GERMANY = "00"
MIN_GROUP = 3  # districts in a Land from which on a place among them says something
TOUCHING = 2  # shared corner points that make two districts neighbours


@dataclass(frozen=True)
class Scope:
    """Home district and the limits of an edition.

    Parameters
    ----------
    home
        The district the chapter is about.
    year, data_status
        *Berichtsjahr* and *Datenstand*: no later year is used.
    chosen
        Districts named in ``vergleich``, drawn and listed beside Land and Bund.
    """

    home: Region
    year: int
    data_status: dt.date
    chosen: tuple[Region, ...] = ()

    @property
    def until(self) -> int:
        """Last year that may be used."""
        return min(self.year, self.data_status.year)

    @property
    def land(self) -> Region | None:
        """The Land, unless the district is the Land (Berlin, Hamburg)."""
        return None if len(regions.districts(self.home.ags[:2])) < 2 else self.home.land

    @property
    def references(self) -> list[Region]:
        """Land and Germany, as far as they differ from home, then the chosen districts."""
        land = [self.land] if self.land else []
        return [*land, regions.find_region(GERMANY), *self.chosen]

    @property
    def has_group(self) -> bool:
        """Whether the Land has enough districts for a ranking of its own."""
        return len(regions.districts(self.home.ags[:2])) >= MIN_GROUP

    @property
    def area(self) -> Region:
        """Where districts are compared: the Land, or Germany where the Land has too few."""
        return self.home.land if self.has_group else regions.find_region(GERMANY)

    def group(self, year: int) -> list[Region]:
        """Districts of :attr:`area` as they were at the end of ``year``."""
        return regions.districts(self.home.ags[:2] if self.has_group else None, year=year)

    def germany(self, year: int) -> list[Region]:
        """All districts of Germany at the end of ``year``; in the book of the sample district that one too."""
        return [*regions.districts(year=year), *([self.home] if self.is_sample else [])]

    @property
    def is_sample(self) -> bool:
        """Whether home is the invented sample district."""
        return sample.is_sample(self.home.ags)

    def mark(self, text: str) -> str:
        """Text of an invented district's figure, headed by the word *Musterdaten*; any other text as it is."""
        return f"{sample.WORD}: {text}" if self.is_sample else text

    def series(self, indicator: Indicator, region: Region | None = None) -> pd.Series:
        """Values of a region by year, NaN where a symbol stands; own surveys hold for the home district alone."""
        if indicator.own and region is not None and not region.ags.startswith(self.home.ags):
            return store.series(indicator.id, self.home.ags).iloc[:0]
        return store.series(indicator.id, (region or self.home).ags, until=self.until)

    def latest(self, indicator: Indicator) -> int | None:
        """Newest year with a value at home."""
        return store.latest_year(indicator.id, self.home.ags, until=self.until)

    def others(self, indicator: Indicator) -> list[tuple[Region, pd.Series]]:
        """Comparison areas that have values, from the first year of home on."""
        own = self.series(indicator).dropna()
        start = own.index[0] if len(own) else 0
        found = [(region, self.series(indicator, region).loc[start:]) for region in self.references]
        return [(region, series) for region, series in found if series.notna().any()]

    def reference_values(self, indicator: Indicator, year: int) -> list[tuple[Region, float]]:
        """Values of the comparison areas in one year; own surveys have none."""
        if indicator.own:
            return []
        values = store.cross_section(indicator.id, year, [region.ags for region in self.references])
        return [(region, float(values[region.ags])) for region in self.references if pd.notna(values[region.ags])]

    def breaks(self, indicator: Indicator, region: Region | None = None) -> list[tuple[int, str]]:
        """(first year on the new basis, event) for a region, up to the last usable year."""
        found = indicator.breaks_for((region or self.home).ags)
        return [(entry.year, entry.event) for entry in found if entry.year <= self.until]

    def counts(self, indicator: Indicator) -> pd.DataFrame | None:
        """Numerator and denominator at home by year where the catalogue names them."""
        if not (indicator.numerator_id and indicator.denominator_id):
            return None
        pair = {
            "faelle": store.series(indicator.numerator_id, self.home.ags, until=self.until),
            "basis": store.series(indicator.denominator_id, self.home.ags, until=self.until),
        }
        return pd.DataFrame(pair)

    def label(self, region: Region) -> str:
        """Name for charts and tables; a Land that shares its name with the home district says so."""
        return f"Land {region.name}" if region.level == "land" and str(region) == str(self.home) else str(region)


def make_scope(ags: Any, year: Any, data_status: Any, chosen: Iterable[Any]) -> Scope:
    """Checked scope from a notebook's parameters.

    Raises
    ------
    ParameterError
        For a key that is no district of today, a year or a date that cannot be one.
    """
    home = _find_district(ags, "ags")
    if isinstance(year, bool) or not isinstance(year, int) or not 1990 <= year <= 2100:
        raise ParameterError(
            f"Parameter berichtsjahr: {year!r} ist kein Jahr (ganze Zahl, z. B. 2025). Es wurde nichts berechnet."
        )
    try:
        status = data_status if isinstance(data_status, dt.date) else dt.date.fromisoformat(str(data_status))
    except ValueError as error:
        raise ParameterError(
            f"Parameter datenstand: {data_status!r} ist kein Datum der Form JJJJ-MM-TT (z. B. '2026-09-30'). "
            "Es wurde nichts berechnet."
        ) from error
    if isinstance(chosen, str):
        raise ParameterError(f"Parameter vergleich: {chosen!r} ist keine Liste. Bitte so schreiben: ['{chosen}'].")
    return Scope(home, year, status, tuple(_find_district(entry, "vergleich") for entry in chosen))


@lineage.settled
def find_spoken(indicator_id: str) -> Indicator:
    """Indicator with a name that says what falls or rises: ``Anteil der …`` or ``Zahl der …`` of plural things.

    "Die Kinder sinken" would speak of the children, "die Schulabgänge ohne Abschluss sinken" of their number where the
    figures are shares. Amounts of money are plural things that rise and fall themselves.
    """
    indicator = find_indicator(indicator_id)
    if not lang.is_plural(indicator.article):
        return indicator
    if lang.is_share(indicator.unit):
        return dataclasses.replace(indicator, short=f"Anteil der {indicator.short}", article="der")
    if lang.is_count(indicator.unit) or lang.is_rate(indicator.unit):
        return dataclasses.replace(indicator, short=lang.count_noun(indicator.short), article="die")
    return indicator


def present_districts(group: Sequence[Region], values: pd.Series) -> list[Region]:
    """Districts without dissolved ones that have no value: the publisher counts them with their successor."""
    return [region for region in group if region.valid_to is None or pd.notna(values[region.ags])]


def tidy_rows(indicator: Indicator, shown: Sequence[Region], years: Iterable[int], label: Any = str) -> list[dict]:
    """Rows for the download of a figure: every value behind it with unit, source and licence."""
    wanted = sorted(set(years))
    table = store.load_values(indicator.id, regions=[region.ags for region in shown], years=wanted)
    columns = (table[name].to_list() for name in store.COLUMNS)
    keyed = {(ags, year): (value, sign) for ags, year, value, sign in zip(*columns, strict=True)}
    order = [(region, year) for region in shown for year in wanted if (region.ags, year) in keyed]
    return [
        {
            "indikator": indicator.id, "gebiet": label(region), "ags": region.ags, "jahr": year,
            "wert": keyed[region.ags, year][0], "zeichen": keyed[region.ags, year][1],
            "einheit": indicator.unit, "stand": indicator.as_of, "quelle": indicator.credit,
            "lizenz": indicator.licence,
        }
        for region, year in order
    ]  # fmt: skip


def find_neighbours(home: Region) -> list[Region]:
    """Districts that share a border with ``home`` on the map, those of the own Land first."""
    near = _neighbour_keys(home.ags)
    found = [regions.find_region(ags) for ags in near]
    return sorted(found, key=lambda region: (region.ags[:2] != home.ags[:2], region.ags))


def describe_status(scope: Scope, newest: int | None, first: int | None) -> str:
    """Line under the lead: reference year, data cut-off, what the series covers."""
    text = f"Berichtsjahr {scope.year}, Datenstand {format_date(scope.data_status)}."
    if scope.is_sample:
        text = f"{sample.NOTICE} {text}"
    if newest is None:
        return f"{text} Keine Werte {scope.home.in_phrase}."
    if first is None or first == newest:
        return f"{text} Neueste Werte: {newest}."
    return f"{text} Neueste Werte: {newest}, Reihe seit {first}."


@lineage.question
@lineage.remembered
def _neighbour_keys(ags: str) -> tuple[str, ...]:
    outlines = regions.load_outlines(f"kreise_{ags[:2]}" if sample.is_sample(ags) else "kreise").rings
    if ags not in outlines:
        return ()
    own = np.concatenate(outlines[ags])
    (west, south), (east, north) = own.min(axis=0) - 0.01, own.max(axis=0) + 0.01
    corners = _corners(own)
    found = []
    for key, rings in outlines.items():
        points = np.concatenate(rings)
        inside = (points[:, 0] > west) & (points[:, 0] < east) & (points[:, 1] > south) & (points[:, 1] < north)
        if key != ags and inside.any() and len(corners & _corners(points[inside])) >= TOUCHING:
            found.append(key)
    return tuple(found)


def _corners(points: np.ndarray) -> set[tuple[float, float]]:
    return {tuple(point) for point in points.round(6).tolist()}


def _find_district(ags: Any, parameter: str) -> Region:
    region = regions.find_region(str(ags))
    if region.level != "kreis":
        raise ParameterError(
            f"Parameter {parameter}: '{ags}' ist {region.name} ({region.kind}), kein Kreis. "
            "Kreisschlüssel haben 5 Stellen, z. B. '16065'. Es wurde nichts berechnet."
        )
    return region
