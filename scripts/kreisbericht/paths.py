"""Where things are, and how a file is written so that nothing is ever half there.

Not in here: what the files contain.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REVIEWS = "rueckmeldungen"
"""Folder of the data package with readers' notes: no figure, chapter or published edition depends on it."""


def data_dir() -> Path:
    """Folder of the data package; ``KREISBERICHT_DATA`` names another one (tests, a second package)."""
    return _place(os.environ.get("KREISBERICHT_DATA", f"{ROOT}/data"))


def build_dir() -> Path:
    """Cache and staging; deleting it costs time, nothing else."""
    return _place(os.environ.get("KREISBERICHT_BUILD", f"{ROOT}/_build"))


def site_dir() -> Path:
    """The published site: ``<site>/<ags>/<edition>/``."""
    return _place(os.environ.get("KREISBERICHT_SITE", f"{ROOT}/_site"))


@cache
def _place(name: str) -> Path:
    return Path(name)  # making one takes longer than much of what is done with it


def write_atomically(target: Path, content: str | bytes) -> None:
    """Write ``content`` to a temporary file beside ``target``, then rename; the old file stays until then."""
    target.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def replace_directory(new: Path, target: Path) -> None:
    """Put the folder ``new`` in the place of ``target`` by renames on the same file system.

    On Linux the two are exchanged in one step, so there is no moment without ``target``; elsewhere the old folder is
    moved aside first. The old contents are then removed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        new.rename(target)
        return
    old = target.with_name(f".{target.name}.alt-{os.getpid()}")
    if _exchange(new, target):
        new.rename(old)
    else:
        target.rename(old)
        new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two paths atomically (Linux ``renameat2``); False where the system cannot."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        call = library.renameat2
    except (OSError, AttributeError, TypeError):
        return False
    at_cwd, exchange = -100, 2
    return call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0
