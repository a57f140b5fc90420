"""A whole run: plan → fetch one table after another → import what came. What failed is told at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from kreisbericht.deliveries.importer import Plan, import_deliveries, plan_import
from kreisbericht.errors import DataError, ReportError
from kreisbericht.fetch import archive
from kreisbericht.fetch.answers import (
    AccessRefused,
    FetchError,
    JobLost,
    NothingNewer,
    NoValues,
    ServiceDown,
    TableTooLarge,
)
from kreisbericht.fetch.archive import Answer
from kreisbericht.fetch.client import Client
from kreisbericht.fetch.plan import FetchPlan
from kreisbericht.fetch.request import TableRequest
from kreisbericht.fetch.services import Service
from kreisbericht.fetch.token import find_credentials

Say = Callable[[str], None]


@dataclass
class Outcome:
    """What a run brought.

    ``answers`` lie in the archive; ``failures`` are German messages per table or database; ``plan`` and ``written`` are
    the importer's, None and False where there was nothing to import.
    """

    answers: list[Answer] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    plan: Plan | None = None
    written: bool = False


def open_client(service: Service, say: Say) -> Client:
    """Client with the access found in the environment or the key store, logged in once."""
    client = Client(service, find_credentials(service), say=say)
    client.check_access()
    return client


def fetch_figures(
    plan: FetchPlan,
    *,
    confirm: Callable[[Plan], bool],
    say: Say,
    connect: Callable[[Service, Say], Client] = open_client,
    now: datetime | None = None,
) -> Outcome:
    """Fetch what is due and hand it to the importer.

    Parameters
    ----------
    plan
        From ``plan_tables``.
    confirm
        Shown the importer's plan, says whether to write.
    say
        Takes one German line of progress.
    connect
        Opens the client of a database; each is opened once, when its first table is asked for.

    Returns
    -------
    Outcome
        Never raises for one table: the others still come.
    """
    now = now or datetime.now(UTC).astimezone()
    outcome = Outcome()
    with archive.one_at_a_time():
        _fetch_all(plan.due, outcome, connect, say, now)
    if outcome.answers:
        _import_all(outcome, confirm, now.date())
    return outcome


def _fetch_all(due: list[TableRequest], outcome: Outcome, connect: Callable, say: Say, now: datetime) -> None:
    clients: dict[str, Client] = {}
    lost: set[str] = set()
    for number, request in enumerate(due, start=1):
        key = request.service.key
        if key in lost:
            continue
        say(f"[{number}/{len(due)}] {request.label}")
        try:
            found = archive.find_answer(request, now=now)
            if found is None and key not in clients:
                clients[key] = connect(request.service, say)
            answers = [found] if found else fetch_table(clients[key], request, now=now, say=say)
        except NothingNewer:
            archive.mark_checked(request, now.date())
            outcome.unchanged.append(request.code)
            say("  nichts Neues seit dem letzten Abruf")
        except FetchError as error:
            outcome.failures.append(str(error))
            say("  nicht geholt")
            lost |= {key} if isinstance(error, AccessRefused | ServiceDown) else set()
        except ReportError as error:
            outcome.failures.append(str(error))
            lost.add(key)
        else:
            outcome.answers += answers
            for answer in answers:
                say(_describe(answer))


def fetch_table(client: Client, request: TableRequest, *, now: datetime, say: Say) -> list[Answer]:
    """Answers for one table, stored: one, or one per year where it is too large and no job can be ordered.

    Raises
    ------
    FetchError
        Nothing of a half answer is kept; whole years already stored are used by the next run.
    """
    job = archive.open_job(request)
    try:
        content = _collect(client, request, job) if job else client.download_table(request.sent_fields())
    except TableTooLarge as error:
        if error.job_possible and client.can_order_jobs:
            job = client.order_job(request.fields())
            archive.note_job(request, job)
            say(f"  zu groß für einen Abruf, Auftrag {job} erteilt")
            content = _collect(client, request, job)
        else:
            return _fetch_by_year(client, request, error, now=now, say=say)
    answer = archive.store_answer(request, content, now=now, job=job)
    archive.note_job(request, "") if job else None
    return [answer]


def _collect(client: Client, request: TableRequest, job: str) -> bytes:
    try:
        return client.collect_job(job, request.fields())
    except JobLost:
        archive.note_job(request, "")
        raise


def _fetch_by_year(
    client: Client, request: TableRequest, error: TableTooLarge, *, now: datetime, say: Say
) -> list[Answer]:
    parts = request.split_by_year(now.date())
    if not parts:
        hint = (
            f"Bitte Kennung und Passwort hinterlegen ({request.service.variable('KENNUNG')}, "
            f"{request.service.variable('PASSWORT')}): damit wird sie im Hintergrund bereitgestellt."
            if request.service.has_jobs and error.job_possible
            else "Bitte auf der Webseite der Datenbank eingrenzen und mit scripts/import_delivery.py übernehmen."
        )
        raise FetchError(f"{error} {hint}")
    say(f"  zu groß für einen Abruf, daher {len(parts)} Jahre einzeln")
    answers = []
    for part in parts:
        found = archive.find_answer(part, now=now)
        try:
            answers += [found] if found else fetch_table(client, part, now=now, say=say)
        except NoValues:
            continue
    if not answers:
        raise NoValues(f"{request.label}: in keinem Jahr Werte.")
    return answers


def _import_all(outcome: Outcome, confirm: Callable[[Plan], bool], today: date) -> None:
    """Import all answers in one step; those the importer refuses are left out and told."""
    answers = outcome.answers
    try:
        plan, written = import_deliveries(_paths(answers), confirm=confirm, today=today)
    except DataError:
        answers = [answer for answer in answers if _is_readable(answer, outcome, today)]
        if not answers:
            return
        plan, written = import_deliveries(_paths(answers), confirm=confirm, today=today)
    outcome.plan, outcome.written = plan, written
    if written or not plan.files:
        for answer in answers:
            archive.mark_imported(answer)


def _is_readable(answer: Answer, outcome: Outcome, today: date) -> bool:
    try:
        plan_import([answer.path], today=today)
    except DataError as error:
        outcome.failures.append(f"{error}\n(Rohdaten liegen in {answer.path})")
        return False
    return True


def _paths(answers: Iterable[Answer]) -> list[Path]:
    return [answer.path for answer in answers]


def _describe(answer: Answer) -> str:
    size = f"{answer.size / 1e6:.2f} MB".replace(".", ",") if answer.size >= 10_000 else f"{answer.size} Byte"
    source = f"bereits abgerufen am {answer.retrieved:%d.%m.%Y}" if answer.reused else "geholt"
    return f"  {source}: {size}, Prüfsumme {answer.sha256[:12]}"
