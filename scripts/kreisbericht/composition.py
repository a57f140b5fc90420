"""Groups side by side: shares of a whole, one rate for several groups, balances of two counts by group.

Not in here: several indicators that are no groups of one thing (``overview``) and drawing (``charts.bars``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht import population, store, titles
from kreisbericht.catalogue import find_indicator
from kreisbericht.composition_texts import (
    Groups,
    balance_sentences,
    balance_title,
    group_title,
    groups_alt,
    share_sentences,
    value_sentences,
)
from kreisbericht.output import make_id
from kreisbericht.scope import Scope, tidy_rows
from kreisbericht.views import Page

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region


AGES = {
    "unter 6 Jahre": (0, 6), "6 bis 17 Jahre": (6, 18), "18 bis 24 Jahre": (18, 25), "25 bis 44 Jahre": (25, 45),
    "45 bis 64 Jahre": (45, 65), "65 bis 74 Jahre": (65, 75), "75 Jahre und älter": (75, None),
}  # fmt: skip


def bars(
    page: Page, groups: Mapping[str, Indicator], *, text: bool, what: str, noun: str = "", item: str = "",
    share: bool = False, unit: str = "",
) -> list[str]:  # fmt: skip
    """Horizontal bars by group against Land and Germany, in the newest year all groups share.

    Parameters
    ----------
    groups
        Indicator by name of the group, in the order of the picture.
    what
        Subtitle: what is counted.
    noun
        Short word for the title: ``Beschäftigte``.
    share
        The indicators are counts and make up a whole: each is drawn in per cent of their sum.
    unit
        Other unit than the catalogue's, as written behind a number: ``Tsd.``
    """
    scope = page.scope
    groups, without = split_groups(scope, groups) if share else (groups, [])
    entries = list(groups.values())
    year = _common_year(scope, entries)
    if year is None:
        return []
    areas = [scope.home, *(region for region in scope.references if region not in scope.chosen)]
    areas = _with_same_groups(areas, year, without) if without else areas
    table = _table(scope, groups, areas, year=year, share=share)
    shown = [region for region in areas if scope.label(region) in table]
    found = Groups(
        table, shown, year, what, noun, unit="%" if share else unit or lang.prose_unit(entries[0]),
        digits=1 if share else entries[0].digits, share=share,
    )  # fmt: skip
    rows = [row for entry in entries for row in tidy_rows(entry, shown, [year], _named(scope, entry))]
    item = item or make_id("fig", entries[0].id, "gruppen")
    return _print_groups(
        page, found, text=text, item=item, source=_source(entries), rows=rows,
        when=titles.when_phrase(entries[0], [year]),
    )  # fmt: skip


def age_groups(page: Page, *, text: bool, item: str = "") -> list[str]:
    """Shares of seven age groups against Land and Germany; nothing where they are not published."""
    scope = page.scope
    year = population.latest_pyramid_year(scope)
    if year is None:
        return []
    areas = [scope.home, *(region for region in scope.references if region not in scope.chosen)]
    counted = {region: population.persons(region, year) for region in areas}
    known = [region for region in areas if counted[region].notna().to_numpy().all()]
    table = pd.DataFrame(
        {scope.label(region): {name: population.sum_between(counted[region], *ages) for name, ages in AGES.items()}
         for region in known}
    )  # fmt: skip
    total = find_indicator("bevoelkerung")
    rows = [
        {"indikator": total.id, "gebiet": f"{scope.label(region)}: {name}", "ags": region.ags, "jahr": year,
         "wert": table.loc[name, scope.label(region)], "zeichen": "", "einheit": "Personen", "stand": total.as_of,
         "quelle": total.credit, "lizenz": total.licence}
        for region in known for name in AGES
    ]  # fmt: skip
    found = Groups(table / table.sum() * 100, known, year, "Bevölkerung nach Altersgruppen", "Bevölkerung")
    item = item or make_id("fig", "bevoelkerung", "altersgruppen")
    when = f"31. Dezember {year}"
    return _print_groups(page, found, text=text, item=item, source=_source([total]), rows=rows, when=when)


def _print_groups(
    page: Page, found: Groups, *, text: bool, item: str, source: str, rows: Sequence[dict], when: str
) -> list[str]:
    from kreisbericht import charts

    table, scope = found.table, page.scope
    share = ", Anteile in Prozent" if found.share else ""
    drawn = page.float(
        item,
        title=group_title(table.iloc[:, 0], found.noun, unit=found.unit, digits=found.digits, share=found.share),
        subtitle=f"{found.what}{share}, {lang.join_list(table.columns)}, {when}",
        source=source,
        rows=rows,
    )
    alt = groups_alt(table, found.what, found.year, unit=found.unit, digits=found.digits)
    picture = page.draw(drawn, alt, lambda **frame: charts.bars(
        table, home=scope.label(scope.home), unit=found.unit, digits=found.digits, **frame))  # fmt: skip
    said = (share_sentences if found.share else value_sentences)(scope, found)
    return [page.announce(said, item, "zeigt alle Gruppen"), picture] if text else [picture]


def balance_bars(
    page: Page, groups: Mapping[str, tuple[Indicator, Indicator]], *, text: bool, what: str, item: str = ""
) -> list[str]:
    """First minus second count by group as bars to both sides of zero: where people are gained and lost."""
    from kreisbericht import charts

    scope = page.scope
    pairs = list(groups.values())
    entries = [entry for pair in pairs for entry in pair]
    year = _common_year(scope, entries)
    if year is None:
        return []
    own = {entry.id: float(scope.series(entry)[year]) for entry in entries}
    net = pd.Series({name: own[plus.id] - own[minus.id] for name, (plus, minus) in groups.items()})
    table = net.to_frame(scope.label(scope.home))
    item = item or make_id("fig", pairs[0][0].id, "saldo")
    drawn = page.float(
        item,
        title=balance_title(net),
        subtitle=f"{what}, {scope.label(scope.home)}, {year}",
        source=_source(entries),
        rows=[row for entry in entries for row in tidy_rows(entry, [scope.home], [year], _named(scope, entry))],
    )
    alt = groups_alt(table, what, year, unit="", digits=0, sign=True)
    picture = page.draw(drawn, alt, lambda **frame: charts.bars(
        table, home=table.columns[0], unit="", digits=0, sign=True, **frame))  # fmt: skip
    said = balance_sentences(scope, net, year)
    return [page.announce(said, item, "zeigt den Saldo nach Gruppen"), picture] if text else [picture]


def split_groups(scope: Scope, groups: Mapping[str, Indicator]) -> tuple[dict[str, Indicator], list[Indicator]]:
    """Groups of a whole that exist at home, and those that do not (symbol ``x``): a kind of school, for one."""
    signs = {}
    for name, entry in groups.items():
        table = store.load_values(entry.id, regions=[scope.home.ags], until=scope.until)
        signs[name] = table["zeichen"].iloc[-1] if len(table) else ""
    absent = [entry for name, entry in groups.items() if signs[name] == "x"]
    return {name: entry for name, entry in groups.items() if signs[name] != "x"}, absent


def missing_group(scope: Scope, indicators: Sequence[Indicator]) -> Indicator | None:
    """First indicator without any value at home."""
    return next((entry for entry in indicators if scope.latest(entry) is None), None)


def _with_same_groups(areas: Sequence[Region], year: int, without: Sequence[Indicator]) -> list[Region]:
    """Areas that lack the same groups: where one exists, the others' shares are of another whole."""
    keys = [region.ags for region in areas]
    absent = pd.concat([store.cross_section(entry.id, year, keys).isna() for entry in without], axis=1).all(axis=1)
    return [region for region in areas if absent[region.ags]]


def _common_year(scope: Scope, indicators) -> int | None:
    common: set[int] | None = None
    for entry in indicators:
        known = {int(year) for year in scope.series(entry).dropna().index}
        common = known if common is None else common & known
    return max(common or (), default=None)


def _table(
    scope: Scope, groups: Mapping[str, Indicator], areas: Sequence[Region], *, year: int, share: bool
) -> pd.DataFrame:
    """Groups × areas; areas that lack a group are left out, a share of an unknown whole would be wrong."""
    keys = [region.ags for region in areas]
    found = pd.DataFrame({name: store.cross_section(entry.id, year, keys) for name, entry in groups.items()}).T
    found.columns = [scope.label(region) for region in areas]
    if share:
        found = found / found.sum(min_count=len(found)) * 100
    return found.dropna(axis="columns")


def _source(indicators) -> str:
    """Each credit once; one that another repeats and adds to is not said twice."""
    credits = list(dict.fromkeys(entry.credit.rstrip(".") for entry in indicators))
    credits = [one for one in credits if not any(one != other and one in other for other in credits)]
    return f"{'Quelle' if len(credits) == 1 else 'Quellen'}: {'; '.join(credits)}."


def _named(scope: Scope, indicator: Indicator):
    return lambda region: f"{scope.label(region)}: {indicator.title}"
