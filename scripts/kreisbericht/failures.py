"""Why a notebook failed, in German: notebook, cell, line, likely cause, what was left unchanged.

The failed notebook is kept aside. Not in here: running it (``engine``) and ending its process (``kernels``).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from kreisbericht.errors import RenderError
from kreisbericht.paths import build_dir, write_atomically

INJECTED = "injected-parameters"
OWN_ERRORS = ("DataError", "ParameterError", "RenderError")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
CELL_FRAME = re.compile(r'ipykernel_\d+/\d+\.py", line (\d+) in <module>')
TRACE_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
REASONS = {
    "zeit": "Die Zelle überschreitet das Zeitlimit und wurde abgebrochen.",
    "ausgabe": (
        "Die Zelle gibt zu viel aus (mehr als 10 MB im Notebook) und wurde abgebrochen. Vermutlich druckt eine "
        "Schleife; bitte nur zeigen, was ins Kapitel gehört."
    ),
    "speicher": (
        "Das Notebook belegt mehr Arbeitsspeicher als erlaubt und wurde abgebrochen. Vermutlich sammelt eine Schleife "
        "Daten, oder es wird zu viel auf einmal geladen."
    ),
    "": (
        "Der Rechenprozess des Notebooks (Kernel) ist abgestürzt, vermutlich fehlte Speicher oder eine Bibliothek "
        "brach ab."
    ),
}


@dataclass(frozen=True)
class Trouble:
    """Why a kernel was ended (a key of ``REASONS``) and what it was doing then, as ``faulthandler`` writes it."""

    reason: str = ""
    stack: str = ""
    cell: int | None = None  # index in the notebook, where it is known

    def or_of(self, provisioner: Any) -> Trouble:
        """This trouble, or what the guardian of a forked kernel reported."""
        forked = getattr(provisioner, "forked", None)
        if forked is None:
            return self
        forked.poll()
        report = forked.report
        return replace(
            self, reason=self.reason or report.get("grund", ""), stack=self.stack or report.get("stapel", "")
        )

    @property
    def line(self) -> int | None:
        """Line of the cell that was running."""
        found = CELL_FRAME.findall(self.stack)
        return int(found[0]) if found else None


def explain_failure(error: Exception, notebook: Any, source: Path, trouble: Trouble) -> RenderError:
    """German message for a failed run; keeps the failed notebook under ``_build/gescheitert``.

    Raises
    ------
    RuntimeError
        ``error`` itself if it is not about the notebook.
    """
    known = isinstance(error, CellExecutionError | CellTimeoutError) or "kernel" in str(error).lower()
    if not known:
        raise error
    aside = build_dir() / "gescheitert" / source.name
    write_atomically(aside, nbformat.writes(strip_traces(notebook)))
    kept = f"Das abgebrochene Notebook liegt unter {_shown(aside)}; die letzte gute Fassung ist unverändert."
    where = f"{source.name}, {_place(notebook, trouble)}"
    if isinstance(error, CellExecutionError):
        cause = error.evalue if error.ename in OWN_ERRORS else f"{error.ename}: {error.evalue}"
        return RenderError(f"{where}: {cause.rstrip('.')}. {kept}")
    reason = "zeit" if isinstance(error, CellTimeoutError) else trouble.reason
    return RenderError(f"{where}: {REASONS[reason]} {kept}")


def strip_traces(notebook: Any) -> nbformat.NotebookNode:
    """Remove what differs from run to run (times, paths) and hide the injected cell."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        tags = cell.metadata.get("tags", [])
        if INJECTED in tags:
            cell.id = INJECTED
            cell.metadata["tags"] = [*tags, "remove-cell"]
            cell.metadata["jupyter"] = {"source_hidden": True}
    return notebook


def _place(notebook: Any, trouble: Trouble) -> str:
    """``Zelle 3, Zeile 2 (raise ValueError)``: the cell in the source notebook, where the injected one does not count.

    Without a known line the cell's first one is shown.
    """
    if not notebook.cells:
        return "Zelle 1"
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    broken = [i for i in code if any(o.output_type == "error" for o in notebook.cells[i].get("outputs", []))]
    waiting = [i for i in code if not notebook.cells[i].get("execution_count")]
    index = next(iter([*broken, *waiting, *code[-1:], 0])) if trouble.cell is None else trouble.cell
    injected = any(INJECTED in cell.metadata.get("tags", []) for cell in notebook.cells[: index + 1])
    lines = notebook.cells[index].source.split("\n")
    line = _traced_line(notebook.cells[index]) or trouble.line
    if line and line <= len(lines):
        return f"Zelle {index + 1 - injected}, Zeile {line} ({lines[line - 1].strip()[:60]})"
    first = notebook.cells[index].source.strip().split("\n")[0][:60]
    return f"Zelle {index + 1 - injected}" + (f" ({first})" if first else "")


def _traced_line(cell: Any) -> int | None:
    """Line of the cell in the traceback it printed."""
    traces = ["\n".join(o.traceback) for o in cell.get("outputs", []) if o.output_type == "error"]
    found = TRACE_LINE.findall(ANSI.sub("", "\n".join(traces)))
    return int(found[0]) if found else None


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
