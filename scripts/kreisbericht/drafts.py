"""One book in the making: its staging tree, the chapters that are out of date, and its way into the site.

Not in here: when what is done (``production``), and how a book is assembled (``assemble``).
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kreisbericht.appendix.usage import find_usage
from kreisbericht.assemble.fragments import remove_unused
from kreisbericht.book import BookPlan, check_sources, find_notebooks, read_plan, select_report
from kreisbericht.confirmations import review_assessments
from kreisbericht.editions import Edition
from kreisbericht.errors import DataError, RenderError
from kreisbericht.paths import ROOT, replace_directory, write_atomically
from kreisbericht.regions import Region
from kreisbericht.runner import Job, plan_jobs, stale_jobs
from kreisbericht.staging import EXTENSION, Place, Stage, open_stage, remove_strays
from kreisbericht.stale import Checker
from kreisbericht.storage import temporary_sibling
from kreisbericht.upkeep import place_draft, tend_site

MADE = ".buch.json"
READ = ".buch-herkunft.json"


@dataclass(frozen=True)
class Order:
    """What is to be made: with ``place`` there, from nothing and without touching the site."""

    region: Region
    edition: Edition
    report: str = "gesamt"
    place: Place | None = None

    @property
    def name(self) -> str:
        """'Kyffhäuserkreis, Ausgabe 2025.1'."""
        return f"{self.region.label}, Ausgabe {self.edition.version}"


class Sources:
    """What all books of one run share, read once: notebooks, plans, and what chapters depend on."""

    def __init__(self) -> None:
        self._kept: dict[tuple, Any] = {}

    @cached_property
    def notebooks(self) -> dict[str, Path]:
        return find_notebooks(ROOT)

    def plan(self, order: Order) -> BookPlan:
        """The book of an order before it is given the district's names; its sources are all there."""
        return self._once(("plan", order.edition.profile, order.report), lambda: self._read_plan(order))

    @cached_property
    def checker(self) -> Checker:
        """What tells whether a chapter is up to date."""
        return Checker()

    def usage(self, plan: BookPlan) -> dict[str, Any]:
        """What the chapters of a book use: the appendices are made from it."""
        chosen = tuple(self.notebooks[entry.stem] for entry in plan.data_chapters)
        return self._once(("usage", chosen), lambda: find_usage(chosen))

    def _read_plan(self, order: Order) -> BookPlan:
        plan = select_report(read_plan(ROOT, order.edition.profile), order.report)
        check_sources(ROOT, plan, self.notebooks)
        return plan

    def _once(self, key: tuple, make: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


@dataclass
class Draft:
    """A book that is open: locked, staged, with ``jobs`` to run before it can be assembled."""

    order: Order
    stage: Stage
    tool: str
    formats: tuple[str, ...]
    jobs: list[Job]
    checker: Checker
    warnings: list[str] = field(default_factory=list)
    fresh: Path | None = None
    _open: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def key(self) -> str:
        """Digest of everything the finished book is made from; asked once all chapters are there."""
        places = ("_quarto.yml", "_variables.yml", "index.qmd", "chapters", EXTENSION)
        return self.checker.book_key(self.stage.root, places, self.tool, *self.formats)

    @property
    def is_made(self) -> bool:
        """Whether the finished book in its place was made from this, and all that was read beside is as then."""
        made = made_with(self.stage)
        return made == self.key and self.checker.is_fresh_book(self.stage.root / READ)

    def review(self) -> None:
        """Check the written assessments against the chapters."""
        stems = [entry.stem for entry in self.stage.plan.data_chapters]
        self.warnings += review_assessments(self.order.edition, self.order.region, self.stage.chapters, stems)

    def show_reviews(self) -> None:
        """Put readers' notes into a placed draft; a mistake in their table is a warning, the book is whole."""
        if self.stage.fixed or "html" not in self.formats:
            return
        from kreisbericht.reviews.draft import show_reviews

        try:
            show_reviews(self.order.edition, self.order.region.ags, self.order.report)
        except DataError as error:
            self.warnings.append(f"Rückmeldungen werden nicht gezeigt. {error}")

    def open_folder(self) -> Path:
        """An empty folder beside the book's address, to be filled and then placed."""
        self.fresh = temporary_sibling(self.stage.target)
        return self.fresh

    def place(self, *, lists: bool = True) -> None:
        """Move the filled folder to its address; ``lists`` says whether the lists of the site follow at once."""
        made = json.dumps({"schluessel": self.key})  # reckoned first: a run killed in between makes the book again
        if self.stage.fixed:
            replace_directory(self.fresh, self.stage.target)
        else:
            order = self.order
            target = place_draft(self.fresh, order.region.ags, order.edition, order.report, lists=lists)
            self.stage = replace(self.stage, target=target)
        write_atomically(self.stage.root / MADE, made)

    def close(self) -> None:
        """Remove what is not placed and unlock; to be called in any case."""
        if self.fresh is not None:
            shutil.rmtree(self.fresh, ignore_errors=True)
        self._open.close()


def open_draft(order: Order, sources: Sources, *, tool: str, formats: tuple[str, ...]) -> Draft:
    """Stage the book of an order and find the chapters to run.

    Raises
    ------
    ParameterError
        If the plan names what does not exist.
    RenderError
        If another run is making the same book.
    """
    plan = sources.plan(order)
    if order.place is None:
        tend_site(order.region.ags)
    stage = open_stage(ROOT, plan, order.region, order.edition, order.report, place=order.place)
    with ExitStack() as stack:
        stack.enter_context(_locked(stage))
        jobs = plan_chapters(stage, sources, order.edition)
        remove_strays(stage)
        remove_unused()
        return Draft(order, stage, tool, formats, jobs, sources.checker, _open=stack.pop_all())


def plan_chapters(stage: Stage, sources: Sources, edition: Edition) -> list[Job]:
    """The chapters of a stage that have to be run."""
    parameters = {
        "ags": str(stage.plan.meta["ausgabe"]["kreis"]["ags"]), "berichtsjahr": edition.berichtsjahr,
        "datenstand": str(edition.datenstand), "ausgabe": edition.id, "verwendung": sources.usage(stage.plan),
    }  # fmt: skip
    chosen = [sources.notebooks[entry.stem] for entry in stage.plan.data_chapters]
    checker = sources.checker
    stale = stale_jobs(plan_jobs(chosen, stage.chapters, parameters, checker.key), checker.is_fresh)
    checker.save()
    return stale


def made_with(stage: Stage) -> str:
    """Digest of what the book at its address was made from; '' where there is none."""
    try:
        return json.loads((stage.root / MADE).read_text("utf-8"))["schluessel"] if stage.target.is_dir() else ""
    except (OSError, ValueError, KeyError):
        return ""


@contextlib.contextmanager
def _locked(stage: Stage) -> Iterator[None]:
    """One render per book at a time; a lock of a process that died is no lock."""
    try:
        import fcntl
    except ImportError:  # Windows: two renders of one book at once are not guarded there
        yield
        return
    with (stage.root.parent / f".{stage.root.name}.sperre").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RenderError(
                f"Die Ausgabe {stage.root.name} für {stage.root.parent.name} wird gerade schon gerendert. Bitte "
                "warten, bis der andere Lauf fertig ist; es wurde nichts verändert."
            ) from None
        yield
