"""Fact sheets (*Steckbriefe*): what is published about each planning area of the district, on two pages at most.

First a sentence, the profile against the other areas and a table, then the municipalities an area consists of. Only
published municipal values are used; rates on few people are dots (``small_numbers``). Not in here: one indicator for
all areas (``areas``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kreisbericht import alttext, overview, regions, sentences, small_numbers, store, titles
from kreisbericht import language as lang
from kreisbericht.areas import AREAS, AreaValues, load_area_values
from kreisbericht.catalogue import find_indicator
from kreisbericht.numbers import NO_VALUE, format_cell, number_word
from kreisbericht.output import RatedCell, TableRow, escape, make_id
from kreisbericht.scope import Scope, find_spoken, tidy_rows
from kreisbericht.views import MIN_PLACES, Page

if TYPE_CHECKING:
    from kreisbericht.regions import Region

POPULATION = "bevoelkerung_zensus_2022"
MUNICIPAL = 6  # columns of the table of municipalities besides the name
READING = (
    "Im Bild ist jeder Strich ein Planungsraum, die Mittellinie der Wert des Kreises, rechts die günstigere Seite. "
    "Werte kleiner Orte schwanken stark und taugen nicht für eine Rangliste; Definitionen und Quellen stehen in den "
    "Indikatorenblättern."
)
_CHART_RATING = {"guenstiger": "better", "aehnlich": "similar", "unguenstiger": "worse", "ohne": "none"}


def fact_sheets(page: Page, indicator_ids: Sequence[str], *, members: Sequence[str]) -> list[str]:
    """Blocks of all planning areas, each under a heading; one sentence where there are none.

    Parameters
    ----------
    indicator_ids
        Indicators of profile and table, in this order.
    members
        Indicators of the table of municipalities.
    """
    scope = page.scope
    found = [entry for name in indicator_ids if (entry := load_area_values(scope, find_spoken(name))) is not None]
    areas = regions.associations(scope.home.ags)
    if not areas or not found:
        return [absent_sentence(scope)]
    blocks = [escape(_introduction(scope, areas, found))]
    for area in areas:
        blocks += _sheet(page, area, found, members)
    return blocks


def absent_sentence(scope: Scope) -> str:
    """``Für die Gemeinden im Landkreis Gotha …``: says that there are no sheets and what would make them."""
    return escape(
        f"Unterhalb der Kreisebene liegen {scope.home.in_phrase} in diesem Bericht keine Werte vor; Steckbriefe "
        "entstehen, sobald Gemeindewerte oder eigene Zahlen für Planungsräume eingelesen sind."
    )


def _sheet(page: Page, area: Region, found: Sequence[AreaValues], members: Sequence[str]) -> list[str]:
    printer, item = page.printer, f"steckbrief-{area.ags}"
    anchor = f" {{#sec-{item}}}" if printer.is_book else ""
    parts = regions.municipalities(area.ags)
    blocks = [
        f"## {escape(str(area))}{anchor}",
        " ".join([escape(_opening(area, parts)), *_pointer(page, area, found)]),
    ]
    blocks += _profile(page, area, found, item)
    blocks += _table(page, area, found, item)
    return [*blocks, *(_members(page, area, parts, members, item) if len(parts) > 1 else [])]


def _introduction(scope: Scope, areas: Sequence[Region], found: Sequence[AreaValues]) -> str:
    hidden = any(entry.hidden for entry in found)
    rule = f" {small_numbers.describe_rule()}" if hidden else ""
    return (
        f"{lang.capitalise(scope.home.in_phrase)} gibt es {number_word(len(areas))} {AREAS}: Städte und Gemeinden, die "
        f"sich selbst verwalten, und Verwaltungsbereiche aus mehreren Gemeinden.{rule} {READING}"
    )


def _opening(area: Region, parts: Sequence[Region]) -> str:
    """Population, area and what it consists of."""
    keys = [part.ags for part in parts]
    people = store.load_published(POPULATION, regions=keys).set_index("ags")["wert"].reindex(keys).sum(skipna=False)
    said = f"{lang.capitalise(area.in_phrase)} lebten am Zensusstichtag"
    said += f" {format_cell(people, 0)} Menschen" if not np.isnan(people) else " unbekannt viele Menschen"
    surface = store.load_published("flaeche", regions=keys).drop_duplicates("ags", keep="last")
    size = surface.set_index("ags")["wert"].reindex(keys).sum(skipna=False)
    said += f" auf {format_cell(size, 1)} km²" if not np.isnan(size) else ""
    if len(parts) > 1:
        said += f" in {number_word(len(parts))} Gemeinden: {lang.join_list(part.name for part in parts)}"
    return f"{said}."


def _pointer(page: Page, area: Region, found: Sequence[AreaValues]) -> list[str]:
    """Where the area differs from the district, then the reference to the picture."""
    drawn = _drawn(found, area)
    if not drawn:
        return []
    said = []
    for rating, word in (("guenstiger", "Günstiger"), ("unguenstiger", "Ungünstiger")):
        names = [
            f"{_name(entry)} ({lang.value_phrase(entry.values[area.ags], entry.indicator)})"
            for entry in drawn
            if _rating(entry, area) == rating and not np.isnan(entry.whole)
        ]
        if names:
            said.append(escape(f"{word} als im Kreis insgesamt: {lang.join_list(names)}."))
    target = f"fig-steckbrief-{area.ags}"
    return [*said, f"{lang.capitalise(page.printer.reference(target))} zeigt die Kennzahlen mit Wertung im Vergleich."]


def _profile(page: Page, area: Region, found: Sequence[AreaValues], item: str) -> list[str]:
    from kreisbericht import charts

    drawn = _drawn(found, area)
    if not drawn:
        return []
    scope = page.scope
    years = lang.year_span([entry.year for entry in drawn])
    shown = page.float(
        make_id("fig", item),
        title=titles.fit_title(f"{area} im Vergleich der Planungsräume", f"{area} im Vergleich", str(area)),
        subtitle=f"{area} und die anderen Planungsräume {scope.home.of_phrase}, neuester Wert je Kennzahl, {years}",
        source=_source(area, drawn),
        rows=_rows(area, drawn),
    )
    picture = page.draw(shown, _alt(area, drawn), lambda **frame: charts.profile(
        [_chart_row(entry, area) for entry in drawn], land=scope.label(scope.home), change_label="",
        heads=("Raum", "Kreis"), tick="jeder Strich ein Planungsraum", **frame))  # fmt: skip
    return [picture]


def _table(page: Page, area: Region, found: Sequence[AreaValues], item: str) -> list[str]:
    scope = page.scope
    body, absent = [], [entry for entry in found if not _known(entry, area) and area.ags not in entry.hidden]
    found = [entry for entry in found if entry not in absent]
    for entry in found:
        ranked = entry.values.dropna().rank(ascending=False, method="min")
        nothing = small_numbers.HIDDEN if area.ags in entry.hidden else NO_VALUE
        place = f"{int(ranked[area.ags])} von {len(ranked)}" if area.ags in ranked.index else nothing
        digits, rating = entry.indicator.digits, _rating(entry, area)
        word = RatedCell(sentences.RATING_WORDS[rating], rating) if rating else nothing
        value = format_cell(entry.values[area.ags], digits, nothing)
        cells = [str(entry.year), value, _whole_cell(entry)]
        body.append(TableRow(overview.row_label(entry.indicator), [*cells, place, word]))
    printed = page.float(
        make_id("tbl", item),
        title=titles.fit_title(f"Kennzahlen {area.of_phrase}", f"{area}: Kennzahlen", str(area)),
        subtitle=f"Neuester Wert je Kennzahl; Platz unter den Planungsräumen {scope.home.of_phrase}, vom höchsten",
        source=" ".join([*_absent_note(absent), _source(area, found)]),
        rows=_rows(area, found),
    )
    head = ["Kennzahl", "Jahr", str(area), scope.label(scope.home), "Platz", "Einordnung"]
    intro = f"{lang.capitalise(page.printer.reference(printed.id))} nennt die Werte."
    return [intro, page.printer.table(printed, head=head, body=body, legend=overview.explain_cells(body))]


def _whole_cell(entry: AreaValues) -> str:
    """The district's value; marked the median of the areas, with which a rate is compared where there is none."""
    digits = entry.indicator.digits
    if np.isnan(entry.whole) and not lang.is_count(entry.indicator.unit):
        return f"{format_cell(_reference(entry), digits)}{overview.MEDIAN_MARK}"
    return format_cell(entry.whole, digits)


def _absent_note(absent: Sequence[AreaValues]) -> list[str]:
    names = lang.join_list(f"„{_name(entry)}“" for entry in absent)
    return [f"Für dieses Gebiet nicht veröffentlicht: {names}."] if absent else []


def _members(page: Page, area: Region, parts: Sequence[Region], names: Sequence[str], item: str) -> list[str]:
    """Table of the municipalities an area consists of."""
    shown = [find_indicator(name) for name in names][:MUNICIPAL]
    keys = [part.ags for part in parts]
    columns = {}
    for entry in shown:
        table = store.load_values(entry.id, regions=keys, until=page.scope.until)
        if table["wert"].notna().any():
            year = int(table.dropna(subset="wert")["jahr"].max())
            columns[entry] = (year, table[table["jahr"] == year].set_index("ags")["wert"].reindex(keys))
    if not columns:
        return []
    body = [
        TableRow(part.name, [format_cell(values[part.ags], entry.digits) for entry, (_, values) in columns.items()])
        for part in parts
    ]
    printed = page.float(
        make_id("tbl", item, "gemeinden"),
        title=titles.fit_title(f"Die Gemeinden {area.of_phrase}", f"{area}: Gemeinden"),
        subtitle=f"Veröffentlichte Gemeindewerte, {lang.year_span([year for year, _ in columns.values()])}",
        source=_credits(list(columns)),
        rows=[row for entry, (year, _) in columns.items() for row in tidy_rows(entry, parts, [year], str)],
    )
    head = ["Gemeinde", *(overview.row_label(entry) for entry in columns)]
    intro = f"{lang.capitalise(page.printer.reference(printed.id))} stellt die Gemeinden nebeneinander."
    return [intro, page.printer.table(printed, head=head, body=body, legend=overview.explain_cells(body))]


def _known(entry: AreaValues, area: Region) -> bool:
    return bool(pd.notna(entry.values[area.ags]))


def _reference(entry: AreaValues) -> float:
    """The district's value; where none is published, the median of the areas."""
    return entry.whole if not np.isnan(entry.whole) else float(entry.values.median())


def _rating(entry: AreaValues, area: Region) -> str:
    """Rating against the district; empty for counts and without a value."""
    reference = _reference(entry)
    if not _known(entry, area) or np.isnan(reference) or lang.is_count(entry.indicator.unit):
        return ""
    return sentences.compare(entry.indicator, float(entry.values[area.ags]), reference).rating


def _drawn(found: Sequence[AreaValues], area: Region) -> list[AreaValues]:
    """Indicators with a better side, a value here and enough areas to compare with."""
    rated = [entry for entry in found if entry.indicator.polarity and _rating(entry, area)]
    return [entry for entry in rated if entry.values.notna().sum() >= MIN_PLACES]


def _chart_row(entry: AreaValues, area: Region) -> dict[str, Any]:
    indicator = entry.indicator
    return {
        "name": _name(entry), "unit": "Prozent" if lang.is_share(indicator.unit) else indicator.unit,
        "year": entry.year, "digits": indicator.digits, "polarity": indicator.polarity,
        "home": float(entry.values[area.ags]), "land": _reference(entry),
        "all": entry.values.dropna().to_numpy(float), "rating": _CHART_RATING[_rating(entry, area)],
    }  # fmt: skip


def _name(entry: AreaValues) -> str:
    return lang.label_noun(entry.indicator)


def _rows(area: Region, found: Sequence[AreaValues]) -> list[dict]:
    return [
        {
            "indikator": entry.indicator.id, "gebiet": str(area), "ags": area.ags, "jahr": entry.year,
            "wert": float(entry.values[area.ags]), "zeichen": "" if _known(entry, area) else small_numbers.HIDDEN,
            "einheit": entry.indicator.unit, "stand": entry.indicator.as_of, "quelle": entry.indicator.credit,
            "lizenz": entry.indicator.licence,
        }
        for entry in found
    ]  # fmt: skip


def _source(area: Region, found: Sequence[AreaValues]) -> str:
    several = len(regions.municipalities(area.ags)) > 1
    notes = []
    if several and any(entry.computed for entry in found):
        notes.append("Zensuswerte aus den Gemeindewerten berechnet.")
    if any(np.isnan(entry.whole) for entry in found):
        notes.append("* mittlerer Wert der Planungsräume, wo kein Kreiswert vorliegt; mit ihm wird dann verglichen.")
    return " ".join([*notes, _credits([entry.indicator for entry in found])])


def _credits(indicators: Sequence[Any]) -> str:
    return overview.list_credits([indicator.credit for indicator in indicators])


def _alt(area: Region, drawn: Sequence[AreaValues]) -> str:
    told = [
        f"{_name(entry)} {lang.value_phrase(entry.values[area.ags], entry.indicator)}, "
        f"{sentences.RATING_WORDS[_rating(entry, area)]}"
        for entry in drawn
    ]
    return f"Profil {area.of_phrase} mit {len(drawn)} Kennzahlen. {'; '.join(told)}. {alttext.WHERE}"
