"""Many books in one run: chapters and assemblies of all districts share the machine.

Chapters run longest first; as soon as a book's chapters are there it is assembled, in a process of its own, while the
next book's chapters run. A district that fails does not stop the others. Not in here: one book (``drafts``).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kreisbericht.display import Lines, State
from kreisbericht.drafts import Draft, Order, Sources, open_draft
from kreisbericht.errors import RenderError, ReportError
from kreisbericht.kernels import install_kernel, warm_kernels
from kreisbericht.limits import ASSEMBLY_BYTES, HELPER_BYTES, KERNEL_BYTES, count_cores, own_memory
from kreisbericht.processes import Done, run_apart, stop_all
from kreisbericht.runner import START_ENVIRONMENT, Job, as_report_error, run_job
from kreisbericht.scheduling import Finished, Scheduler, Task
from kreisbericht.storage import explain_storage
from kreisbericht.timings import Timings
from kreisbericht.upkeep import refresh_lists

USUAL_ASSEMBLY = 25.0
"""Seconds an assembly takes if no earlier run has shown it."""
LISTS_EVERY = 120.0
"""Seconds after which the lists of the site may follow while a long run goes on."""


@dataclass(frozen=True)
class Result:
    """What a render made: paths are None for formats not asked for; ``ran`` are the chapters that were executed."""

    html: Path | None
    pdf: Path | None
    ran: list[str]
    warnings: list[str]
    unchanged: bool
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """One order with its result or the error that stopped it."""

    order: Order
    result: Result | None = None
    error: ReportError | None = None

    @property
    def folder(self) -> Path:
        """Where the finished book lies."""
        return (self.result.html or self.result.pdf).parent

    def again(self) -> Outcome:
        """The outcome of the same order once more, with nothing changed."""
        return replace(self, result=replace(self.result, ran=[], unchanged=True, seconds=0.0))


@dataclass(frozen=True)
class Settings:
    """How books are made: ``jobs`` things at once, ``memory`` [bytes] altogether (0: no limit)."""

    tool: str
    formats: tuple[str, ...]
    jobs: int = 0  # 0: as many as there are processors
    memory: int = 0


def render_books(orders: Sequence[Order], settings: Settings, display: Lines) -> list[Outcome]:
    """Make the books of ``orders``; every outcome is there at the end, in the order of the orders.

    What is finished stays finished: an interrupted run goes on where it stopped when it is started again.

    Raises
    ------
    ParameterError
        If the book names a chapter nobody wrote; nothing has been started then.
    """
    sources = Sources()
    for order in orders:
        sources.plan(order)
    install_kernel()
    run = Production(orders, settings, display, sources)
    try:
        run.scheduler.run(run.finish, run.refill, lambda: display.show(run.state))
    except KeyboardInterrupt:
        done = sum(outcome.error is None for outcome in run.outcomes.values())
        if len(orders) > 1:
            display(f"{done} von {len(orders)} Büchern sind fertig; derselbe Befehl macht den Rest.")
        raise
    finally:
        run.close()
    return [run.outcomes[number] for number in sorted(run.outcomes)]


@dataclass
class Production:
    """One run: the drafts that are open, what became of the others, and how far the work is."""

    orders: Sequence[Order]
    settings: Settings
    display: Lines
    sources: Sources
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)  # by group, the order's place in the row

    def __post_init__(self) -> None:
        taken = own_memory() + HELPER_BYTES
        memory = max(1, self.settings.memory - taken) if self.settings.memory else 0
        self.scheduler = Scheduler(self.settings.jobs or count_cores(), memory)
        self.timings, self.started, self.listed = Timings.load(), time.monotonic(), time.monotonic()
        self.next, self.unlisted = 0, False
        self.left = {str(number): self._expect(order) for number, order in enumerate(self.orders)}  # work [s]
        self.begun: dict[str, float] = {}
        self.work, self.chapters_done, self.chapters = sum(self.left.values()), 0, 0
        self.pending: dict[str, set[str]] = {}

    @property
    def single(self) -> bool:
        """Whether there is one book, so that its chapters are told one by one."""
        return len(self.orders) == 1

    def refill(self) -> list[Task] | None:
        """Open the next book; returns its first tasks, None if there is none left."""
        if self.next == len(self.orders):
            return None
        group, order = str(self.next), self.orders[self.next]
        self.next += 1
        self.begun[group] = time.monotonic()
        try:
            with explain_storage(order.name):
                draft = open_draft(order, self.sources, tool=self.settings.tool, formats=self.settings.formats)
            self.drafts[group] = draft
            self.pending[group] = {job.stem for job in draft.jobs}
            return self._chapter_tasks(group, draft)
        except ReportError as error:
            self._fail(group, error)
            return []

    def finish(self, done: Finished) -> list[Task]:
        """Take note of a finished task; returns what follows from it."""
        group, draft = done.task.group, self.drafts.get(done.task.group)
        if draft is None:  # its book has failed meanwhile
            return []
        try:
            if done.error:
                raise as_report_error(done.error)
            with explain_storage(draft.order.name):
                return self._follow(group, draft, done)
        except ReportError as error:
            self._fail(group, error)
            return []
        finally:
            self._list_now_and_then()

    @property
    def state(self) -> State:
        """How far the run is, for the display."""
        left = sum(self.left.values())
        passed, made = time.monotonic() - self.started, self.work - left
        pace = passed / made if made > 0 else 1 / self.scheduler.places
        done, total = (self.chapters_done, self.chapters) if self.single else (len(self.outcomes), len(self.orders))
        running = tuple(task.name for task in self.scheduler.running.values())
        return State(done, total, made / self.work if self.work else 1.0, left * pace, running)

    def close(self) -> None:
        """Stop what still runs, remove what is not placed, keep what was learnt."""
        stop_all()
        for draft in self.drafts.values():
            draft.close()
        with explain_storage("Zeiten und Listen"):
            self.timings.save()
            if self.unlisted:
                refresh_lists()
        self.display.close()

    def _chapter_tasks(self, group: str, draft: Draft) -> list[Task]:
        jobs = draft.jobs
        self.chapters += len(jobs)
        planned = sum(self.timings.seconds(job.stem) for job in jobs)
        self._expect_only(group, planned + self._assembly_seconds(draft.order))
        if not jobs:
            return self._assembly_tasks(group, draft)
        warm_kernels(START_ENVIRONMENT)
        if self.single:
            total, where = len(draft.stage.plan.data_chapters), draft.order
            self.display(
                f"{len(jobs)} von {total} Datenkapiteln werden ausgeführt ({where.region.label}, {where.edition.id})"
            )
        return [self._chapter_task(group, job) for job in jobs]

    def _chapter_task(self, group: str, job: Job) -> Task:
        return Task(
            job.stem, lambda _: run_job(job), (1, int(group)), self.timings.seconds(job.stem),
            self.timings.memory(job.stem, KERNEL_BYTES), group,
        )  # fmt: skip

    def _assembly_tasks(self, group: str, draft: Draft) -> list[Task]:
        """The assembly of a book whose chapters are all there; none if it has been made from exactly this before."""
        draft.review()
        if draft.is_made:
            self._succeed(group, draft, unchanged=not draft.jobs)
            return []
        folder, name = draft.open_folder(), _assembly_name(draft.order)
        given = (draft.stage, draft.order.edition, folder, draft.tool, draft.formats)
        if self.single:
            self.display(f"{' und '.join(name.upper() for name in draft.formats)} werden gesetzt")
        memory = self.timings.memory(name, ASSEMBLY_BYTES)
        return [
            Task(
                "Satz", lambda spare: run_apart(_assemble, *given, 1 + spare), (0, int(group)),
                self._assembly_seconds(draft.order), memory, group,
            )
        ]  # fmt: skip

    def _follow(self, group: str, draft: Draft, done: Finished) -> list[Task]:
        self.left[group] = max(0.0, self.left[group] - done.task.seconds)
        if isinstance(done.result, Done):
            self.timings.note(_assembly_name(draft.order), done.result.seconds, done.result.memory)
            draft.place(lists=self.single)
            self.unlisted = self.unlisted or not (self.single or draft.stage.fixed)
            self._succeed(group, draft, unchanged=False)
            return []
        seconds, messages = done.result
        draft.warnings += messages
        self.timings.note(done.task.name, seconds)
        self.pending[group].discard(done.task.name)
        self.chapters_done += 1
        if self.single:
            self.display.finish(done.task.name, seconds, self.state)
        return [] if self.pending[group] else self._assembly_tasks(group, draft)

    def _succeed(self, group: str, draft: Draft, *, unchanged: bool) -> None:
        from kreisbericht.assemble.edition import pdf_name

        draft.show_reviews()
        stage, formats, seconds = draft.stage, draft.formats, time.monotonic() - self.begun[group]
        pdf = stage.target / pdf_name(stage, draft.order.edition) if "pdf" in formats else None
        html = stage.target / "index.html" if "html" in formats else None
        result = Result(html, pdf, [job.stem for job in draft.jobs], draft.warnings, unchanged, seconds)
        self._end(group, Outcome(draft.order, result))
        if not self.single:
            state = "unverändert" if unchanged else "fertig"
            self.display.finish(f"{draft.order.name}: {state}", seconds, self.state)

    def _fail(self, group: str, error: ReportError) -> None:
        self.scheduler.drop(group)
        order = self.orders[int(group)]
        self._end(group, Outcome(order, error=error))
        if not self.single:
            self.display(f"{order.name}: nicht fertig geworden")

    def _end(self, group: str, outcome: Outcome) -> None:
        self.outcomes[int(group)] = outcome
        self._expect_only(group, 0.0)
        draft = self.drafts.pop(group, None)
        if draft:
            draft.close()

    def _expect(self, order: Order) -> float:
        stems = [entry.stem for entry in self.sources.plan(order).data_chapters]
        return sum(self.timings.seconds(stem) for stem in stems) + self._assembly_seconds(order)

    def _expect_only(self, group: str, seconds: float) -> None:
        """Correct what is still expected of a book; the work of the run shrinks or grows by as much."""
        self.work += seconds - self.left[group]
        self.left[group] = seconds

    def _assembly_seconds(self, order: Order) -> float:
        return self.timings.seconds(_assembly_name(order), USUAL_ASSEMBLY)

    def _list_now_and_then(self) -> None:
        if self.unlisted and time.monotonic() - self.listed > LISTS_EVERY:
            refresh_lists()
            self.listed, self.unlisted = time.monotonic(), False


def raise_failures(outcomes: Sequence[Outcome]) -> None:
    """Raise one error that lists every book that failed, those with the same cause together.

    Raises
    ------
    RenderError
        If any failed; the error itself if there is one book only.
    """
    failed = [outcome for outcome in outcomes if outcome.error]
    if len(outcomes) == 1 and failed:
        raise failed[0].error
    if not failed:
        return
    causes: dict[str, list[str]] = {}
    for outcome in failed:
        causes.setdefault(str(outcome.error), []).append(f"{outcome.order.region.label} ({outcome.order.region.ags})")
    lines = [f"  {_some(names)}: {cause}" for cause, names in causes.items()]
    raise RenderError(
        f"{len(failed)} von {len(outcomes)} Büchern sind nicht fertig geworden:\n" + "\n".join(lines) + "\n"
        "Die übrigen sind fertig. Derselbe Befehl macht nur noch, was fehlt."
    )


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" und {len(names) - 3} weitere" if len(names) > 3 else "")


def _assembly_name(order: Order) -> str:
    return f"buch-{order.report}"


def _assemble(*arguments: object) -> None:
    from kreisbericht import lineage
    from kreisbericht.assemble.edition import assemble_edition
    from kreisbericht.drafts import READ
    from kreisbericht.stale import seal_assembly

    record = lineage.follow()
    stage, edition, folder, tool, formats, threads = arguments
    assemble_edition(stage, edition, folder, tool=tool, formats=formats, threads=threads)
    seal_assembly(stage.root / READ, record)
