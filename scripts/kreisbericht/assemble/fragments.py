"""What pandoc made of an input before: kept by digest of input, arguments, filters, templates and pandoc itself.

Kept in ``_build/teile``; deleting it costs time, nothing else. Pure functions of text only belong here.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from kreisbericht.paths import build_dir
from kreisbericht.surroundings import installed_packages

FOLDER = "teile"
DAYS = 30  # after which a fragment that no book used is removed
WEEKLY = 7 * 86_400


def recall(arguments: Sequence[str], text: str, reads: Sequence[Path], make: Callable[[], str]) -> str:
    """The output for these arguments and this input, from the build folder where it was made before.

    Files that the arguments name count with their contents, a Lua filter with all filters beside it, and ``reads``,
    which the filters are told of in the text.
    """
    digest = hashlib.sha256("\n".join([_pandoc(), *arguments]).encode())
    for path in [*_files(arguments), *(path for path in reads if path.is_file())]:
        digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    digest.update(b"\0\0" + text.encode())
    name = digest.hexdigest()
    file = build_dir() / FOLDER / name[:2] / name
    try:
        found = _unpack(file.read_bytes())
        if time.time() - file.stat().st_mtime > WEEKLY:
            os.utime(file)
        return found
    except (OSError, ValueError):
        made = make()
        _keep(file, made)
        return made


def remove_unused() -> None:
    """Remove fragments that no book used for ``DAYS`` days."""
    for file in (build_dir() / FOLDER).glob("*/*"):
        if time.time() - file.stat().st_mtime > DAYS * 86_400:
            file.unlink(missing_ok=True)


def _files(arguments: Sequence[str]) -> list[Path]:
    named = [argument.partition("=")[2] for argument in arguments if argument.startswith("--")]
    found = [Path(name) for name in named if name and Path(name).is_file()]
    beside = {other for path in found if path.suffix == ".lua" for other in path.parent.glob("*.lua")}
    return sorted({*found, *beside})


def _keep(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}-{os.getpid()}-{time.monotonic_ns()}")
    fresh.write_bytes(_pack(text))
    fresh.replace(file)


def _pack(text: str) -> bytes:
    """Text with its digest: writing is not forced to the disk, and what a power cut spoils must not be believed."""
    content = text.encode("utf-8")
    return hashlib.sha256(content).digest() + content


def _unpack(data: bytes) -> str:
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        raise ValueError("spoilt")
    return data[32:].decode("utf-8")


@cache
def _pandoc() -> str:
    return " ".join(installed_packages({"pypandoc-binary"}))
