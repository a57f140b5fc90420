"""One client for the GENESIS REST interface: one request at a time, patient and polite; waits for jobs.

Not in here: the single request (``transport``), what a reply means (``answers``).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from kreisbericht.deliveries.source import UNTOUCHED
from kreisbericht.fetch.answers import (
    NO_OBJECTS,
    AccessRefused,
    FetchError,
    JobLost,
    NoValues,
    PassingTrouble,
    Reply,
    ServiceDown,
    Status,
    find_damage,
    judge_reply,
    read_status,
    refuse_trouble,
    refused,
)
from kreisbericht.fetch.services import Service
from kreisbericht.fetch.token import Credentials
from kreisbericht.fetch.transport import Manners, Transport

FAILED_STATES = ("fehler", "abgebrochen", "gelöscht")
GUEST = "GAST"


class Client:
    """Talks to one database.

    Parameters
    ----------
    service, credentials
        Where and as whom.
    manners
        Pace, time limits, attempts.
    say
        Takes one German line of progress.
    sleep, clock
        For tests.
    """

    def __init__(
        self,
        service: Service,
        credentials: Credentials,
        *,
        manners: Manners | None = None,
        say: Callable[[str], None] = print,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.service, self.manners, self.say = service, manners or Manners(), say
        self._credentials, self._sleep, self._clock = credentials, sleep, clock
        self._transport = Transport(service, credentials, self.manners, clock)
        self._last: float | None = None

    @property
    def can_order_jobs(self) -> bool:
        """Jobs write to the account; a token may only read."""
        return self.service.has_jobs and bool(self._credentials.user)

    def check_access(self) -> None:
        """Log in once; AccessRefused where the database does not take the access."""
        reply = self._post("helloworld/logincheck", {"language": "de"})
        status = self._judge(reply)
        done = status is not None and "erfolgreich" in status.text.casefold()
        if not done or status.content.get("Username") == GUEST:
            raise AccessRefused(refused(self.service.name))

    def download_table(self, fields: dict[str, str]) -> bytes:
        """The answer of ``data/tablefile``, checked to be whole.

        Raises
        ------
        FetchError
            And its kinds: unknown, too large, nothing newer, refused, down.
        """
        return self._download("data/tablefile", fields, fields["name"])

    def order_job(self, fields: dict[str, str]) -> str:
        """Order a large table for later; the name of its result."""
        table = fields["name"]
        reply = self._post("data/tablefile", {**fields, "job": "true"}, as_user=True)
        status = self._judge(reply, table)
        if status is None or not status.job_name:
            raise FetchError(f"{self.service.name}, Tabelle {table}: Der Auftrag wurde nicht angenommen. {UNTOUCHED}")
        return status.job_name

    def collect_job(self, job: str, fields: dict[str, str]) -> bytes:
        """Wait for an ordered result and download it.

        Raises
        ------
        ServiceDown
            If it is not ready within the limit; a later run asks for the same job.
        JobLost
            If the database no longer knows it.
        """
        self._await_job(job)
        wanted = {"name": job, "area": "all", "compress": "false", "format": fields["format"], "language": "de"}
        return self._download("data/resultfile", wanted, fields["name"], as_user=True)

    def _await_job(self, job: str) -> None:
        started, pause, unseen = self._clock(), self.manners.job_pause, 0
        while not self._is_ready(job):
            state = self._job_state(job)
            unseen = unseen + 1 if state is None else 0
            if unseen >= 5:
                raise JobLost(f"{self.service.name}: Den Auftrag {job} gibt es nicht mehr. {UNTOUCHED}")
            if state and any(word in state.casefold() for word in FAILED_STATES):
                raise JobLost(f"{self.service.name}: Der Auftrag {job} ist gescheitert ('{state}'). {UNTOUCHED}")
            if self._clock() - started + pause > self.manners.job_limit:
                minutes = self.manners.job_limit / 60
                raise ServiceDown(
                    f"{self.service.name}: Der Auftrag {job} ist nach {minutes:.0f} Minuten noch nicht fertig. "
                    f"Ein späterer Aufruf fragt denselben Auftrag wieder ab. {UNTOUCHED}"
                )
            self.say(f"  Auftrag {job} läuft noch ({state or 'ohne Angabe'}), nächste Frage in {pause:.0f} s")
            self._sleep(pause)
            pause = min(pause * 1.5, 60.0)

    def _is_ready(self, job: str) -> bool:
        status = self._ask("catalogue/results", {"selection": job, "area": "user", "pagelength": "1"})
        return any(entry.get("Code") == job for entry in status.content.get("List") or [])

    def _job_state(self, job: str) -> str | None:
        """State in ``catalogue/jobs``, None where the job is not listed."""
        fields = {"selection": f"*{job}*", "searchcriterion": "code", "sortcriterion": "code", "type": "all"}
        entries = self._ask("catalogue/jobs", fields).content.get("List") or []
        return str(entries[0].get("State") or "") if entries else None

    def _ask(self, endpoint: str, fields: dict[str, str]) -> Status:
        reply = self._post(endpoint, {**fields, "language": "de"}, as_user=True)
        status = read_status(reply)
        if status and status.code == NO_OBJECTS:
            return status
        status = self._judge(reply)
        if status is None:
            raise FetchError(f"{self.service.name}: Die Auskunft über Aufträge ist unlesbar. {UNTOUCHED}")
        return status

    def _download(self, endpoint: str, fields: dict[str, str], table: str, *, as_user: bool = False) -> bytes:
        reply = self._post(endpoint, fields, as_user=as_user, check=_refuse_damage)
        status = self._judge(reply, table)
        if status is not None:
            raise NoValues(f"{self.service.name}, Tabelle {table}: Die Antwort enthält keine Werte. {UNTOUCHED}")
        return reply.body

    def _judge(self, reply: Reply, table: str = "") -> Status | None:
        return judge_reply(reply, name=self.service.name, table=table, hide=self._credentials.hide)

    def _post(
        self,
        endpoint: str,
        fields: dict[str, str],
        *,
        as_user: bool = False,
        check: Callable[[Reply], None] = refuse_trouble,
    ) -> Reply:
        """One answer, after as many attempts as manners allow."""
        for attempt in range(1, self.manners.attempts + 1):
            self._keep_pace()
            try:
                reply = self._transport.send(endpoint, fields, as_user)
                check(reply)
                return reply
            except PassingTrouble as trouble:
                reason = self._credentials.hide(str(trouble))
                pause = self._pause(attempt, trouble.pause)
                if attempt == self.manners.attempts or pause > self.manners.longest_pause:
                    raise ServiceDown(self._give_up(reason, attempt, trouble.pause)) from None
                self.say(f"  {self.service.name}: {reason}; neuer Versuch in {pause:.0f} s")
                self._sleep(pause)
        raise ServiceDown(self._give_up("keine Antwort", self.manners.attempts, None))

    def _pause(self, attempt: int, asked: float | None) -> float:
        """Seconds to wait: what the server asks for, else doubled each time with up to half as much at random."""
        if asked is not None:
            return asked
        return min(self.manners.first_pause * 2 ** (attempt - 1), 120.0) * (1 + random.random() / 2)

    def _give_up(self, reason: str, attempts: int, asked: float | None) -> str:
        if asked is not None and asked > self.manners.longest_pause:
            return (
                f"{self.service.name}: Die Datenbank bittet um {asked / 60:.0f} Minuten Pause ({reason}). Bitte danach "
                f"noch einmal starten; geholt wird nur, was fehlt. {UNTOUCHED}"
            )
        return (
            f"{self.service.name}: Die Datenbank ist nicht zu erreichen ({reason}, {attempts} Versuche). Bitte "
            "Netzverbindung und Proxy prüfen oder später noch einmal starten; geholt wird nur, was fehlt. "
            f"{UNTOUCHED}"
        )

    def _keep_pace(self) -> None:
        if self._last is not None:
            rest = self._last + self.manners.pace - self._clock()
            if rest > 0:
                self._sleep(rest)
        self._last = self._clock()


def _refuse_damage(reply: Reply) -> None:
    """As ``refuse_trouble``; besides, data must be whole."""
    refuse_trouble(reply)
    if reply.http == 200 and read_status(reply) is None:
        damage = find_damage(reply.body)
        if damage:
            raise PassingTrouble(f"Antwort unvollständig: {damage}")
