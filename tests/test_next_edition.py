"""Preparing the next edition from the last."""

from __future__ import annotations

import shutil

import pytest

from kreisbericht import paths
from kreisbericht.assessments import read_assessment
from kreisbericht.editions import find_edition, read_edition
from kreisbericht.errors import ParameterError
from kreisbericht.next_edition import list_due, prepare_edition


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project with the profiles and notebooks of this one and one assessment."""
    for source in paths.ROOT.glob("_quarto*.yml"):
        shutil.copy2(source, tmp_path)
    shutil.copytree(paths.ROOT / "notebooks", tmp_path / "notebooks")
    monkeypatch.setenv("KREISBERICHT_DATA", str(paths.data_dir()))
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    folder = tmp_path / "chapters" / "einordnung" / "2025"
    folder.mkdir(parents=True)
    (folder / "kinderarmut.md").write_text(
        "---\nunterschrift: Sozialplanung\nbestaetigt: 2026-10-10\n---\n\nSie sinkt: gut.\n\n---\n\nEnde.\n", "utf-8"
    )
    return tmp_path


def test_the_new_profile_is_a_draft_of_its_year_and_the_newest_edition(root):
    made = prepare_edition("2026", "16065")
    edition = read_edition(made.profile)
    assert (edition.id, edition.version, edition.berichtsjahr, edition.status) == ("2026", "2026.1", 2026, "entwurf")
    assert find_edition(root).id == "2026"


def test_the_new_assessment_is_empty_and_quotes_the_last_one(root):
    (path,) = prepare_edition("2026", "16065").assessments
    assert read_assessment(path).text == ""
    assert read_assessment(path).confirmed == ""
    text = path.read_text(encoding="utf-8")
    assert 'vorige_ausgabe: "2025.1"' in text and "  Sie sinkt: gut." in text and "  Ende." in text


def test_deliveries_are_due_when_their_last_year_and_interval_have_passed(root):
    due = {entry.table: entry for entry in list_due("16065", 2026)}
    # Kinderarmut comes from INKAR 2024, whose last year is 2022, every year
    assert due["INKAR"].expected == due["INKAR"].newest + 1 <= 2026
    assert all(entry.expected <= 2026 for entry in due.values())
    assert len(list_due("16065", 1995)) < len(due)


@pytest.mark.parametrize("name", ["2025", "../x", "26", "neu"])
def test_an_edition_that_exists_or_is_no_year_is_refused(root, name):
    before = sorted(root.rglob("*"))
    with pytest.raises(ParameterError, match="nichts verändert"):
        prepare_edition(name, "16065")
    assert sorted(root.rglob("*")) == before
