"""A data folder of its own for one test: everything linked to the real one, own figures and sample district free."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kreisbericht.paths import data_dir


def link_data(target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with links to all official data, a copy of ``eigene/muster`` and no own figures yet."""
    source = data_dir()
    target.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.name not in ("eigene", ".import"):
            (target / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
    own = target / "eigene"
    own.mkdir()
    (own / "vorlagen").symlink_to(source / "eigene" / "vorlagen", target_is_directory=True)
    shutil.copytree(source / "eigene" / "muster", own / "muster")
    monkeypatch.setenv("KREISBERICHT_DATA", str(target))
    return target


def write_values(path: Path, *rows: tuple[str, int, object]) -> None:
    """A file of values; an empty string for the symbol."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["ags,jahr,wert,zeichen", *(f"{ags},{year},{value}," for ags, year, value in sorted(rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
