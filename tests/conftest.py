"""Builders the tests share: small notebooks and book projects, made on the fly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kreisbericht import store
from tests.book_project import Project, copy_small, render_once, write_project
from tests.browser import open_browser
from tests.small_notebook import notebook

WHOLE_BOOKS = {
    "test_cluster", "test_kinds", "test_mutations", "test_production", "test_publish", "test_render",
    "test_reproducible", "test_review_round", "test_search_book", "test_site", "test_switcher", "test_verify",
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list) -> None:
    """Tests that render or publish whole books take long: ``make test-lang`` runs them too."""
    for item in items:
        if item.path.stem in WHOLE_BOOKS:
            item.add_marker("lang")


@pytest.fixture(autouse=True)
def _fresh_lineage():
    """Each test starts its own record of figures read; one with a catalogue of its own must not reach the next."""
    store.forget_reads()


@pytest.fixture
def write_notebook(tmp_path: Path):
    """Write a notebook file: ``write_notebook('name', 'code', …)`` returns its path."""

    def write(name: str, *code: str, **options) -> Path:
        path = tmp_path / f"{name}.ipynb"
        path.write_text(json.dumps(notebook(*code, **options)), encoding="utf-8")
        return path

    return write


@pytest.fixture
def project(tmp_path: Path):
    """Write a small book project: ``project({'chapters/a.qmd': '# A', …}, chapters=[…])`` returns its folder."""

    def write(files: dict[str, str], chapters: list | None = None, appendices: list | None = None) -> Path:
        return write_project(tmp_path, files, chapters, appendices)

    return write


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium; one for each test file, as two cannot be open in one process."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def rendered_book(tmp_path_factory) -> Project:
    """The whole book of the home district, HTML and PDF, rendered once by the command; nobody changes it."""
    return render_once(tmp_path_factory, "ganzes-buch")


@pytest.fixture(scope="session")
def small_book(tmp_path_factory) -> Project:
    """A book of two data chapters and two written ones, rendered once; nobody changes it."""
    return render_once(tmp_path_factory, "kleines-buch", copy_small)
