"""Appendix on data quality: what was checked, what was found, what was corrected and what publishers revised.

The checks read every value, so their result is kept in the build folder until the data or the checks change.
Not in here: the checks themselves (``check.data``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pandas as pd

import kreisbericht.check
from kreisbericht import lineage, paths
from kreisbericht.catalogue import load_catalogue
from kreisbericht.check.finding import Finding, count_severities
from kreisbericht.numbers import format_date, format_number, format_years
from kreisbericht.output import Printer, escape
from kreisbericht.scope import Scope

SHOWN_REVISIONS = 40
FINDING_WORDS = {"fehler": "Fehler", "warnung": "Warnung", "hinweis": "Hinweis"}


def load_quality() -> tuple[list[Finding], int, int]:
    """Findings, number of indicators and of values; from the build folder where nothing has changed."""
    from kreisbericht.check.data import check_data

    file = paths.build_dir() / "datenqualitaet.json"
    key = _digest()
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    if kept.get("schluessel") != key:
        result = check_data()
        kept = {
            "schluessel": key, "befunde": [asdict(finding) for finding in result.findings],
            "indikatoren": result.indicators, "werte": result.values,
        }  # fmt: skip
        paths.write_atomically(file, json.dumps(kept, ensure_ascii=False))
    return [Finding(**entry) for entry in kept["befunde"]], kept["indikatoren"], kept["werte"]


def print_checks(printer: Printer) -> list[str]:
    """How many values were checked, by which rules, and how often each was broken."""
    from kreisbericht.check.data import CHECKS

    findings, indicators, values = load_quality()
    counts = count_severities(findings)
    said = (
        f"Geprüft wurden {format_number(values, 0)} Werte zu {indicators} Indikatoren. Ergebnis: {counts['fehler']} "
        f"Fehler, {counts['warnung']} Warnungen, {counts['hinweis']} Hinweise. Ein Fehler verhindert die "
        "Veröffentlichung, eine Warnung bedeutet: ansehen."
    )
    lines = [
        f"- **{escape(name)}:** {escape(rule)} {_result(finding for finding in findings if finding.check == name)}"
        for name, rule in CHECKS.items()
    ]
    return [escape(said), "\n".join(lines)]


def print_findings(printer: Printer) -> list[str]:
    """Every finding; indicators with the same finding share a line. A sentence where there is none."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for finding in load_quality()[0]:
        key = (FINDING_WORDS[finding.severity], finding.check, finding.text)
        grouped.setdefault(key, []).append(_title(finding.where))
    lines = [
        f"- **{word}, {escape(check)}:** {escape('; '.join(names))}. {escape(text)}"
        for (word, check, text), names in grouped.items()
    ]
    return ["\n".join(lines)] if lines else ["Die Prüfungen haben nichts gefunden."]


def print_corrections(printer: Printer, scope: Scope) -> list[str]:
    """Values taken out or put right, summed up by indicator and reason; those of the district are named."""
    table = _read("korrekturen.csv")
    table = table[table["status"] == "aktiv"] if len(table) else table
    if table.empty:
        return ["Kein Wert der Quellen wurde berichtigt oder ausgenommen."]
    own = table[table["ags"] == scope.home.ags]
    said = (
        f"{format_number(len(table), 0)} Werte der Quellen können nicht stimmen. Sie sind berichtigt oder ausgenommen; "
        f"{_count(len(own))} {scope.home.in_phrase}."
    )
    lines = []
    for (name, reason), part in table.groupby(["indikator", "grund"], sort=True):
        years = format_years(part["jahr"].astype(int))
        lines.append(f"- **{escape(_title(name))}** ({len(part)} Werte; {years}): {escape(reason)}")
    return [escape(said), "\n".join(lines)]


def print_revisions(printer: Printer, scope: Scope) -> list[str]:
    """Values of the district, its Land and Germany that a later delivery changed."""
    table = _read("revisionen.csv")
    areas = {scope.home.ags, scope.home.ags[:2], "00"}
    table = table[table["ags"].isin(areas)] if len(table) else table
    if table.empty:
        return [escape(f"Seit dem ersten Einlesen hat kein Herausgeber einen Wert {scope.home.in_phrase} geändert.")]
    newest = table.sort_values(["datum", "indikator", "ags", "jahr"], ascending=[False, True, True, True])
    lines = [
        f"- {format_date(row.datum)}, {escape(_title(row.indikator))}, {row.ags}, {row.jahr}: "
        f"{escape(_shown(row.alt))} wurde {escape(_shown(row.neu))}"
        for row in newest.head(SHOWN_REVISIONS).itertuples()
    ]
    rest = len(newest) - SHOWN_REVISIONS
    more = [f"Weitere {rest} Änderungen stehen in der Datei data/revisionen.csv."] if rest > 0 else []
    return ["\n".join(lines), *more]


def _result(findings: Iterable[Finding]) -> str:
    counts = count_severities(findings)
    names = {"fehler": ("Fehler", "Fehler"), "warnung": ("Warnung", "Warnungen"), "hinweis": ("Hinweis", "Hinweise")}
    found = [f"{number} {names[kind][number > 1]}" for kind, number in counts.items() if number]
    return f"*{', '.join(found) or 'kein Befund'}*"


def _count(number: int) -> str:
    return "keiner davon" if not number else "einer davon" if number == 1 else f"{number} davon"


def _shown(value: str) -> str:
    return value.replace(".", ",") if any(sign.isdigit() for sign in value) else value


def _title(indicator_id: str) -> str:
    known = load_catalogue()
    return known[indicator_id].title if indicator_id in known else indicator_id


def _read(name: str) -> pd.DataFrame:
    path = paths.data_dir() / name
    return pd.read_csv(path, dtype=str, keep_default_na=False) if lineage.exists(path) else pd.DataFrame()


def _digest() -> str:
    """Names, sizes and times of the data, contents of the checks."""
    data = paths.data_dir()
    parts: list[Path] = sorted(path for path in data.rglob("*.csv") if path.is_file())
    for path in parts:
        lineage.note_file(path)
    lines = [f"{path.relative_to(data)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in parts]
    checks = sorted(Path(kreisbericht.check.__path__[0]).glob("*.py"))
    lines += [hashlib.sha256(path.read_bytes()).hexdigest() for path in checks]
    return hashlib.sha256("\n".join([str(data), *lines]).encode()).hexdigest()
