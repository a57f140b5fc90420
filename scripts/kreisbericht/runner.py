"""Run the data notebooks of one book, several at once, and keep what has not changed.

Not in here: whether a chapter is up to date (``stale``), the order of the book (``book``), its assembly (``assemble``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kreisbericht.display import Progress, State, as_display
from kreisbericht.downloads import read_captions, write_workbook
from kreisbericht.errors import RenderError, ReportError
from kreisbericht.kernels import warm_kernels
from kreisbericht.parameters import check_parameters, declared_parameters, read_notebook
from kreisbericht.paths import replace_directory, write_atomically
from kreisbericht.scheduling import Finished, Scheduler, Task
from kreisbericht.stale import seal_record
from kreisbericht.timings import Timings

START_ENVIRONMENT = {"PYTHONHASHSEED": "0"}  # of every kernel: the same run gives the same bytes


@dataclass(frozen=True)
class Job:
    """One chapter to make: a notebook, what it gets, and where ``<stem>.ipynb`` and ``<stem>/`` go."""

    notebook: Path
    target: Path
    parameters: dict[str, Any]
    key: str

    @property
    def stem(self) -> str:
        return self.notebook.stem

    @property
    def output(self) -> Path:
        return self.target / f"{self.stem}.ipynb"


def plan_jobs(
    notebooks: Iterable[Path], target: Path, parameters: dict[str, Any], inputs: Callable[[Path], str]
) -> list[Job]:
    """Jobs with checked parameters; ``inputs`` is a digest of all else that a notebook is known to depend on.

    Every notebook gets those of ``parameters`` that it declares; ``ags`` must be among them.

    Raises
    ------
    ParameterError
        If a notebook's parameters are not as declared.
    """
    jobs = []
    for path in notebooks:
        notebook = read_notebook(path)
        declared = {parameter.name for parameter in declared_parameters(notebook, path.name)}
        given = {key: value for key, value in parameters.items() if key in declared or key == "ags"}
        values = check_parameters(notebook, given, path.name)
        digest = hashlib.sha256(path.read_bytes())
        digest.update(json.dumps([values, inputs(path)], sort_keys=True, default=str).encode())
        jobs.append(Job(path, target, values, digest.hexdigest()))
    return jobs


def stale_jobs(jobs: list[Job], is_fresh: Callable[[Path], bool]) -> list[Job]:
    """The jobs whose result is missing or was made from something else.

    ``is_fresh`` says of an executed notebook whether all that it read is unchanged.
    """
    return [job for job in jobs if _recorded_key(job) != job.key or not is_fresh(job.output)]


def run_jobs(jobs: list[Job], *, workers: int, progress: Progress) -> list[str]:
    """Run ``jobs`` in ``workers`` kernels at once, nothing else; returns warnings that notebooks printed.

    The first failure stops new starts, lets running ones end and is raised; finished chapters stay.

    Raises
    ------
    RenderError
        From the first notebook that failed.
    """
    warnings: list[str] = []
    failures: list[BaseException] = []
    timings, display, started = Timings.load(), as_display(progress), time.monotonic()
    scheduler, done = Scheduler(max(1, workers)), 0

    def finish(ended: Finished) -> list[Task]:
        nonlocal done
        if ended.error:
            failures.append(ended.error)
            scheduler.drop("")
            display(f"{ended.task.name}: abgebrochen")
            return []
        done += 1
        seconds, messages = ended.result
        timings.note(ended.task.name, seconds)
        warnings.extend(messages)
        left = (time.monotonic() - started) / done * (len(jobs) - done)
        display.finish(ended.task.name, seconds, State(done, len(jobs), left=left))
        return []

    if jobs:
        warm_kernels(START_ENVIRONMENT)
    scheduler.add(Task(job.stem, lambda _, job=job: run_job(job), seconds=timings.seconds(job.stem)) for job in jobs)
    scheduler.run(finish)
    timings.save()
    if failures:
        raise as_report_error(failures[0])
    return warnings


def run_job(job: Job) -> tuple[float, list[str]]:
    """Execute one notebook into a temporary folder and move the result into place; returns seconds and warnings."""
    started = time.monotonic()
    papermill, nbformat = _import_papermill()
    work = job.target / f".{job.stem}-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    (work / job.stem).mkdir(parents=True)
    try:
        notebook = papermill.execute_notebook(
            str(job.notebook.resolve()), None, parameters=job.parameters, engine_name="kreisbericht",
            kernel_name="kreisbericht", progress_bar=False, folder=job.notebook.parent.resolve(),
            environment=_environment(work / job.stem),
        )  # fmt: skip
        write_workbook(work / job.stem, **describe_workbook(notebook, job))
        notebook.metadata["kreisbericht"] = {"schluessel": job.key, "parameter": job.parameters}
        text = nbformat.writes(notebook) + "\n"
        seal_record(work / job.stem, notebook, text)
        replace_directory(work / job.stem, job.target / job.stem)
        write_atomically(job.output, text)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return time.monotonic() - started, _messages(notebook, job)


def _import_papermill() -> tuple[Any, Any]:
    """papermill and nbformat, without what jsonschema would import for them: a grammar of web addresses, for 1.2 s."""
    grammar = "rfc3987_syntax"
    first = grammar not in sys.modules
    if first:
        sys.modules[grammar] = None
    try:
        import nbformat
        import papermill
    finally:
        if first:
            del sys.modules[grammar]
    return papermill, nbformat


def _environment(folder: Path) -> dict[str, str]:
    return {"KREISBERICHT_KAPITEL": str(folder), **START_ENVIRONMENT}


def describe_workbook(notebook: Any, job: Job) -> dict[str, Any]:
    """Title, notes and captions for the chapter's workbook, from what the notebook printed."""
    printed = [o.data.get("text/markdown", "") for cell in notebook.cells for o in cell.get("outputs", [])
               if "data" in o]  # fmt: skip
    headings = [line for cell in notebook.cells for line in cell.source.split("\n") if line.startswith("# ")]
    values = job.parameters
    notes = [f"Gebiet {values.get('ags', '')}", f"Berichtsjahr {values.get('berichtsjahr', '')}",
             f"Datenstand {values.get('datenstand', '')}"]  # fmt: skip
    title = headings[0][2:].partition(" {")[0] if headings else job.stem
    return {"title": title, "notes": notes, "titles": read_captions("\n".join(printed))}


def _recorded_key(job: Job) -> str:
    try:
        notebook = json.loads(job.output.read_text(encoding="utf-8"))
        return notebook["metadata"]["kreisbericht"]["schluessel"] if (job.target / job.stem).is_dir() else ""
    except (OSError, ValueError, KeyError):
        return ""


def _messages(notebook: Any, job: Job) -> list[str]:
    streams = [o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "stream"]
    return [f"{job.stem}: {o.text.strip().splitlines()[-1]}" for o in streams if o.name == "stderr" and o.text.strip()]


def as_report_error(error: BaseException) -> ReportError:
    """The error as planners may read it; what is none of ours is named with its class."""
    if isinstance(error, ReportError):
        return error
    wrapped = RenderError(f"Unerwarteter Fehler beim Ausführen eines Notebooks: {type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped
