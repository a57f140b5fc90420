"""Chapter *Kitabedarf*: what is counted, what is expected, which places that takes and which there are.

Each function takes the chapter and prints one view. Not in here: the calculation (``projection``), the words of the
chapter (``daycare_texts``), drawing (``charts.outlook``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import daycare_texts as texts
from kreisbericht import projection, regions, sentences, store
from kreisbericht.catalogue import Indicator, find_indicator
from kreisbericht.messages import Message
from kreisbericht.numbers import format_cell
from kreisbericht.output import Markdown, Printer, TableRow, escape
from kreisbericht.scope import Scope, tidy_rows
from kreisbericht.views import Page, series_notes

if TYPE_CHECKING:
    from kreisbericht.chapter import Chapter

YOUNG, OLDER = (0, 3), (3, 6)
PLACES = {"u3": "eigene_kita_plaetze_u3", "ab_3": "eigene_kita_plaetze_3_6"}
OWN_COLUMNS = (
    "eigene_kita_plaetze_u3", "eigene_kita_belegt_u3", "eigene_kita_plaetze_3_6", "eigene_kita_belegt_3_6",
    "eigene_kita_warteliste",
)  # fmt: skip
_GROUP_IDS = {
    group: [f"bevoelkerung_{sex}_{group[0]:02d}_{group[1]:02d}" for sex in "mw"] for group in projection.GROUPS
}


@dataclass(frozen=True)
class Plan:
    """Published figures of the district and, where they suffice, the scenarios."""

    scope: Scope
    figures: projection.Figures
    inputs: projection.Inputs | None
    runs: dict[str, pd.DataFrame]

    def course(self, columns: Iterable[int | str]) -> pd.DataFrame:
        """Sum of some columns by year (rows) and scenario."""
        wanted = list(columns)
        return pd.DataFrame({name: run[wanted].sum(axis=1) for name, run in self.runs.items()})

    def counted(self, *groups: tuple[int, int]) -> pd.Series:
        """Published children of age groups together, by year."""
        return self.figures.groups[list(groups)].dropna().sum(axis=1)


def make_plan(scope: Scope) -> Plan:
    """Read the published figures of the home district and calculate the scenarios."""
    groups = {group: _persons(scope, group) for group in projection.GROUPS}
    table = pd.DataFrame(list(groups.values()), index=pd.Index(list(groups), tupleize_cols=False)).T.sort_index()
    sample = find_indicator(_GROUP_IDS[YOUNG][0])
    figures = projection.Figures(
        groups=table,
        births=scope.series(find_indicator("geburten")),
        rates_u3=scope.series(find_indicator("betreuungsquote_u3")),
        rates_3_6=scope.series(find_indicator("betreuungsquote_3_6")),
        breaks=tuple(year for year, _ in scope.breaks(sample)),
    )
    inputs = projection.prepare_inputs(figures, land=scope.home.ags[:2])
    return Plan(scope, figures, inputs, projection.run_scenarios(inputs) if inputs else {})


def show_messages(chapter: Chapter) -> Markdown:
    """Key messages: children today, places needed at the end of the outlook, the margin between the scenarios."""
    plan, printer = make_plan(chapter.scope), Printer.current()
    found = [Message(figure, said) for figure, said in texts.key_messages(plan)]
    if not found:
        return Markdown()
    items = "\n".join(message.markdown(printer) for message in found)
    return Markdown(printer.box("kernaussagen", printer.box_title("Kernaussagen"), items))


def show_children(chapter: Chapter) -> Markdown:
    """Counted children under 3 and from 3 to 5, over the years."""
    from kreisbericht import charts

    plan, page = make_plan(chapter.scope), _page(chapter)
    pair = {name: plan.counted(group) for name, group in (("unter 3 Jahren", YOUNG), ("3 bis 5 Jahre", OLDER))}
    young, older = pair.values()
    if young.empty or older.empty:
        return _missing(chapter, [find_indicator(_GROUP_IDS[YOUNG][0])])
    breaks = chapter.scope.breaks(find_indicator(_GROUP_IDS[YOUNG][0]))
    item = page.float(
        "fig-kitabedarf-kinder",
        title=texts.children_title(young, [year for year, _ in breaks]),
        subtitle=f"Kinder am 31. Dezember, {chapter.scope.label(chapter.region)}, {texts.span(young)}",
        source=" ".join([_sources([], own=False), *series_notes(young, breaks)]),
        rows=_group_rows(chapter.scope, (YOUNG, OLDER)),
    )
    picture = page.draw(item, texts.children_alt(plan, pair), lambda **frame: charts.trend(
        pair, home="unter 3 Jahren", unit="", digits=0, breaks=breaks, **frame))  # fmt: skip
    return Markdown(page.announce(texts.children_sentences(plan, pair), item.id, "zeigt beide Altersgruppen"), picture)


def show_outlook(chapter: Chapter) -> Markdown:
    """Children under 6: counted, and expected in three scenarios; or what is missing for it."""
    plan = make_plan(chapter.scope)
    if plan.inputs is None:
        return _missing(chapter, _lacking(plan))
    course = plan.course(range(6))
    said = texts.outlook_sentences(plan, course, "Kinder unter 6 Jahren")
    return _draw_outlook(
        chapter, plan, "kinder-ausblick", course, said=said, what="Kinder unter 6 Jahren", noun="Kinder unter 6",
        counted=plan.counted(YOUNG, OLDER), when="am 31. Dezember",
    )  # fmt: skip


def show_ages(chapter: Chapter) -> Markdown:
    """Table of children by single year of age in the middle scenario."""
    plan, page = make_plan(chapter.scope), _page(chapter)
    if plan.inputs is None:
        return Markdown()
    middle = plan.runs["mittel"]
    body = [TableRow(str(year), [texts.rough(row[age]) for age in projection.AGES]) for year, row in middle.iterrows()]
    item = page.float(
        "tbl-kitabedarf-jahrgaenge",
        title=f"Kinder nach Altersjahren bis {middle.index[-1]}, mittleres Szenario",
        subtitle=f"Kinder am 31. Dezember, {chapter.scope.label(chapter.region)}, auf Zehner gerundet",
        source=f"{_sources([])} Das erste Jahr verteilt veröffentlichte Altersgruppen auf Altersjahre.",
        rows=[_row(plan, f"{age} Jahre, mittleres Szenario", year, middle.at[year, age])
              for age in projection.AGES for year in middle.index],
    )  # fmt: skip
    head = ["Jahr", "unter 1", *(f"{age}" for age in projection.AGES[1:])]
    block = page.printer.table(item, head=head, body=body)
    return Markdown(page.announce([texts.ages_sentence(plan)], item.id, "führt die Altersjahre einzeln auf"), block)


def show_demand(chapter: Chapter, group: str) -> Markdown:
    """Places needed by children under 3 (``u3``) or from 3 on (``ab_3``), with the places there are where known."""
    plan = make_plan(chapter.scope)
    if plan.inputs is None:
        return Markdown(escape(texts.today_sentence(plan, group))) if texts.today_sentence(plan, group) else Markdown()
    what = {"u3": "Plätze für Kinder unter 3 Jahren", "ab_3": "Plätze ab 3 Jahren bis zur Einschulung"}[group]
    course = plan.course([group])
    said = [*texts.demand_sentences(plan, course, group), *texts.check_sentences(plan, group)]
    places = chapter.scope.series(find_indicator(PLACES[group])).dropna()
    limits = {f"Plätze {places.index[-1]}": pd.Series(places.iloc[-1], index=course.index)} if len(places) else {}
    noun = {"u3": "Plätze unter 3", "ab_3": "Plätze ab 3"}[group]
    return _draw_outlook(
        chapter, plan, f"plaetze-{group}", course, said=said, what=f"Rechnerisch gebrauchte {what}", noun=noun,
        when="am 31. Dezember", limits=limits,
    )  # fmt: skip


def show_demand_table(chapter: Chapter) -> Markdown:
    """Table of the places needed by year and scenario."""
    plan, page = make_plan(chapter.scope), _page(chapter)
    if plan.inputs is None:
        return Markdown()
    young, older, both = (plan.course([name]) for name in ("u3", "ab_3", "gesamt"))
    shown = [*((table, name) for table in (young, older) for name in projection.SCENARIOS), (both, "mittel")]
    body = [TableRow(str(year), [texts.rough(table.at[year, name]) for table, name in shown]) for year in young.index]
    item = page.float(
        "tbl-kitabedarf-plaetze",
        title=f"Rechnerischer Platzbedarf bis {young.index[-1]}",
        subtitle=f"Plätze am 31. Dezember, {chapter.scope.label(chapter.region)}, auf Zehner gerundet",
        source=_sources(["quoten"]),
        rows=[_row(plan, f"{name}, Szenario {scenario}", year, table.at[year, scenario], "Plätze")
              for name, table in (("unter 3 Jahren", young), ("ab 3 Jahren", older), ("zusammen", both))
              for scenario in projection.SCENARIOS for year in table.index],
    )  # fmt: skip
    head = ["Jahr", *(f"{age}: {name}" for age in ("unter 3", "ab 3") for name in projection.SCENARIOS),
            "zusammen: mittel"]  # fmt: skip
    block = page.printer.table(item, head=head, body=body)
    return Markdown(page.announce([], item.id, "enthält den Bedarf aller Jahre und Szenarien"), block)


def show_places(chapter: Chapter) -> Markdown:
    """Places, occupied places and waiting list by planning area from the district's own figures, or how to add them."""
    scope, page = chapter.scope, _page(chapter)
    entries = [find_indicator(name) for name in OWN_COLUMNS]
    own = {entry.id: scope.series(entry).dropna() for entry in entries}
    years = [int(own[name].index[-1]) for name in PLACES.values() if len(own[name])]
    if not years:
        return Markdown(page.printer.callout("Plätze nicht bekannt", *texts.no_places(scope.home)))
    year, areas = max(years), [scope.home, *regions.associations(scope.home.ags)]
    values = {entry.id: store.cross_section(entry.id, year, [area.ags for area in areas]) for entry in entries}
    item = page.float(
        "tbl-kitabedarf-planungsraeume",
        title="Plätze und betreute Kinder nach Planungsraum",
        subtitle=f"Stichtag 1. März {year}, {scope.label(scope.home)}",
        source=f"Quelle: {entries[0].credit.rstrip('.')}.",
        rows=[row for entry in entries for row in tidy_rows(entry, areas, [year], texts.naming(scope, entry))],
    )
    body = [
        TableRow(scope.label(area), [format_cell(column[area.ags], 0) for column in values.values()],
                 "heim" if area is scope.home else "")
        for area in areas
    ]  # fmt: skip
    block = page.printer.table(item, head=["Planungsraum", *(entry.title for entry in entries)], body=body)
    said = texts.places_sentences(make_plan(scope), {key: own[name] for key, name in PLACES.items()}, year)
    return Markdown(page.announce(said, item.id, "führt die Planungsräume auf"), block)


def show_assumptions(chapter: Chapter) -> Markdown:
    """Table of every assumption with its value for this district, rule and reason."""
    plan, page = make_plan(chapter.scope), _page(chapter)
    rows = texts.assumption_rows(plan)
    if not rows:
        return Markdown()
    item = page.float(
        "tbl-kitabedarf-annahmen",
        title="Annahmen der drei Szenarien",
        subtitle=f"Werte {chapter.region.of_phrase}, berechnet aus veröffentlichten Zahlen",
        source=_sources(["quoten"]),
        rows=[
            _row(plan, f"{name}, {scenario}", year, value, unit)
            for name, year, unit, *values in texts.assumption_values(plan)
            for scenario, value in zip(projection.SCENARIOS, values, strict=True)
        ],
    )
    body = [TableRow(name, cells) for name, cells in rows]
    block = page.printer.table(item, head=["Annahme", *projection.SCENARIOS], body=body)
    reasons = page.printer.definitions(texts.assumption_reasons(plan))
    return Markdown(page.announce(texts.method_sentences(plan), item.id, "nennt die Werte"), block,
                    page.printer.box("datengrundlage", reasons))  # fmt: skip


def _draw_outlook(
    chapter: Chapter, plan: Plan, name: str, course: pd.DataFrame, *, said: list[str], what: str, noun: str, when: str,
    counted: pd.Series | None = None, limits: dict | None = None,
) -> Markdown:  # fmt: skip
    from kreisbericht import charts

    page = _page(chapter)
    counted = pd.Series(dtype=float) if counted is None else counted
    first = min([*counted.index, course.index[0]])
    item = page.float(
        f"fig-kitabedarf-{name}",
        title=texts.outlook_title(course, noun),
        subtitle=f"{what} {when}, {chapter.scope.label(chapter.region)}, {first} bis {course.index[-1]}",
        source=_sources([] if len(counted) else ["quoten"]),
        rows=[*(_row(plan, f"{what}, gezählt", year, value) for year, value in counted.items()),
              *(_row(plan, f"{what}, Szenario {scenario}", year, course.at[year, scenario])
                for scenario in projection.SCENARIOS for year in course.index)],
    )  # fmt: skip
    alt = texts.outlook_alt(plan, course, counted, what)
    picture = page.draw(item, alt, lambda **frame: charts.outlook(
        counted, course, limits=limits, step=texts.step_of(course.iloc[-1].min()), **frame))  # fmt: skip
    return Markdown(page.announce(said, item.id, "zeigt die drei Szenarien"), picture)


def _page(chapter: Chapter) -> Page:
    return Page(chapter.scope, Printer.current())


def _persons(scope: Scope, group: tuple[int, int]) -> pd.Series:
    male, female = (scope.series(find_indicator(name)) for name in _GROUP_IDS[group])
    return male + female


def _lacking(plan: Plan) -> list[Indicator]:
    """Indicators without which nothing can be projected."""
    needed = {"geburten": plan.figures.births, "betreuungsquote_u3": plan.figures.rates_u3}
    found = [find_indicator(name) for name, series in needed.items() if series.dropna().empty]
    return found or [find_indicator(_GROUP_IDS[YOUNG][0])]


def _missing(chapter: Chapter, indicators: list[Indicator]) -> Markdown:
    said = [texts.no_outlook(chapter.region, indicators), *(sentences.source_hint(entry) for entry in indicators)]
    return Markdown(Printer.current().callout("Vorausrechnung nicht möglich", *said))


def _sources(parts: Iterable, *, own: bool = True) -> str:
    """What a view is calculated from: population always, births and rates where they enter."""
    parts, population = list(parts), find_indicator(_GROUP_IDS[YOUNG][0])
    if not own:
        return f"Quelle: {population.credit.rstrip('.')}."
    births, rates = find_indicator("geburten"), find_indicator("betreuungsquote_u3")
    credit = population.credit.rstrip(".").removesuffix(population.licence).rstrip("; ,")
    rated = f"; BBSR, {rates.work}" if "quoten" in parts else ""
    return (
        f"Quelle: eigene Berechnung nach {credit}; {births.work}, Tabelle {births.table}{rated}; {population.licence}. "
        "Abweichungen durch Rundung möglich."
    )


def _row(plan: Plan, what: str, year: int, value: float, unit: str = "Personen") -> dict:
    home = plan.scope.home
    return {
        "gebiet": f"{plan.scope.label(home)}: {what}", "ags": home.ags, "jahr": int(year), "wert": float(value),
        "einheit": unit, "quelle": "eigene Berechnung nach veröffentlichten Zahlen", "lizenz": "dl-de/by-2-0",
    }  # fmt: skip


def _group_rows(scope: Scope, groups: Iterable[tuple[int, int]]) -> list[dict]:
    return [
        {**row, "gebiet": f"{row['gebiet']}: {find_indicator(name).title}"}
        for group in groups
        for name in _GROUP_IDS[group]
        for row in tidy_rows(find_indicator(name), [scope.home], range(1990, scope.until + 1), scope.label)
    ]
