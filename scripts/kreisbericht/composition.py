"""Groups side by side: shares of a whole, one rate for several groups, balances of two counts by group.

Not in here: several indicators that are no groups of one thing (``overview``) and drawing (``charts.bars``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import alttext, population, store, titles
from kreisbericht import language as lang
from kreisbericht.catalogue import find_indicator
from kreisbericht.numbers import format_number, format_value, round_half_up
from kreisbericht.output import make_id
from kreisbericht.scope import Scope, tidy_rows
from kreisbericht.statistics import SIMILAR_PERCENT
from kreisbericht.views import Page

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

NOTABLE_POINTS = 1.0  # a share this far from the Land's is told [percentage points]


AGES = {
    "unter 6 Jahre": (0, 6), "6 bis 17 Jahre": (6, 18), "18 bis 24 Jahre": (18, 25), "25 bis 44 Jahre": (25, 45),
    "45 bis 64 Jahre": (45, 65), "65 bis 74 Jahre": (65, 75), "75 Jahre und älter": (75, None),
}  # fmt: skip


@dataclass(frozen=True)
class Groups:
    """What one picture of groups shows.

    Parameters
    ----------
    table
        Groups × areas, home first; shares in per cent or values in ``unit``.
    regions
        The areas of the columns.
    what, noun
        Subtitle without areas and year; short word for the title.
    """

    table: pd.DataFrame
    regions: Sequence[Region]
    year: int
    what: str
    noun: str
    unit: str = "%"
    digits: int = 1
    share: bool = True


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
        title=_title(table.iloc[:, 0], found.noun, unit=found.unit, digits=found.digits, share=found.share),
        subtitle=f"{found.what}{share}, {lang.join_list(table.columns)}, {when}",
        source=source,
        rows=rows,
    )
    alt = _alt(table, found.what, found.year, unit=found.unit, digits=found.digits)
    picture = page.draw(drawn, alt, lambda **frame: charts.bars(
        table, home=scope.label(scope.home), unit=found.unit, digits=found.digits, **frame))  # fmt: skip
    said = (_share_sentences if found.share else _value_sentences)(scope, found)
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
        title=_balance_title(net),
        subtitle=f"{what}, {scope.label(scope.home)}, {year}",
        source=_source(entries),
        rows=[row for entry in entries for row in tidy_rows(entry, [scope.home], [year], _named(scope, entry))],
    )
    alt = _alt(table, what, year, unit="", digits=0)
    picture = page.draw(drawn, alt, lambda **frame: charts.bars(
        table, home=table.columns[0], unit="", digits=0, sign=True, **frame))  # fmt: skip
    said = _balance_sentences(scope, net, year)
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


def _title(values: pd.Series, noun: str, *, unit: str, digits: int, share: bool) -> str:
    name, value = values.idxmax(), values.max()
    shown = format_value(value, "Prozent" if lang.is_share(unit) else "", digits)
    start = f"{noun}: " if noun else ""
    said = f"größte Gruppe {name}" if share else f"am höchsten bei „{name}“"
    return titles.fit_title(
        lang.capitalise(f"{start}{said} mit {shown}"), lang.capitalise(f"{start}{said}"), noun or "Gruppen im Vergleich"
    )


def _share_sentences(scope: Scope, found: Groups) -> list[str]:
    table, shown, year, unit, digits = found.table, found.regions, found.year, found.unit, found.digits
    own = table.iloc[:, 0].sort_values(ascending=False, kind="stable")
    first, second = (f"„{name}“ mit {format_value(own[name], unit, digits)}" for name in own.index[:2])
    said = [f"Die größte Gruppe {scope.home.in_phrase} war {year} {first}, danach folgt {second}."]
    if len(shown) < 2:
        return said
    gap = table.iloc[:, 0] - table.iloc[:, 1]
    parts = []
    for name, word in ((gap.idxmax(), "über"), (gap.idxmin(), "unter")):
        if abs(gap[name]) >= NOTABLE_POINTS and (gap[name] > 0) == (word == "über"):
            own_value, other = (format_number(table.loc[name].iloc[k], digits) for k in (0, 1))
            parts.append(f"am weitesten dar{word} bei „{name}“ ({own_value} gegenüber {other} %)")
    if not parts:
        return [*said, f"Die Anteile liegen nahe an denen {shown[1].in_phrase}."]
    return [*said, f"Verglichen mit den Anteilen {shown[1].in_phrase} liegt der eigene Anteil {lang.join_list(parts)}."]


def _value_sentences(scope: Scope, found: Groups) -> list[str]:
    table, shown, year, unit, digits = found.table, found.regions, found.year, found.unit, found.digits
    own = table.iloc[:, 0]
    high, low = own.idxmax(), own.idxmin()
    if format_number(own[high], digits) == format_number(own[low], digits):
        return [
            f"{year} lag der Wert {scope.home.in_phrase} in allen Gruppen bei {format_value(own[high], unit, digits)}."
        ]
    said = [
        f"Am höchsten lag der Wert {year} {scope.home.in_phrase} bei „{high}“ "
        f"({format_value(own[high], unit, digits)}), am niedrigsten bei „{low}“ "
        f"({format_value(own[low], unit, digits)})."
    ]
    return [*said, _gap_sentence(found, shown[1])] if len(shown) > 1 else said


def _gap_sentence(found: Groups, reference: Region) -> str:
    """The group furthest from the Land, as part of the Land's value."""
    own, other = found.table.iloc[:, 0], found.table.iloc[:, 1]
    distance = (own - other).abs() / other.abs().where(other != 0)
    values = [[round_half_up(one, found.digits) for one in column] for column in (own, other)]
    where = reference.in_phrase
    if distance.isna().all() or values[0] == values[1] or distance.max() * 100 < SIMILAR_PERCENT:
        return f"Alle Gruppen liegen nahe an den Werten {where}."
    name = distance.idxmax()
    first, second = format_number(own[name], found.digits), format_value(other[name], found.unit, found.digits)
    word = "darüber" if own[name] > other[name] else "darunter"
    return f"Gemessen an den Werten {where} liegt „{name}“ am weitesten {word}: {first} gegenüber {second}."


def _balance_title(net: pd.Series) -> str:
    low, high = net.idxmin(), net.idxmax()
    if net[low] < 0 and abs(net[low]) >= net[high]:
        return titles.fit_title(f"Größter Verlust in der Gruppe {low}: {format_number(net[low], 0)} Personen",
                                f"Größter Verlust in der Gruppe {low}", "Saldo nach Gruppen")  # fmt: skip
    if net[high] > 0:
        gained = format_number(net[high], 0, sign=True)
        return titles.fit_title(f"Größter Gewinn in der Gruppe {high}: {gained} Personen",
                                f"Größter Gewinn in der Gruppe {high}", "Saldo nach Gruppen")  # fmt: skip
    return "In allen Gruppen ein ausgeglichener Saldo"


def _balance_sentences(scope: Scope, net: pd.Series, year: int) -> list[str]:
    total = net.sum()
    if total == 0:
        said = [f"{year} glichen sich Gewinne und Verluste {scope.home.in_phrase} aus."]
    else:
        word = "Gewinn" if total > 0 else "Verlust"
        said = [
            f"Zusammen ergab sich {year} {scope.home.in_phrase} ein {word} von {format_number(abs(total), 0)} Personen."
        ]
    parts = []
    for word, name in (("Gewinn", net.idxmax()), ("Verlust", net.idxmin())):
        if (net[name] > 0) == (word == "Gewinn") and net[name]:
            parts.append(f"der größte {word} fiel in die Gruppe „{name}“ ({format_number(net[name], 0, sign=True)})")
    if parts:
        said.append(f"{lang.capitalise(', '.join(parts))}.")
    return said


def _alt(table: pd.DataFrame, what: str, year: int, *, unit: str, digits: int) -> str:
    """Every group of home in words, then where the rest is."""
    own = table.iloc[:, 0]
    listed = "; ".join(f"{name} {format_value(value, unit, digits)}" for name, value in own.items())
    others = f" Dünne Linien zeigen die Werte für {lang.join_list(table.columns[1:])}." if table.shape[1] > 1 else ""
    return f"Balkendiagramm: {what}, {table.columns[0]}, {year}. {listed.rstrip('.')}.{others} {alttext.WHERE}"


def _source(indicators) -> str:
    """Each credit once; one that another repeats and adds to is not said twice."""
    credits = list(dict.fromkeys(entry.credit.rstrip(".") for entry in indicators))
    credits = [one for one in credits if not any(one != other and one in other for other in credits)]
    return f"{'Quelle' if len(credits) == 1 else 'Quellen'}: {'; '.join(credits)}."


def _named(scope: Scope, indicator: Indicator):
    return lambda region: f"{scope.label(region)}: {indicator.title}"
