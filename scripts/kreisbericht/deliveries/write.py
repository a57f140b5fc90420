"""Many files as one step: staged and journaled, so that an interrupted import is finished or undone at the next start.

Order: stage every new content beside ``data/`` → write the journal (the moment of decision) → rename one after
another → remove the journal. Before the journal exists nothing has happened; after it the rest can be done again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kreisbericht.errors import DataError
from kreisbericht.paths import data_dir, write_atomically

if os.name == "posix":
    import fcntl


def write_together(contents: dict[Path, str]) -> None:
    """Replace all files or none.

    Parameters
    ----------
    contents
        Target below ``data/`` → new text.
    """
    if not contents:
        return
    staging = _staging()
    staging.mkdir(parents=True, exist_ok=True)
    steps = []
    for number, (target, text) in enumerate(sorted(contents.items())):
        staged = staging / f"{number:05d}.neu"
        write_atomically(staged, text)
        steps.append({"von": staged.name, "nach": target.relative_to(data_dir()).as_posix()})
    write_atomically(staging / "journal.json", json.dumps(steps, indent=1))
    _finish(staging)


def recover_interrupted() -> str:
    """Finish or undo what an interrupted import left; returns a German remark, '' if there was nothing."""
    staging = _staging()
    if not staging.is_dir() or (not any(staging.glob("*.neu")) and not (staging / "journal.json").exists()):
        return ""
    if (staging / "journal.json").exists():
        _finish(staging)
        return "Ein unterbrochener Import wurde zu Ende geführt."
    for path in staging.glob("*.neu"):
        path.unlink()
    return "Ein unterbrochener Import wurde verworfen; data/ ist unverändert."


@contextmanager
def locked() -> Iterator[None]:
    """Keep a second import out while one is running.

    Raises
    ------
    DataError
        If another import holds the lock.
    """
    staging = _staging()
    staging.mkdir(parents=True, exist_ok=True)
    with (staging / "sperre").open("w") as handle:
        try:
            if os.name == "posix":
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DataError("Ein anderer Import läuft gerade. Bitte warten und noch einmal starten.") from error
        try:
            yield
        finally:
            shutil.rmtree(staging, ignore_errors=True) if not (staging / "journal.json").exists() else None


def _staging() -> Path:
    return data_dir() / ".import"


def _finish(staging: Path) -> None:
    """Rename what is not renamed yet; may run again after any interruption."""
    for step in json.loads((staging / "journal.json").read_text(encoding="utf-8")):
        staged, target = staging / step["von"], data_dir() / step["nach"]
        if staged.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(target)
    (staging / "journal.json").unlink()
