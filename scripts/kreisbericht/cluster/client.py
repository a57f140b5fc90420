"""Hand the books of a run to a Dask cluster, collect them from the store, place them in the site.

A finished book stays in the store under a name that says what it was made from, so an interrupted run goes on where it
stopped, also on another cluster. Not in here: what a worker does (``work``).
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kreisbericht.addresses import draft_folder, read_facts, report_suffix
from kreisbericht.cluster import work
from kreisbericht.cluster.parcels import digest_sources, list_sources, pack_sources, unpack_book
from kreisbericht.display import Lines, State
from kreisbericht.drafts import MADE, Order, Sources
from kreisbericht.errors import ParameterError, RenderError, ReportError
from kreisbericht.paths import build_dir, write_atomically
from kreisbericht.production import Outcome, Result, Settings
from kreisbericht.runner import as_report_error
from kreisbericht.storage import explain_storage, temporary_sibling
from kreisbericht.upkeep import place_draft, refresh_lists, tend_site

PATIENCE = 20  # seconds to find the scheduler
RETRIES = 2  # of a book that fails; a book whose worker is lost is begun again by Dask anyway
MARK = ".cluster"  # in the build folder: which book from the cluster lies in which folder of the site


@dataclass(frozen=True)
class Store:
    """A folder or an address that client and workers reach alike, as ``fsspec`` knows it."""

    address: str

    def name(self, *parts: str) -> str:
        """Address of a file in the store."""
        return "/".join([self.address.rstrip("/"), *parts])

    def holds(self, name: str) -> bool:
        """Whether a file is there."""
        system, path = self._open(name)
        return system.exists(path)

    def read(self, name: str) -> bytes:
        """A file's contents."""
        system, path = self._open(name)
        return system.cat_file(path)

    def write(self, name: str, content: bytes) -> None:
        """Put a file there; its name appears when it is complete."""
        system, path = self._open(name)
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        system.pipe_file(f"{path}.neu", content)
        system.mv(f"{path}.neu", path)

    def _open(self, name: str) -> tuple[Any, str]:
        import fsspec

        return fsspec.core.url_to_fs(name)


def render_on_cluster(
    orders: Sequence[Order], settings: Settings, display: Lines, *, scheduler: str, store: str
) -> list[Outcome]:
    """Make the books of ``orders`` on the workers of ``scheduler``; outcomes in the order of the orders.

    Parameters
    ----------
    scheduler
        Address of a Dask scheduler, ``tcp://…``.
    store
        Folder or address (``s3://…``) that all workers and this machine can read and write.

    Raises
    ------
    ParameterError
        If the cluster is not there, has no workers, or the extra ``cluster`` is not installed.
    RenderError
        If the store cannot be written.
    """
    sources = Sources()
    for order in orders:
        sources.plan(order)
    run = _Run(orders, settings, display, Store(store))
    try:
        with _connect(scheduler) as cluster, explain_storage("Ablage"):
            run.send_sources()
            run.collect_all(cluster)
    finally:
        with explain_storage("Listen der Ausgaben"):
            refresh_lists()
        display.close()
    return [run.outcomes[number] for number in sorted(run.outcomes)]


class _Run:
    """The books that are out, and those that are back."""

    def __init__(self, orders: Sequence[Order], settings: Settings, display: Lines, store: Store) -> None:
        self.orders, self.settings, self.display, self.store = orders, settings, display, store
        self.outcomes: dict[int, Outcome] = {}
        self.started = time.monotonic()
        self.files = list_sources()
        self.digest = digest_sources(self.files)
        self.sources = store.name("quellen", f"{self.digest}.zip")

    def send_sources(self) -> None:
        """Put the project into the store, once for all runs with the same sources."""
        if not self.store.holds(self.sources):
            self.display("Die Quellen werden in die Ablage gelegt")
            self.store.write(self.sources, pack_sources(self.files))

    def collect_all(self, cluster: Any) -> None:
        """Hand out what is missing and place every book as it comes back."""
        from distributed import as_completed

        waiting = {}
        for number, order in enumerate(self.orders):
            if self._is_in_place(order):
                self._end(number, Outcome(order, self._result(order, [], unchanged=True)))
            elif self.store.holds(self._target(order)):
                self._take(number, {"warnungen": []})
            else:
                waiting[self._submit(cluster, order)] = number
        for future in as_completed(waiting):
            self._take(waiting[future], _ask(future))
            future.release()

    def _submit(self, cluster: Any, order: Order) -> Any:
        target = self._target(order)
        options = ["--edition", order.edition.id, "--bericht", order.report, "--assembler", self.settings.tool,
                   "--format", ",".join(self.settings.formats), "--jobs", str(self.settings.jobs or 1)]  # fmt: skip
        key = f"{order.region.ags}-{'-'.join(self._words(order))}"
        return cluster.submit(
            _Carried(work.make_book), self.sources, target, order.region.ags, options, key=key, retries=RETRIES
        )

    def _words(self, order: Order) -> tuple[str, ...]:
        """What the book is made from, in a few words for names."""
        return (self.digest, order.edition.id, order.report, self.settings.tool, *self.settings.formats)

    def _target(self, order: Order) -> str:
        return self.store.name("buecher", "-".join(self._words(order)), f"{order.region.ags}.zip")

    def _mark(self, order: Order) -> tuple[Path, str]:
        """File that remembers a placed book, and what it says if that very folder still is the book of this run."""
        target = draft_folder(order.region.ags, order.edition, order.report)
        folder = target.stat().st_ino if target.is_dir() else 0
        file = build_dir() / order.region.ags / f"{MARK}-{target.name}"
        return file, f"{'-'.join(self._words(order))} {folder}"

    def _is_in_place(self, order: Order) -> bool:
        file, words = self._mark(order)
        return file.is_file() and file.read_text(encoding="utf-8") == words and not words.endswith(" 0")

    def _take(self, number: int, answer: dict) -> None:
        order = self.orders[number]
        try:
            if "fehler" in answer:
                raise RenderError(answer["fehler"])
            with explain_storage(order.name):
                self._place(order)
            self._end(number, Outcome(order, self._result(order, answer["warnungen"], unchanged=False)))
        except ReportError as error:
            self._end(number, Outcome(order, error=error))

    def _place(self, order: Order) -> None:
        tend_site(order.region.ags)
        fresh = temporary_sibling(draft_folder(order.region.ags, order.edition, order.report))
        try:
            unpack_book(self.store.read(self._target(order)), fresh)
            place_draft(fresh, order.region.ags, order.edition, order.report, lists=False)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        write_atomically(*self._mark(order))
        # A local run made what lay here before; it must not take this book for its own.
        (build_dir() / order.region.ags / f"{order.edition.id}{report_suffix(order.report)}" / MADE).unlink(True)

    def _result(self, order: Order, warnings: list[str], *, unchanged: bool) -> Result:
        folder = draft_folder(order.region.ags, order.edition, order.report)
        pdf = read_facts(folder)["pdf"] if "pdf" in self.settings.formats else ""
        html = folder / "index.html" if "html" in self.settings.formats else None
        passed = time.monotonic() - self.started
        return Result(html, folder / pdf if pdf else None, [], warnings, unchanged, passed)

    def _end(self, number: int, outcome: Outcome) -> None:
        self.outcomes[number] = outcome
        done, total, passed = len(self.outcomes), len(self.orders), time.monotonic() - self.started
        state = State(done, total, done / total, passed / done * (total - done))
        if outcome.error:
            self.display(f"{outcome.order.name}: nicht fertig geworden")
        else:
            word = "unverändert" if outcome.result.unchanged else "fertig"
            self.display.finish(f"{outcome.order.name}: {word}", passed, state)


class _Carried:
    """A function of ``work`` that is pickled with its module's code, so that a worker need not have the library."""

    def __init__(self, function: Callable) -> None:
        self.function = function

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)

    def __reduce__(self) -> tuple:
        import cloudpickle

        cloudpickle.register_pickle_by_value(work)
        return cloudpickle.loads, (cloudpickle.dumps(self.function),)


def _ask(future: Any) -> dict:
    """A worker's answer; what Dask reports instead becomes a German message."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as error:
        return {"fehler": f"Mehrere Rechner sind bei diesem Buch ausgefallen, zuletzt {error.last_worker.address}. "
                "Vermutlich reicht dort der Arbeitsspeicher nicht; nötig sind etwa 2 GB je Buch."}  # fmt: skip
    except Exception as error:  # whatever a worker raised: one book, not the run
        return {"fehler": str(as_report_error(error))}


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise ParameterError(
            "Für '--scheduler' fehlt ein Zusatz. Bitte einmal aufrufen: pip install -e '.[cluster]'. Es wurde nichts "
            "gerendert."
        ) from error
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError, TimeoutError) as error:
        raise ParameterError(
            f"Unter '{address}' antwortet kein Dask-Scheduler ({error}). Bitte Adresse und Netz prüfen, zum Beispiel "
            "tcp://10.0.0.5:8786. Es wurde nichts gerendert."
        ) from error
    if not client.scheduler_info()["workers"]:
        client.close()
        raise ParameterError(
            f"Am Scheduler '{address}' hängt kein Worker. Bitte mindestens einen starten: dask worker {address}. Es "
            "wurde nichts gerendert."
        )
    return client
