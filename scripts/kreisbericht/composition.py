"""Groups side by side: shares of a whole, one rate for several groups, balances of two counts by group.

Not in here: several indicators that are no groups of one thing (``overview``) and drawing (``charts.bars``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import alttext, store, titles
from kreisbericht import language as lang
from kreisbericht.numbers import format_number, format_value
from kreisbericht.output import make_id
from kreisbericht.scope import Scope, tidy_rows
from kreisbericht.views import Page, axis_unit

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

NOTABLE_POINTS = 1.0  # a share this far from the Land's is told [percentage points]


def bars(
    page: Page, groups: Mapping[str, Indicator], *, text: bool, what: str, noun: str = "", item: str = "",
    share: bool = False,
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
    """
    from kreisbericht import charts

    scope = page.scope
    year = _common_year(scope, groups.values())
    if year is None:
        return []
    sample = next(iter(groups.values()))
    areas = [scope.home, *(region for region in scope.references if region not in scope.chosen)]
    table = _table(scope, groups, areas, year=year, share=share)
    unit, digits = ("%", 1) if share else (axis_unit(sample), sample.digits)
    shown = [region for region in areas if scope.label(region) in table]
    item = item or make_id("fig", sample.id, "gruppen")
    drawn = page.float(
        item,
        title=_title(table.iloc[:, 0], noun, unit="%" if share else sample.unit, digits=digits, share=share),
        subtitle=f"{what}{', Anteile in Prozent' if share else ''}, "
        f"{lang.join_list(table.columns)}, {titles.when_phrase(sample, [year])}",
        source=_source(groups.values()),
        rows=[row for entry in groups.values() for row in tidy_rows(entry, shown, [year], _named(scope, entry))],
    )
    spoken = "%" if share else lang.prose_unit(sample)
    picture = page.draw(drawn, _alt(table, what, year, unit=spoken, digits=digits), lambda **frame: charts.bars(
        table, home=scope.label(scope.home), unit=unit, digits=digits, **frame))  # fmt: skip
    tell = _share_sentences if share else _value_sentences
    said = tell(scope, table, shown, year=year, unit=spoken, digits=digits)
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


def missing_group(scope: Scope, indicators: Sequence[Indicator]) -> Indicator | None:
    """First indicator without any value at home."""
    return next((entry for entry in indicators if scope.latest(entry) is None), None)


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


def _share_sentences(
    scope: Scope, table: pd.DataFrame, shown: Sequence[Region], *, year: int, unit: str, digits: int
) -> list[str]:
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


def _value_sentences(
    scope: Scope, table: pd.DataFrame, shown: Sequence[Region], *, year: int, unit: str, digits: int
) -> list[str]:
    own = table.iloc[:, 0]
    high, low = own.idxmax(), own.idxmin()
    if format_number(own[high], digits) == format_number(own[low], digits):
        return [
            f"{year} lag der Wert {scope.home.in_phrase} in allen Gruppen bei {format_value(own[high], unit, digits)}."
        ]
    said = [
        f"{year} war der Wert {scope.home.in_phrase} bei „{high}“ am höchsten "
        f"({format_value(own[high], unit, digits)}) und bei „{low}“ am niedrigsten "
        f"({format_value(own[low], unit, digits)})."
    ]
    if len(shown) > 1:
        other = table.iloc[:, 1]
        said.append(
            f"{lang.capitalise(shown[1].in_phrase)} waren es {format_number(other[high], digits)} "
            f"und {format_value(other[low], unit, digits)}."
        )
    return said


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
    return f"Balkendiagramm: {what}, {table.columns[0]}, {year}. {listed}.{others} {alttext.WHERE}"


def _source(indicators) -> str:
    credits = list(dict.fromkeys(entry.credit.rstrip(".") for entry in indicators))
    return f"{'Quelle' if len(credits) == 1 else 'Quellen'}: {'; '.join(credits)}."


def _named(scope: Scope, indicator: Indicator):
    return lambda region: f"{scope.label(region)}: {indicator.title}"
