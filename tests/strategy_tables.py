"""A data folder whose strategy tables a test may change: everything else is linked to the project's own data."""

import csv
from pathlib import Path

from kreisbericht.paths import ROOT
from kreisbericht.strategy.fields import TABLES

HOME = "99999"
ROWS = {
    "ziele": [
        {"kennung": "Z-1", "art": "Leitziel", "ziel": "Kein Kind bleibt zurück", "lebensphase": "Kindheit"},
        {"kennung": "Z-1.1", "art": "Handlungsziel", "ziel": "Weniger Kinder leben von Grundsicherung",
         "leitziel": "Z-1", "lebensphase": "Kindheit", "indikator": "kinderarmut_u15", "ausgangswert": "20",
         "ausgangsjahr": "2018", "zielwert": "10", "zieljahr": "2028"},
    ],
    "massnahmen": [
        {"kennung": "M-1", "massnahme": "Familienbüro", "ziel": "Z-1.1", "lebensphase": "Kindheit", "stand": "läuft",
         "beginn": "2024-03", "ende": "2027"},
    ],
    "meilensteine": [
        {"kennung": "MS-1", "massnahme": "M-1", "meilenstein": "Erste Sprechstunde", "faellig": "2026-06-30"},
    ],
    "mittel": [
        {"kennung": "G-1", "massnahme": "M-1", "jahr": "2025", "betrag_in_euro": "10000", "herkunft": "Kreishaushalt"},
    ],
    "angebote": [
        {"angebot": "Elterncafé", "art": "Begegnung", "lebensphase": "Kindheit", "gebiet": "999990001"},
    ],
    "beschluesse": [
        {"kennung": "B-1", "gremium": "Steuerungsgremium", "datum": "2026-03-11", "gegenstand": "Bericht",
         "entscheidung": "beschlossen"},
    ],
    "ablauf": [{"kennung": "A-1", "zeitraum": "2019", "schritt": "Strategie beschlossen", "art": "erreicht"}],
    "empfehlungsregeln": [
        {"kennung": "R-ZIEL", "bedingung": "Ziel verfehlt", "schwelle": "5", "empfehlung": "Zu {name} beraten.",
         "aktiv": "ja"},
    ],
}  # fmt: skip
"""The smallest strategy in which every table has a row; each is right by itself."""


def link_data(folder: Path) -> Path:
    """``data/`` of the project as links; only the strategy of the sample district is a folder of the test's own."""
    _link(ROOT / "data", folder, {"eigene"})
    _link(ROOT / "data" / "eigene", folder / "eigene", {"muster"})
    _link(ROOT / "data" / "eigene" / "muster", folder / "eigene" / "muster", {"strategie"})
    return folder


def write_tables(data: Path, **changed: list[dict]) -> Path:
    """Write ``ROWS`` with some tables replaced, as the sample district's strategy; returns the folder."""
    folder = data / "eigene" / "muster" / "strategie"
    folder.mkdir(exist_ok=True)
    for name, table in TABLES.items():
        columns = ["gebiet", *(field.column for field in table.fields)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
            writer.writeheader()
            for row in changed.get(name, ROWS[name]):
                given = {"gebiet": HOME, "quelle": "frei erfunden", **row}
                writer.writerow({key: text for key, text in given.items() if key in columns})
    return folder


def change(table: str, place: int = 0, **cells: str) -> dict[str, list[dict]]:
    """Rows of one table with some cells of one row replaced, for :func:`write_tables`."""
    rows = [dict(row) for row in ROWS[table]]
    rows[place] |= cells
    return {table: rows}


def _link(source: Path, target: Path, own: set[str]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.name in own:
            (target / entry.name).mkdir(exist_ok=True)
        else:
            (target / entry.name).symlink_to(entry)
