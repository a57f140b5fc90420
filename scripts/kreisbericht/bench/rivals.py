"""The same book by the ways people know: plain papermill in one or two processes, or Quarto running the notebooks.

Papermill runs with ordinary kernels and its own engine; the assembler is ours, so the difference lies before it. Called
as ``python -m kreisbericht.bench.rivals AGS EDITION REPORT WAY``, with WAY ``1``, ``2`` or ``quarto``.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
import yaml

from kreisbericht.downloads import write_workbook
from kreisbericht.drafts import Draft, Order, Sources, open_draft
from kreisbericht.editions import find_edition
from kreisbericht.failures import strip_traces
from kreisbericht.paths import ROOT, write_atomically
from kreisbericht.regions import find_region
from kreisbericht.runner import Job, describe_workbook

ORDINARY = "python3"
FOLDER = "KREISBERICHT_KAPITEL"


def make_book(ags: str, edition: str, report: str, way: str) -> None:
    """Make one book from nothing in the folders of the environment."""
    order = Order(find_region(ags, level="kreis"), find_edition(ROOT, edition), report)
    draft = open_draft(order, Sources(), tool="quarto" if way == "quarto" else "pandoc", formats=("html", "pdf"))
    try:
        if way == "quarto":
            leave_to_quarto(draft)
        else:
            run_in_processes(draft.jobs, int(way))
        assemble(draft, threads=1 if way == "1" else 2)
    finally:
        draft.close()


def run_in_processes(jobs: Sequence[Job], count: int) -> None:
    """Run the notebooks with plain papermill, dealt out to ``count`` processes."""
    if count == 1:
        return run_plainly([(str(job.notebook), str(job.target), job.parameters) for job in jobs])
    piles = [[(str(job.notebook), str(job.target), job.parameters) for job in jobs[k::count]] for k in range(count)]
    command = [sys.executable, "-m", "kreisbericht.bench.rivals", "-"]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in piles]
    for process, pile in zip(processes, piles, strict=True):
        process.stdin.write(json.dumps(pile))
        process.stdin.close()
    if any([process.wait() for process in processes]):
        raise RuntimeError("papermill failed")
    return None


def run_plainly(jobs: Sequence[tuple[str, str, dict]]) -> None:
    """One notebook after another, as papermill's manual shows it."""
    import papermill

    for notebook, target, parameters in jobs:
        folder = Path(target) / Path(notebook).stem
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[FOLDER] = str(folder)
        output = f"{folder}.ipynb"
        papermill.execute_notebook(
            notebook, output, parameters=parameters, kernel_name=ORDINARY, progress_bar=False, cwd=Path(notebook).parent
        )
        made = nbformat.read(output, 4)
        write_workbook(folder, **describe_workbook(made, Job(Path(notebook), Path(target), parameters, "")))
        write_atomically(Path(output), nbformat.writes(strip_traces(made)) + "\n")


def leave_to_quarto(draft: Draft) -> None:
    """Put the notebooks with their parameters into the stage, not executed, and let Quarto execute them."""
    from papermill.parameterize import parameterize_notebook

    for job in draft.jobs:
        notebook = nbformat.read(job.notebook, 4)
        notebook.metadata["kernelspec"] = {"name": ORDINARY, "display_name": ORDINARY, "language": "python"}
        notebook = parameterize_notebook(notebook, job.parameters, kernel_name=ORDINARY, language="python")
        folder = job.target / job.stem
        folder.mkdir(parents=True, exist_ok=True)
        given = f"import os\nos.environ['{FOLDER}'] = {str(folder)!r}"
        notebook.cells.insert(1, nbformat.v4.new_code_cell(given))
        write_atomically(job.output, nbformat.writes(notebook) + "\n")
    file = draft.stage.root / "_quarto.yml"
    meta = yaml.safe_load(file.read_text(encoding="utf-8"))
    meta["execute"] = {**meta.get("execute", {}), "enabled": True, "daemon": False}
    write_atomically(file, yaml.safe_dump(meta, allow_unicode=True, sort_keys=False))


def assemble(draft: Draft, *, threads: int) -> None:
    """The same assembler, in this process."""
    from kreisbericht.assemble.edition import assemble_edition

    order, folder = draft.order, draft.open_folder()
    assemble_edition(
        copy.copy(draft.stage), order.edition, folder, tool=draft.tool, formats=draft.formats, threads=threads
    )
    draft.place()


if __name__ == "__main__":
    if sys.argv[1] == "-":
        run_plainly(json.load(sys.stdin))
    else:
        make_book(*sys.argv[1:5])
