"""Raw answers as they came: bytes, SHA-256, Abrufdatum and the request, outside git.

They lie in ``data/eigene/abruf/<database>/<table>/`` (git-ignored; ``KREISBERICHT_ABRUF`` names another folder). An
answer counts once its record is written, and only while its bytes still have the recorded checksum. ``stand.json``
beside them remembers the last import, the last check and an open job of the table. No access is ever written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from kreisbericht.errors import DataError
from kreisbericht.fetch.request import TableRequest
from kreisbericht.paths import data_dir, write_atomically

if os.name == "posix":
    import fcntl

REUSE_DAYS = 7
"""A stored answer not yet imported is used again for this long, instead of asking the database."""


@dataclass(frozen=True)
class Answer:
    """One stored answer."""

    path: Path
    sha256: str
    size: int
    retrieved: datetime
    request: TableRequest
    reused: bool = False


def archive_dir() -> Path:
    """Folder of the raw answers."""
    return Path(os.environ.get("KREISBERICHT_ABRUF", data_dir() / "eigene" / "abruf"))


def store_answer(request: TableRequest, content: bytes, *, now: datetime, job: str = "") -> Answer:
    """Write the bytes, then the record that makes them count.

    Parameters
    ----------
    request, content
        What was asked for and what came, received whole.
    now
        Time of retrieval, with time zone.
    job
        Name of the job it came from.
    """
    digest = hashlib.sha256(content).hexdigest()
    ending = "zip" if content.startswith(b"PK") else "csv"
    path = _folder(request) / f"{request.code}_{now:%Y-%m-%d}_{digest[:8]}.{ending}"
    write_atomically(path, content)
    record = {
        "quelle": request.service.name,
        "adresse": request.service.address(),
        "tabelle": request.code,
        "anfrage": request.fields(),
        "auftrag": job,
        "abrufdatum": now.isoformat(timespec="seconds"),
        "datei": path.name,
        "bytes": len(content),
        "sha256": digest,
    }
    write_atomically(path.with_suffix(".json"), json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return Answer(path, digest, len(content), now, request)


def find_answer(request: TableRequest, *, now: datetime) -> Answer | None:
    """A whole, unchanged answer to the same request, retrieved lately and not imported since; else None."""
    imported = last_import(request)
    for record_path in sorted(_folder(request).glob(f"{request.code}_*.json"), reverse=True):
        record = _read_json(record_path)
        path = record_path.with_name(str(record.get("datei")))
        if record.get("anfrage") != request.fields() or not path.is_file():
            continue
        retrieved = datetime.fromisoformat(record["abrufdatum"])
        if now - retrieved > timedelta(days=REUSE_DAYS) or (imported and retrieved.date() <= imported):
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == record["sha256"]:
            return Answer(path, record["sha256"], len(content), retrieved, request, reused=True)
    return None


def last_import(request: TableRequest) -> date | None:
    """Day of retrieval of what was last imported of this table."""
    return _state_date(request, "importiert")


def last_check(request: TableRequest) -> date | None:
    """Day the database last said there is nothing newer."""
    return _state_date(request, "geprueft")


def mark_imported(answer: Answer) -> None:
    """Remember that the table was imported as of this retrieval."""
    day = answer.retrieved.date().isoformat()
    _update_state(answer.request, importiert=day, geprueft=day)


def mark_checked(request: TableRequest, day: date) -> None:
    """Remember that there was nothing newer on that day."""
    _update_state(request, geprueft=day.isoformat())


def open_job(request: TableRequest) -> str:
    """Name of a job ordered for the same request and not collected, '' if there is none."""
    job = _state(request).get("auftrag") or {}
    return job.get("name", "") if job.get("anfrage") == request.fields() else ""


def note_job(request: TableRequest, name: str) -> None:
    """Remember an ordered job, so that a later run collects it; an empty name forgets it."""
    _update_state(request, auftrag={"name": name, "anfrage": request.fields()} if name else None)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep a second run out; the databases ask for one request at a time."""
    archive_dir().mkdir(parents=True, exist_ok=True)
    with (archive_dir() / ".sperre").open("w") as handle:
        if os.name == "posix":
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise DataError("Ein anderer Abruf läuft gerade. Bitte warten und noch einmal starten.") from error
        yield


def _folder(request: TableRequest) -> Path:
    return archive_dir() / request.service.key / request.code


def _state(request: TableRequest) -> dict:
    return _read_json(_folder(request) / "stand.json")


def _state_date(request: TableRequest, key: str) -> date | None:
    text = _state(request).get(key)
    return date.fromisoformat(text) if text else None


def _update_state(request: TableRequest, **values: object) -> None:
    state = {**_state(request), **values}
    text = json.dumps({key: value for key, value in state.items() if value}, ensure_ascii=False, indent=1)
    write_atomically(_folder(request) / "stand.json", text + "\n")


def _read_json(path: Path) -> dict:
    """Content of a record; empty where it is missing or damaged (it then counts as not there)."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
