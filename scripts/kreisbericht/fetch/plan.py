"""Which tables of the catalogue to fetch, from which database, in which form and from which year on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from kreisbericht.catalogue import official_indicators
from kreisbericht.deliveries.mapping import load_mapping
from kreisbericht.deliveries.source import UNTOUCHED
from kreisbericht.derived import COMPUTED
from kreisbericht.errors import ParameterError, nearest
from kreisbericht.fetch.archive import last_check, last_import
from kreisbericht.fetch.request import TableRequest
from kreisbericht.fetch.services import SERVICES, Service, find_codes, service_of
from kreisbericht.store import values_path

FIRST_YEAR = 2008
"""Start where nothing of a table is there yet; earlier years with ``--seit``."""
OVERLAP_YEARS = 2
"""Years before the newest one asked for again: publishers revise them."""
RECHECK_DAYS = 25
"""A table imported or checked more recently than this is not asked for again (a monthly run asks)."""
ONCE = ("einmalig", "je Wahl")


@dataclass(frozen=True)
class FetchPlan:
    """What to fetch, and what not with the reason (code, German)."""

    due: list[TableRequest]
    skipped: list[tuple[str, str]]


def plan_tables(
    *, tables: Iterable[str] = (), service: Service | None = None, since: int | None = None, today: date | None = None
) -> FetchPlan:
    """Requests for the catalogue's tables that are due.

    Parameters
    ----------
    tables
        Only these codes, due or not; also codes the catalogue does not name yet.
    service
        Only this database.
    since
        First year for all; default: two years before the newest one in ``data/``.

    Raises
    ------
    ParameterError
        If a code belongs to no database, or the year makes no sense.
    """
    today = today or date.today()
    if since is not None and not 1900 <= since <= today.year:
        raise ParameterError(f"--seit {since}: erwartet wird ein Jahr von 1900 bis {today.year}. {UNTOUCHED}")
    named = _catalogue_tables()
    wanted = list(dict.fromkeys(tables)) or sorted(named)
    mapping, due, skipped = load_mapping(), [], []
    for code in wanted:
        owner = service_of(code)
        if owner is None:
            raise ParameterError(
                f"--tabelle {code}: das ist kein Tabellencode von {', '.join(s.name for s in SERVICES.values())}."
                f"{nearest(code, named)} {UNTOUCHED}"
            )
        if service and owner is not service:
            continue
        request = _build_request(code, owner, named.get(code, []), mapping, since)
        reason = "" if tables else _reason_to_skip(request, named[code], today)
        if reason:
            skipped.append((code, reason))
            continue
        due.append(request if tables or since else replace(request, newer_than=last_import(request)))
    return FetchPlan(due, skipped)


def _catalogue_tables() -> dict[str, list]:
    """Table code → indicators of the catalogue that name it."""
    named: dict[str, list] = {}
    for indicator in official_indicators().values():
        if indicator.source_id == COMPUTED:
            continue
        for code in find_codes(indicator.table.replace(";", " ")):
            named.setdefault(code, []).append(indicator)
    return named


def _build_request(
    code: str, service: Service, entries: list, mapping: pd.DataFrame, since: int | None
) -> TableRequest:
    names = tuple(entry.id for entry in entries)
    file_format, is_mapped = _choose_format(code, set(names), mapping)
    if service.key == "zensus":
        start = None
    elif since:
        start = since
    else:
        newest = _newest_year(names)
        start = FIRST_YEAR if newest is None else newest - OVERLAP_YEARS
    return TableRequest(service, code, file_format, start, indicators=names, is_mapped=is_mapped)


def _choose_format(code: str, names: set[str], mapping: pd.DataFrame) -> tuple[str, bool]:
    """Form the importer can map: flat where it covers as much, else the GENESIS table; flat where neither is mapped."""
    family, table, indicator = mapping["familie"], mapping["tabelle"], mapping["indikator"]
    flat = set(indicator[(family == "ffcsv") & (table == code[:5])])
    flat = flat & names if names else flat
    flat = flat if 2 * len(flat) >= len(names) else set()  # totals of another table of the same statistic
    whole = set(indicator[(family == "genesis_tabelle") & (table == code)])
    if flat and len(flat) >= len(whole):
        return "ffcsv", True
    return ("datencsv", True) if whole else ("ffcsv", False)


def _newest_year(names: Iterable[str]) -> int | None:
    """Newest year all the indicators with values have, None where there are none."""
    years = []
    for name in names:
        path = values_path(name)
        if path.is_file():
            found = pd.read_csv(path, usecols=["jahr"])["jahr"]
            years += [int(found.max())] if len(found) else []
    return min(years, default=None)


def _reason_to_skip(request: TableRequest, entries: list, today: date) -> str:
    """Why a table is not asked for in a run over the catalogue, '' where it is."""
    if not request.is_mapped:
        return "ohne Zuordnung in data/zuordnung.csv"
    if all(entry.periodicity in ONCE for entry in entries) and _newest_year(request.indicators):
        return "einmalig veröffentlicht, vorhanden"
    latest = max((day for day in (last_import(request), last_check(request)) if day), default=None)
    if latest and (today - latest).days < RECHECK_DAYS:
        return f"zuletzt geprüft am {latest:%d.%m.%Y}"
    return ""
