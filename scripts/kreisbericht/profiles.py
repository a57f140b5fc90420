"""Profile of a district: a dozen indicators of one report with value, trend, place and rating, as picture and table.

Each indicator is compared with its Land, a Land without districts of its own with Germany, in the newest year of the
district. Not in here: how two values are compared (``overview``, ``statistics``) and drawing (``charts.profile``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from kreisbericht import alttext, overview, sentences, store
from kreisbericht import language as lang
from kreisbericht.messages import Message
from kreisbericht.numbers import NO_VALUE, format_cell, format_number
from kreisbericht.output import RatedCell, TableRow, make_id
from kreisbericht.overview import Standing
from kreisbericht.profile_texts import change_sentences, make_messages
from kreisbericht.scope import Scope, present_districts, tidy_rows
from kreisbericht.statistics import Change, change_options, measure_change, split_at_breaks
from kreisbericht.views import MIN_PLACES, Page

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

SPAN = 3  # years that the column with the change looks back
CHANGE_LABEL = f"seit {SPAN} Jahren"
_CHART_RATING = {"guenstiger": "better", "aehnlich": "similar", "unguenstiger": "worse", "ohne": "none"}
_CHART_TREND = {"steigt": "up", "sinkt": "down", "stabil": "flat"}


@dataclass(frozen=True)
class Line:
    """One indicator of a profile.

    Parameters
    ----------
    standing
        Value, comparison and place in the newest year.
    group
        Values of all districts in comparison, without gaps.
    change
        Change over the last ``SPAN`` years on one basis; None where the series does not reach back.
    """

    standing: Standing
    group: pd.Series
    change: Change | None
    gap: str
    """Symbol in place of a missing change: ``x`` across a break, ``.`` without a value."""

    @property
    def lead(self) -> float:
        """Distance to the comparison value towards the favourable side, as part of the widest distance (−1 to 1)."""
        distances = (self.group - self.standing.reference) * self.standing.indicator.polarity
        own = (self.standing.value - self.standing.reference) * self.standing.indicator.polarity
        return own / (max(abs(own), distances.abs().max()) or 1.0)


def profile(page: Page, indicators: Sequence[Indicator], *, text: bool, title: str, item: str) -> list[str]:
    """Picture: every district a tick, the Land in the middle, the favourable side right; nothing without values."""
    from kreisbericht import charts

    scope = page.scope
    lines = find_lines(scope, indicators)
    if not lines:
        return []
    standings = [line.standing for line in lines]
    shown = page.float(
        make_id("fig", item),
        title=overview.count_title(standings, title),
        subtitle=f"{scope.label(scope.home)} und die Kreise {scope.area.in_phrase}, neuester Wert je Kennzahl, "
        f"{lang.year_span([standing.year for standing in standings])}",
        source=" ".join([*_notes(scope, lines), overview.list_sources(standings)]),
        rows=_tidy(scope, lines),
    )
    area = "Bund" if scope.area.level == "bund" else "Land"
    picture = page.draw(shown, _alt(scope, lines), lambda **frame: charts.profile(
        [_chart_row(line) for line in lines], land=scope.label(scope.area), change_label=CHANGE_LABEL,
        heads=(_home_head(scope), area), tick=f"jeder Strich ein Kreis {scope.area.in_phrase}", **frame))  # fmt: skip
    said = change_sentences(scope, lines, span=SPAN)
    what = "zeigt jede Kennzahl im Feld aller Kreise, die günstigere Seite rechts"
    return [page.announce(said, shown.id, what), picture] if text else [picture]


def profile_table(page: Page, indicators: Sequence[Indicator], *, text: bool, title: str, item: str) -> list[str]:
    """The values of the picture, with Germany and the place among the districts."""
    scope = page.scope
    lines = find_lines(scope, indicators)
    if not lines:
        return []
    standings = [line.standing for line in lines]
    areas = [region for region in scope.references if region not in scope.chosen]
    head = ["Kennzahl", "Jahr", scope.label(scope.home), *(scope.label(region) for region in areas),
            CHANGE_LABEL, "Platz", "Einordnung"]  # fmt: skip
    body = [_table_row(line, areas) for line in lines]
    printed = page.float(
        make_id("tbl", item),
        title=f"{title}: die Werte des Profils",
        subtitle="Neuester Wert je Kennzahl; Änderung bei Anteilen in Prozentpunkten, sonst in deren Einheit",
        source=" ".join([*_notes(scope, lines, ranked=True), overview.list_sources(standings)]),
        rows=_tidy(scope, lines),
    )
    block = page.printer.table(printed, head=head, body=body, legend=overview.explain_cells(body))
    absent = _absent_sentence(scope, indicators, lines)
    return [page.announce(absent, printed.id, "enthält alle Werte des Profils"), block] if text else [block]


def choose_messages(scope: Scope, indicators: Sequence[Indicator]) -> list[Message]:
    """Key messages of a profile."""
    return make_messages(scope, find_lines(scope, indicators))


def find_lines(scope: Scope, indicators: Sequence[Indicator]) -> list[Line]:
    """Indicators with a value at home and enough districts to compare with, in the order given."""
    found = []
    for indicator in indicators:
        standing = overview.find_standing(scope, indicator)
        if standing is None or pd.isna(standing.reference) or standing.of < MIN_PLACES:
            continue
        group = scope.group(standing.year)
        values = store.cross_section(indicator.id, standing.year, [region.ags for region in group])
        values = values.reindex([region.ags for region in present_districts(group, values)]).dropna()
        found.append(Line(standing, values, *find_change(scope, indicator, standing.year)))
    return found


def find_change(scope: Scope, indicator: Indicator, year: int) -> tuple[Change | None, str]:
    """Change from ``SPAN`` years before, or None and the symbol that says why there is none."""
    series = scope.series(indicator)
    first = year - SPAN
    if any(first < start <= year for start, _ in scope.breaks(indicator)):
        return None, "x"
    if first not in series.index or pd.isna(series[first]):
        return None, NO_VALUE
    options = {**change_options(indicator), "counts": scope.counts(indicator)}
    known = split_at_breaks(series, [start for start, _ in scope.breaks(indicator)])[-1]
    return measure_change(series.loc[[first, year]], history=known, **options), ""


def _name(indicator: Indicator) -> str:
    return lang.label_noun(indicator)


def _home_head(scope: Scope) -> str:
    """``Kreis``, or ``Stadt`` for a city that is a district."""
    return "Stadt" if scope.home.kind in ("Kreisfreie Stadt", "Stadtkreis", "Stadt") else "Kreis"


def _chart_row(line: Line) -> dict[str, Any]:
    standing, entry = line.standing, line.standing.indicator
    unit = "Prozent" if lang.is_share(entry.unit) else entry.unit
    return {
        "name": _name(entry), "unit": unit, "year": standing.year, "digits": entry.digits, "polarity": entry.polarity,
        "home": standing.value, "land": standing.reference, "all": line.group.to_numpy(float),
        "rating": _CHART_RATING[standing.rating],
        "trend": _CHART_TREND[line.change.direction] if line.change else None,
    }  # fmt: skip


def _table_row(line: Line, areas: Sequence[Region]) -> TableRow:
    standing, entry = line.standing, line.standing.indicator
    cells = [str(standing.year), format_cell(standing.value, entry.digits)]
    cells += [standing.cell(region) for region in areas]
    cells.append(format_number(line.change.difference, entry.digits, sign=True) if line.change else line.gap)
    cells += [
        f"{standing.place} von {standing.of}",
        RatedCell(sentences.RATING_WORDS[standing.rating], standing.rating),
    ]
    return TableRow(overview.row_label(entry), cells)


def _tidy(scope: Scope, lines: Sequence[Line]) -> list[dict]:
    """Home and comparison areas first, then the districts behind the ticks."""
    areas = [region for region in scope.references if region not in scope.chosen]
    rows = []
    for line in lines:
        year = line.standing.year
        others = [region for region in scope.group(year) if region != scope.home]

        def label(region, entry=line.standing.indicator):
            return f"{scope.label(region)}: {entry.title}"

        rows += tidy_rows(line.standing.indicator, [scope.home, *areas, *others], [year], label)
    return rows


def _notes(scope: Scope, lines: Sequence[Line], *, ranked: bool = False) -> list[str]:
    notes = [f"Platz: vom höchsten Wert gezählt, unter den Kreisen {scope.area.in_phrase}."] if ranked else []
    medians = [_name(line.standing.indicator) for line in lines if line.standing.by_median]
    if medians and ranked:
        return [*notes, overview.MEDIAN_NOTE]
    if medians:
        which = "" if len(medians) == len(lines) else f": {', '.join(medians)}"
        middle = f"dem mittleren Wert der Kreise {scope.area.in_phrase}"
        notes.append(f"Ohne veröffentlichten Gesamtwert, verglichen mit {middle}{which}.")
    return notes


def _absent_sentence(scope: Scope, indicators: Sequence[Indicator], lines: Sequence[Line]) -> list[str]:
    shown = {line.standing.indicator.id for line in lines}
    absent = [f"„{_name(entry)}“" for entry in indicators if entry.id not in shown]
    if not absent:
        return []
    noun = "die Kennzahl" if len(absent) == 1 else "die Kennzahlen"
    verb = "liegt" if len(absent) == 1 else "liegen"
    return [f"Für {noun} {lang.join_list(absent)} {verb} {scope.home.in_phrase} kein Wert vor."]


def _alt(scope: Scope, lines: Sequence[Line]) -> str:
    """Every indicator with value, comparison and rating in words."""
    told = [
        f"{_name(line.standing.indicator)} {lang.value_phrase(line.standing.value, line.standing.indicator)}, "
        f"{sentences.RATING_WORDS[line.standing.rating]}"
        for line in lines
    ]
    return (
        f"Profil mit {len(lines)} Kennzahlen, {scope.label(scope.home)} verglichen mit {scope.label(scope.area)}. "
        f"{'; '.join(told)}. {alttext.WHERE}"
    )
