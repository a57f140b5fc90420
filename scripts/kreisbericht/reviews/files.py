"""Readers' files: what the review mode saved, checked against ``data/schema/rueckmeldung.json`` before it is used.

A file or note that cannot be used is named with its place and left aside; all others are read. Not in here: merging
with what is known already (``table``).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kreisbericht.errors import ParameterError
from kreisbericht.paths import REVIEWS, ROOT, data_dir
from kreisbericht.reviews.model import Note, clean_text, read_note

FORMAT = "kreisbericht-anmerkungen/1"
SCHEMA = ROOT / "data" / "schema" / "rueckmeldung.json"
LARGEST = 5_000_000  # bytes
MOST = 5_000  # notes in one file
_SAVED = "Vermutlich ist es keine Datei aus „Als Datei sichern“ oder sie wurde danach bearbeitet"


@dataclass
class Reading:
    """Notes of all files, and what could not be used, in German."""

    notes: list[Note] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    files: int = 0


def review_folder(edition: str) -> Path:
    """Where readers' files of one edition are put."""
    return data_dir() / REVIEWS / edition


def find_files(edition: str, given: Iterable[Path] = ()) -> list[Path]:
    """The files given and those in the edition's folder; a folder among those given stands for its ``*.json``.

    Raises
    ------
    ParameterError
        If a file given does not exist.
    """
    found: list[Path] = []
    for path in [review_folder(edition), *given]:
        if path.is_dir():
            found += sorted(file for file in path.glob("*.json") if file.is_file())
        elif path.is_file():
            found.append(path)
        elif path != review_folder(edition):
            raise ParameterError(f"Die Datei '{path}' gibt es nicht. Es wurde nichts verändert.")
    return list(dict.fromkeys(path.resolve() for path in found))


def read_files(files: Iterable[Path], *, ags: str, edition: str) -> Reading:
    """Notes about one edition of one district from all files."""
    reading = Reading()
    for path in files:
        content = _read_json(path, reading)
        if content is None or not _is_about(content, path, reading, ags=ags, edition=edition):
            continue
        reading.files += 1
        for place, raw in enumerate(content["anmerkungen"], start=1):
            problem = check_note(raw)
            if problem:
                reading.problems.append(f"{path.name}, Anmerkung {place}: {problem} Sie wurde übergangen.")
            else:
                reading.notes.append(read_note(raw, path.name))
    return reading


def check_note(raw: Any) -> str:
    """German description of the first mistake in one note, '' for none."""
    for error in _errors(raw):
        where = "".join(f" '{part}'" for part in error.absolute_path)
        return f"Feld{where or ' (ganze Anmerkung)'} {_describe(error)}."
    for name in ("erstellt", "geaendert"):
        try:
            dt.date.fromisoformat(raw[name][:10])
        except ValueError:
            return f"Feld '{name}': den Tag {_shown(raw[name][:10])} gibt es nicht."
    if not clean_text(raw["text"]) or not clean_text(raw["stelle"]["selektor"]["exact"]):
        return "Sie hat keinen Text."
    return ""


def _read_json(path: Path, reading: Reading) -> dict | None:
    try:
        if path.stat().st_size > LARGEST:
            reading.problems.append(f"{path.name}: größer als {LARGEST // 1_000_000} MB und deshalb nicht gelesen.")
            return None
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        where = f"Zeile {error.lineno}, Spalte {error.colno}"
        reading.problems.append(f"{path.name}, {where}: kein gültiges JSON. {_SAVED}; sie wurde nicht gelesen.")
    except (OSError, ValueError, RecursionError):
        reading.problems.append(f"{path.name}: nicht lesbar. {_SAVED}; sie wurde nicht gelesen.")
    else:
        if isinstance(content, dict) and content.get("format") == FORMAT:
            return content
        reading.problems.append(f"{path.name}: keine Datei mit Anmerkungen. {_SAVED}; sie wurde nicht gelesen.")
    return None


def _is_about(content: dict, path: Path, reading: Reading, *, ags: str, edition: str) -> bool:
    about, notes = content.get("bericht"), content.get("anmerkungen")
    if not isinstance(about, dict) or not isinstance(notes, list) or len(notes) > MOST:
        reading.problems.append(
            f"{path.name}: Es fehlt der Abschnitt 'bericht' oder die Liste 'anmerkungen' (höchstens {MOST}). {_SAVED}; "
            "sie wurde nicht gelesen."
        )
        return False
    if (about.get("ags"), about.get("ausgabe")) != (ags, edition):
        reading.problems.append(
            f"{path.name}: gehört zu Kreis {_shown(about.get('ags'))}, Ausgabe {_shown(about.get('ausgabe'))}, nicht "
            f"zu Kreis {ags}, Ausgabe {edition}. Bitte mit der passenden --edition einlesen; sie wurde nicht gelesen."
        )
        return False
    return True


def _errors(raw: Any) -> Iterator:
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator({**schema["$defs"]["anmerkung"], "$defs": schema["$defs"]}).iter_errors(raw)


def _describe(error: Any) -> str:
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"ist unvollständig: '{missing[0]}' fehlt"
    if error.validator in ("enum", "const"):
        return f"hat den unbekannten Wert {_shown(error.instance)}"
    return {
        "type": "hat die falsche Form",
        "maxLength": f"ist länger als {error.validator_value} Zeichen",
        "minLength": "ist leer",
        "pattern": f"hat den unzulässigen Wert {_shown(error.instance)}",
    }.get(error.validator, "ist ungültig")


def _shown(value: Any) -> str:
    return f"'{clean_text(str(value))[:60]}'"
