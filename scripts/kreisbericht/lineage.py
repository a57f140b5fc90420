"""Which figures each cell of a chapter read: ``herkunft.json`` in the chapter's folder, written while it runs.

A cell is known by its execution count, which the executed notebook keeps too; so every figure, table and number that
the cell printed can be traced to indicators and files. Not in here: the manifest of an edition (``manifest``).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.paths import write_atomically

FILE = "herkunft.json"

_touched: set[str] = set()
_cells: dict[str, list[str]] = {}
_watching: list[object] = []


def note_read(indicator_id: str) -> None:
    """Remember that the running cell read an indicator; nothing outside a kernel that makes a book."""
    if os.environ.get(FOLDER_VARIABLE):
        _touched.add(indicator_id)
        _watch_cells()


def read_lineage(folder: Path) -> dict[str, list[str]]:
    """Indicators by execution count of the cell that read them (``{"3": ["kinderarmut_u15"]}``); empty without file."""
    file = folder / FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _watch_cells() -> None:
    shell = _find_shell()
    if shell is None or shell in _watching:
        return
    _watching.append(shell)
    shell.events.register("post_run_cell", _finish_cell)


def _finish_cell(result: Any) -> None:
    folder = os.environ.get(FOLDER_VARIABLE)
    count = getattr(result, "execution_count", None)
    if not (_touched and folder and count):
        return
    _cells[str(count)] = sorted(_touched)
    _touched.clear()
    write_atomically(Path(folder) / FILE, json.dumps(_cells, indent=1) + "\n")


def _find_shell() -> Any:
    import sys

    # In a process without IPython there is no shell; importing it to find that out would cost half a second.
    interactive = sys.modules.get("IPython")
    return interactive.get_ipython() if interactive else None
