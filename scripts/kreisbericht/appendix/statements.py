"""Appendix texts from small tables: glossary, errata, accessibility statement, contact.

Tables ``glossar.csv``, ``errata.csv``, ``barrierefreiheit.csv``, ``kontakte.csv`` below ``data/``. An accessibility
statement says what was tested and nothing else. Not in here: the tests of a finished book.
"""

from __future__ import annotations

import csv

from kreisbericht import lineage, paths
from kreisbericht.numbers import format_date
from kreisbericht.output import Printer, escape, make_id
from kreisbericht.regions import Region

NOT_TESTED = (
    "Diese Ausgabe ist noch nicht auf Barrierefreiheit geprüft. Bis eine Prüfung vorliegt, wird keine Aussage zur "
    "Vereinbarkeit mit den Vorschriften gemacht."
)


def print_glossary(printer: Printer) -> list[str]:
    """All terms as a definition list; each term is an anchor ``glossar-<term>``."""
    entries = []
    for row in _read("glossar.csv"):
        source = f" (Quelle: {row['quelle']})" if row["quelle"] else ""
        text = escape(f"{row['erklaerung']}{source}")
        term = escape(row["begriff"])
        if printer.is_book:
            entries.append(f"[{term}]{{#{make_id('glossar', row['begriff'])}}}\n:   {text}")
        else:
            entries.append(f"**{term}:** {text}")
    return [printer.box("datengrundlage", *entries)]


def print_errata(printer: Printer, edition: str, home: Region) -> list[str]:
    """Corrections of published editions of this district, newest first, or that there are none."""
    rows = [row for row in _read("errata.csv") if row["ags"] in ("", home.ags)]
    rows.sort(key=lambda row: (row["datum"], row["version"]), reverse=True)
    if not rows:
        return ["Bisher ist keine Berichtigung verzeichnet."]
    own = [row for row in rows if row["ausgabe"] == edition]
    said = [] if own else ["Zu dieser Ausgabe ist keine Berichtigung verzeichnet."]
    lines = [
        f"- **Version {escape(row['version'])}, {format_date(row['datum'])}, {escape(row['kapitel'])}:** "
        f"{escape(row['stelle'])}: statt „{escape(row['bisher'])}“ richtig „{escape(row['richtig'])}“. "
        f"{escape(row['grund'])}"
        for row in rows
    ]
    return [*said, "\n".join(lines)]


def print_conformity(printer: Printer, edition: str, home: Region) -> list[str]:
    """State of conformity from the last checks of this edition; without one, that it has not been tested."""
    rows = [row for row in _read("barrierefreiheit.csv") if row["ausgabe"] == edition and row["ags"] in ("", home.ags)]
    if not rows:
        return [NOT_TESTED]
    lines = [
        f"- {escape(row['teil'])}, {format_date(row['datum'])}: {escape(row['verfahren'])}, {escape(row['umfang'])}; "
        f"{_findings(row['befunde'])}.{' ' + escape(row['hinweis']) if row['hinweis'] else ''}"
        for row in rows
    ]
    said = (
        "Die folgenden Prüfungen liegen vor. Automatische Verfahren finden nur einen Teil der Barrieren; eine Prüfung "
        "durch Menschen ersetzen sie nicht."
    )
    return [said, "\n".join(lines)]


def print_contact(printer: Printer, home: Region) -> list[str]:
    """Where to report a barrier or an error."""
    found = _find_contact("herausgeber", home.ags)
    if found is None:
        return [
            escape(
                f"Ansprechstelle ist die Verwaltung {home.of_phrase}. Ihre Anschrift ist in diesem Bericht nicht "
                "hinterlegt."
            )
        ]
    return [printer.box("datengrundlage", printer.definitions(_contact_items(found)))]


def contact_line(ags: str) -> str:
    """Whom to write to about a district's report, in one line: office, address, e-mail, site; '' where none is kept."""
    found = _find_contact("herausgeber", ags)
    return ", ".join(found[name] for name in ("stelle", "anschrift", "email", "url") if found[name]) if found else ""


def print_enforcement(printer: Printer, home: Region) -> list[str]:
    """Who can be called if a report is not answered: the office of the Land."""
    found = _find_contact("durchsetzung", home.ags[:2])
    intro = (
        "Wer auf eine Mitteilung keine zufriedenstellende Antwort erhält, kann sich an die Durchsetzungsstelle des "
        "Landes wenden."
    )
    if found is None:
        return [intro, "Ihre Anschrift ist in diesem Bericht nicht hinterlegt."]
    return [intro, printer.box("datengrundlage", printer.definitions(_contact_items(found)))]


def _findings(text: str) -> str:
    return "keine Verstöße gefunden" if text == "0" else "1 Verstoß gefunden" if text == "1" else f"{text} Verstöße"


def _find_contact(role: str, ags: str) -> dict[str, str] | None:
    return next((row for row in _read("kontakte.csv") if (row["rolle"], row["ags"]) == (role, ags)), None)


def _contact_items(row: dict[str, str]) -> list[tuple[str, str]]:
    names = {"stelle": "Stelle", "anschrift": "Anschrift", "email": "E-Mail", "telefon": "Telefon", "url": "Internet"}
    return [(title, row[name]) for name, title in names.items() if row[name]]


def _read(name: str) -> list[dict[str, str]]:
    path = paths.data_dir() / name
    if not lineage.exists(path):
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
