"""Temporary folders, locks and storage that fails: what keeps a site whole whatever happens to a run.

Not in here: what is written.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from kreisbericht.errors import RenderError

CAUSES = {
    errno.ENOSPC: "Der Datenträger ist voll",
    errno.EDQUOT: "Das Speicherkontingent ist erschöpft",
    errno.EROFS: "Der Datenträger ist nur lesbar",
    errno.EACCES: "Die Berechtigung zum Schreiben fehlt",
    errno.EPERM: "Die Berechtigung zum Schreiben fehlt",
    errno.ENOTDIR: "Ein Teil des Pfades ist kein Ordner",
    errno.ENOENT: "Ein Teil des Pfades gibt es nicht, und er lässt sich nicht anlegen",
}
LEFTOVER = re.compile(r"^\..+\.(?:neu|alt)-(?P<pid>\d+)$")


def temporary_sibling(target: Path) -> Path:
    """Fresh, empty, hidden folder beside ``target``, named after this process so that leftovers can be told apart."""
    folder = target.with_name(f".{target.name}.neu-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def remove_leftovers(folder: Path) -> list[Path]:
    """Remove the temporary folders below ``folder`` (one level) whose process has ended; returns them."""
    found = [path for path in folder.glob(".*") if (match := LEFTOVER.match(path.name)) and not _lives(match["pid"])]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return found


@contextlib.contextmanager
def explain_storage(what: str) -> Iterator[None]:
    """Turn a full, read-only or forbidden storage into a German message that says the old site is untouched.

    ``what`` starts the message, e.g. 'Ausgabe 2025.1'.

    Raises
    ------
    RenderError
        Instead of an ``OSError`` with one of ``CAUSES``.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in CAUSES:
            raise
        place = error.filename2 or error.filename or ""
        raise RenderError(
            f"{what}: {CAUSES[error.errno]}{f' ({place})' if place else ''}. Bitte Platz oder Rechte schaffen und "
            "erneut starten; die bisherigen Ausgaben sind unverändert, Reste räumt der nächste Lauf auf."
        ) from error


@contextlib.contextmanager
def locked(folder: Path, busy: str = "") -> Iterator[None]:
    """Hold the lock of a folder; waits for it, or refuses with ``busy`` as message if one is given.

    The lock belongs to the process and goes with it, so a killed run leaves none. Without ``fcntl`` (Windows) there is
    no lock.

    Raises
    ------
    RenderError
        With ``busy`` if another process holds the lock.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        yield
    except BlockingIOError:
        raise RenderError(busy) from None
    finally:
        os.close(handle)


def sync_tree_to_disk(folder: Path) -> None:
    """Force every file below ``folder`` to the disk, so that a rename never points to empty files after a power cut."""
    for path in sorted(folder.rglob("*")):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno != errno.EINVAL:  # a folder on a file system that cannot flush folders
                raise
        finally:
            os.close(handle)


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
