"""All checks of the data package in one run, as findings, exit code and a chapter in Markdown."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kreisbericht.catalogue import Indicator, load_catalogue, official_indicators
from kreisbericht.check.finding import Finding, count_severities
from kreisbericht.check.memory import Memory
from kreisbericht.check.sources import (
    check_corrections,
    check_coverage,
    check_mapping,
    check_sample,
    check_source,
    measure_coverage,
)
from kreisbericht.check.sums import check_lands, check_parts, count_districts
from kreisbericht.check.values import Rule, Rules, check_values
from kreisbericht.deliveries.compare import read_table
from kreisbericht.paths import data_dir, write_atomically
from kreisbericht.regions import load_regions

CHECKS = {
    "Aufbau": "Spalten, Zeichen und Zahlen sind lesbar; je Zeile steht eine Zahl oder ein Zeichen.",
    "Schlüssel": "Jeder Wert gehört zu einem Gebiet des Gebietsverzeichnisses und steht nur einmal.",
    "Wertebereich": "Anteile liegen zwischen 0 und 100, Anzahlen sind nicht negativ; Ausnahmen sind begründet.",
    "Größenordnung": "Kein Wert springt gegenüber dem Vorjahr auf das Vierfache oder ein Viertel.",
    "Summe": "Teile ergeben das Ganze, Kreise das Land; Rundung und Geheimhaltungsverfahren sind berücksichtigt.",
    "Abdeckung": "Kein Indikator verliert Gebiete, Werte oder Jahre.",
    "Quelle": "Herausgeber, Werk, Tabelle, Nachweis, Adresse und Stand sind angegeben.",
    "Lizenz": "Jede Zahl steht unter einer offenen Lizenz.",
    "Korrektur": "Jede Korrektur hat Grund und Beleg und entfällt, sobald die Quelle berichtigt ist.",
    "Zuordnung": "Jede Zeile der Zuordnung führt zu einem Indikator.",
    "Musterdaten": "Frei erfundene Zahlen liegen nur bei den Musterdaten.",
}


@dataclass(frozen=True)
class Quality:
    """Result of a run: findings (errors first) and how much was looked at."""

    findings: list[Finding]
    indicators: int
    values: int

    @property
    def failed(self) -> bool:
        """Whether an edition must not be made of these data."""
        return any(finding.severity == "fehler" for finding in self.findings)


def check_data() -> Quality:
    """Run every check over ``data/``.

    Raises
    ------
    DataError
        If the catalogue or the register of regions itself cannot be read.
    """
    data, catalogue = data_dir(), official_indicators()
    tables, findings = _read_tables(data, catalogue)
    regions = load_regions()
    rules = _read_rules(data / "pruefregeln.csv")
    districts = count_districts(_district_years(regions), range(1990, 2060))
    known = set(regions["ags"])
    memory = Memory(_read_bytes(data / "gebiete.csv"))
    for name, table in tables.items():
        entry = catalogue[name]
        findings += memory.recall(data / entry.file, (entry, rules.get(name)), lambda entry=entry, table=table: [
            *check_values(entry, table, known, rules),
            *check_lands(entry.id, entry.unit, table, districts, **_land_options(entry)),
        ])  # fmt: skip
    memory.save()
    for entry in catalogue.values():
        findings += check_source(entry)
    if (data / "pruefsummen.csv").is_file():
        findings += check_parts(pd.read_csv(data / "pruefsummen.csv", dtype=str, keep_default_na=False), tables)
    findings += check_corrections(data / "korrekturen.csv", tables)
    findings += check_coverage(data / "abdeckung.csv", tables)
    findings += check_sample(data, tables)
    findings += _check_own(data, known, rules)
    if (data / "zuordnung.csv").is_file():
        findings += check_mapping(data / "zuordnung.csv", set(load_catalogue()))
    order = {"fehler": 0, "warnung": 1, "hinweis": 2}
    findings.sort(key=lambda finding: (order[finding.severity], finding.check, finding.where))
    return Quality(findings, len(catalogue), sum(len(table) for table in tables.values()))


def accept_coverage() -> Path:
    """Write today's coverage to ``data/abdeckung.csv``, against which later runs compare."""
    data = data_dir()
    tables, _ = _read_tables(data, official_indicators())
    path = data / "abdeckung.csv"
    write_atomically(path, measure_coverage(tables).to_csv(index=False, lineterminator="\n"))
    return path


def render_quality(quality: Quality) -> str:
    """Chapter *Datenqualität* as Markdown: what was checked, how often it failed, every finding."""
    counts = count_severities(quality.findings)
    numbers = f"{quality.values:,}".replace(",", ".")
    lines = [
        "# Datenqualität {#sec-datenqualitaet}\n",
        f"Vor jeder Ausgabe werden alle {quality.indicators} Indikatoren mit {numbers} Werten geprüft. "
        f"Ergebnis: {counts['fehler']} Fehler, {counts['warnung']} Warnungen, {counts['hinweis']} Hinweise. "
        "Ein Fehler verhindert die Veröffentlichung; eine Warnung ist geprüft oder wird mit dem Herausgeber geklärt.\n",
        "## Was geprüft wird {#sec-datenqualitaet-pruefungen}\n",
        "| Prüfung | Regel | Fehler | Warnungen |\n|:--|:--|--:|--:|",
    ]
    for name, rule in CHECKS.items():
        part = count_severities(finding for finding in quality.findings if finding.check == name)
        lines.append(f"| {name} | {rule} | {part['fehler']} | {part['warnung']} |")
    lines.append("\n: [Prüfungen und Ergebnisse]{.titel} [Anzahl der Befunde]{.untertitel} {#tbl-datenqualitaet}\n")
    if quality.findings:
        lines.append("## Befunde {#sec-datenqualitaet-befunde}\n")
        lines += [f"- **{f.check}**, `{f.where}`: {f.text}" for f in quality.findings]
    return "\n".join(lines) + "\n"


def _read_tables(data: Path, catalogue: dict[str, Indicator]) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    tables, findings = {}, []
    for name, entry in catalogue.items():
        path = data / entry.file
        if not path.is_file():
            findings.append(Finding("fehler", "Aufbau", name, f"Die Datei {entry.file} fehlt."))
            continue
        try:
            tables[name] = pd.read_csv(
                path, dtype={"ags": str, "jahr": "int64", "wert": "float64", "zeichen": str}, keep_default_na=False,
                na_values={"wert": [""]},
            )  # fmt: skip
        except (ValueError, OverflowError) as error:
            findings.append(Finding("fehler", "Aufbau", name, f"{entry.file} ist nicht lesbar: {error}."))
    files = {entry.file for entry in catalogue.values()}
    for path in sorted(data.glob("werte/*/*.csv")):
        name = path.relative_to(data).as_posix()
        if name not in files:
            findings.append(Finding("warnung", "Aufbau", name, "Die Datei gehört zu keinem Indikator des Katalogs."))
    return tables, findings


def _read_bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _land_options(entry: Indicator) -> dict[str, bool]:
    return {"cell_key": entry.work.startswith("Zensus"), "mean": entry.reference.startswith("Jahresdurchschnitt")}


def _check_own(data: Path, known: set[str], rules: Rules) -> list[Finding]:
    """The district's own surveys and those of the sample district go through the same checks of values."""
    findings, catalogue = [], load_catalogue()
    for path in sorted([*data.glob("eigene/werte/*.csv"), *data.glob("eigene/muster/werte/*.csv")]):
        entry, sample = catalogue.get(path.stem), path.parent.parent.name == "muster"
        if entry is None or not (entry.own or sample):
            findings.append(Finding("fehler", "Aufbau", path.name, "Zu dieser eigenen Zahl fehlt die Katalogzeile."))
        elif entry.own:  # invented values of official indicators are made by a generator and say nothing of a publisher
            table = read_table(path)
            findings += check_values(entry, table, known | (set(table["ags"].unique()) if sample else set()), rules)
    return findings


def _read_rules(path: Path) -> Rules:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["indikator"]: Rule(
                _bound(row["minimum"], 0.0),
                _bound(row["maximum"], float("inf")),
                tuple(int(year) for year in row["spruenge"].split("|") if year),
            )
            for row in csv.DictReader(file)
        }


def _bound(text: str, default: float) -> float:
    return float(text) if text else default


def _district_years(regions: pd.DataFrame) -> pd.DataFrame:
    districts = regions[regions["ebene"] == "kreis"]
    return pd.DataFrame(
        {
            "ags": districts["ags"],
            "von": pd.to_numeric(districts["gueltig_von"], errors="coerce").fillna(0),
            "bis": pd.to_numeric(districts["gueltig_bis"], errors="coerce").fillna(9999),
        }
    )


def select(findings: Iterable[Finding], severity: str) -> list[Finding]:
    """Findings of one severity."""
    return [finding for finding in findings if finding.severity == severity]
