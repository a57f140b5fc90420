"""Verify a published edition: are its files unchanged, and does its recorded source give the same bytes again?

The source is the commit in the manifest, checked out into a temporary folder, with the packages of this environment.
Not in here: what is recorded (``manifest``).
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kreisbericht import manifest, paths
from kreisbericht.addresses import published_versions, version_folder
from kreisbericht.display import Progress
from kreisbericht.editions import Edition
from kreisbericht.errors import ParameterError, RenderError
from kreisbericht.regions import Region

RENDER = """
import json, sys
from pathlib import Path
from kreisbericht import manifest, publish
from kreisbericht.commands import run_command
from kreisbericht.editions import find_edition
from kreisbericht.paths import ROOT
from kreisbericht.regions import find_region
from kreisbericht.render import render_book
from kreisbericht.staging import Place

def main():
    given = json.loads(sys.argv[1])
    region, edition = find_region(given["ags"], level="kreis"), find_edition(ROOT, given["ausgabe"])
    place = Place(Path(given["build"]), Path(given["target"]))
    render_book(region, edition, report=given["bericht"], assembler=given["assembler"], jobs=given["jobs"],
                place=place, progress=lambda line: print(line, flush=True))
    commit = manifest.Commit(given["commit"], tuple(given["nicht_gesichert"]))
    publish.describe_book(place, region, edition, report=given["bericht"], tool=given["assembler"], commit=commit,
                          name=given["name"])

run_command(main)
"""
"""What runs in the recorded tree, with the library of that tree."""


@dataclass
class Verdict:
    """Result of a verification; ``same`` only if nothing differs."""

    folder: Path
    files: int = 0
    damaged: list[str] = field(default_factory=list)
    """Published files that are no longer what ``SHA256SUMS`` says, missing or added."""
    differing: list[str] = field(default_factory=list)
    """Files that come out differently when rendered again."""
    causes: list[str] = field(default_factory=list)
    """What differs between then and now: packages, interpreter, sources."""

    @property
    def same(self) -> bool:
        return not (self.damaged or self.differing)


def verify_edition(
    region: Region, edition: Edition, *, report: str = "gesamt", version: str = "", render: bool = True,
    jobs: int = 2, progress: Progress = print,
) -> Verdict:  # fmt: skip
    """Check a published version's files, then render it again from its commit and compare every file.

    Parameters
    ----------
    version
        Which published version; '' takes the edition's newest one.
    render
        False checks the checksums only.

    Raises
    ------
    ParameterError
        If nothing of this edition is published.
    RenderError
        If the recorded commit is not in this working copy or does not render.
    """
    folder = _find_version(region, edition, report, version)
    verdict = Verdict(folder)
    recorded, found = manifest.read_sums(folder), manifest.hash_folder(folder)
    verdict.files = len(recorded)
    verdict.damaged = _differences(recorded, found)
    content = json.loads((folder / manifest.FILE).read_text(encoding="utf-8"))
    verdict.causes = _compare_environment(content["umgebung"])
    if not render:
        return verdict
    with tempfile.TemporaryDirectory(prefix="kreisbericht-") as work:
        tree = _restore_tree(Path(work) / "projekt", content["quelle"], edition, verdict, progress)
        target = _render_again(tree, Path(work), content, folder, jobs=jobs, progress=progress)
        again = manifest.hash_folder(target)
        verdict.differing = _differences(recorded, again)
        verdict.differing += _compare_archives(folder, target)
        if verdict.differing:
            verdict.causes += _compare_inputs(content, target)
    return verdict


def _find_version(region: Region, edition: Edition, report: str, version: str) -> Path:
    known = published_versions(region.ags, edition, report)
    wanted = version_folder(region.ags, edition, report)
    wanted = wanted.with_name(wanted.name.replace(edition.version, version, 1)) if version else None
    if not known or (wanted and wanted not in known):
        names = ", ".join(path.name for path in known) or "keine"
        raise ParameterError(
            f"Ausgabe {edition.id} von {region.label}: Die Version '{version or edition.version}' ist hier nicht "
            f"veröffentlicht (vorhanden: {names}). Veröffentlichen: scripts/publish_edition.py {edition.id}"
        )
    return wanted or known[-1]


def _restore_tree(
    target: Path, source: Mapping[str, Any], edition: Edition, verdict: Verdict, progress: Progress
) -> Path:
    """The project as recorded; without a commit, the project as it is now."""
    commit = source["commit"]
    if not commit:
        verdict.causes.append("Das Manifest nennt keinen Commit; gerendert wurde aus dem heutigen Projektordner.")
        return paths.ROOT
    progress(f"Der Stand {commit[:12]} wird wiederhergestellt")
    packed = subprocess.run(["git", "-C", str(paths.ROOT), "archive", commit], capture_output=True, check=False)
    if packed.returncode:
        raise RenderError(
            f"Der Commit {commit[:12]}, aus dem Version {edition.version} entstand, fehlt in diesem Ordner. Bitte "
            "ihn holen (git fetch --all); es wurde nichts verändert."
        )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(target, filter="data")
    own = paths.data_dir() / "eigene"
    if own.is_dir():
        shutil.copytree(own, target / "data" / "eigene", dirs_exist_ok=True)
    if source["nicht_gesichert"]:
        names = ", ".join(source["nicht_gesichert"][:5])
        verdict.causes.append(f"Beim Veröffentlichen waren Dateien nicht in Git gesichert: {names}")
    return target


def _render_again(
    tree: Path, work: Path, content: Mapping[str, Any], folder: Path, *, jobs: int, progress: Progress
) -> Path:
    given = {
        **content["parameter"], "bericht": content["bericht"], "assembler": content["umgebung"]["assembler"],
        "commit": content["quelle"]["commit"], "nicht_gesichert": content["quelle"]["nicht_gesichert"], "jobs": jobs,
        "build": str(work / "bau"), "target": str(work / "buch"),
        "name": next((path.stem for path in (folder / manifest.ARCHIVE).glob("*.zip")), "archiv"),
    }  # fmt: skip
    own = ("KREISBERICHT_BUILD", "KREISBERICHT_SITE", "KREISBERICHT_DATA", "KREISBERICHT_KAPITEL", "SOURCE_DATE_EPOCH")
    environment = {key: value for key, value in os.environ.items() if key not in own}
    environment |= {"PYTHONPATH": str(tree / "scripts"), "KREISBERICHT_BUILD": str(work / "zwischen"),
                    "KREISBERICHT_SITE": str(work / "seite"), "PYTHONIOENCODING": "utf-8"}  # fmt: skip
    if content["umgebung"].get("zeitpunkt"):
        environment["SOURCE_DATE_EPOCH"] = content["umgebung"]["zeitpunkt"]
    if tree == paths.ROOT:
        environment["KREISBERICHT_DATA"] = str(paths.data_dir())
    command = [sys.executable, "-c", RENDER, json.dumps(given)]
    with subprocess.Popen(
        command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        for line in process.stdout:
            progress(f"  {line.rstrip()}")
        words = process.stderr.read().strip()
    if process.returncode:
        raise RenderError(f"Der gespeicherte Stand rendert nicht mehr: {words.splitlines()[-1] if words else ''}")
    return work / "buch"


def _differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    changed = [f"{name}: anderer Inhalt" for name in one if name in other and one[name] != other[name]]
    missing = [f"{name}: fehlt" for name in one if name not in other]
    return [*changed, *missing, *(f"{name}: überzählig" for name in other if name not in one)]


def _compare_archives(folder: Path, again: Path) -> list[str]:
    names = sorted({path.name for place in (folder, again) for path in (place / manifest.ARCHIVE).glob("*.zip")})
    pairs = [(name, folder / manifest.ARCHIVE / name, again / manifest.ARCHIVE / name) for name in names]
    return [f"{manifest.ARCHIVE}/{name}: anderer Inhalt" for name, one, other in pairs
            if not (one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes())]  # fmt: skip


def _compare_environment(recorded: Mapping[str, Any]) -> list[str]:
    now = manifest.describe_environment(recorded["assembler"])
    found = [f"{what}: damals {recorded[key]}, jetzt {now[key]}"
             for key, what in (("python", "Python"), ("system", "System")) if recorded[key] != now[key]]  # fmt: skip
    for name, version in recorded["pakete"].items():
        current = now["pakete"].get(name, "nicht installiert")
        if current != version:
            found.append(f"Paket {name}: damals {version}, jetzt {current}")
    return found


def _compare_inputs(content: Mapping[str, Any], again: Path) -> list[str]:
    now = json.loads((again / manifest.FILE).read_text(encoding="utf-8"))["eingaben"]
    return [f"Quelle {line}" for line in _differences(content["eingaben"], now)]
