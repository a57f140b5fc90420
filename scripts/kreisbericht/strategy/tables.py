"""Reading the strategy's tables of one district: ``data/strategie/*.csv``, invented ones from the sample's own folder.

Nothing is used before everything is checked: a table with a mistake stops the report with all mistakes at once.
Not in here: the checks themselves (``checks``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from kreisbericht import lineage
from kreisbericht.errors import DataError
from kreisbericht.forms import Template
from kreisbericht.paths import data_dir
from kreisbericht.sample import is_sample, sample_dir
from kreisbericht.strategy.checks import (
    EVERYWHERE,
    Problem,
    Row,
    check_cells,
    check_links,
    read_number,
    refuse_problems,
    split_list,
)
from kreisbericht.strategy.fields import TABLES
from kreisbericht.strategy.model import (
    Decision,
    Funding,
    Goal,
    Measure,
    Milestone,
    Offer,
    Rule,
    Step,
    Strategy,
    parse_moment,
)

FOLDER = "strategie"
DEFAULT_YEARS = 5


def strategy_dir(ags: str) -> Path:
    """Folder of a district's tables; invented keys live in the sample's folder only."""
    return (sample_dir() if is_sample(ags) else data_dir()) / FOLDER


def load_strategy(ags: str) -> Strategy:
    """All tables of one district; empty where it has entered nothing. Rules for all districts are always there.

    Raises
    ------
    DataError
        Naming every mistake in the tables with file, row and column.
    """
    return Strategy(**{table.name: _load_table(ags, table.name) for table in fields(Strategy)})


@lineage.question
def _load_table(ags: str, name: str) -> tuple:
    folders = dict.fromkeys([strategy_dir(EVERYWHERE), strategy_dir(ags)])
    for folder in folders:
        lineage.note_file(folder)
    stamps = tuple(lineage.stamp(file) for folder in folders for file in sorted(folder.glob("*.csv")))
    return getattr(_load(ags, stamps), name)


def read_rows(path: Path, table: Template) -> list[Row]:
    """Rows of one file; empty without a file.

    Raises
    ------
    DataError
        If a column is missing or unknown.
    """
    if not lineage.exists(path):
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        head = list(reader.fieldnames or [])
        wanted = ["gebiet", *(field.column for field in table.fields)]
        if sorted(head) != sorted(wanted):
            wrong = [name for name in wanted if name not in head] or [name for name in head if name not in wanted]
            raise DataError(
                f"{path.name}: Die Spalte '{wrong[0]}' fehlt oder gehört nicht dazu. Erwartet werden: "
                f"{', '.join(wanted)}. Es wurde nichts verändert."
            )
        return [
            Row(path.name, number, {key: (text or "").strip() for key, text in cells.items() if key})
            for number, cells in enumerate(reader, start=2)
        ]


def check_tables(folder: Path) -> list[Problem]:
    """All problems of the tables in one folder."""
    tables = {name: read_rows(folder / f"{name}.csv", table) for name, table in TABLES.items()}
    cells = [problem for name, rows in tables.items() for problem in check_cells(TABLES[name], rows)]
    return cells + check_links(tables)


def check_delivery(name: str, rows: list[Row], folder: Path) -> None:
    """Check the rows of a delivered workbook together with the tables they will stand beside.

    Raises
    ------
    DataError
        Naming every problem of the delivery, none of the tables that were there before.
    """
    key = TABLES[name].fields[0].column
    new = {(row["gebiet"], row[key]) for row in rows}
    tables = {other: read_rows(folder / f"{other}.csv", table) for other, table in TABLES.items()}
    kept = [row for row in tables[name] if (row["gebiet"], row[key]) not in new]
    problems = check_cells(TABLES[name], rows) + check_links({**tables, name: [*kept, *rows]})
    mine = {id(row) for row in rows}
    refuse_problems([problem for problem in problems if id(problem.row) in mine])


@lineage.remembered
def _load(ags: str, files: tuple[tuple[Path, int, int], ...]) -> Strategy:
    tables: dict[str, list[Row]] = {name: [] for name in TABLES}
    problems: list[Problem] = []
    for folder in dict.fromkeys(path.parent for path, *_ in files):
        problems += check_tables(folder)
        for name, table in TABLES.items():
            tables[name] += read_rows(folder / f"{name}.csv", table)
    refuse_problems(problems)
    own = {name: [row for row in rows if row["gebiet"].startswith(ags)] for name, rows in tables.items()}
    general = [row for row in tables["empfehlungsregeln"] if row["gebiet"] == EVERYWHERE]
    return Strategy(
        goals=tuple(_goal(row) for row in own["ziele"]),
        measures=tuple(_measure(row) for row in own["massnahmen"]),
        milestones=tuple(_milestone(row) for row in own["meilensteine"]),
        funding=tuple(_funding(row) for row in own["mittel"]),
        offers=tuple(_offer(row) for row in own["angebote"]),
        decisions=tuple(sorted((_decision(row) for row in own["beschluesse"]), key=lambda one: one.date.start)),
        steps=tuple(sorted((_step(row) for row in own["ablauf"]), key=lambda one: one.when.start)),
        rules=_rules([*general, *own["empfehlungsregeln"]]),
    )


def _rules(rows: Iterable[Row]) -> tuple[Rule, ...]:
    """A district's own rule replaces the general one of the same id, also to switch it off."""
    return tuple({row["kennung"]: _rule(row) for row in rows}.values())


def _year(text: str) -> int | None:
    return int(text) if text else None


def _goal(row: Row) -> Goal:
    value = read_number(row["zielwert"])
    return Goal(
        id=row["kennung"], kind=row["art"], text=row["ziel"], parent=row["leitziel"], phase=row["lebensphase"],
        field=row["handlungsfeld"], view=row["blickwinkel"], indicator=row["indikator"],
        base_year=_year(row["ausgangsjahr"]), base_value=read_number(row["ausgangswert"]),
        target=None if value is None else (int(row["zieljahr"]), value), source=row["quelle"],
    )  # fmt: skip


def _measure(row: Row) -> Measure:
    return Measure(
        id=row["kennung"], title=row["massnahme"], goal=row["ziel"], phase=row["lebensphase"],
        field=row["handlungsfeld"], office=row["zustaendig"], partners=row["partner"], group=row["zielgruppe"],
        areas=(row["gebiet"], *split_list(row["weitere_planungsraeume"])), begin=parse_moment(row["beginn"]),
        end=parse_moment(row["ende"]), state=row["stand"], state_since=parse_moment(row["stand_seit"]),
        state_before=row["stand_davor"], indicators=tuple(split_list(row["indikatoren"])),
        reported=parse_moment(row["letzter_bericht"]), report=row["bericht"], source=row["quelle"],
    )  # fmt: skip


def _milestone(row: Row) -> Milestone:
    return Milestone(
        row["kennung"], row["massnahme"], row["meilenstein"], parse_moment(row["faellig"]),
        parse_moment(row["erledigt"]), row["quelle"],
    )  # fmt: skip


def _funding(row: Row) -> Funding:
    return Funding(
        row["kennung"], row["massnahme"], int(row["jahr"]), read_number(row["betrag_in_euro"]), row["herkunft"],
        row["hinweis"], row["quelle"],
    )  # fmt: skip


def _offer(row: Row) -> Offer:
    east, north = read_number(row["laenge"]), read_number(row["breite"])
    return Offer(
        name=row["angebot"], area=row["gebiet"], provider=row["traeger"], kind=row["art"], phase=row["lebensphase"],
        group=row["zielgruppe"], youngest=read_number(row["alter_von"]), oldest=read_number(row["alter_bis"]),
        place=row["ort"], point=None if east is None else (east, north), capacity=read_number(row["plaetze"]),
        used=read_number(row["genutzt"]), access=row["zugang"], accessible=row["barrierefrei"],
        funding=row["foerderung"], since=_year(row["seit"]), until=_year(row["bis"]), url=row["internet"],
        source=row["quelle"],
    )  # fmt: skip


def _decision(row: Row) -> Decision:
    return Decision(
        id=row["kennung"], body=row["gremium"], date=parse_moment(row["datum"]), paper=row["vorlage"],
        subject=row["gegenstand"], outcome=row["entscheidung"], recommendation=row["empfehlung"],
        wording=row["wortlaut"], reason=row["grund"], edition=row["ausgabe"], source=row["quelle"],
    )  # fmt: skip


def _step(row: Row) -> Step:
    return Step(
        row["kennung"], parse_moment(row["zeitraum"]), row["schritt"], row["art"], row["abschnitt"], row["quelle"]
    )


def _rule(row: Row) -> Rule:
    years = read_number(row["jahre"])
    return Rule(
        id=row["kennung"], condition=row["bedingung"], indicator=row["indikator"],
        threshold=read_number(row["schwelle"]), years=int(years) if years else DEFAULT_YEARS,
        phase=row["lebensphase"], field=row["handlungsfeld"], text=row["empfehlung"], reason=row["begruendung"],
        active=row["aktiv"] == "ja", origin=f"{row.file}, Zeile {row.number}",
    )  # fmt: skip
