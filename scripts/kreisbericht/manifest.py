"""``manifest.json`` and ``SHA256SUMS`` of a published edition: what it was made from, and what it consists of.

Nothing in them depends on the day, the folder or the machine's name, so the same sources give the same bytes.
Not in here: rendering again and comparing (``verify``).
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kreisbericht import paths
from kreisbericht.addresses import SUMS
from kreisbericht.catalogue import find_indicator, load_catalogue
from kreisbericht.lineage import read_lineage

FILE = "manifest.json"
ARCHIVE = "archiv"  # folder of the zip, which holds all the rest and so cannot hold itself
SOURCES = (
    "_quarto.yml",
    "index.qmd",
    "requirements.txt",
    "chapters",
    "notebooks",
    "_extensions",
    "scripts/kreisbericht",
)
MADE = ("chapters/daten/", "_extensions/kreisbericht/fonts/")
_FLOAT = re.compile(r"\{#((?:fig|tbl)-[\w-]+)")
_NUMBER = re.compile(r"(?<![\w,.-])[+−-]?\d{1,3}(?:\.\d{3})*(?:,\d+)?(?:[\u00a0\u202f ]?%)?(?![\w,-])")


@dataclass(frozen=True)
class Commit:
    """State of the version control: ``id`` is '' outside of Git, ``changed`` are files not in the commit."""

    id: str = ""
    changed: tuple[str, ...] = ()


def read_commit(root: Path) -> Commit:
    """Commit of the project and what has been changed since; empty where ``root`` is no working copy of its own."""
    if _git(root, "rev-parse", "--show-toplevel").strip() != str(root.resolve()):
        return Commit()
    names = [*SOURCES, "data", "_quarto-*.yml"]
    lines = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *names).splitlines()
    return Commit(_git(root, "rev-parse", "HEAD").strip(), tuple(line[3:] for line in lines))


def hash_inputs(root: Path, profile: Path) -> dict[str, str]:
    """SHA-256 of every file an edition is made from, by path in the project.

    The district's own deliveries (``data/eigene``) count but are not named: a hash of a small table would give it away.
    """
    files = [profile]
    for name in SOURCES:
        place = root / name
        files += [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    found = {_relative(path, root): path for path in files if path.suffix != ".pyc"}
    found |= {f"data/{_relative(path, paths.data_dir())}": path for path in _data_files()}
    kept = {name: path for name, path in found.items() if not name.startswith(MADE) and "/." not in f"/{name}"}
    return {name: hash_file(path) for name, path in sorted(kept.items())}


def hash_own_data() -> str:
    """One digest over the district's own deliveries; only for noticing a change during a run, never published."""
    own = paths.data_dir() / "eigene"
    files = sorted(path for path in own.rglob("*") if path.is_file()) if own.is_dir() else []
    return hashlib.sha256("".join(f"{path}{hash_file(path)}" for path in files).encode()).hexdigest()


def describe_lineage(chapters: Path, stems: Iterable[str]) -> list[dict[str, Any]]:
    """Every cell that printed something: the call, the figures, tables and numbers in it, the indicators it read."""
    found = []
    for stem in stems:
        notebook = json.loads((chapters / f"{stem}.ipynb").read_text(encoding="utf-8"))
        reads = read_lineage(chapters / stem)
        for cell in notebook["cells"]:
            printed = "\n".join(_markdown(output) for output in cell.get("outputs", []))
            if cell["cell_type"] != "code" or not printed.strip():
                continue
            found.append(
                {"kapitel": stem, "zelle": cell.get("id", ""), "aufruf": "".join(cell["source"]).strip(),
                 "abbildungen_tabellen": list(dict.fromkeys(_FLOAT.findall(printed))),
                 "zahlen": list(dict.fromkeys(_NUMBER.findall(_plain(printed)))),
                 "indikatoren": reads.get(str(cell.get("execution_count")), [])}
            )  # fmt: skip
    return found


def describe_indicators(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """File, hash and source of each indicator."""
    known, found = load_catalogue(), {}
    for name in sorted(set(names) & set(known)):
        entry, file = find_indicator(name), paths.data_dir() / known[name].file
        own = entry.own or not file.is_file()
        found[name] = {
            "titel": entry.title, "herausgeber": entry.publisher, "werk": entry.work, "tabelle": entry.table,
            "lizenz": entry.licence, "nachweis": entry.credit, "url": entry.url, "stand": entry.as_of,
            "datei": f"data/{_relative(file, paths.data_dir())}", "sha256": "" if own else hash_file(file),
        }  # fmt: skip
    return found


def describe_environment(tool: str) -> dict[str, Any]:
    """Interpreter, system and version of every pinned package."""
    file = paths.ROOT / "requirements.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    names = sorted({match[0].lower() for line in lines if (match := re.match(r"[A-Za-z0-9._-]+", line))})
    packages = {name: found for name in names if (found := _version(name))}
    return {
        "assembler": tool, "python": platform.python_version(), "pakete": packages,
        "system": f"{platform.system()} {platform.machine()}", "zeitpunkt": os.environ.get("SOURCE_DATE_EPOCH", ""),
    }  # fmt: skip


def write_manifest(folder: Path, content: dict[str, Any]) -> Path:
    """Write ``manifest.json``."""
    paths.write_atomically(folder / FILE, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return folder / FILE


def write_sums(folder: Path) -> Path:
    """Write ``SHA256SUMS`` over all files but itself and the archive; ``sha256sum -c SHA256SUMS`` reads it."""
    text = "".join(f"{digest}  {name}\n" for name, digest in hash_folder(folder).items())
    paths.write_atomically(folder / SUMS, text)
    return folder / SUMS


def hash_folder(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of an edition by relative path, without ``SHA256SUMS`` and the archive."""
    files = {_relative(path, folder): path for path in folder.rglob("*") if path.is_file()}
    return {name: hash_file(path) for name, path in sorted(files.items())
            if name != SUMS and not name.startswith(f"{ARCHIVE}/")}  # fmt: skip


def read_sums(folder: Path) -> dict[str, str]:
    """What ``SHA256SUMS`` says: hash by path."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def hash_file(path: Path) -> str:
    """SHA-256 of one file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _data_files() -> list[Path]:
    data = paths.data_dir()
    other = {"eigene", paths.REVIEWS}
    return [path for path in data.rglob("*") if path.is_file() and path.relative_to(data).parts[0] not in other]


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _markdown(output: dict[str, Any]) -> str:
    return "".join(output.get("data", {}).get("text/markdown", ""))


def _plain(markdown: str) -> str:
    """Printed text without addresses, attributes and alternative texts' markup, so that ids are no numbers."""
    return re.sub(r"\]\([^)]*\)|\{[^}]*\}|\\(?=\W)", " ", markdown)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:  # Git is not installed
        return ""
    return done.stdout if done.returncode == 0 else ""
