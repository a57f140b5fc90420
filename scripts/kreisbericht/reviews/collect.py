"""One round of reviews: read the files, merge, keep, show in the draft, write the Abwägungstabelle; told in German.

What ``scripts/collect_reviews.py`` calls. Not in here: the steps themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kreisbericht.editions import Edition
from kreisbericht.regions import Region
from kreisbericht.reviews.draft import CHANGED, LOST, MOVED, Shown, show_everywhere
from kreisbericht.reviews.files import find_files, read_files, review_folder
from kreisbericht.reviews.model import Entry
from kreisbericht.reviews.table import Merge, load_entries, merge_notes, save_entries
from kreisbericht.reviews.weighing import Weighing, read_answers, write_weighing


@dataclass(frozen=True)
class Collected:
    """What a round did: lines for the planner, what could not be used, the notes with their places' states."""

    lines: list[str]
    problems: list[str]
    entries: list[Entry]
    shown: Shown | None
    files: list[Path]


def collect_reviews(
    region: Region,
    edition: Edition,
    given: Sequence[Path] = (),
    *,
    answers: Path | None = None,
    folder: Path,
    day: dt.date | None = None,
) -> Collected:
    """Merge all files of an edition into its table and write what follows from it.

    Parameters
    ----------
    given
        Files or folders beside ``data/rueckmeldungen/<edition>/``.
    answers
        Filled Abwägungstabelle whose decisions go into the table.
    folder
        Where the Abwägungstabelle is written.
    day
        Day on the Abwägungstabelle; today if None.

    Raises
    ------
    DataError
        If the table or the filled workbook holds a mistake; nothing is changed.
    ParameterError
        If a file given does not exist; nothing is changed.
    """
    everything = load_entries(edition.id)
    reading = read_files(find_files(edition.id, given), ags=region.ags, edition=edition.id)
    answered = 0
    if answers:
        own, answered = read_answers(answers, [entry for entry in everything if entry.ags == region.ags])
        everything = [*(entry for entry in everything if entry.ags != region.ags), *own]
    merge = merge_notes(everything, reading.notes, region.ags)
    table = save_entries(edition.id, merge.entries) if merge.entries else None
    entries = sorted((one for one in merge.entries if one.ags == region.ags), key=lambda one: one.number)
    shown = show_everywhere(edition, region.ags)
    states = shown.states if shown else {}
    weighing = Weighing(region, edition, entries, states, day or dt.date.today())
    written = write_weighing(weighing, folder) if entries else []
    lines = [f"{reading.files} Dateien gelesen. {_describe_merge(merge)}"]
    lines += [f"Nicht verwendet: {problem}" for problem in reading.problems]
    lines += [f"{answered} Antworten aus {answers.name} übernommen."] if answers else []
    lines += _describe_places(shown, edition) if entries else [_where_files_go(edition)]
    lines += [f"Geschrieben: {path}" for path in ([table] if table else []) + written]
    return Collected(lines, reading.problems, entries, shown, written)


def _describe_merge(merge: Merge) -> str:
    told = f"{len(merge.added)} neue Anmerkungen, {merge.known} bekannte, {len(merge.changed)} geänderte."
    if merge.answered_before:
        told += f" Nach der Antwort geändert, bitte prüfen: {_numbers(merge.answered_before)}."
    return told


def _describe_places(shown: Shown | None, edition: Edition) -> list[str]:
    if edition.status != "entwurf":
        return [f"Ausgabe {edition.version} ist kein Entwurf mehr: Anmerkungen werden in ihr nicht gezeigt."]
    if shown is None:
        return ["Der Entwurf ist noch nicht gerendert: Anmerkungen stehen nach 'make book' neben ihren Stellen."]
    lines = [f"Im Entwurf gezeigt: {len(shown.states)} Anmerkungen."]
    words = {CHANGED: "Stelle geändert", MOVED: "Stelle auf eine andere Seite verschoben", LOST: "Nicht mehr gefunden"}
    return lines + [f"{word}: {_numbers(found)}." for state, word in words.items() if (found := shown.numbers(state))]


def _where_files_go(edition: Edition) -> str:
    return f"Keine Anmerkungen. Dateien der Leserinnen und Leser gehören in {review_folder(edition.id)}."


def _numbers(found: Sequence[int]) -> str:
    return "Nr. " + ", ".join(str(number) for number in found)
