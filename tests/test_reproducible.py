"""The same commit gives the same bytes: in another folder, another time zone and on another day."""

from __future__ import annotations

import subprocess

from kreisbericht.manifest import hash_folder
from tests.published_book import Publisher, publish_once

LATER = """
import time
_real = time.time
time.time = lambda: _real() + 400 * 86400
"""
"""Lets every Python process of a run believe in a day 400 days from now."""


def test_another_clone_on_another_day_publishes_the_same_bytes(tmp_path_factory, tmp_path):
    first = publish_once(tmp_path_factory)
    root = tmp_path / "ein anderer Ordner mit Leerzeichen"
    subprocess.run(["git", "clone", "-q", str(first.root), str(root)], check=True)
    second = Publisher(root)
    (tmp_path / "spaeter").mkdir()
    (tmp_path / "spaeter" / "sitecustomize.py").write_text(LATER, encoding="utf-8")
    done = second.run(
        "publish_edition.py", "2025", "--assembler", "pandoc", EXTRA=str(tmp_path / "spaeter"), TZ="Asia/Tokyo",
        LC_ALL="C", PYTHONHASHSEED="7",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ones, others = (hash_folder(project.site / "16065" / "2025.1") for project in (first, second))
    endings = {name.rpartition(".")[2] for name in ones}
    assert endings >= {"html", "pdf", "svg", "csv", "xlsx", "json"}
    assert {name for name in ones.keys() | others.keys() if ones.get(name) != others.get(name)} == set()
    archives = [next((project.site / "16065" / "2025.1" / "archiv").glob("*.zip")) for project in (first, second)]
    assert archives[0].read_bytes() == archives[1].read_bytes()
