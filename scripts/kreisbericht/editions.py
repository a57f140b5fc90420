"""Editions: a Quarto profile ``_quarto-<id>.yml`` with year, version, data cut-off, status and resolution.

Not in here: publishing, comparing and the switcher.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from kreisbericht import lineage
from kreisbericht.errors import ParameterError, nearest

STATUS = {
    "entwurf": "Entwurf",
    "steuerungsgremium": "Vorlage für das Steuerungsgremium",
    "ausschuss": "Vorlage für den Ausschuss",
    "beschlossen": "beschlossen",
}


@dataclass(frozen=True)
class Edition:
    """One edition of the book, as its profile states it.

    ``berichtsjahr`` [calendar year] is the last year whose values may be used; ``datenstand`` is the data cut-off.
    """

    id: str
    version: str
    berichtsjahr: int
    datenstand: dt.date
    status: str
    beschluss: dt.date | None
    vorlage: str
    profile: Path

    @property
    def status_text(self) -> str:
        """Status in words: 'Entwurf', 'beschlossen am 13.12.2023 (Vorlage 2023/118)'."""
        text = STATUS[self.status]
        if self.status == "beschlossen" and self.beschluss:
            text += f" am {self.beschluss:%d.%m.%Y}" + (f" (Vorlage {self.vorlage})" if self.vorlage else "")
        return text


def list_editions(root: Path) -> list[Edition]:
    """All editions of a project, oldest first (order of ``berichtsjahr``, then ``version``)."""
    return _list_editions(str(root))


@lineage.question
def _list_editions(folder: str) -> list[Edition]:
    root = Path(folder)
    found = [read_edition(path) for path in root.glob("_quarto-*.yml")]
    return sorted(found, key=lambda e: (e.berichtsjahr, version_key(e.version)))


def find_edition(root: Path, name: str | None = None) -> Edition:
    """The edition called ``name``, or the newest one.

    Raises
    ------
    ParameterError
        If there is no such edition (with the nearest known names) or none at all.
    """
    editions = list_editions(root)
    if not editions:
        raise ParameterError(
            f"{root}: Es gibt noch keine Ausgabe (keine Datei _quarto-<Ausgabe>.yml). "
            "Bitte eine Ausgabe anlegen; es wurde nichts verändert."
        )
    if name is None:
        return editions[-1]
    for edition in editions:
        if name in (edition.id, edition.version):
            return edition
    known = [edition.id for edition in editions]
    raise ParameterError(
        f"Ausgabe '{name}' gibt es nicht.{nearest(name, known)} Vorhanden: {', '.join(known)}. "
        f"Eine Ausgabe ist eine Datei _quarto-<Ausgabe>.yml im Projektordner; es wurde nichts verändert."
    )


def select_editions(root: Path, name: str | None) -> list[Edition]:
    """One edition (the newest if ``name`` is None), or every edition for 'alle'."""
    return list_editions(root) if name == "alle" else [find_edition(root, name)]


def read_edition(path: Path) -> Edition:
    """Read and check one profile.

    Raises
    ------
    ParameterError
        If a field is missing, the status is unknown or a date does not exist.
    """
    block = (load_yaml(path) or {}).get("ausgabe") or {}
    missing = [key for key in ("id", "version", "berichtsjahr", "datenstand", "status") if not block.get(key)]
    if missing:
        raise _profile_error(path, f"Im Abschnitt 'ausgabe' fehlt: {', '.join(missing)}.")
    if path.name != f"_quarto-{block['id']}.yml" or not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._-]*", str(block["id"])):
        raise _profile_error(path, f"Die Kennung '{block['id']}' passt nicht zum Dateinamen oder ist ungültig.")
    if not re.fullmatch(r"\d+(\.\d+)*", str(block["version"])):
        raise _profile_error(path, f"Die Version '{block['version']}' besteht nicht aus Zahlen und Punkten.")
    if block["status"] not in STATUS:
        hint = nearest(str(block["status"]), STATUS)
        raise _profile_error(path, f"Den Status '{block['status']}' gibt es nicht.{hint} Möglich: {', '.join(STATUS)}.")
    if not isinstance(block["berichtsjahr"], int):
        raise _profile_error(path, f"'berichtsjahr' ist keine Jahreszahl: {block['berichtsjahr']!r}.")
    return Edition(
        id=str(block["id"]),
        version=str(block["version"]),
        berichtsjahr=block["berichtsjahr"],
        datenstand=_date(path, "datenstand", block["datenstand"]),
        status=block["status"],
        beschluss=_date(path, "beschluss", block["beschluss"]) if block.get("beschluss") else None,
        vorlage=str(block.get("vorlage") or ""),
        profile=path,
    )


def version_key(version: str) -> tuple[int, ...]:
    """Sort key of a version such as '2025.10'."""
    return tuple(int(part) for part in version.split("."))


def load_yaml(path: Path) -> dict:
    """Parse a YAML file; a syntax error names file, line and column in German."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
    except ValueError as error:  # an unquoted date such as 2026-02-30
        raise ParameterError(
            f"{path.name}: Ein Datum gibt es nicht ({error}), erwartet JJJJ-MM-TT. Es wurde nichts verändert."
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", Zeile {mark.line + 1}, Spalte {mark.column + 1}" if mark else ""
        raise ParameterError(
            f"{path.name}{where}: Die Datei ist kein gültiges YAML. Häufige Ursachen: ein Tabulator, eine falsche "
            "Einrückung, ein Doppelpunkt ohne Anführungszeichen. Es wurde nichts verändert."
        ) from error


def _date(path: Path, field: str, value: object) -> dt.date:
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        raise _profile_error(path, f"'{field}': Das Datum '{value}' gibt es nicht (erwartet JJJJ-MM-TT).") from None


def _profile_error(path: Path, what: str) -> ParameterError:
    return ParameterError(f"{path.name}: {what} Bitte das Profil der Ausgabe berichtigen; es wurde nichts verändert.")
