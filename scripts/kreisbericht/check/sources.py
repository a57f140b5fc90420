"""Checks around the values: source and licence, mapping, corrections, sample figures, coverage kept."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kreisbericht.catalogue import COLUMNS, Indicator
from kreisbericht.check.finding import Finding
from kreisbericht.sample import is_sample, sample_dir

NEEDED = (
    "title", "short", "unit", "definition", "topic", "reports", "reference", "publisher", "work", "table", "licence",
    "credit", "url", "as_of", "periodicity",
)  # fmt: skip
OPEN_LICENCES = ("dl-de", "CC BY", "CC0", "eigene Erhebung")
CORRECTION_COLUMNS = ["indikator", "ags", "jahr", "falsch", "richtig", "grund", "beleg", "status", "datum"]
STATES = ("aktiv", "erledigt", "quelle_berichtigt")
COVERAGE_COLUMNS = ["indikator", "gebiete", "werte", "erstes_jahr", "letztes_jahr"]


def check_source(entry: Indicator) -> list[Finding]:
    """Every figure names publisher, table, licence, credit line, address and Stand."""
    missing = [COLUMNS[name] for name in NEEDED if not getattr(entry, name)]
    found = []
    if missing:
        found.append(Finding("fehler", "Quelle", entry.id, f"Im Katalog fehlt: {', '.join(missing)}."))
    if entry.licence and not entry.licence.startswith(OPEN_LICENCES):
        found.append(Finding("fehler", "Lizenz", entry.id, f"'{entry.licence}' ist keine bekannte offene Lizenz."))
    return found


def check_corrections(path: Path, tables: dict[str, pd.DataFrame]) -> list[Finding]:
    """Corrections have reason, evidence and state, and their value is the one on disk.

    A correction whose source has been mended fails the check: it must be taken back, not kept.
    """
    if not path.is_file():
        return []
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(table.columns) != CORRECTION_COLUMNS:
        return [Finding("fehler", "Korrektur", path.name, f"Spalten müssen sein: {', '.join(CORRECTION_COLUMNS)}.")]
    found = []
    for number, row in enumerate(table.to_dict("records"), start=2):
        text = _check_correction(row, tables)
        if text:
            where = f"{path.name}, Zeile {number} ({row['indikator']}, {row['ags']}, {row['jahr']})"
            found.append(Finding("fehler", "Korrektur", where, text))
    return found


def _check_correction(row: dict[str, str], tables: dict[str, pd.DataFrame]) -> str:
    """What is wrong with one correction, '' if nothing."""
    if row["status"] not in STATES:
        return f"Der Status '{row['status']}' ist keiner von {', '.join(STATES)}."
    if not (row["grund"] and row["beleg"] and row["datum"]):
        return "Grund, Beleg und Datum müssen ausgefüllt sein."
    if row["status"] == "quelle_berichtigt":
        return "Die Quelle hat den Wert inzwischen geändert. Bitte prüfen und den Status auf 'erledigt' setzen."
    return "" if row["status"] == "erledigt" else _check_stored(row, tables)


def _check_stored(row: dict[str, str], tables: dict[str, pd.DataFrame]) -> str:
    """Whether the corrected value is the one on disk."""
    table = tables.get(row["indikator"])
    if table is None:
        return "Der Indikator ist unbekannt."
    found = table[(table["ags"] == row["ags"]).to_numpy() & (table["jahr"].to_numpy() == _year(row["jahr"]))]
    stored = "" if found.empty else found["zeichen"].iloc[0] or f"{found['wert'].iloc[0]:g}"
    if stored != _plain(row["richtig"]):
        return f"In den Daten steht '{stored}' statt '{row['richtig']}': Hat die Quelle sich geändert? Bitte prüfen."
    return ""


def _year(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _plain(text: str) -> str:
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def check_sample(data: Path, tables: dict[str, pd.DataFrame]) -> list[Finding]:
    """Invented figures lie in ``eigene/muster`` and nowhere else."""
    sample = sample_dir() / "werte"
    keys = {f"{name}.csv": table["ags"] for name, table in tables.items()}
    for path in [*data.glob("eigene/werte/*.csv"), *sample.glob("*.csv")]:
        keys[path.relative_to(data).as_posix()] = pd.read_csv(path, dtype=str, usecols=["ags"])["ags"]
    found = []
    for name, column in keys.items():
        invented = pd.Series(column.unique()).map(is_sample)
        if name.startswith("eigene/muster") and not invented.all():
            found.append(Finding("fehler", "Musterdaten", name, "Ein echtes Gebiet steht bei den Musterdaten."))
        if not name.startswith("eigene/muster") and invented.any():
            found.append(Finding("fehler", "Musterdaten", name, "Musterdaten stehen bei echten Zahlen."))
    return found


def check_mapping(path: Path, known: set[str]) -> list[Finding]:
    """Every row of the mapping leads to an indicator."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    wrong = sorted(set(table["indikator"]) - known)
    return (
        [Finding("fehler", "Zuordnung", path.name, f"unbekannte Indikatoren: {', '.join(wrong[:3])}.")] if wrong else []
    )


def measure_coverage(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Regions, values and years per indicator, as kept in ``data/abdeckung.csv``."""
    rows = [
        (name, table["ags"].nunique(), len(table), int(table["jahr"].min()), int(table["jahr"].max()))
        for name, table in sorted(tables.items())
        if len(table)
    ]
    return pd.DataFrame(rows, columns=COVERAGE_COLUMNS)


def check_coverage(path: Path, tables: dict[str, pd.DataFrame]) -> list[Finding]:
    """No indicator holds fewer regions, values or years than when the coverage was last accepted."""
    if not path.is_file():
        return [Finding("hinweis", "Abdeckung", path.name, "noch nicht festgehalten: check_data.py --annehmen.")]
    before = pd.read_csv(path).set_index("indikator")
    now = measure_coverage(tables).set_index("indikator")
    found = []
    for name, row in before.iterrows():
        if name not in now.index:
            found.append(Finding("fehler", "Abdeckung", str(name), "Der Indikator ist verschwunden."))
            continue
        shrunk = [c for c in ("gebiete", "werte", "letztes_jahr") if now.at[name, c] < row[c]]
        shrunk += ["erstes_jahr"] if now.at[name, "erstes_jahr"] > row["erstes_jahr"] else []
        if shrunk:
            text = ", ".join(f"{column} {row[column]} → {now.at[name, column]}" for column in shrunk)
            found.append(Finding("fehler", "Abdeckung", str(name), f"geschrumpft: {text}."))
    return found
