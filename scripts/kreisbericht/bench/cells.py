"""What the notebooks' own code costs: CPU time of all cells of a book in warmed kernels, and of importing the library.

This is the least any scheduler can need; what a run takes beyond it, divided by the processors, is ours. Called as
``python -m kreisbericht.bench.cells AGS EDITION REPORT``; prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
import papermill

from kreisbericht.drafts import Order, Sources, open_draft
from kreisbericht.editions import find_edition
from kreisbericht.kernels import KERNEL, install_kernel
from kreisbericht.paths import ROOT
from kreisbericht.regions import find_region
from kreisbericht.runner import Job

WATCH = """
import time
from IPython import get_ipython
_cpu = {"sum": 0.0, "start": None}
def _before(*_):
    _cpu["start"] = time.process_time()
def _after(*_):
    if _cpu["start"] is not None:
        _cpu["sum"] += time.process_time() - _cpu["start"]
get_ipython().events.register("pre_run_cell", _before)
get_ipython().events.register("post_run_cell", _after)
"""
TELL = 'print(_cpu["sum"])'
IMPORT = """
import time
started = time.perf_counter()
from kreisbericht.chapter import Chapter
print(time.perf_counter() - started)
"""


def measure_cells(ags: str, edition: str, report: str) -> dict[str, float]:
    """CPU seconds of the cells by chapter; each runs alone, in a kernel of its own."""
    order = Order(find_region(ags, level="kreis"), find_edition(ROOT, edition), report)
    install_kernel()
    draft = open_draft(order, Sources(), tool="pandoc", formats=("html",))
    try:
        with tempfile.TemporaryDirectory() as folder:
            return {job.stem: _run_watched(job, Path(folder)) for job in draft.jobs}
    finally:
        draft.close()


def measure_import() -> float:
    """Seconds a notebook waits for the library, in a kernel as this environment starts it."""
    install_kernel()
    cell = nbformat.v4.new_code_cell(IMPORT)
    spec = {"name": KERNEL, "display_name": KERNEL, "language": "python"}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "import.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": spec}), file)
        return min(_run(file, {}, Path(folder)) for _ in range(3))


def _run_watched(job: Job, folder: Path) -> float:
    notebook = nbformat.read(job.notebook, 4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(WATCH))
    notebook.cells.append(nbformat.v4.new_code_cell(TELL))
    file = folder / job.notebook.name
    nbformat.write(notebook, file)
    (folder / job.stem).mkdir()
    return _run(file, job.parameters, folder / job.stem)


def _run(file: Path, parameters: dict, chapter: Path) -> float:
    done = papermill.execute_notebook(
        str(file), None, parameters=parameters, engine_name="kreisbericht", kernel_name=KERNEL, progress_bar=False,
        environment={"KREISBERICHT_KAPITEL": str(chapter), "PYTHONHASHSEED": "0"},
    )  # fmt: skip
    return float(done.cells[-1].outputs[-1]["text"])


if __name__ == "__main__":
    if sys.argv[1] == "import":
        print(json.dumps({"seconds": measure_import(), "ordinary": os.environ.get("KREISBERICHT_KERNE", "")}))
    else:
        print(json.dumps(measure_cells(*sys.argv[1:4])))
