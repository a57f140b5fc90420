"""What a reply of the interface means: data, a status, or trouble that may pass.

Codes: Statistisches Bundesamt, "Webservices, Einführung" (status block), and recorded replies of the databases.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from kreisbericht.deliveries.source import MAX_UNPACKED_BYTES, UNTOUCHED
from kreisbericht.errors import DataError

OK, ADJUSTED = 0, 22
GENERAL_ERROR, BUSY, NOT_ALLOWED = 2, 6, 15
NOTHING_NEWER, NO_TABLE, TOO_LARGE, JOB_ACCEPTED, NO_OBJECTS = 50, 90, 98, 99, 104
PASSING_HTTP = {408, 425, 429, 500, 502, 503, 504}

_JOB_NAME = re.compile(r":\s*([\w-]+_\d+)")
_TABLE = re.compile(r'\s*"?(?:GENESIS-)?Tabelle:')


class FetchError(DataError):
    """A table did not come; German, ends with what was left unchanged."""


class AccessRefused(FetchError):
    """The database does not accept the access."""


class ServiceDown(FetchError):
    """The database does not answer, or asks for a long pause."""


class TableUnknown(FetchError):
    """There is no such table."""


class NoValues(FetchError):
    """Nothing fits the selection: unknown table or no values in these years."""


class NothingNewer(FetchError):
    """The publisher has nothing newer than the last import."""


class TableTooLarge(FetchError):
    """Too many values for a direct answer; ``job_possible`` says whether a job would do."""

    def __init__(self, message: str, *, job_possible: bool = True) -> None:
        super().__init__(message)
        self.job_possible = job_possible


class JobLost(FetchError):
    """The database no longer knows a job that was ordered."""


class PassingTrouble(Exception):
    """Trouble that a later attempt may not meet; ``pause`` in seconds where the server names one."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


@dataclass(frozen=True)
class Reply:
    """A reply received whole: HTTP status, headers, bytes."""

    http: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Status:
    """The status block of a JSON reply, and the rest of it."""

    code: int
    text: str
    content: dict

    @property
    def job_name(self) -> str:
        """Name of the ordered result, '' where the text has none."""
        found = _JOB_NAME.search(self.text)
        return found[1] if found else ""


def read_status(reply: Reply) -> Status | None:
    """Status block of a JSON reply (nested or flat), None where the reply is no such thing."""
    if not reply.body.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
        return None
    try:
        content = json.loads(reply.body.decode("utf-8-sig"))
    except ValueError:
        return None
    block = content.get("Status", content)
    if isinstance(block, str):
        return Status(OK, block, content)
    if not isinstance(block, dict) or not isinstance(block.get("Code"), int):
        return None
    return Status(block["Code"], " ".join(str(block.get("Content") or "").split()), content)


def refuse_trouble(reply: Reply) -> None:
    """Raise PassingTrouble where trying again makes sense."""
    status = read_status(reply)
    pause = read_pause(reply.headers.get("retry-after", ""))
    if status and status.code == BUSY:
        raise PassingTrouble("zu viele gleichzeitige Anfragen", pause)
    if status and "systemfehler" in status.text.casefold():
        raise PassingTrouble("Systemfehler der Datenbank", pause)
    if reply.http in PASSING_HTTP:
        raise PassingTrouble(f"HTTP {reply.http}", pause)
    if reply.http == 200 and not reply.body.strip():
        raise PassingTrouble("leere Antwort")
    if reply.http == 200 and reply.body.lstrip()[:1] == b"<":
        raise PassingTrouble("Wartungsseite statt Daten", pause)


def read_pause(header: str) -> float | None:
    """Seconds of a ``Retry-After`` header (seconds or date), None where there is none."""
    if header.strip().isdigit():
        return float(header)
    try:
        when = parsedate_to_datetime(header)
    except (ValueError, TypeError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def judge_reply(reply: Reply, *, name: str, table: str, hide: Callable[[str], str]) -> Status | None:
    """None where the reply carries data, the status where it is good news; else the fitting FetchError.

    Parameters
    ----------
    name, table
        Database and table for the message.
    hide
        Takes the access out of a text: some replies quote it.
    """
    status = read_status(reply)
    where = f"{name}, Tabelle {table}" if table else name
    if status is None:
        _refuse_http(reply, name)
        if not is_data(reply.body):
            raise FetchError(f"{where}: Die Antwort ist weder Tabelle noch Meldung. Bitte später erneut. {UNTOUCHED}")
        return None
    if status.code in (OK, ADJUSTED, JOB_ACCEPTED):
        return status
    raise _error(replace(status, text=hide(status.text)), name, where)


def is_data(body: bytes) -> bool:
    """Zip, flat file or GENESIS table?"""
    opening = body[:200].decode("utf-8-sig", errors="replace").lstrip('" \r\n')
    return body.startswith(b"PK\x03\x04") or opening.startswith("statistics_code") or bool(_TABLE.match(opening))


def find_damage(body: bytes) -> str:
    """Why an answer is not whole, in German; '' where nothing speaks against it."""
    if body.startswith(b"PK"):
        return _zip_damage(body)
    opening = body[:200].decode("utf-8-sig", errors="replace")
    if _TABLE.match(opening):
        return "" if b"\n____" in body else "das Tabellenende fehlt"
    first, _, rest = body.partition(b"\n")
    last = rest.rstrip(b"\r\n").rpartition(b"\n")[2]
    whole = body.endswith(b"\n") or last.count(b";") == first.count(b";")
    return "" if whole else "die letzte Zeile ist unvollständig"


def _zip_damage(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
                return "das Archiv ist ausgepackt zu groß"
            broken = archive.testzip()
            return f"'{broken}' im Archiv ist beschädigt" if broken else ""
    except (zipfile.BadZipFile, EOFError, zipfile.zlib.error, NotImplementedError, RuntimeError):
        return "das Archiv ist beschädigt"


def _refuse_http(reply: Reply, name: str) -> None:
    if reply.http in (401, 403):
        raise AccessRefused(refused(name))
    if 300 <= reply.http < 400:
        target = reply.headers.get("location", "unbekannt").split("?")[0]
        raise FetchError(
            f"{name}: Die Schnittstelle ist umgezogen (nach {target}). Zugangsdaten werden nicht an eine fremde "
            f"Adresse geschickt. Bitte die neue Adresse prüfen und als KREISBERICHT_URL_… setzen. {UNTOUCHED}"
        )
    if reply.http != 200:
        raise FetchError(
            f"{name}: Die Schnittstelle antwortet mit HTTP {reply.http}. Vermutlich hat sich ihre Adresse geändert. "
            f"{UNTOUCHED}"
        )


def _error(status: Status, name: str, where: str) -> FetchError:
    text, code = status.text, status.code
    words = text.casefold()
    if code == NOT_ALLOWED or (code == GENERAL_ERROR and ("nutzernamen" in words or "passwort" in words)):
        return AccessRefused(refused(name))
    if code == TOO_LARGE or "zu gro" in words or "weder im dialog" in words:
        possible = "weder im dialog" not in words
        return TableTooLarge(f"{where}: Die Tabelle ist für einen Abruf zu groß. {UNTOUCHED}", job_possible=possible)
    if code == NO_TABLE:
        return TableUnknown(f"{where}: Diese Tabelle gibt es dort nicht. Bitte den Code prüfen. {UNTOUCHED}")
    if code == NO_OBJECTS:
        return NoValues(
            f"{where}: Diese Tabelle gibt es dort nicht, oder sie hat im gewählten Zeitraum keine Werte. "
            f"Bitte Code und --seit prüfen. {UNTOUCHED}"
        )
    if code == NOTHING_NEWER:
        return NothingNewer(f"{where}: seit dem letzten Abruf nichts Neues.")
    return FetchError(f"{where}: Die Datenbank meldet: '{text[:300]}' (Code {code}). {UNTOUCHED}")


def refused(name: str) -> str:
    """German message: the access is not accepted."""
    return (
        f"{name}: Der Zugang wird nicht angenommen. Vermutlich ist das Token abgelaufen, neu vergeben worden oder "
        "gehört zu einer anderen Datenbank. Bitte dort unter 'Webservice-Schnittstelle (API)' das Token neu kopieren "
        f"und hinterlegen. {UNTOUCHED}"
    )
