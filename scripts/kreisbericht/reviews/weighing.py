"""The Abwägungstabelle for committees: number, place, statement, reader, answer, decision; workbook and PDF.

The workbook has lists to choose from and is read back (``read_answers``), so that answers can be written there. Text of
readers goes in as text: no formula, no markup. Not in here: the table it is made from (``table``).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kreisbericht.assemble.leaflet import typeset_leaflet
from kreisbericht.assemble.pandoc import text_inlines
from kreisbericht.deliveries.source import read_source
from kreisbericht.editions import Edition
from kreisbericht.errors import DataError
from kreisbericht.numbers import format_date
from kreisbericht.paths import write_atomically
from kreisbericht.regions import Region
from kreisbericht.reviews.draft import LOST
from kreisbericht.reviews.model import KINDS, OPEN, STATES, Entry
from kreisbericht.reviews.table import read_decision

SHEET = "Abwägung"
HEAD = {"Nr.": 6, "Stelle": 34, "Fundstelle": 16, "Art": 11, "Stellungnahme": 52, "Von": 20, "Eingegangen": 12,
        "Abwägung / Antwort": 52, "Entscheidung": 14, "Entschieden von": 20, "Entschieden am": 14}  # fmt: skip
"""Columns of the workbook with their widths [characters]."""
PRINTED = {"Nr.": 0.04, "Stelle": 0.19, "Stellungnahme": 0.27, "Von": 0.11, "Abwägung / Antwort": 0.27,
           "Entscheidung": 0.12}  # fmt: skip
"""Columns of the PDF with their share of the width."""
_DECIDED = ("Entscheidung", "Abwägung / Antwort", "Entschieden von", "Entschieden am")


@dataclass(frozen=True)
class Weighing:
    """What the Abwägungstabelle is about; ``states`` tells whether places were found again in the draft."""

    region: Region
    edition: Edition
    entries: Sequence[Entry]
    states: Mapping[int, str]
    day: dt.date

    @property
    def title(self) -> str:
        return f"Abwägungstabelle, Ausgabe {self.edition.version}, {self.region.label}"

    @property
    def summary(self) -> str:
        """``12 Stellungnahmen: 3 offen, 8 angenommen, 1 abgelehnt. Stand 31.03.2026.``"""
        total = len(self.entries)
        counted = {state: sum(entry.state == state for entry in self.entries) for state in STATES}
        parts = ", ".join(f"{number} {state}" for state, number in counted.items() if number)
        noun = "Stellungnahme" if total == 1 else "Stellungnahmen"
        return f"{total} {noun}{f': {parts}' if parts else ''}. Stand {format_date(self.day)}."


def write_weighing(weighing: Weighing, folder: Path) -> list[Path]:
    """Write ``abwaegungstabelle-<ags>-<version>.xlsx`` and ``.pdf``; returns both paths.

    Raises
    ------
    RenderError
        If the page cannot be set; nothing is written then.
    """
    name = f"abwaegungstabelle-{weighing.region.ags}-{weighing.edition.version}"
    title, hidden = weighing.title, folder / f".{name}.typ"
    printed = typeset_leaflet(build_tree(weighing), hidden, title=title, day=weighing.day, flipped=True)
    made = {".xlsx": build_workbook(weighing), ".pdf": printed}
    for ending, content in made.items():
        write_atomically(folder / f"{name}{ending}", content)
    return [folder / f"{name}{ending}" for ending in made]


def build_workbook(weighing: Weighing) -> bytes:
    """Bytes of the workbook: numbers and days are typed, all else is text; the same entries give the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": weighing.title, "created": dt.datetime(2000, 1, 1)})
        wrapped = {"text_wrap": True, "valign": "top"}
        bold, text = book.add_format({**wrapped, "bold": True, "bottom": 1}), book.add_format(wrapped)
        day, number = book.add_format({**wrapped, "num_format": "dd.mm.yyyy"}), book.add_format({"valign": "top"})
        sheet = book.add_worksheet(SHEET)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 1)
        for column, (name, width) in enumerate(HEAD.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for row, entry in enumerate(weighing.entries, start=1):
            for column, cell in enumerate(_cells(entry, weighing.states).values()):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, int):
                    sheet.write_number(row, column, cell, number)
                else:
                    sheet.write_string(row, column, cell, text)
        choice = list(HEAD).index("Entscheidung")
        sheet.data_validation(1, choice, max(1, len(weighing.entries)), choice,
                              {"validate": "list", "source": list(STATES)})  # fmt: skip
    return buffer.getvalue()


def read_answers(path: Path, entries: Sequence[Entry]) -> tuple[list[Entry], int]:
    """Entries with the answers of a filled Abwägungstabelle, and how many changed.

    Raises
    ------
    DataError
        If it is no such workbook, a number is unknown, or a decision is not complete; the row is named.
    """
    source = read_source(path)
    if source.workbook is None or SHEET not in source.workbook.sheet_names:
        raise DataError(
            f"{path.name}: keine Abwägungstabelle (kein Blatt '{SHEET}'). Bitte die von collect_reviews.py "
            "geschriebene Excel-Datei ausfüllen; es wurde nichts verändert."
        )
    head, *rows = source.sheet(SHEET) or [[]]
    missing = [name for name in ("Nr.", *_DECIDED) if name not in head]
    if missing:
        raise DataError(f"{path.name}: Die Spalte '{missing[0]}' fehlt. Es wurde nichts verändert.")
    known = {entry.number: place for place, entry in enumerate(entries)}
    answered = list(entries)
    for number, row in enumerate(rows, start=2):
        cells = {name: _plain(cell) for name, cell in zip(head, row, strict=False)}
        if not any(cells.values()):
            continue
        where = f"{path.name}, Zeile {number}"
        if not cells["Nr."].isdigit() or int(cells["Nr."]) not in known:
            raise DataError(f"{where}: Die Nr. '{cells['Nr.'][:20]}' gibt es nicht. Es wurde nichts verändert.")
        decision = {"status": cells["Entscheidung"], "antwort": cells["Abwägung / Antwort"],
                    "entschieden_von": cells["Entschieden von"],
                    "entschieden_am": cells["Entschieden am"]}  # fmt: skip
        state, answer, decider, decided = read_decision(decision, where)
        place = known[int(cells["Nr."])]
        answered[place] = replace(answered[place], state=state, answer=answer, decider=decider, decided=decided)
    return answered, sum(new != old for new, old in zip(answered, entries, strict=True))


def build_tree(weighing: Weighing) -> dict:
    """The printed table as pandoc's tree: readers' text never passes through a markup language."""
    header = [_cell([name]) for name in PRINTED]
    body = [_print_row(entry, weighing.states) for entry in weighing.entries]
    plain = {"t": "AlignLeft"}
    table = {"t": "Table", "c": [
        ["", [], []], [None, []], [[plain, {"t": "ColWidth", "c": share}] for share in PRINTED.values()],
        [["", [], []], [[["", [], []], header]]],
        [[["", [], []], 0, [], [[["", [], []], cells] for cells in body]]], [["", [], []], []],
    ]}  # fmt: skip
    return {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": [
        {"t": "Header", "c": [1, ["", [], []], text_inlines(weighing.title)]},
        {"t": "Para", "c": text_inlines(weighing.summary)}, *([table] if body else []),
    ]}  # fmt: skip


def _cells(entry: Entry, states: Mapping[int, str]) -> dict[str, str | int | dt.date]:
    note = entry.note
    values = (entry.number, note.place.label, states.get(entry.number, ""), KINDS[note.kind], note.text, note.author,
              dt.date.fromisoformat(note.created[:10]), entry.answer, entry.state, entry.decider,
              entry.decided or "")  # fmt: skip
    return dict(zip(HEAD, values, strict=True))


def _print_row(entry: Entry, states: Mapping[int, str]) -> list:
    note, lost = entry.note, states.get(entry.number) == LOST
    when = format_date(entry.decided) if entry.decided else ""
    decision = [entry.state] + (
        [", ".join(part for part in (entry.decider, when) if part)] if entry.state != OPEN else []
    )
    return [
        _cell([str(entry.number)]),
        _cell([note.place.label, *([f"({LOST})"] if lost else [])]),
        _cell([f"{KINDS[note.kind]}: {note.text}"]),
        _cell([note.author or "ohne Namen", format_date(note.created[:10])]),
        _cell([entry.answer or "–"]),
        _cell([part for part in decision if part]),
    ]


def _cell(lines: Sequence[str]) -> list:
    paragraphs = [part for line in lines for part in line.split("\n") if part.strip()]
    content = [{"t": "Para", "c": text_inlines(part)} for part in paragraphs]
    return [["", [], []], {"t": "AlignDefault"}, 1, 1, content]


def _plain(cell: object) -> str:
    """A workbook's cell as text; a whole number without its decimal point, a day as ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, (dt.date, dt.datetime)) else str(cell or "").strip()
