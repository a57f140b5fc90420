"""What a process reports by itself: files opened, folders listed, programs started, cells that ended.

Not in here: what is done with them (``lineage``).
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOUBTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")
HEARD = {"open", "os.listdir", "os.scandir", "sqlite3.connect", *DOUBTS}
HARMLESS = ("fc-list", "ldconfig", "gcc", "cc", "ld", "objdump", "uname")  # asked by matplotlib and ctypes, once


Note = Callable[[str], None]


class _Dealing(threading.local):
    busy: bool = False
    """While a report is dealt with, which reads itself."""


_dealing = _Dealing()
_told: list[tuple[Note, Note]] = []  # filled once the interpreter reports, which cannot be taken back
_seen: list[object] = []  # shells whose cells are watched


def listen(note_file: Note, note_doubt: Note) -> None:
    """Have every file or folder that is read told to ``note_file``, what cannot be followed to ``note_doubt``."""
    if not _told:
        _told.append((note_file, note_doubt))
        sys.addaudithook(_hear)


def watch_cells(finish: Callable[[Any], None]) -> None:
    """Have ``finish`` called after each cell of the notebook that this process runs, if it runs one."""
    # In a process without IPython there is no shell; importing it to find that out would cost half a second.
    # While another thread is importing it, the module is there without its contents.
    find_shell = None if _seen else getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = find_shell() if find_shell else None
    if shell is not None:
        _seen.append(shell)
        shell.events.register("post_run_cell", finish)


def _hear(event: str, args: tuple) -> None:
    if event not in HEARD or _dealing.busy:
        return
    _dealing.busy = True
    try:
        caller = sys._getframe().f_back
        if caller is None or "importlib" not in caller.f_code.co_filename:
            _take_down(event, args, *_told[0])  # what is imported counts as code (``library``)
    finally:
        _dealing.busy = False


def _take_down(event: str, args: tuple, note_file: Note, note_doubt: Note) -> None:
    if event == "open":
        path, mode, flags = args
        writing = (flags or 0) & (os.O_WRONLY | os.O_CREAT) or set(mode or "r") & set("wax")
        if isinstance(path, (str, os.PathLike)) and not writing:
            note_file(path)
    elif event in ("os.listdir", "os.scandir", "sqlite3.connect"):
        if isinstance(args[0] or ".", (str, os.PathLike)):
            note_file(args[0] or ".")
    elif event in DOUBTS and Path(os.fsdecode(args[0])).name not in HARMLESS:
        note_doubt(f"{event} {os.fsdecode(args[0])}")
