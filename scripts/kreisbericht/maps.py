"""Maps of an indicator: districts of a Land or of Germany, municipalities of the home district.

Not in here: drawing (``charts.choropleth``) and outlines (``regions``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import alttext, positions, regions, small_numbers, store, titles
from kreisbericht.output import make_id
from kreisbericht.scope import Scope, tidy_rows
from kreisbericht.views import MIN_PLACES, Page, axis_unit, find_group, source_line

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region


def choropleth(page: Page, indicator: Indicator, *, text: bool, item: str = "", year: int | None = None) -> list[str]:
    """Map of the districts of the Land, or of Germany where the Land has too few."""
    found = find_group(page.scope, indicator, year)
    if found is None:
        return []
    scope, year, group, values, _ = page.scope, *found
    rings, credit = _outlines(scope, group)
    area = scope.area.in_phrase
    item = item or make_id("fig", indicator.id, "karte")
    said = positions.map_sentences(indicator, values, {region.ags: region for region in group}, area=area)
    picture = _draw_map(page, indicator, item, year=year, values=values, group=group, rings=rings, credit=credit,
                        area=f"Kreise {area}", home=scope.home)  # fmt: skip
    return [page.announce(said, item, "zeigt die räumliche Verteilung"), picture] if text else [picture]


def municipality_map(
    page: Page, indicator: Indicator, *, text: bool, item: str = "", year: int | None = None
) -> list[str]:
    """Map of the municipalities; nothing where there are no figures or no outlines for them."""
    scope = page.scope
    year = year or _latest_municipal_year(scope, indicator)
    group = regions.municipalities(scope.home.ags, year=year) if year else []
    if not group:
        return []
    values = store.cross_section(indicator.id, year, [region.ags for region in group])
    try:
        outlines = regions.load_outlines(f"gemeinden_{scope.home.ags}")
    except regions.ParameterError:
        return []
    rings = {ags: parts for ags, parts in outlines.rings.items() if ags in values.index}
    if values.notna().sum() < MIN_PLACES or not rings:
        return []
    item = item or make_id("fig", indicator.id, "gemeinden")
    said = positions.spread_sentences(indicator, scope.home, group, values)
    picture = _draw_map(page, indicator, item, year=year, values=values, group=group, rings=rings,
                        credit=outlines.credit, area=f"Gemeinden {scope.home.of_phrase}", home=None)  # fmt: skip
    return [page.announce(said, item, "zeigt die Gemeinden"), picture] if text else [picture]


def _draw_map(page: Page, indicator: Indicator, item: str, *, year: int, values: pd.Series, group: Sequence[Region],
              rings: dict, credit: str, area: str, home: Region | None) -> str:  # fmt: skip
    from kreisbericht import charts
    from kreisbericht.charts.classes import class_bounds

    names = {region.ags: page.scope.label(region) for region in group}
    bounds = class_bounds(values.dropna().tolist())
    shown = page.float(
        item,
        title=titles.spread_title(indicator, values, names),
        subtitle=titles.subtitle(indicator, areas=[area], when=titles.when_phrase(indicator, [year])),
        source=source_line(indicator, f"Karte: {credit.rstrip('.')}.", *_small_note(indicator, values)),
        rows=tidy_rows(indicator, group, [year], page.scope.label),
    )
    alt = alttext.map_alt(
        indicator, home=home, year=year, values=values, names=names, area=area, classes=len(bounds) + 1
    )
    return page.draw(shown, alt, lambda **frame: charts.choropleth(
        rings, values, names=names, home=home.ags if home else None, bounds=bounds, legend_title=indicator.short,
        unit=axis_unit(indicator), digits=indicator.digits, **frame))  # fmt: skip


def _small_note(indicator: Indicator, values: pd.Series) -> list[str]:
    """Note on hidden rates where an area below the districts has none."""
    small = values.index.str.len() >= small_numbers.SMALL_AREA
    return [small_numbers.describe_rule(indicator.id)] if small.any() and values[small].isna().any() else []


def _outlines(scope: Scope, group: Sequence[Region]) -> tuple[dict, str]:
    keys = {region.ags for region in group}
    outlines = regions.load_outlines(f"kreise_{scope.area.ags}" if scope.area.ags in ("16", "99") else "kreise")
    return {ags: rings for ags, rings in outlines.rings.items() if ags in keys}, outlines.credit


def _latest_municipal_year(scope: Scope, indicator: Indicator) -> int | None:
    keys = [region.ags for region in regions.municipalities(scope.home.ags)]
    known = store.load_values(indicator.id, regions=keys, until=scope.until).dropna(subset="wert")
    return int(known["jahr"].max()) if len(known) else None
