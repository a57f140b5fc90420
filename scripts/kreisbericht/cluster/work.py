"""What a worker runs: one book, with the client's sources, in the worker's own folder.

This module travels to the workers by value, so it imports nothing of the library; the library is in the sources.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = "kreisbericht"  # in the worker's local folder
SHOWN = 3  # packages named in a message


def make_book(sources: str, target: str, ags: str, options: list[str], base: str = "") -> dict:
    """Render one book and put it into the store as a zip.

    Parameters
    ----------
    sources, target
        Addresses in the store, as ``fsspec`` knows them: the packed project, and where the finished book goes.
    options
        Options of ``render_book.py`` beside ``--kreis``.
    base
        Working folder; by default the worker's own.

    Returns
    -------
    ``{"warnungen": […]}`` or ``{"fehler": "…", "kennung": exit code}``.
    """
    base = Path(base or _own_folder()) / FOLDER
    project = _unpack_once(sources, base)
    if wrong := _compare_packages(project / "requirements.txt"):
        return {"fehler": wrong, "kennung": 1}
    with tempfile.TemporaryDirectory(dir=base) as name:
        work = Path(name)
        done = _render(project, work / "_site", base / "_build", ags, options)
        shutil.rmtree(base / "_build" / ags, ignore_errors=True)
        if done.returncode:
            return {"fehler": done.stderr.strip()[-4000:].removeprefix("Fehler: "), "kennung": done.returncode}
        (book,) = [path.parent for path in (work / "_site" / ags).glob("*/ausgabe.json")]
        _store(book, target)
    hints = [line.removeprefix("Hinweis: ") for line in done.stdout.splitlines() if line.startswith("Hinweis: ")]
    return {"warnungen": hints}


def _own_folder() -> str:
    from distributed import get_worker

    return get_worker().local_directory


def _unpack_once(sources: str, base: Path) -> Path:
    """The project's sources, unpacked by the first book that needs them here."""
    import fsspec

    project = base / Path(sources).stem
    if project.is_dir():
        return project
    base.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=base))
    with fsspec.open(sources, "rb") as file, zipfile.ZipFile(file) as parcel:
        parcel.extractall(fresh)
    try:
        fresh.rename(project)
    except OSError:  # another thread of this worker was faster
        shutil.rmtree(fresh)
    return project


def _compare_packages(pins: Path) -> str:
    """A message if this worker has other versions than the project asks for; '' if all is well."""
    wrong = []
    for name, wanted in re.findall(r"^([\w.-]+)==([^\s;]+)", pins.read_text(encoding="utf-8"), re.MULTILINE):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found = importlib.metadata.version(name)
            wrong += [f"{name} {found} statt {wanted}"] if found != wanted else []
    if not wrong:
        return ""
    more = f" und {len(wrong) - SHOWN} weitere" if len(wrong) > SHOWN else ""
    return (
        f"Auf dem Rechner {os.uname().nodename} sind andere Pakete als in requirements.txt: {', '.join(wrong[:SHOWN])}"
        f"{more}. Das Buch könnte anders aussehen. Bitte dort die Umgebung neu einrichten; es wurde nichts verändert."
    )


def _render(project: Path, site: Path, build: Path, ags: str, options: list[str]) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KREISBERICHT_")}
    environment |= {
        "PYTHONPATH": str(project / "scripts"), "PYTHONIOENCODING": "utf-8",
        "KREISBERICHT_SITE": str(site), "KREISBERICHT_BUILD": str(build),
    }  # fmt: skip
    command = [sys.executable, str(project / "scripts" / "render_book.py"), "--kreis", ags, *options]
    return subprocess.run(
        command, env=environment, cwd=site.parent, capture_output=True, text=True, check=False,
        preexec_fn=_die_with_worker if sys.platform == "linux" else None,
    )  # fmt: skip


def _die_with_worker() -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _store(book: Path, target: str) -> None:
    """Put a book into the store; its name appears when it is complete."""
    import fsspec

    system, path = fsspec.core.url_to_fs(target)
    system.makedirs(path.rpartition("/")[0], exist_ok=True)
    passing = f"{path}.{os.getpid()}.{os.uname().nodename}.neu"
    with system.open(passing, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parcel:
        for found in sorted(path for path in book.rglob("*") if path.is_file()):
            parcel.write(found, found.relative_to(book).as_posix())
    system.mv(passing, path)
