"""The table of an indicator: home first, then other districts, Land and Germany last, with the change at the end.

Not in here: the dialects of a table (``output``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht import store, titles
from kreisbericht.numbers import MINUS, NO_VALUE, explain_symbols, format_cell, format_number
from kreisbericht.output import TableRow, make_id
from kreisbericht.scope import Scope, find_neighbours, tidy_rows
from kreisbericht.similar import describe_features, find_similar
from kreisbericht.statistics import PERCENT_FROM, split_at_breaks
from kreisbericht.views import Page, source_line

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

YEARS = 7  # columns of years that fit a page
MOST_GAPS = 1 / 3  # share of the years a district beside home may lack


def table(page: Page, indicator: Indicator, *, text: bool, item: str = "", rows: str = "nachbarn") -> list[str]:
    """Values of the last years with the change on the newest basis.

    Parameters
    ----------
    rows
        ``nachbarn``: districts that touch home; ``aehnliche``: those of similar structure; ``alle``: all districts of
        the Land; ``ohne``: none.
    """
    scope = page.scope
    series = scope.series(indicator)
    years = [int(year) for year in series.dropna().index][-YEARS:]
    others = [] if indicator.own else _other_districts(scope, rows, years[-1])
    references = [region for region, _ in scope.others(indicator) if region not in scope.chosen]
    cells = _cells(indicator, [scope.home, *others, *references], years)
    sparse = [region for region in others if region not in scope.chosen and _is_sparse(region, cells, years)]
    others = [region for region in others if region not in sparse]
    shown = [scope.home, *others, *references]
    span = _change_span(scope, indicator, years)
    item = item or make_id("tbl", indicator.id)
    head = [
        f"Gebiet, {lang.unit_heading(indicator.unit)}",
        *(str(year) for year in years),
        *([f"{span[0]}–{span[1]}"] if span else []),
    ]
    body = [_row(scope, indicator, region, cells=cells, years=years, span=span) for region in shown]
    if references:
        last = len(body) - len(references)
        body[last] = TableRow(body[last].name, body[last].cells, "summe")
    land = scope.series(indicator, scope.land) if scope.land else None
    printed = page.float(
        item,
        title=titles.table_title(
            indicator, series.loc[years], land.reindex(years) if land is not None else None,
            area=scope.land.name if scope.land else "", breaks=[year for year, _ in scope.breaks(indicator)],
        ),
        subtitle=titles.subtitle(
            indicator, when=titles.when_phrase(indicator, years), note=_change_note(indicator) if span else ""
        ),
        source=source_line(indicator, *_break_notes(scope, indicator, years), _sparse_note(scope, sparse)),
        rows=tidy_rows(indicator, shown, years, scope.label),
    )  # fmt: skip
    block = page.printer.table(printed, head=head, body=body, legend=_legend(body, differences=bool(span)))
    intro = page.announce([], item, _contents(others, references, scope, rows))
    return [intro, block] if text else [block]


def _other_districts(scope: Scope, rows: str, year: int) -> list[Region]:
    if rows == "alle":
        found = [region for region in scope.group(year) if region != scope.home]
    elif rows == "aehnliche":
        found = [region for region, _ in find_similar(scope.home, until=scope.until)]
    else:
        found = find_neighbours(scope.home) if rows == "nachbarn" else []
    return [*scope.chosen, *(region for region in found if region not in scope.chosen)]


def _cells(indicator: Indicator, shown: Sequence[Region], years: Sequence[int]) -> dict[tuple[str, int], tuple]:
    table = store.load_values(indicator.id, regions=[region.ags for region in shown])
    table = table[table["jahr"].isin(years)]
    return {(row.ags, row.jahr): (row.wert, row.zeichen) for row in table.itertuples(index=False)}


def _is_sparse(region: Region, cells: dict[tuple[str, int], tuple], years: Sequence[int]) -> bool:
    """Whether a district would be a row of gaps; a publisher's symbol is no gap, it says why there is no value."""
    known = [cells.get((region.ags, year), (float("nan"), "")) for year in years]
    gaps = sum(pd.isna(value) and not (symbol and pd.notna(symbol)) for value, symbol in known)
    return gaps > MOST_GAPS * len(years)


def _sparse_note(scope: Scope, sparse: Sequence[Region]) -> str:
    names = lang.join_list(scope.label(region) for region in sparse)
    return f"Wegen vieler fehlender Jahre ohne Zeile: {names}." if sparse else ""


def _change_span(scope: Scope, indicator: Indicator, years: Sequence[int]) -> tuple[int, int] | None:
    """First and last shown year of the newest basis at home; None where that is one year only."""
    parts = split_at_breaks(scope.series(indicator).loc[years], [year for year, _ in scope.breaks(indicator)])
    newest = parts[-1].index
    return (int(newest[0]), int(newest[-1])) if len(newest) > 1 else None


def _row(scope: Scope, indicator: Indicator, region: Region, *, cells: dict, years: Sequence[int], span) -> TableRow:
    found = [cells.get((region.ags, year), (float("nan"), "")) for year in years]
    texts = [format_cell(value, indicator.digits, symbol) for value, symbol in found]
    if span:
        first, last = (cells.get((region.ags, year), (float("nan"), ""))[0] for year in span)
        crossed = any(span[0] < year <= span[1] for year, _ in scope.breaks(indicator, region))
        texts.append("x" if crossed else _change_cell(indicator, first, last))
    return TableRow(scope.label(region), texts, "heim" if region == scope.home else "")


def _change_cell(indicator: Indicator, first: float, last: float) -> str:
    if pd.isna(first) or pd.isna(last):
        return NO_VALUE
    if not _in_percent(indicator):
        return format_number(last - first, indicator.digits, sign=True)
    return format_number((last - first) / first * 100, 1, sign=True) if first >= PERCENT_FROM else "x"


def _in_percent(indicator: Indicator) -> bool:
    return lang.is_count(indicator.unit) or indicator.unit == "Euro"


def _change_note(indicator: Indicator) -> str:
    if _in_percent(indicator):
        return "Änderung in Prozent"
    return "Änderung in Prozentpunkten" if lang.is_share(indicator.unit) else "Änderung in der Einheit der Werte"


def _break_notes(scope: Scope, indicator: Indicator, years: Sequence[int]) -> list[str]:
    found = [(year, event) for year, event in scope.breaks(indicator) if years[0] < year <= years[-1]]
    return [f"Ab {year} {event}: mit den Werten davor nicht vergleichbar." for year, event in found]


def _legend(body: Sequence[TableRow], *, differences: bool) -> str:
    used = {cell for row in body for cell in row.cells}
    legend = explain_symbols(used)
    rounded = any(cell.startswith(("+", MINUS)) for cell in used)
    return f"{legend} Abweichungen durch Rundung möglich.".strip() if differences and rounded else legend


def _contents(others: Sequence[Region], references: Sequence[Region], scope: Scope, rows: str) -> str:
    near = "die Nachbarkreise" if len(others) > 1 else "der Nachbarkreis" if others else ""
    if others and rows == "aehnliche":
        near = f"die nach {describe_features()} ähnlichsten Kreise"
    if others and {region.ags[:2] for region in others} == {scope.home.ags[:2]} and len(others) > 9:
        near = f"die Kreise {scope.area.in_phrase}"
    listed = [name for name in (near, *(scope.label(region) for region in references)) if name]
    return f"enthält die Werte, dazu {lang.join_list(listed)}" if listed else "enthält die Werte"
