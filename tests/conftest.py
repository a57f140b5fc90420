"""Builders the tests share: small notebooks and book projects, made on the fly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.book_project import Project, render_once
from tests.browser import open_browser

PARAMETERS = 'ags: str = "16065"  # Kreis\nberichtsjahr: int = 2025  # Jahr\nvergleich: list = []'


def notebook(
    *code: str, parameters: str | None = PARAMETERS, title: str = "# Kapitel {#sec-kapitel}\n\nEine Frage?"
) -> dict:
    """A notebook of one Markdown cell, the parameters cell and one cell per string."""
    cells = [{"cell_type": "markdown", "id": "titel", "metadata": {}, "source": title}]
    if parameters is not None:
        cells.append(_code(parameters, "parameter", tags=["parameters"]))
    cells += [_code(source, f"zelle-{i}") for i, source in enumerate(code)]
    spec = {"name": "kreisbericht", "display_name": "kreisbericht (Python)", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


def _code(source: str, name: str, tags: list[str] | None = None) -> dict:
    metadata = {"tags": tags} if tags else {}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


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
        plan = {"book": {"title": "Bericht", "chapters": chapters or list(files), "appendices": appendices or []}}
        edition = {"ausgabe": {"id": "2020", "version": "2020.1", "berichtsjahr": 2020, "datenstand": "2020-12-31",
                               "status": "entwurf"}}  # fmt: skip
        for name, content in {
            **files,
            "_quarto.yml": json.dumps(plan),
            "_quarto-2020.yml": json.dumps(edition),
        }.items():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium; one for each test file, as two cannot be open in one process."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def rendered_book(tmp_path_factory) -> Project:
    """The whole book of the home district, HTML and PDF, rendered once by the command; nobody changes it."""
    return render_once(tmp_path_factory)
