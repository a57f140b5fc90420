"""Run the data notebooks of one book, several at once, and keep what has not changed.

A chapter is run again when its notebook, parameters, assessment, the library, the data or the environment changed.
Not in here: the order of the book (``book``) and its assembly (``assemble``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kreisbericht.errors import RenderError, ReportError
from kreisbericht.kernels import warm_kernels
from kreisbericht.parameters import check_parameters, declared_parameters, read_notebook
from kreisbericht.paths import replace_directory, write_atomically

Progress = Callable[[str], None]
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


def plan_jobs(notebooks: Iterable[Path], target: Path, parameters: dict[str, Any], inputs: str) -> list[Job]:
    """Jobs with checked parameters; ``inputs`` is a digest of everything all notebooks share.

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
        digest.update(json.dumps([values, inputs], sort_keys=True, default=str).encode())
        jobs.append(Job(path, target, values, digest.hexdigest()))
    return jobs


def stale_jobs(jobs: list[Job]) -> list[Job]:
    """The jobs whose result is missing or was made from something else."""
    return [job for job in jobs if _recorded_key(job) != job.key]


def run_jobs(jobs: list[Job], *, workers: int, progress: Progress) -> list[str]:
    """Run ``jobs`` in ``workers`` kernels at once; returns warnings that notebooks printed.

    The first failure stops new starts, lets running ones end and is raised; finished chapters stay.

    Raises
    ------
    RenderError
        From the first notebook that failed.
    """
    warnings: list[str] = []
    waiting, started, failures, done = list(jobs), time.monotonic(), [], 0
    running: dict[Future, Job] = {}
    if jobs:
        warm_kernels(START_ENVIRONMENT)
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        while running or (waiting and not failures):
            while waiting and len(running) < max(1, workers) and not failures:
                job = waiting.pop(0)
                running[pool.submit(run_job, job)] = job
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                job = running.pop(future)
                error = future.exception()
                if error:
                    failures.append(error)
                    progress(f"{job.stem}: abgebrochen")
                    continue
                done += 1
                seconds, messages = future.result()
                warnings += messages
                progress(_line(done, len(jobs), job.stem, seconds, time.monotonic() - started))
    if failures:
        raise failures[0] if isinstance(failures[0], ReportError) else _unexpected(failures[0])
    return warnings


def run_job(job: Job) -> tuple[float, list[str]]:
    """Execute one notebook into a temporary folder and move the result into place; returns seconds and warnings."""
    import nbformat
    import papermill

    started = time.monotonic()
    work = job.target / f".{job.stem}-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    (work / job.stem).mkdir(parents=True)
    try:
        notebook = papermill.execute_notebook(
            str(job.notebook.resolve()), None, parameters=job.parameters, engine_name="kreisbericht",
            kernel_name="kreisbericht", progress_bar=False, folder=job.notebook.parent.resolve(),
            environment=_environment(work / job.stem),
        )  # fmt: skip
        notebook.metadata["kreisbericht"] = {"schluessel": job.key, "parameter": job.parameters}
        replace_directory(work / job.stem, job.target / job.stem)
        write_atomically(job.output, nbformat.writes(notebook) + "\n")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return time.monotonic() - started, _messages(notebook, job)


def digest_files(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents of files, in sorted order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _environment(folder: Path) -> dict[str, str]:
    return {"KREISBERICHT_KAPITEL": str(folder), **START_ENVIRONMENT}


def _recorded_key(job: Job) -> str:
    try:
        notebook = json.loads(job.output.read_text(encoding="utf-8"))
        return notebook["metadata"]["kreisbericht"]["schluessel"] if (job.target / job.stem).is_dir() else ""
    except (OSError, ValueError, KeyError):
        return ""


def _messages(notebook: Any, job: Job) -> list[str]:
    streams = [o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "stream"]
    return [f"{job.stem}: {o.text.strip().splitlines()[-1]}" for o in streams if o.name == "stderr" and o.text.strip()]


def _line(done: int, total: int, stem: str, seconds: float, elapsed: float) -> str:
    left = elapsed / done * (total - done)
    rest = f", noch etwa {left:.0f} s" if done < total else ""
    return f"[{done:>{len(str(total))}}/{total}] {stem} ({seconds:.1f} s{rest})".replace(".", ",")


def _unexpected(error: BaseException) -> RenderError:
    wrapped = RenderError(f"Unerwarteter Fehler beim Ausführen eines Notebooks: {type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped
