"""Planning areas of a district (*Planungsräume*): its towns, municipalities and associations of municipalities.

Values of areas that consist of several municipalities are sums or means of the published municipal values, weighted by
what the rate rests on. Not in here: the sheets with all values of one area (``fact_sheets``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kreisbericht import alttext, regions, small_numbers, store, titles
from kreisbericht import language as lang
from kreisbericht.numbers import number_word, round_half_up
from kreisbericht.output import make_id
from kreisbericht.sample import is_sample
from kreisbericht.scope import Scope
from kreisbericht.views import MIN_PLACES, Page, axis_unit, source_line

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

AREAS = "Planungsräume"


@dataclass(frozen=True)
class AreaValues:
    """One indicator for all planning areas in its newest year.

    Parameters
    ----------
    values
        Index ags of the areas; NaN where nothing is published or the rate is hidden.
    hidden
        Areas whose rate rests on too few people.
    whole
        Value of the district in the same year, NaN where there is none.
    computed
        Whether any value is a sum or a weighted mean of municipalities.
    """

    indicator: Indicator
    year: int
    values: pd.Series
    hidden: frozenset[str]
    whole: float
    computed: bool


def load_area_values(scope: Scope, indicator: Indicator) -> AreaValues | None:
    """Newest values of the planning areas; None where there are no areas or nothing is published for them."""
    areas = regions.associations(scope.home.ags)
    members = {area.ags: [part.ags for part in regions.municipalities(area.ags)] for area in areas}
    keys = [*members, *(ags for parts in members.values() for ags in parts)]
    table = store.load_published(indicator.id, regions=keys, sample=scope.is_sample)
    table = table[table["jahr"] <= scope.until].dropna(subset="wert")
    if table.empty:
        return None
    year = int(table["jahr"].max())
    raw = table[table["jahr"] == year].set_index("ags")["wert"]
    shown = store.cross_section(indicator.id, year, list(members))
    summed = {ags: _sum_up(indicator, raw, parts) for ags, parts in members.items() if ags not in raw.index}
    values = shown.fillna(pd.Series(summed, dtype=float))
    hidden = {
        ags for ags in members if (ags in raw.index and pd.isna(shown[ags])) or _too_small(indicator, values, ags)
    }
    whole = store.cross_section(indicator.id, year, [scope.home.ags]).iloc[0]
    several = [ags for ags, value in summed.items() if len(members[ags]) > 1 and not np.isnan(value)]
    kept = values.mask(values.index.isin(hidden))
    return AreaValues(indicator, year, kept, frozenset(hidden), float(whole), bool(several))


def area_ranking(page: Page, indicator: Indicator, *, text: bool, item: str = "") -> list[str]:
    """Bars of the planning areas with the district as a line; nothing where there are no figures for them."""
    from kreisbericht import charts

    scope = page.scope
    found = load_area_values(scope, indicator)
    if found is None or found.values.notna().sum() < MIN_PLACES:
        return []
    names = {area.ags: str(area) for area in regions.associations(scope.home.ags)}
    item = item or make_id("fig", indicator.id, "planungsraeume")
    shown = page.float(
        item,
        title=titles.spread_title(indicator, found.values, names),
        subtitle=titles.subtitle(
            indicator, areas=[f"{AREAS} {scope.home.of_phrase}"], when=titles.when_phrase(indicator, [found.year])
        ),
        source=source_line(indicator, *_notes(found)),
        rows=area_rows(scope, found),
    )
    whole = {} if np.isnan(found.whole) else {scope.label(scope.home): found.whole}
    picture = page.draw(shown, _alt(scope, found, names), lambda **frame: charts.ranking(
        found.values.rename(names), home="", references=whole, unit=axis_unit(indicator), digits=indicator.digits,
        noun=AREAS, **frame))  # fmt: skip
    return [page.announce(_sentences(scope, found), item, "zeigt alle Planungsräume"), picture] if text else [picture]


def area_rows(scope: Scope, found: AreaValues) -> list[dict]:
    """Rows for the download, hidden rates as a dot; the district last."""
    entry, areas = found.indicator, regions.associations(scope.home.ags)
    values = [(area, found.values[area.ags], small_numbers.HIDDEN) for area in areas]
    if not np.isnan(found.whole):
        values.append((scope.home, found.whole, ""))
    return [
        {
            "indikator": entry.id, "gebiet": str(area), "ags": area.ags, "jahr": found.year, "wert": float(value),
            "zeichen": symbol if pd.isna(value) else "", "einheit": entry.unit, "stand": entry.as_of,
            "quelle": entry.credit, "lizenz": entry.licence,
        }
        for area, value, symbol in values
    ]  # fmt: skip


def _sum_up(indicator: Indicator, raw: pd.Series, members: list[str]) -> float:
    """Sum of counts, weighted mean of rates; NaN where a municipality has no published value or no weight is known."""
    parts = raw.reindex(members)
    if len(members) == 1:
        return float(parts.iloc[0])
    if small_numbers.rate_scale(indicator.unit) is None:
        return float(parts.sum(skipna=False)) if lang.is_count(indicator.unit) else float("nan")
    rule = small_numbers.find_rule(indicator.id)
    if not rule.base_id or rule.share_id:
        return float("nan")
    weights = _newest(rule.base_id, members).reindex(members)
    return float((parts * weights).sum(skipna=False) / weights.sum(skipna=False))


def _too_small(indicator: Indicator, values: pd.Series, ags: str) -> bool:
    """Whether a computed rate rests on too few people."""
    rule, scale = small_numbers.find_rule(indicator.id), small_numbers.rate_scale(indicator.unit)
    if scale is None or not rule.base_id or rule.share_id or pd.isna(values[ags]):
        return False
    members = [part.ags for part in regions.municipalities(ags)]
    base = _newest(rule.base_id, members).reindex(members).sum()
    return bool(base < rule.min_base or 0 < round(values[ags] / scale * base) < rule.min_cases)


def _newest(indicator_id: str, members: list[str]) -> pd.Series:
    sample = any(is_sample(ags) for ags in members)
    table = store.load_published(indicator_id, regions=members, sample=sample).dropna(subset="wert")
    return table.drop_duplicates("ags", keep="last").set_index("ags")["wert"]


def _notes(found: AreaValues) -> list[str]:
    notes = ["Planungsräume aus mehreren Gemeinden: aus den Gemeindewerten berechnet."] if found.computed else []
    return [*notes, small_numbers.describe_rule(found.indicator.id)] if found.hidden else notes


def _sentences(scope: Scope, found: AreaValues) -> list[str]:
    entry, known = found.indicator, found.values.dropna()
    names: dict[str, Region] = {area.ags: area for area in regions.associations(scope.home.ags)}
    low, high = known.idxmin(), known.idxmax()
    group = f"{number_word(len(known))} Planungsräumen {scope.home.of_phrase}"
    if round_half_up(known[low], entry.digits) == round_half_up(known[high], entry.digits):
        same = lang.value_phrase(known[low], entry, dative=True)
        said = [f"In den {group} liegt der Wert {found.year} überall bei {same}."]
    else:
        verb = lang.verb("lag", entry.article)
        said = [
            f"{lang.capitalise(lang.subject(entry.short, entry.article))} {verb} {found.year} unter den {group} "
            f"{names[high].in_phrase} am höchsten ({lang.value_phrase(known[high], entry)}) und "
            f"{names[low].in_phrase} am niedrigsten ({lang.value_phrase(known[low], entry)})."
        ]
    if not np.isnan(found.whole):
        said.append(f"Im gesamten Kreis waren es {lang.value_phrase(found.whole, entry)}.")
    if found.hidden:
        count = "einen weiteren Planungsraum" if len(found.hidden) == 1 else f"{number_word(len(found.hidden))} weitere"
        said.append(f"Für {count} ist der Wert wegen kleiner Fallzahlen nicht ausgewiesen.")
    return said


def _alt(scope: Scope, found: AreaValues, names: dict[str, str]) -> str:
    known = found.values.dropna().sort_values(ascending=False, kind="stable")
    told = ", ".join(f"{names[ags]} {lang.bare_value(value, found.indicator)}" for ags, value in known.items())
    whole = "" if np.isnan(found.whole) else f" {scope.home}: {lang.value_phrase(found.whole, found.indicator)}."
    return (
        f"Balkendiagramm zu „{found.indicator.short}“, {AREAS} {scope.home.of_phrase}, {found.year}. {told}.{whole} "
        f"{alttext.WHERE}"
    )
