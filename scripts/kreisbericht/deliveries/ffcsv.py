"""GENESIS flat file (*ffcsv*, interface since 2024/25) of Regionaldatenbank, Destatis and Zensus.

One header line, one row per value; an empty attribute code means *Insgesamt*.
"""

from __future__ import annotations

import io
import json
import re
import warnings
from datetime import date

import numpy as np
import pandas as pd

from kreisbericht.deliveries.cells import parse_keys, parse_values, parse_year, refuse_duplicates
from kreisbericht.deliveries.model import CELL_COLUMNS, Delivery
from kreisbericht.deliveries.source import UNTOUCHED, Source
from kreisbericht.errors import DataError

NEEDED = ["statistics_code", "time", "value", "value_unit", "value_variable_code"]
QUALITY = {"p": "vorläufige", "r": "berichtigte", "s": "geschätzte"}
_REGION = re.compile(r"(?:KREIS|DLAND|DINSG|GEMEIN|GEM|REGBEZ|GEO|DG|LAND)")


def is_ffcsv(text: str) -> bool:
    """Does the text open with the header of a flat file?"""
    return text[:200].lstrip('"').startswith("statistics_code")


def parse_ffcsv(source: Source) -> Delivery:
    """Read one flat file.

    Parameters
    ----------
    source
        Text source; separator ``;``, decimal comma.

    Returns
    -------
    Delivery; ``table`` is the statistics code, ``merkmal`` is ``VALUE | VARIABLE=ATTRIBUTE | …`` in codes, sorted,
        dimensions at their total left out, so that a total reads the same with or without the breakdown.

    Raises
    ------
    DataError
        Truncated file, missing columns, no region, cells that are no numbers, duplicates.
    """
    name = source.path.name
    frame = _read(source.text, name)
    dimensions = sorted(int(found[1]) for c in frame if (found := re.match(r"(\d+)_variable_code$", c)))
    region = _find_region(frame, dimensions, name)
    years = frame["time"].map({text: parse_year(text) for text in frame["time"].unique()})
    if years.isna().any():
        bad = frame[years.isna()].iloc[0]
        raise DataError(f"{name}: Zeile {bad['zeile']}, Spalte 'time': '{bad['time']}' ist kein Jahr. {UNTOUCHED}")
    keys = frame[f"{region}_variable_attribute_code"].replace("", "DG")
    cells = pd.DataFrame(
        {
            "merkmal": _features(frame, [i for i in dimensions if i != region]),
            "einheit": frame["value_unit"],
            "ags": parse_keys(keys, frame["zeile"], name),
            "gebiet": frame[f"{region}_variable_attribute_label"].str.strip(),
            "jahr": years.astype(int),
            "zeile": frame["zeile"],
            "spalte": "value",
            "text": frame["value"],
        }
    )
    cells = refuse_duplicates(parse_values(cells, name)[CELL_COLUMNS], name)
    code, label = frame["statistics_code"].iloc[0], frame.get("statistics_label", pd.Series([""])).iloc[0]
    return Delivery(source.path, source.sha256, "ffcsv", code, label, _as_of(source), cells, _quality_notes(frame))


def _read(text: str, name: str) -> pd.DataFrame:
    header, _, rest = text.partition("\n")
    columns = [column.strip().strip('"') for column in header.strip().split(";")]
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise DataError(f"{name}: Zeile 1: Es fehlen die Spalten {', '.join(missing)}. Bitte neu laden. {UNTOUCHED}")
    if not rest.strip():
        raise DataError(f"{name}: Zeile 2: Die Datei enthält keine Werte. {UNTOUCHED}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a longer row would lose its last cells
            frame = pd.read_csv(
                io.StringIO(text), sep=";", dtype=str, keep_default_na=False, na_filter=False, index_col=False
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise DataError(
            f"{name}: Nicht alle Zeilen haben die {len(columns)} Spalten der Kopfzeile ({error}). {UNTOUCHED}"
        ) from error
    frame.columns = columns
    frame["zeile"] = np.arange(2, len(frame) + 2)
    _refuse_truncated(frame, text, len(columns), name)
    return frame


def _refuse_truncated(frame: pd.DataFrame, text: str, width: int, name: str) -> None:
    """A last line that breaks off, or a row without its variable."""
    last = text.rstrip("\r\n").rpartition("\n")[2]
    if not text.endswith("\n") and last.count(";") < width - 1:
        raise DataError(
            f"{name}: Zeile {len(frame) + 1}: Die letzte Zeile hat {last.count(';') + 1} statt {width} Spalten; "
            f"die Datei ist abgeschnitten. Bitte neu herunterladen. {UNTOUCHED}"
        )
    short = frame["value_variable_code"].isna() | (frame["value_variable_code"] == "")
    if short.any():
        row = frame.loc[short, "zeile"].iloc[0]
        raise DataError(
            f"{name}: Zeile {row}: Die Zeile ist unvollständig (Spalte 'value_variable_code' leer); die Datei ist "
            f"abgeschnitten oder wurde geändert. Bitte neu herunterladen. {UNTOUCHED}"
        )


def _find_region(frame: pd.DataFrame, dimensions: list[int], name: str) -> int:
    """Number of the variable that carries the regions."""
    for number in dimensions:
        if _REGION.match(frame[f"{number}_variable_code"].iloc[0]):
            return number
    for number in dimensions:
        codes = frame[f"{number}_variable_attribute_code"]
        if codes.str.fullmatch(r"DG|\d{2}|\d{5}|\d{8}|\d{12}").mean() > 0.9:
            return number
    raise DataError(
        f"{name}: Zeile 2: Kein Merkmal enthält amtliche Gebietsschlüssel (gefunden: "
        f"{', '.join(frame[f'{i}_variable_label'].iloc[0] for i in dimensions) or 'keines'}). "
        f"Bitte die Tabelle in der Regionaltiefe Kreise laden. {UNTOUCHED}"
    )


def _features(frame: pd.DataFrame, dimensions: list[int]) -> pd.Series:
    """``VALUE | VARIABLE=ATTRIBUTE`` per row, from few distinct combinations."""
    columns = ["value_variable_code"]
    for number in dimensions:
        columns += [f"{number}_variable_code", f"{number}_variable_attribute_code"]
    groups = frame.groupby(columns, sort=False, dropna=False).ngroup()
    first = frame.loc[~groups.duplicated(), columns]
    words = []
    for row in first.itertuples(index=False):
        parts = [f"{row[i]}={row[i + 1]}" for i in range(1, len(columns), 2) if row[i + 1]]
        words.append(" | ".join([row[0], *sorted(parts)]))
    return groups.map(dict(enumerate(words)))


def _quality_notes(frame: pd.DataFrame) -> tuple[str, ...]:
    if "value_q" not in frame:
        return ()
    counts = frame["value_q"].value_counts()
    return tuple(f"{counts[q]} {word} Werte (Qualitätskennzeichen '{q}')" for q, word in QUALITY.items() if q in counts)


def _as_of(source: Source) -> date | None:
    """Flat files carry no Stand: the day of retrieval from the record beside the file, if it is of these bytes."""
    try:
        record = json.loads(source.path.with_suffix(".json").read_text(encoding="utf-8"))
        same = record["sha256"] == source.sha256
        return date.fromisoformat(record["abrufdatum"][:10]) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
