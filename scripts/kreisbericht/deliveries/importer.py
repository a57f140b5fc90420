"""Import deliveries: read → map → settle regions → compare → (ask) → write. One call is one step: all or nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from kreisbericht.deliveries import own
from kreisbericht.deliveries.compare import Change, compare_values, format_number, format_values, read_table
from kreisbericht.deliveries.corrections import apply_corrections, load_corrections
from kreisbericht.deliveries.mapping import VALUE_COLUMNS, Mapped, map_delivery
from kreisbericht.deliveries.model import Delivery
from kreisbericht.deliveries.recognise import read_delivery
from kreisbericht.deliveries.territory import settle_regions
from kreisbericht.deliveries.write import locked, recover_interrupted, write_together
from kreisbericht.derived import write_derived
from kreisbericht.package import write_package
from kreisbericht.paths import data_dir
from kreisbericht.store import values_path

LOG_COLUMNS = ["id", "datei", "sha256", "familie", "tabelle", "titel", "stand", "importiert_am", "indikatoren", "jahre",
               "neu", "geaendert", "bestaetigt"]  # fmt: skip
REVISION_COLUMNS = ["indikator", "ags", "jahr", "alt", "neu", "datum", "lieferung"]


@dataclass(frozen=True)
class Records:
    """Offers or measures after the import, with counts."""

    merged: pd.DataFrame
    new: int
    changed: int


@dataclass(frozen=True)
class Planned:
    """One delivery with what it would change; ``known`` where the same bytes were imported before."""

    mapped: Mapped
    id: str
    changes: list[Change]
    notes: list[str]
    known: bool
    regions: dict[str, int]
    home: Path
    records: Records | None = None
    mended: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """All deliveries of one call, in order of *Stand*, and the files to write."""

    deliveries: list[Planned]
    files: dict[Path, str] = field(repr=False)
    recovered: str = ""


def plan_import(paths: Iterable[Path], *, today: date | None = None) -> Plan:
    """Read and check all files and work out every change; ``data/`` stays as it is.

    Parameters
    ----------
    paths
        Deliveries of any family; later *Stand* wins where two hold the same key.
    today
        Day written to the log; default: today.

    Raises
    ------
    DataError, ParameterError
        German, naming file, row and column.
    """
    today = today or date.today()
    read = [read_delivery(Path(path)) for path in paths]
    read.sort(key=lambda delivery: (delivery.as_of or date.max, delivery.path.name))
    tables: dict[Path, pd.DataFrame] = {}
    planned = [_plan_one(delivery, _delivery_id(delivery.sha256, today), tables) for delivery in read]
    return Plan(planned, _collect_files(planned, tables, today))


def import_deliveries(
    paths: Iterable[Path], *, confirm: Callable[[Plan], bool], today: date | None = None
) -> tuple[Plan, bool]:
    """Plan, ask and write.

    Parameters
    ----------
    confirm
        Shown the plan, says whether to write; not asked where nothing would change.

    Returns
    -------
    (plan, whether anything was written)
    """
    with locked():
        recovered = recover_interrupted()
        plan = plan_import(paths, today=today)
        plan = Plan(plan.deliveries, plan.files, recovered)
        if not confirm(plan) or not plan.files:
            return plan, False
        write_together(plan.files)
        write_derived({path.stem for path in plan.files})
        if any(not path.is_relative_to(data_dir() / "eigene") for path in plan.files):
            write_package()  # new years, tables and logs of official data are listed at once
        return plan, True


def load_log(folder: Path | None = None) -> pd.DataFrame:
    """``lieferungen.csv`` of ``data/`` or of one of its parts, all as strings; empty before the first import."""
    return _load(folder, "lieferungen.csv", LOG_COLUMNS)


def load_revisions(folder: Path | None = None) -> pd.DataFrame:
    """``revisionen.csv``, all columns as strings; ``alt`` and ``neu`` hold a number or a symbol."""
    return _load(folder, "revisionen.csv", REVISION_COLUMNS)


def _load(folder: Path | None, name: str, columns: list[str]) -> pd.DataFrame:
    path = (folder or data_dir()) / name
    if not path.is_file():
        return pd.DataFrame(columns=columns, dtype=str)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _plan_one(delivery: Delivery, name: str, tables: dict[Path, pd.DataFrame]) -> Planned:
    """Changes of one delivery on top of those before it in the same call."""
    home = _home(delivery)
    log = load_log(home)
    known = delivery.sha256 in set(log["sha256"])
    if delivery.records is not None:
        merged, new, changed = own.merge_records(delivery)
        mapped = Mapped(delivery, pd.DataFrame(columns=VALUE_COLUMNS), [])
        return Planned(mapped, name, [], list(delivery.notes), known, {}, home, Records(merged, new, changed))
    is_own = delivery.family == "vorlage"
    mapped = map_delivery(delivery, own.known_indicators() if is_own else None)
    values, notes = own.settle(mapped) if is_own else settle_regions(mapped.values, delivery.path.name)
    values, mended, corrected = (values, [], []) if is_own else apply_corrections(values, load_corrections())
    changes = []
    for indicator, rows in values.groupby("indikator", sort=True):
        path = own.values_path(indicator, values, delivery.path.name) if is_own else values_path(indicator)
        before = tables[path] if path in tables else read_table(path)
        newest = _newest_years(log, indicator)
        change = compare_values(indicator, path, before, rows, newest=newest, as_of=delivery.as_of)
        tables[path] = change.merged
        changes.append(change)
    mapped = Mapped(delivery, values, mapped.unmapped)
    return Planned(
        mapped, name, changes, [*delivery.notes, *notes, *corrected], known, _count_levels(values), home, None, mended
    )


def _delivery_id(sha256: str, today: date) -> str:
    return f"{today.isoformat()}-{sha256[:8]}"


def _newest_years(log: pd.DataFrame, indicator: str) -> dict[int, date]:
    """Latest *Stand* per year already imported for this indicator."""
    newest: dict[int, date] = {}
    rows = log[log["indikatoren"].str.split("|").map(lambda names: indicator in names) & (log["stand"] != "")]
    for stand, years in zip(rows["stand"], rows["jahre"], strict=True):
        first, _, last = years.partition("-")
        for year in range(int(first), int(last or first) + 1):
            newest[year] = max(newest.get(year, date.min), date.fromisoformat(stand))
    return newest


def _count_levels(values: pd.DataFrame) -> dict[str, int]:
    names = {2: "Länder", 5: "Kreise", 8: "Gemeinden", 9: "Planungsräume"}
    keys = pd.Series(values["ags"].unique(), dtype=str)
    counts = {"Bund": int((keys == "00").sum())}
    for length, name in names.items():
        counts[name] = int(((keys.str.len() == length) & (keys != "00")).sum())
    return {name: count for name, count in counts.items() if count}


def _home(delivery: Delivery) -> Path:
    """Folder of log and revisions: own figures may be confidential and keep theirs beside them."""
    if delivery.family != "vorlage":
        return data_dir()
    keys = delivery.cells["ags"] if delivery.records is None else delivery.records["gebiet"]
    return own.own_dir(keys, delivery.path.name)


def _collect_files(planned: list[Planned], tables: dict[Path, pd.DataFrame], today: date) -> dict[Path, str]:
    touched = {change.path for item in planned for change in item.changes if change.touched}
    files = {path: format_values(tables[path]) for path in touched}
    for item in planned:
        if item.records and (item.records.new or item.records.changed):
            files[own.record_path(item.mapped.delivery)] = item.records.merged.to_csv(index=False, lineterminator="\n")
    mended = sorted({position for item in planned for position in item.mended})
    if mended:
        corrections = load_corrections()
        corrections.loc[mended, "status"] = "quelle_berichtigt"
        files[data_dir() / "korrekturen.csv"] = corrections.to_csv(index=False, lineterminator="\n")
    for home in {item.home for item in planned}:
        files.update(_collect_records(home, [item for item in planned if item.home == home], today))
    return files


def _collect_records(home: Path, planned: list[Planned], today: date) -> dict[Path, str]:
    """Log and revisions of one folder."""
    files, log = {}, load_log(home)
    revisions = [row for item in planned for change in item.changes for row in _revision_rows(change, item.id, today)]
    if revisions:
        files[home / "revisionen.csv"] = _append(load_revisions(home), revisions, REVISION_COLUMNS)
    fresh = [item for item in planned if not item.known or any(change.touched for change in item.changes)]
    entries = [row for item in fresh if (row := _log_row(item, today))["id"] not in set(log["id"])]
    if entries:
        files[home / "lieferungen.csv"] = _append(log, entries, LOG_COLUMNS)
    return files


def _revision_rows(change: Change, delivery_id: str, today: date) -> list[dict[str, str]]:
    return [
        {
            "indikator": change.indicator,
            "ags": row.ags,
            "jahr": str(row.jahr),
            "alt": format_number(row.alt) or row.alt_zeichen,
            "neu": format_number(row.wert) or row.zeichen,
            "datum": today.isoformat(),
            "lieferung": delivery_id,
        }
        for row in change.revised.itertuples(index=False)
    ]


def _log_row(item: Planned, today: date) -> dict[str, str]:
    delivery, values = item.mapped.delivery, item.mapped.values
    years = sorted({int(year) for year in values["jahr"]}) if len(values) else []
    return {
        "id": item.id,
        "datei": delivery.path.name,
        "sha256": delivery.sha256,
        "familie": delivery.family,
        "tabelle": delivery.table,
        "titel": delivery.title,
        "stand": delivery.as_of.isoformat() if delivery.as_of else "",
        "importiert_am": today.isoformat(),
        "indikatoren": "|".join(change.indicator for change in item.changes),
        "jahre": f"{years[0]}-{years[-1]}" if years else "",
        "neu": str(sum(len(change.new) for change in item.changes) + (item.records.new if item.records else 0)),
        "geaendert": str(
            sum(len(change.revised) for change in item.changes) + (item.records.changed if item.records else 0)
        ),
        "bestaetigt": str(sum(change.equal for change in item.changes)),
    }


def _append(table: pd.DataFrame, rows: list[dict[str, str]], columns: list[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*table.to_dict("records"), *rows])
    return text.getvalue()
