"""Sources of the project as one file that is named after its contents, and folders as files in a store.

Not in here: who renders what (``client``, ``work``).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from kreisbericht.paths import ROOT, data_dir

SOURCES = ("index.qmd", "requirements.txt", "chapters", "notebooks", "scripts", "_extensions")
SKIPPED = {"__pycache__", ".ipynb_checkpoints"}
MADE = ("chapters/daten/", "_extensions/kreisbericht/fonts/")
DAY = (1980, 1, 1, 0, 0, 0)


def list_sources() -> dict[str, Path]:
    """Every file a book is made from, by its path in the project; the data from wherever they are read here."""
    found = {path.name: path for path in ROOT.glob("_*.yml")}
    for name in SOURCES:
        found |= dict(_files(ROOT / name, name))
    found |= dict(_files(data_dir(), "data"))
    return {name: path for name, path in sorted(found.items()) if not name.startswith(MADE)}


def digest_sources(files: Mapping[str, Path]) -> str:
    """Name of a parcel: 16 hexadecimal digits over names and contents."""
    digest = hashlib.sha256()
    for name, path in files.items():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def pack_sources(files: Mapping[str, Path]) -> bytes:
    """The files as a zip; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, path in files.items():
            parcel.writestr(zipfile.ZipInfo(name, DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpack_book(parcel: bytes, folder: Path) -> None:
    """Unpack a finished book into an empty folder.

    Raises
    ------
    ValueError
        If an entry leads out of the folder.
    """
    with zipfile.ZipFile(io.BytesIO(parcel)) as book:
        for name in book.namelist():
            if not (folder / name).resolve().is_relative_to(folder.resolve()):
                raise ValueError(f"entry leaves the folder: {name}")
        book.extractall(folder)


def _files(place: Path, name: str) -> Iterator[tuple[str, Path]]:
    if place.is_file():
        yield name, place
        return
    for path in place.rglob("*"):
        parts = path.relative_to(place).parts
        if path.is_file() and not SKIPPED & set(parts) and not any(part.endswith(".egg-info") for part in parts):
            yield f"{name}/{'/'.join(parts)}", path
