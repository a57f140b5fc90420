"""A copy of this project to render and to spoil, and the whole book rendered once for all tests that read it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from kreisbericht.paths import ROOT
from tests.small_notebook import notebook

PARTS = ("index.qmd", "chapters", "notebooks", "data", "scripts", "_extensions", "requirements.txt")
MADE = shutil.ignore_patterns("daten", "__pycache__", "*.egg-info", ".ipynb_checkpoints")

OPENING = "# Zu diesem Bericht {.unnumbered}\n\nWorum es geht, steht in @sec-methoden.\n"
WRITTEN = "# Strategie {#sec-strategie}\n\nEin Satz zu @sec-kinderarmut.\n"
APPENDIX = "# Methoden {#sec-methoden}\n\nWie gerechnet wird.\n"
SMALL_NOTEBOOKS = {"kinderarmut": ("Kinderarmut", "kinderarmut_u15"), "bevoelkerung": ("Bevölkerung", "bevoelkerung")}
SMALL_PARAMETERS = """ags: str = "16065"
berichtsjahr: int = 2025
datenstand: str = "2026-09-30"
ausgabe: str = "2025"
vergleich: list = []"""
LOAD = """from kreisbericht.chapter import Chapter

chapter = Chapter(ags, berichtsjahr, datenstand, ausgabe=ausgabe, vergleich=vergleich)"""


@dataclass(frozen=True)
class Project:
    """A project folder of its own: its scripts, library, notebooks and output."""

    root: Path

    @property
    def book(self) -> Path:
        """Folder of the rendered HTML book of the home district."""
        return self.root / "_site" / "16065" / "2025"

    @property
    def pdf(self) -> Path:
        """The one PDF of that book."""
        (file,) = self.book.glob("*.pdf")
        return file

    def render(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run ``scripts/render_book.py`` of this project to its end; always the embedded assembler."""
        process = self.start(*options)
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Begin to run it, in a process group of its own."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("KREISBERICHT_")}
        environment |= {"PYTHONPATH": str(self.root / "scripts"), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, str(self.root / "scripts" / "render_book.py"), "--assembler", "pandoc", *options]
        # Started elsewhere, as the command must not depend on the folder it is typed in.
        return subprocess.Popen(
            command, cwd=self.root.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", start_new_session=True,
        )  # fmt: skip

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace one piece of text in a file of the project."""
        file = self.root / name
        text = file.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{name}: {old!r} occurs {text.count(old)} times")
        file.write_text(text.replace(old, new), encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        """Add a paragraph at the end of a file."""
        with (self.root / name).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{text}\n")

    def fingerprint(self) -> dict[str, str]:
        """Digest of every published file."""
        site = self.root / "_site"
        files = sorted(path for path in site.rglob("*") if path.is_file())
        return {str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def write_project(
    root: Path, files: dict[str, str], chapters: list | None = None, appendices: list | None = None
) -> Path:
    """A small book project of written chapters with a draft of 2020; returns its folder."""
    plan = {"book": {"title": "Bericht", "chapters": chapters or list(files), "appendices": appendices or []}}
    edition = {"ausgabe": {"id": "2020", "version": "2020.1", "berichtsjahr": 2020, "datenstand": "2020-12-31",
                           "status": "entwurf"}}  # fmt: skip
    for name, content in {**files, "_quarto.yml": json.dumps(plan), "_quarto-2020.yml": json.dumps(edition)}.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return root


def copy_sources(target: Path) -> Project:
    """The project as it is checked out, without what it made."""
    target.mkdir(parents=True, exist_ok=True)
    for source in [*(ROOT / part for part in PARTS), *ROOT.glob("_quarto*.yml")]:
        if source.is_dir():
            shutil.copytree(source, target / source.name, ignore=MADE if source.name != "data" else None)
        else:
            shutil.copy2(source, target / source.name)
    return Project(target)


def copy_small(target: Path) -> Project:
    """A small book of this project: its scripts, library, data and style; four short chapters of its own."""
    project = copy_sources(target)
    for folder in ("chapters", "notebooks"):
        shutil.rmtree(project.root / folder)
    files = {"index.qmd": OPENING, "chapters/strategie.qmd": WRITTEN, "chapters/methoden.qmd": APPENDIX}
    for stem, (title, indicator) in SMALL_NOTEBOOKS.items():
        calls = [call.format(indicator) for call in ('opening("{}")', 'trend("{}")', 'table("{}")')]
        cells = [LOAD, *(f"chapter.{call}" for call in calls)]
        heading = f"# {title} {{#sec-{stem}}}\n\nEine Frage?"
        content = notebook(*cells, parameters=SMALL_PARAMETERS, title=heading)
        files[f"notebooks/armut/{stem}.ipynb"] = json.dumps(content, ensure_ascii=False)
    for name, text in files.items():
        file = project.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    plan = yaml.safe_load((project.root / "_quarto.yml").read_text(encoding="utf-8"))
    data = [f"chapters/daten/{stem}.ipynb" for stem in SMALL_NOTEBOOKS]
    plan["book"]["chapters"] = [
        "index.qmd",
        {"part": "Armutsprävention", "chapters": ["chapters/strategie.qmd", *data]},
    ]
    plan["book"]["appendices"] = ["chapters/methoden.qmd"]
    plan.pop("bibliography", None)
    text = yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)
    (project.root / "_quarto.yml").write_text(text, encoding="utf-8")
    return project


def copy_rendered(project: Project, target: Path) -> Project:
    """A second copy with book and build folder, its figures linked to those of the first."""
    shutil.copytree(project.root, target, ignore=lambda folder, _: ["data"] if Path(folder) == project.root else [])
    (target / "data").symlink_to(project.root / "data", target_is_directory=True)
    return Project(target)


def render_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, copy: Callable[[Path], Project] = copy_sources
) -> Project:
    """A book, rendered by the first worker that asks for it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    project = Project(folder / "projekt")
    with _one_at_a_time(folder):
        if not (folder / "fertig").is_file():
            shutil.rmtree(project.root, ignore_errors=True)
            done = copy(project.root).render()
            if done.returncode:
                pytest.fail(f"The book could not be rendered:\n{done.stdout}\n{done.stderr}")
            (folder / "fertig").write_text(done.stdout, encoding="utf-8")
    return project


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows: run pytest there without -n
        yield
        return
    with (folder / "sperre").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
