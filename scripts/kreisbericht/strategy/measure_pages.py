"""Measures on the page: list, counts, timeline, milestones, money, and what changed since the last edition.

Not in here: goals (``progress_pages``) and the drawing (``timeline``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from kreisbericht import language as lang
from kreisbericht import paths, regions
from kreisbericht.editions import list_editions
from kreisbericht.numbers import format_date, format_number
from kreisbericht.output import TableRow, escape
from kreisbericht.scope import Scope
from kreisbericht.strategy.fields import PHASES, STATES
from kreisbericht.strategy.model import Measure, Milestone, Strategy
from kreisbericht.strategy.monitoring import (
    count_measures,
    due_milestones,
    edition_day,
    judge_goal,
    overdue_milestones,
    report_day,
    sum_funding,
)
from kreisbericht.strategy.needs import area_of
from kreisbericht.strategy.printing import NOTHING, SOURCE, name_sources, number_sources, print_records
from kreisbericht.titles import fit_title
from kreisbericht.views import Page

NO_MEASURES = (
    "Für diesen Kreis sind keine Maßnahmen hinterlegt. Maßnahmen werden in der Vorlage „Maßnahmen der Strategie“ "
    "eingetragen und mit dem Import übernommen."
)


def print_measures(page: Page, strategy: Strategy) -> list[str]:
    """All measures with state, period, office and what was last reported."""
    if not strategy.measures:
        return [page.printer.callout("Keine Maßnahmen hinterlegt", NO_MEASURES)]
    day = report_day(page.scope)
    cells, listed = number_sources(page, strategy.measures)
    head = ["Maßnahme", "Lebensphase", "Zeitraum", "Stand", "Zuletzt berichtet", *(["Beleg"] if cells else [])]
    rows = [
        [one.title, one.phase, _period(one), one.state_at(day), _report(one, day)] for one in strategy.measures
    ]  # fmt: skip
    rows = [[*row, *cells[number : number + 1]] for number, row in enumerate(rows)]
    counted = {state: sum(one.state_at(day) == state for one in strategy.measures) for state in STATES}
    told = lang.join_list(f"{number} {state}" for state, number in counted.items() if number)
    table = print_records(
        page, "tbl-massnahmen", title="Maßnahmen und ihr Stand", head=head, rows=rows,
        subtitle=f"Stand am {format_date(day)}", records=[_record(one, day) for one in strategy.measures],
        lead=f"Verzeichnet sind {len(strategy.measures)} Maßnahmen, nach ihrem Stand: {told}.",
    )  # fmt: skip
    return [*table, *listed]


def print_counts(page: Page, strategy: Strategy) -> list[str]:
    """Number of measures by life phase, Handlungsfeld and planning area, each by state."""
    if not strategy.measures:
        return ["Die Verteilung erscheint, sobald Maßnahmen hinterlegt sind."]
    areas = regions.associations(page.scope.home.ags)
    names = {page.scope.home.ags: "ganzer Kreis"} | {area.ags: str(area) for area in areas}
    fields = list(dict.fromkeys(one.field for one in strategy.measures if one.field))
    groups: list[tuple[str, str, Iterable[str], Callable[[Measure], Iterable[str]], dict]] = [
        ("phase", "Maßnahmen nach Lebensphase", PHASES, lambda one: [one.phase], {}),
        ("handlungsfeld", "Maßnahmen nach Handlungsfeld", fields, lambda one: [one.field], {}),
        ("raum", "Maßnahmen nach Planungsraum", names, lambda one: {area_of(key, areas) for key in one.areas}, names),
    ]
    blocks = []
    for name, title, keys, key, labels in groups:
        table = count_measures(strategy.measures, keys, key, report_day(page.scope))
        table = table[[state for state in STATES if table[state].any()]]
        if len(table) and table.to_numpy().any():
            blocks += _count_table(page, f"tbl-massnahmen-{name}", title, table.rename(index=labels))
    if not fields:
        blocks.append("Welchem Handlungsfeld eine Maßnahme dient, ist nicht veröffentlicht.")
    return blocks


def print_timeline(page: Page, strategy: Strategy) -> list[str]:
    """Measures that have a date, as bars with their milestones."""
    from kreisbericht.strategy.timeline import timeline

    day = report_day(page.scope)
    dated = [one for one in strategy.measures if one.begin or one.end]
    if not dated:
        return ["Zu keiner Maßnahme ist ein Beginn oder ein Ende hinterlegt."]
    dated.sort(key=lambda one: (one.begin or one.end).start)
    rows = [_timeline_row(strategy, one, day) for one in dated]
    running = sum(one.state_at(day) == "läuft" for one in dated)
    title = f"{running} von {len(dated)} Maßnahmen laufen" if running else "Maßnahmen im zeitlichen Verlauf"
    shown = page.float(
        "fig-massnahmen-zeit", title=fit_title(title),
        subtitle=f"Maßnahmen mit Termin, gestrichelt: {format_date(day)}",
        source=SOURCE, rows=[_record(one, day) for one in dated],
    )  # fmt: skip
    told = "; ".join(f"{one.title}: {_period(one)}, {one.state_at(day)}" for one in dated)
    alt = f"Zeitleiste von {len(dated)} Maßnahmen. {told}. Alle Angaben stehen in der Tabelle der Maßnahmen."
    picture = page.draw(shown, alt, lambda size, title: timeline(rows, day=day, size=size, title=title))
    return [page.announce([], "fig-massnahmen-zeit", "zeigt die Maßnahmen über die Jahre"), picture]


def print_milestones(page: Page, strategy: Strategy) -> list[str]:
    """Overdue milestones and those of the coming twelve months."""
    if not strategy.milestones:
        return (
            [escape("Meilensteine der Maßnahmen mit Terminen sind nicht veröffentlicht.")] if strategy.measures else []
        )
    day = report_day(page.scope)
    late, coming = overdue_milestones(strategy, day), due_milestones(strategy, day)
    rows = [_milestone_row(strategy, one, "überfällig") for one in late]
    rows += [_milestone_row(strategy, one, "steht an") for one in coming]
    done = sum(one.is_done(day) for one in strategy.milestones)
    lead = (
        f"Von {len(strategy.milestones)} Meilensteinen sind am {format_date(day)} {done} erledigt, {len(late)} "
        f"überfällig und {len(coming)} in den nächsten zwölf Monaten fällig."
    )
    if not rows:
        return [escape(lead)]
    return print_records(
        page, "tbl-meilensteine", title=f"{len(late)} Meilensteine überfällig, {len(coming)} stehen an", lead=lead,
        subtitle=f"Stand am {format_date(day)}", head=["Meilenstein", "Maßnahme", "Fällig", "Stand"], rows=rows,
        records=[
            {"kennung": one.id, "massnahme": one.measure, "meilenstein": one.title, "faellig": str(one.due),
             "stand": "überfällig" if one in late else "steht an", "quelle": one.source}
            for one in [*late, *coming]
        ],
    )  # fmt: skip


def print_funding(page: Page, strategy: Strategy) -> list[str]:
    """Money by year and origin."""
    table = sum_funding(strategy)
    if table.empty:
        return ["Mittel der Maßnahmen sind nicht veröffentlicht."]
    total, origins = table.sum(axis=1), list(table.columns)
    several = len(origins) > 1
    head = ["Jahr", *origins, *(["zusammen"] if several else [])]
    rows = [
        [str(year), *(_euro(table.loc[year, name]) for name in origins), *([_euro(total[year])] if several else [])]
        for year in table.index
    ]
    notes = [f"{one.year}: {one.note}." for one in strategy.funding if one.note]
    last = int(table.index[-1])
    return print_records(
        page, "tbl-mittel", title=f"Mittel nach Jahr und Herkunft, {lang.year_span(list(table.index))}",
        subtitle="Euro, ohne Personal der Verwaltung", head=head, rows=rows, numbers=range(1, len(head)),
        lead=f"Für {last} sind {_euro(total[last])} Euro verzeichnet.",
        records=[
            {"kennung": one.id, "massnahme": one.measure, "jahr": one.year, "betrag_in_euro": one.amount,
             "herkunft": one.origin, "hinweis": one.note, "quelle": one.source} for one in strategy.funding
        ],
        source=" ".join([f"Quelle: {name_sources(one.source for one in strategy.funding)}.", *notes]),
    )  # fmt: skip


def list_changes(scope: Scope, strategy: Strategy, edition: str) -> tuple[dt.date | None, list[str]]:
    """Day of the edition before, and what has changed since, one sentence each; None for the first edition."""
    editions = list_editions(paths.ROOT)
    place = next((number for number, one in enumerate(editions) if one.id == edition), 0)
    if not place:
        return None, []
    before, day = edition_day(editions[place - 1]), report_day(scope)
    new = [one for one in strategy.measures if _is_new(one, before, day)]
    said = [f"Neue Maßnahme „{one.title}“: {one.state_at(day)} (seit {one.state_since})." for one in new]
    said += [
        f"Maßnahme „{one.title}“: {one.state_at(before)} → {one.state_at(day)}"
        + (f" (seit {one.state_since})." if one.state_since else ".")
        for one in strategy.measures
        if one.state_at(before) != one.state_at(day) and one not in new
    ]
    said += [
        f"Meilenstein „{one.title}“ erledigt ({one.done})."
        for one in strategy.milestones
        if one.is_done(day) and not one.is_done(before)
    ]
    said += _goal_changes(scope, strategy, editions[place - 1])
    said += [
        f"Beschluss {one.body}, {one.date}: {one.subject} ({one.outcome})."
        for one in strategy.decisions
        if before < one.date.start <= day
    ]
    return before, said


def print_changes(page: Page, strategy: Strategy, edition: str) -> list[str]:
    """What has changed since the last edition."""
    before, said = list_changes(page.scope, strategy, edition)
    if before is None:
        return ["Dies ist die erste Ausgabe; es gibt noch nichts zu vergleichen."]
    if not said:
        return [escape(f"Seit dem Stand der vorigen Ausgabe ({format_date(before)}) ist keine Änderung verzeichnet.")]
    intro = f"Verglichen wird mit dem Stand der vorigen Ausgabe ({format_date(before)})."
    return [escape(intro), "\n".join(f"- {escape(line)}" for line in said)]


def print_course(page: Page, strategy: Strategy) -> list[str]:
    """Steps of the strategy that were planned and those that were reached, as its documents name them."""
    if not strategy.steps:
        return ["Ein Ablaufplan der Strategie ist nicht verzeichnet."]
    reached = sum(one.kind == "erreicht" for one in strategy.steps)
    return print_records(
        page, "tbl-ablauf", title="Ablaufplan und Meilensteine der Strategie", head=["Schritt", "Zeitraum", "Art"],
        subtitle=f"{len(strategy.steps)} verzeichnete Schritte, {reached} davon als erreicht belegt",
        rows=[[one.text, str(one.when), one.kind] for one in strategy.steps],
        records=[
            {"kennung": one.id, "zeitraum": str(one.when), "schritt": one.text, "art": one.kind,
             "abschnitt": one.stage, "quelle": one.source} for one in strategy.steps
        ],
        source=f"Quelle: {name_sources(one.source for one in strategy.steps)}.", what="führt die Schritte auf",
    )  # fmt: skip


def print_decisions(page: Page, strategy: Strategy) -> list[str]:
    """All decisions up to the report's day."""
    found = [one for one in strategy.decisions if one.date.start <= report_day(page.scope)]
    if not found:
        return ["Beschlüsse zur Strategie sind nicht verzeichnet."]
    return print_records(
        page, "tbl-beschluesse", title=f"Beschlüsse zur Strategie, {len(found)} verzeichnet",
        subtitle="nach Datum", head=["Gegenstand", "Gremium", "Datum", "Entscheidung"],
        rows=[[one.subject, one.body, str(one.date), one.outcome] for one in found],
        records=[
            {"kennung": one.id, "gremium": one.body, "datum": str(one.date), "vorlage": one.paper,
             "gegenstand": one.subject, "entscheidung": one.outcome, "empfehlung": one.recommendation,
             "wortlaut": one.wording, "grund": one.reason, "ausgabe": one.edition, "quelle": one.source}
            for one in found
        ],
    )  # fmt: skip


def _is_new(one: Measure, before: dt.date, day: dt.date) -> bool:
    """Whether it had no state before."""
    return bool(one.state_since and not one.state_before and before < one.state_since.start <= day)


def _goal_changes(scope: Scope, strategy: Strategy, edition) -> list[str]:
    """Goals whose state was another one with the figures of the edition before."""
    earlier = Scope(scope.home, edition.berichtsjahr, edition.datenstand)
    pairs = [(judge_goal(earlier, goal), judge_goal(scope, goal)) for goal in strategy.goals if goal.is_measurable]
    return [f"Ziel „{now.goal.text}“: {old.word} → {now.word}." for old, now in pairs if old.word != now.word]


def _count_table(page: Page, item: str, title: str, table: pd.DataFrame) -> list[str]:
    from kreisbericht.output import make_id

    table = table[table.sum(axis=1) > 0]
    rows = [
        {"gruppe": str(group), **{make_id(state): int(table.loc[group, state]) for state in table}}
        for group in table.index
    ]
    shown = page.float(item, title=title, subtitle="Anzahl nach Stand; eine Maßnahme kann mehrfach zählen"
                       if item.endswith("raum") else "Anzahl nach Stand", source=SOURCE, rows=rows)  # fmt: skip
    body = [TableRow(str(group), [str(number) if number else NOTHING for number in table.loc[group]])
            for group in table.index]  # fmt: skip
    return [page.announce([], item, "zählt sie"),
            page.printer.table(shown, head=[title.rpartition(" ")[2], *table.columns], body=body)]  # fmt: skip


def _timeline_row(strategy: Strategy, measure: Measure, day: dt.date) -> dict:
    steps = [one for one in strategy.milestones if one.measure == measure.id]
    return {
        "name": measure.title, "begin": measure.begin.start if measure.begin else None,
        "end": measure.end.end if measure.end else None, "state": measure.state_at(day),
        "milestones": [(_shown_day(one, day), _step_state(one, day)) for one in steps],
    }  # fmt: skip


def _shown_day(one: Milestone, day: dt.date) -> dt.date:
    return one.done.start if one.is_done(day) else one.due.end


def _step_state(one: Milestone, day: dt.date) -> str:
    return "done" if one.is_done(day) else "late" if one.is_overdue(day) else "open"


def _milestone_row(strategy: Strategy, one: Milestone, state: str) -> Sequence[str]:
    title = next(measure.title for measure in strategy.measures if measure.id == one.measure)
    return [one.title, title, str(one.due), state]


def _period(one: Measure) -> str:
    if one.begin and one.end:
        return f"{one.begin} bis {one.end}"
    return f"seit {one.begin}" if one.begin else f"bis {one.end}" if one.end else NOTHING


def _report(one: Measure, day: dt.date) -> str:
    if one.reported is None or one.reported.start > day:
        return NOTHING
    return f"{one.reported}: {one.report}" if one.report else str(one.reported)


def _euro(value: float) -> str:
    return NOTHING if pd.isna(value) else format_number(value, 0)


def _record(one: Measure, day: dt.date) -> dict:
    return {
        "kennung": one.id, "massnahme": one.title, "ziel": one.goal, "lebensphase": one.phase,
        "handlungsfeld": one.field, "zustaendig": one.office, "partner": one.partners, "zielgruppe": one.group,
        "gebiete": "; ".join(one.areas), "beginn": str(one.begin or ""), "ende": str(one.end or ""),
        "stand": one.state_at(day), "letzter_bericht": str(one.reported or ""), "bericht": one.report,
        "indikatoren": "; ".join(one.indicators), "quelle": one.source,
    }  # fmt: skip
