"""A small project whose editions 2021 and 2025 are published, and a quick publisher for faults on order."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from kreisbericht.manifest import hash_folder, read_sums
from tests.book_project import Project, _one_at_a_time, copy_small

IGNORED = "_build/\n_site/\n__pycache__/\n_extensions/kreisbericht/fonts/\n"
AUTHOR = ("-c", "user.name=Test", "-c", "user.email=test@example.org")

QUICK = '''
"""Publish with a book that is already rendered, so that the moments of placing it can be met."""
import json, os, shutil, sys, time
from pathlib import Path
from kreisbericht import paths, publish, storage, upkeep
from kreisbericht.commands import run_command
from kreisbericht.editions import find_edition
from kreisbericht.regions import find_region

fault = sys.argv[2]

def render_book(region, edition, *, place, **options):
    book, stage = paths.ROOT / "_fertig" / "buch", paths.ROOT / "_fertig" / "bau"
    shutil.copytree(stage, place.build / edition.id)
    shutil.copytree(book, place.target, dirs_exist_ok=True)
    if fault == "warten":
        time.sleep(3)
    if fault == "bearbeiten":
        file = paths.ROOT / "chapters" / "strategie.qmd"
        file.write_text(file.read_text(encoding="utf-8") + "\\n\\nNoch ein Satz.\\n", encoding="utf-8")
    return type("Result", (), {"warnings": []})

def fail(number, name, after=0):
    real, calls = getattr(os, name), []
    def broken(*arguments, **options):
        calls.append(1)
        if len(calls) > after:
            raise OSError(number, os.strerror(number), "_site")
        return real(*arguments, **options)
    setattr(os, name, broken)

publish.render_book = render_book
publish._refuse_bad_data = lambda: None
publish._check_book = lambda folder: []
if fault.startswith("voll"):
    fail(28, "fsync", int(fault.partition("-")[2] or 0))
if fault == "nur-lesen":
    fail(30, "mkdir")
print("los", flush=True)
run_command(lambda: print(publish.publish_edition(find_region("16065"), find_edition(paths.ROOT, sys.argv[1]),
    unsaved=True, assembler="pandoc", progress=lambda line: None).folder))
'''


@dataclass(frozen=True)
class Publisher(Project):
    """A project with commands for editions."""

    @property
    def site(self) -> Path:
        return self.root / "_site"

    def run(self, script: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one of the project's scripts."""
        command = [sys.executable, str(self.root / "scripts" / script), *options]
        return subprocess.run(
            command, cwd=self.root.parent, env=self.environment(**variables), capture_output=True, text=True,
            encoding="utf-8", check=False,
        )  # fmt: skip

    def start_quick(self, edition: str, fault: str = "", **variables: str) -> subprocess.Popen[str]:
        """Start publishing a book that is already rendered; ``fault`` names what goes wrong."""
        command = [sys.executable, "-c", QUICK, edition, fault]
        return subprocess.Popen(
            command, cwd=self.root.parent, env=self.environment(**variables), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
        )  # fmt: skip

    def quick(self, edition: str, fault: str = "", **variables: str) -> tuple[int, str, str]:
        """The same, waited for: exit code, output, messages."""
        process = self.start_quick(edition, fault, **variables)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def environment(self, **variables: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KREISBERICHT_")}
        path = os.pathsep.join(
            [*([variables.pop("EXTRA")] if "EXTRA" in variables else []), str(self.root / "scripts")]
        )
        return {**kept, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **variables}

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *AUTHOR, "-C", str(self.root), *arguments], check=True, capture_output=True)


def write_small(target: Path) -> Publisher:
    """The small book with both editions, under version control, nothing rendered."""
    project = Publisher(copy_small(target).root)
    (target / ".gitignore").write_text(IGNORED, encoding="utf-8")
    project.git("init", "-q")
    project.git("add", "-A")
    project.git("commit", "-qm", "Stand")
    return project


def publish_once(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    """Both editions published by the command, once for all tests; nobody changes it.

    The book of 2025 is kept in ``_fertig`` as :meth:`Publisher.quick` needs it.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "veroeffentlicht"
    project = Publisher(folder / "projekt")
    with _one_at_a_time(folder):
        if not (folder / "fertig").is_file():
            shutil.rmtree(project.root, ignore_errors=True)
            write_small(project.root)
            drafted = project.render("--edition", "2025")
            assert drafted.returncode == 0, drafted.stderr
            shutil.copytree(project.site / "16065" / "2025", project.root / "_fertig" / "buch")
            shutil.copytree(project.root / "_build" / "16065" / "2025", project.root / "_fertig" / "bau")
            for edition in ("2021", "2025"):
                done = project.run("publish_edition.py", edition, "--assembler", "pandoc", "--ungesichert")
                assert done.returncode == 0, done.stderr
                if edition == "2021":
                    shutil.copytree(project.site, project.root / "_vorher")
            (folder / "fertig").write_text("ja", encoding="utf-8")
    return project


def copy_before_2025(project: Publisher, target: Path) -> Publisher:
    """A copy in which only 2021 is published; figures and finished book are linked."""
    skipped = {"data", "_fertig", "_vorher", "_site"}
    shutil.copytree(
        project.root, target, ignore=lambda folder, names: skipped & set(names) if Path(folder) == project.root else []
    )
    for name in ("data", "_fertig"):
        (target / name).symlink_to(project.root / name, target_is_directory=True)
    shutil.copytree(project.root / "_vorher", target / "_site")
    return Publisher(target)


def find_damage(site: Path) -> list[str]:
    """What must never be: half editions, a lost one, a list that names what is not there or leaves out what was."""
    wrong, district = [], site / "16065"
    for folder in (path.parent for path in district.glob("[!.]*/SHA256SUMS")):
        if hash_folder(folder) != read_sums(folder):
            wrong.append(f"{folder.name} is not as published")
    wrong += [f"{name} is gone" for name in ("2021", "2021.1") if not (district / name / "SHA256SUMS").is_file()]
    for folder in district.glob("[!.]*"):
        if folder.is_dir() and not (folder / "index.html").is_file():
            wrong.append(f"{folder.name} has no first page")
    script = (district / "editions.js").read_text(encoding="utf-8").partition("=")[2].rstrip(";\n")
    of_all, of_district = (json.loads((place / "editions.json").read_text("utf-8")) for place in (site, district))
    for listed in (of_all, of_district, json.loads(script)):
        names = {entry["ordner"] for entry in listed}
        wrong += [] if "2021.1" in names else ["the list leaves out 2021.1"]
    wrong += missing_pages(district, of_district)
    return wrong


def missing_pages(district: Path, listed: Sequence[dict]) -> list[str]:
    pages = [district / entry["ordner"] / page for entry in listed for page in entry["seiten"]]
    return [f"the list names {page}" for page in pages if not page.is_file()]
