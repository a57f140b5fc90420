"""Chapters from forked kernels are byte for byte those of ordinary ones."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kreisbericht.kernels import forks, install_kernel
from kreisbericht.lineage import FILE
from kreisbericht.paths import ROOT
from kreisbericht.runner import plan_jobs, run_job

PARAMETERS = {"ags": "16065", "berichtsjahr": 2025, "datenstand": "2026-09-30", "ausgabe": "2025"}
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
# A chart of each kind that keeps state in its library: pyramid and trend, map and ranking, seaborn's distribution.
FEW = ["altersstruktur", "kinderarmut"]

pytestmark = pytest.mark.skipif(not forks.can_fork(), reason="this platform starts ordinary kernels only")


def make_chapters(notebooks: list[Path], folder: Path) -> dict[str, bytes]:
    """Run notebooks; contents of all files they made, by path."""
    install_kernel()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run_job, plan_jobs(notebooks, folder, PARAMETERS, lambda path: "x")))
    return {str(path.relative_to(folder)): read(path) for path in folder.rglob("*") if path.is_file()}


def read(path: Path) -> bytes:
    """Content of a file; of a record of lineage all but the first cell watched, as a forked kernel watches at once."""
    return path.read_bytes() if path.name != FILE else re.sub(rb'"von": \d+', b"", path.read_bytes())


def assert_same_chapters(notebooks: list[Path], tmp_path: Path, monkeypatch) -> None:
    forked = make_chapters(notebooks, tmp_path / "neu")
    monkeypatch.setenv("KREISBERICHT_KERNE", "gewoehnlich")
    ordinary = make_chapters(notebooks, tmp_path / "alt")
    assert sorted(forked) == sorted(ordinary)
    assert [name for name in forked if forked[name] != ordinary[name]] == []


def test_a_few_chapters_are_the_same_from_forked_and_ordinary_kernels(tmp_path, monkeypatch):
    assert_same_chapters([path for path in NOTEBOOKS if path.stem in FEW], tmp_path, monkeypatch)


@pytest.mark.lang
def test_every_chapter_is_the_same_from_forked_and_ordinary_kernels(tmp_path, monkeypatch):
    assert_same_chapters(NOTEBOOKS, tmp_path, monkeypatch)


def test_a_forked_kernel_has_the_library_at_once(write_notebook, tmp_path):
    """Nothing of the library, pandas or matplotlib is read from disk again: all is there before the first cell."""
    install_kernel()
    show = "import sys\nprint({'kreisbericht.chapter', 'pandas', 'matplotlib.figure', 'seaborn'} <= set(sys.modules))"
    (job,) = plan_jobs([write_notebook("module", show)], tmp_path / "daten", {"ags": "16065"}, lambda path: "x")
    run_job(job)
    assert "True\\n" in job.output.read_text("utf-8")
