"""Views that need several indicators at once: the age pyramid and the balance of two counts.

Not in here: views of a single indicator (``views``).
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from kreisbericht import alttext, lineage, sentences, store, titles
from kreisbericht import language as lang
from kreisbericht.catalogue import find_indicator, load_catalogue
from kreisbericht.numbers import format_number
from kreisbericht.output import make_id
from kreisbericht.scope import Scope, tidy_rows
from kreisbericht.views import Page, series_notes, source_line

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.regions import Region

OLDEST = 95  # years; the open group of the oldest is spread up to here
_GROUP = re.compile(r"bevoelkerung_([mw])_(\d\d)_(\d\d|plus)$")


def pyramid(page: Page, *, text: bool, item: str = "", year: int | None = None) -> list[str]:
    """Age structure by sex, in persons per 1,000 of the whole population; nothing where they are not published."""
    from kreisbericht import charts

    scope = page.scope
    year = year or latest_pyramid_year(scope)
    if year is None:
        return []
    reference = scope.references[0]
    own, other = persons(scope.home, year), persons(reference, year)
    has_reference = other.notna().to_numpy().all()
    shown = _per_thousand(own, other if has_reference else own)
    total = find_indicator("bevoelkerung")
    item = item or make_id("fig", "bevoelkerung", "pyramide")
    shares = pd.DataFrame({region.ags: _broad_shares(persons(region, year)) for region in (scope.home, reference)}).T
    drawn = page.float(
        item,
        title=_pyramid_title(own),
        subtitle=f"Personen je Altersjahr und 1.000 Einwohner, 31. Dezember {year}; "
        f"Gruppe ab {shown.index[-1][0]} auf {OLDEST - shown.index[-1][0]} Altersjahre verteilt",
        source=source_line(total),
        rows=_pyramid_rows(scope, [scope.home, *([reference] if has_reference else [])], year),
    )
    alt = alttext.pyramid_alt(scope.home, reference if has_reference else None, year, shares)
    picture = page.draw(drawn, alt, lambda **frame: charts.pyramid(
        shown, home=scope.label(scope.home), reference=scope.label(reference) if has_reference else "", open_end=OLDEST,
        **frame))  # fmt: skip
    said = _pyramid_sentences(scope.home, reference if has_reference else None, year, shares)
    return [page.announce(said, item, "zeigt den Altersaufbau"), picture] if text else [picture]


def balance(page: Page, plus: Indicator, minus: Indicator, *, text: bool, item: str = "") -> list[str]:
    """Two counts over the years and their difference in the newest year that has both."""
    from kreisbericht import charts

    scope = page.scope
    plus, minus = _without_shared_note(plus, minus)
    pair = {entry.short: scope.series(entry) for entry in (plus, minus)}
    both = pd.DataFrame(pair).dropna()
    if both.empty:
        return []
    years = [int(year) for series in pair.values() for year in series.dropna().index]
    item = item or make_id("fig", plus.id, minus.id)
    drawn = page.float(
        item,
        title=_balance_title(plus, minus, both),
        subtitle=f"{plus.feature}; {minus.feature}; {scope.label(scope.home)}, {lang.year_span(years)}",
        source=source_line(plus, "" if plus.credit == minus.credit else f"{_name(minus)}: {minus.credit}.",
                           *dict.fromkeys(note for entry in (plus, minus)
                                  for note in series_notes(pair[entry.short], scope.breaks(entry)))),
        rows=[row for entry in (plus, minus)
              for row in tidy_rows(entry, [scope.home], years, lambda region, entry=entry: f"{region}: {entry.short}")],
    )  # fmt: skip
    alt = alttext.balance_alt(scope.home, (plus, minus), pair)
    picture = page.draw(drawn, alt, lambda **frame: charts.trend(
        pair, home=plus.short, unit="", digits=0, breaks=scope.breaks(plus), **frame))  # fmt: skip
    said = [sentences.balance_sentence(plus, minus, scope.home, both)]
    return [page.announce(said, item, "zeigt beide Reihen"), picture] if text else [picture]


def _without_shared_note(plus: Indicator, minus: Indicator) -> tuple[Indicator, Indicator]:
    """``Zuzüge`` and ``Fortzüge`` where both are ``… (von 18 bis unter 25 Jahren)``: the subtitle says it."""
    plus, minus = (dataclasses.replace(entry, short=lang.counted_noun(entry.short)) for entry in (plus, minus))
    notes = [entry.short.partition(" (")[2] for entry in (plus, minus)]
    if not notes[0] or notes[0] != notes[1]:
        return plus, minus
    return tuple(dataclasses.replace(entry, short=entry.short.partition(" (")[0]) for entry in (plus, minus))


def foreign_picture(drawing: Any, alt: str):
    """A matplotlib figure, axes or seaborn grid as a picture of its own size."""
    import io

    import matplotlib as mpl

    from kreisbericht.charts import svg
    from kreisbericht.output import Picture

    figure = drawing if hasattr(drawing, "savefig") and hasattr(drawing, "get_size_inches") else drawing.figure
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "kreisbericht", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    width, height = (round(72 * inches) for inches in figure.get_size_inches())
    return Picture(svg.finish(buffer.getvalue(), title="", alt=alt), width, height)


@lineage.question
@lineage.remembered
def _group_ids() -> dict[tuple[int, int | None], dict[str, str]]:
    """Indicator per sex by (first age, first age of the next group; None where open)."""
    found: dict[tuple[int, int | None], dict[str, str]] = {}
    for name in load_catalogue():
        if match := _GROUP.match(name):
            ages = (int(match[2]), None if match[3] == "plus" else int(match[3]))
            found.setdefault(ages, {})[match[1]] = name
    return dict(sorted(found.items()))


def latest_pyramid_year(scope: Scope) -> int | None:
    """Newest year in which every age group of both sexes has a value at home."""
    names = [name for pair in _group_ids().values() for name in pair.values()]
    if not names:
        return None
    newest = store.latest_year(names[0], scope.home.ags, until=scope.until)
    while newest is not None and newest > 1990:
        if persons(scope.home, newest).notna().to_numpy().all():
            return newest
        newest = store.latest_year(names[0], scope.home.ags, until=newest - 1)
    return None


def persons(region: Region, year: int) -> pd.DataFrame:
    """Persons by age group (rows) and sex (columns ``m``, ``w``)."""
    rows = {
        ages: {sex: store.cross_section(name, year, [region.ags]).iloc[0] for sex, name in pair.items()}
        for ages, pair in _group_ids().items()
    }
    table = pd.DataFrame(list(rows.values()), columns=["m", "w"], dtype=float)
    table.index = pd.Index(list(rows), tupleize_cols=False)
    return table


def _per_thousand(own: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Columns ``home_m, home_f, ref_m, ref_f`` as the chart wants them."""
    scaled = {
        f"{who}_{'f' if sex == 'w' else 'm'}": persons[sex] / persons.to_numpy().sum() * 1000
        for who, persons in (("home", own), ("ref", other))
        for sex in ("m", "w")
    }
    return pd.DataFrame(scaled)


def sum_between(persons: pd.DataFrame, low: int, high: int | None) -> float:
    """Persons from age ``low`` up to, not including, ``high`` (None: no upper limit), both sexes."""
    ages = [a for a in persons.index if a[0] >= low and (high is None or (a[1] is not None and a[1] <= high))]
    return float(sum(persons.to_numpy()[list(persons.index).index(a)].sum() for a in ages))


def _broad_shares(persons: pd.DataFrame) -> dict[str, float]:
    total = float(persons.to_numpy().sum())
    return {
        "unter_20": sum_between(persons, 0, 20) / total * 100,
        "20_64": sum_between(persons, 20, 65) / total * 100,
        "ab_65": sum_between(persons, 65, None) / total * 100,
    }


def _pyramid_title(persons: pd.DataFrame) -> str:
    children, old = sum_between(persons, 0, 6), sum_between(persons, 65, None)
    if children <= 0:
        return titles.fit_title("Altersaufbau der Bevölkerung")
    ratio = format_number(old / children, 1)
    return titles.fit_title(
        f"Auf ein Kind unter 6 Jahren kommen {ratio} Menschen ab 65", "Altersaufbau der Bevölkerung"
    )


def _pyramid_sentences(home: Region, reference: Region | None, year: int, shares: pd.DataFrame) -> list[str]:
    own = shares.loc[home.ags]

    def share(value):
        return format_number(value, 1) + "\u00a0%"

    said = [
        f"Ende {year} waren {home.in_phrase} {share(own['unter_20'])} der Menschen unter 20 Jahre alt "
        f"und {share(own['ab_65'])} 65 Jahre oder älter."
    ]
    if reference is not None:
        other = shares.loc[reference.ags]
        said.append(
            f"{lang.capitalise(reference.in_phrase)} waren es {share(other['unter_20'])} und {share(other['ab_65'])}."
        )
    return said


def _pyramid_rows(scope: Scope, shown: list[Region], year: int) -> list[dict]:
    return [
        {**row, "gebiet": f"{row['gebiet']}: {find_indicator(name).title}"}
        for pair in _group_ids().values()
        for name in pair.values()
        for row in tidy_rows(find_indicator(name), shown, [year], scope.label)
    ]


def _name(indicator: Indicator) -> str:
    return lang.bare_noun(indicator.short, indicator.article)


def _balance_title(plus: Indicator, minus: Indicator, both: pd.DataFrame) -> str:
    year = int(both.index[-1])
    difference = both.iloc[-1, 0] - both.iloc[-1, 1]
    if difference == 0:
        return titles.fit_title(
            f"{year} ebenso viele {_name(plus)} wie {_name(minus)}", f"{_name(plus)} und {_name(minus)}"
        )
    more, less = (plus, minus) if difference > 0 else (minus, plus)
    count = format_number(abs(difference), 0)
    return titles.fit_title(
        f"{count} {_name(more)} mehr als {_name(less)} im Jahr {year}", f"Mehr {_name(more)} als {_name(less)}",
        f"{_name(plus)} und {_name(minus)}",
    )  # fmt: skip
