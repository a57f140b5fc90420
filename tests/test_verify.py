"""Verifying a published edition: checksums, and the same bytes from its commit in another clone."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.published_book import Publisher, publish_once


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Publisher:
    return publish_once(tmp_path_factory)


@pytest.fixture
def clone(published, tmp_path) -> Publisher:
    """Another clone of the repository, with the published site beside it."""
    subprocess.run(["git", "clone", "-q", str(published.root), str(tmp_path / "klon")], check=True)
    shutil.copytree(published.site, tmp_path / "klon" / "_site")
    return Publisher(tmp_path / "klon")


@pytest.mark.parametrize("edition", ["2021", "2025"])
def test_an_edition_comes_out_the_same_from_its_commit_in_another_clone(clone, edition):
    clone.edit("chapters/strategie.qmd", "Ein Satz zu", "Ein anderer Satz zu")  # of no account: the commit counts
    done = clone.run("verify_edition.py", edition)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "stimmt in allen Dateien überein" in done.stdout


def test_a_changed_file_of_a_published_edition_is_noticed(clone):
    page = clone.site / "16065" / "2025.1" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("Sozialbericht", "Sozialberícht"), encoding="utf-8")
    (clone.site / "16065" / "2025.1" / "neu.txt").write_text("x", encoding="utf-8")
    done = clone.run("verify_edition.py", "2025", "--nur-pruefsummen")
    assert done.returncode == 1
    assert "index.html: anderer Inhalt" in done.stdout and "neu.txt: überzählig" in done.stdout


def test_what_was_never_published_cannot_be_verified(clone):
    done = clone.run("verify_edition.py", "2025", "--version", "2025.7")
    assert done.returncode == 2 and "2025.7" in done.stderr and "publish_edition.py" in done.stderr
