"""Several indicators in one table: home, Land, Germany, place in the Land and rating.

Not in here: the table of one indicator over the years (``tables``) and pictures of several groups (``composition``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht import sentences, store, titles
from kreisbericht.numbers import explain_symbols, format_cell, number_word
from kreisbericht.output import RatedCell, TableRow, make_id
from kreisbericht.scope import Scope, present_districts, tidy_rows
from kreisbericht.statistics import rank_value
from kreisbericht.views import MIN_PLACES, Page

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

MANY_SOURCES = 3  # more credits than this are named in short
MEDIAN_MARK = "\u00a0*"
MEDIAN_NOTE = "* mittlerer Wert der Kreise, wo kein Gesamtwert vorliegt; mit ihm vergleicht dann die Einordnung."
_RATED = ("guenstiger", "aehnlich", "unguenstiger")


@dataclass(frozen=True)
class Standing:
    """Where the district stands with one indicator in its newest year.

    Parameters
    ----------
    values
        Value per comparison area (Land, Germany), NaN where none is published.
    place, of
        Place from the highest value among the districts of the Land; 0 where there is none.
    reference
        Value the rating refers to: the Land's, else the median of its districts; NaN for counts.
    by_median
        Whether the reference is the median.
    medians
        Median of the districts per comparison area (Land, Germany) that has no value of its own.
    """

    indicator: Indicator
    year: int
    value: float
    values: dict[str, float]
    place: int
    of: int
    reference: float
    by_median: bool
    medians: dict[str, float] = field(default_factory=dict)

    def cell(self, region: Region) -> str:
        """Value of a comparison area for a table; the median of its districts, marked, where it has none."""
        value = self.values.get(region.ags)
        if value is None and region.ags in self.medians:
            return f"{format_cell(self.medians[region.ags], self.indicator.digits)}{MEDIAN_MARK}"
        return format_cell(value, self.indicator.digits)

    @property
    def rating(self) -> str:
        """``guenstiger``, ``aehnlich``, ``unguenstiger``, ``ohne``; empty where there is nothing to compare with."""
        if pd.isna(self.reference):
            return ""
        return sentences.compare(self.indicator, self.value, self.reference).rating


def overview_table(
    page: Page, indicators: Sequence[Indicator], *, text: bool, item: str = "", title: str = ""
) -> list[str]:
    """One row per indicator that has a value at home; the newest year of each.

    Parameters
    ----------
    title
        What the rows have in common, for the caption: ``Wirtschaft und Arbeit``.
    """
    scope = page.scope
    found = [standing for entry in indicators if (standing := find_standing(scope, entry)) is not None]
    if not found:
        return []
    areas = [region for region in scope.references if region not in scope.chosen]
    ranked = any(standing.place for standing in found)
    rated = any(standing.rating for standing in found)
    head = ["Kennzahl und Jahr", scope.label(scope.home), *(scope.label(region) for region in areas),
            *(["Platz"] if ranked else []), *(["Einordnung"] if rated else [])]  # fmt: skip
    body = [_row(standing, areas, ranked=ranked, rated=rated) for standing in found]
    item = item or make_id("tbl", indicators[0].id, "ueberblick")
    printed = page.float(
        item,
        title=count_title(found, title),
        subtitle=f"Neuester Wert je Kennzahl, {lang.year_span([standing.year for standing in found])}",
        source=" ".join([*_notes(scope, found, ranked=ranked), list_sources(found)]),
        rows=[row for standing in found
              for row in tidy_rows(standing.indicator, [scope.home, *areas], [standing.year], scope.label)],
    )  # fmt: skip
    block = page.printer.table(printed, head=head, body=body, legend=explain_cells(body))
    said = count_sentences(scope, found)
    return [page.announce(said, item, "stellt die Kennzahlen nebeneinander"), block] if text else [block]


def find_standing(scope: Scope, indicator: Indicator) -> Standing | None:
    """Newest value at home with its comparison; None where the district has no value."""
    year = scope.latest(indicator)
    if year is None:
        return None
    value = float(scope.series(indicator)[year])
    known = {region.ags: number for region, number in scope.reference_values(indicator, year)}
    if lang.is_count(indicator.unit):
        return Standing(indicator, year, value, known, 0, 0, float("nan"), by_median=False)
    group = scope.group(year)
    values = store.cross_section(indicator.id, year, [region.ags for region in group])
    values = values.reindex([region.ags for region in present_districts(group, values)])
    rank = rank_value(values, scope.home.ags, digits=indicator.digits)
    of = rank.of if rank is not None and rank.of >= MIN_PLACES else 0
    first = known.get(scope.area.ags)
    by_median = first is None and of > 0
    reference = values.median() if by_median else first if first is not None else float("nan")
    medians = _find_medians(scope, indicator, year, known) if by_median else {}
    return Standing(indicator, year, value, known, rank.place if of else 0, of, float(reference), by_median, medians)


def _find_medians(scope: Scope, indicator: Indicator, year: int, known: dict[str, float]) -> dict[str, float]:
    """Median of the districts of each comparison area without a value."""
    found = {}
    for area in scope.references:
        if area in scope.chosen or area.ags in known:
            continue
        group = scope.group(year) if area == scope.area else scope.germany(year)
        values = store.cross_section(indicator.id, year, [region.ags for region in group]).dropna()
        if len(values) >= MIN_PLACES:
            found[area.ags] = float(values.median())
    return found


def _row(standing: Standing, areas: Sequence[Region], *, ranked: bool, rated: bool) -> TableRow:
    digits, rating = standing.indicator.digits, standing.rating
    cells = [format_cell(standing.value, digits)]
    cells += [standing.cell(region) for region in areas]
    if ranked:
        cells.append(f"{standing.place} von {standing.of}" if standing.place else "x")
    if rated:
        cells.append(RatedCell(sentences.RATING_WORDS[rating], rating) if rating else "x")
    return TableRow(f"{row_label(standing.indicator)}, {standing.year}", cells)


def row_label(indicator: Indicator) -> str:
    """``Arbeitslosenquote (%)``; counts name themselves."""
    noun = lang.label_noun(indicator)
    return noun if not lang.prose_unit(indicator) else f"{noun} ({lang.prose_unit(indicator)})"


def count_title(found: Sequence[Standing], title: str) -> str:
    """``Armut: sechs von neun Kennzahlen ungünstiger``."""
    counted = Counter(standing.rating for standing in found)
    rated = sum(counted[rating] for rating in _RATED)
    plain = f"{title} im Überblick" if title else "Kennzahlen im Überblick"
    word = "guenstiger" if counted["guenstiger"] > counted["unguenstiger"] else "unguenstiger"
    if rated < MIN_PLACES or not counted[word]:
        return titles.fit_title(plain)
    said = f"{_feminine(counted[word])} von {number_word(rated)} Kennzahlen {sentences.RATING_WORDS[word]}"
    return titles.fit_title(f"{title}: {said}" if title else lang.capitalise(said), lang.capitalise(said), plain)


def count_sentences(scope: Scope, found: Sequence[Standing]) -> list[str]:
    """How many of the rated indicators are günstiger, ähnlich, ungünstiger."""
    counted = Counter(standing.rating for standing in found)
    rated = sum(counted[rating] for rating in _RATED)
    if not rated:
        return []
    than = comparison_phrase(scope, found)
    if rated == 1:
        word = sentences.RATING_WORDS[next(rating for rating in _RATED if counted[rating])]
        return [f"Die eine Kennzahl mit Wertung fällt {scope.home.in_phrase} {word} aus{than}."]
    parts = [f"{_feminine(counted[rating])} {sentences.RATING_WORDS[rating]}" for rating in _RATED if counted[rating]]
    verb = "fällt" if parts[0].startswith("eine ") else "fallen"
    which = f"Von {number_word(rated)} Kennzahlen mit Wertung {verb} {scope.home.in_phrase}"
    return [f"{which} {lang.join_list(parts)} aus{than}."]


def _feminine(count: int) -> str:
    return "eine" if count == 1 else number_word(count)


def comparison_phrase(scope: Scope, found: Sequence[Standing]) -> str:
    """``, verglichen mit Thüringen``; nothing where some are compared with the median, the note says so."""
    if any(standing.by_median for standing in found if standing.rating in _RATED):
        return ""
    return f", verglichen mit den Werten {scope.area.in_phrase}"


def _notes(scope: Scope, found: Sequence[Standing], *, ranked: bool) -> list[str]:
    notes = [f"Platz: vom höchsten Wert gezählt, unter den Kreisen {scope.area.in_phrase}."] if ranked else []
    rated = [standing for standing in found if standing.rating]
    medians = [standing for standing in rated if standing.by_median]
    if medians:
        notes.append(MEDIAN_NOTE)
    return notes


def list_sources(found: Sequence[Standing]) -> str:
    """``Quellen: …; ….`` of several standings."""
    return list_credits([standing.indicator.credit for standing in found])


def list_credits(lines: Sequence[str]) -> str:
    """``Quellen: …; ….``, each credit once; of many only publisher and work, the rest stands in the Datengrundlage."""
    credits = list(dict.fromkeys(line.rstrip(".") for line in lines))
    if len(credits) > MANY_SOURCES:
        credits = list(dict.fromkeys(_short_credit(credit) for credit in credits))
    return f"{'Quelle' if len(credits) == 1 else 'Quellen'}: {'; '.join(credits)}."


def _short_credit(credit: str) -> str:
    """Credit without the statistics behind a collection: ``BBSR, INKAR Ausgabe 2024, dl-de/by-2-0``."""
    parts = [part.split(", ") for part in credit.split("; ")]
    kept = parts[0] + [word for part in parts[1:] for word in part[-1:] if word.startswith(("dl-de", "CC BY"))]
    return ", ".join(kept)


def explain_cells(body: Sequence[TableRow]) -> str:
    """Meaning of the symbols in the cells of a table."""
    return explain_symbols(cell for row in body for cell in row.cells)
