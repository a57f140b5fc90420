"""The planner's texts: found, signed, confirmed, called into question when their figures change."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from kreisbericht import confirmations, paths, store
from kreisbericht.assessments import NOT_YET, print_assessment, read_assessment
from kreisbericht.confirmations import confirm_assessment, record_figures, review_assessments
from kreisbericht.editions import read_edition
from kreisbericht.errors import DataError, ParameterError, RenderError
from kreisbericht.output import Printer
from kreisbericht.regions import find_region

REAL = paths.ROOT / "data"
INDICATOR = "kinderarmut_u15"
FILE = "werte/sozialleistungen/kinderarmut_u15.csv"
DAY = dt.date(2026, 10, 10)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project of its own with all tables and one indicator; ``_quarto.yml`` names the Kyffhäuserkreis."""
    for name in (*(path.name for path in REAL.glob("*.csv")), FILE):
        target = tmp_path / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REAL / name, target)
    (tmp_path / "_quarto.yml").write_text('ausgabe:\n  kreis:\n    ags: "16065"\n', encoding="utf-8")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setenv("KREISBERICHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path / "_build"))
    return tmp_path


def edition(root: Path, status: str = "entwurf"):
    path = root / "_quarto-2025.yml"
    path.write_text(
        "ausgabe:\n  id: '2025'\n  version: '2025.1'\n  berichtsjahr: 2025\n  datenstand: '2026-09-30'\n"
        f"  status: {status}\n",
        encoding="utf-8",
    )
    return read_edition(path)


def write(root: Path, text: str, *, ags: str = "") -> Path:
    path = root / "chapters" / "einordnung" / "2025" / ags / "kinderarmut.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def draft(root: Path, ags: str = "16065") -> Path:
    """What a rendered chapter leaves behind; returns the folder of chapters."""
    chapters = root / "_build" / ags / "2025" / "chapters" / "daten"
    (chapters / "kinderarmut").mkdir(parents=True, exist_ok=True)
    store.forget_reads()
    store.load_values(INDICATOR)
    record_figures(Printer(chapters / "kinderarmut"), find_region(ags), 2025)
    return chapters


def change_value(root: Path, ags: str, year: int) -> None:
    path = root / "data" / FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    hit = next(i for i, line in enumerate(lines) if line.startswith(f"{ags},{year},"))
    lines[hit] = f"{ags},{year},99.9,"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def printed(home: str = "16065") -> str:
    return "\n\n".join(print_assessment(Printer(Path("kinderarmut")), "2025", "kinderarmut", find_region(home)))


def test_missing_text_is_a_quiet_placeholder(root):
    assert NOT_YET in printed()
    assert "{.einordnung .platzhalter}" in printed()


def test_text_without_head_belongs_to_the_home_district_only(root):
    write(root, "Die Quote sinkt.")
    assert "Die Quote sinkt." in printed()
    assert "[Sozialplanung im Kyffhäuserkreis]{.gezeichnet}" in printed()
    assert NOT_YET in printed("16067")


def test_another_district_has_a_folder_of_its_own(root):
    write(root, "Text für Gotha.", ags="16067")
    assert "Text für Gotha." in printed("16067")
    assert NOT_YET in printed()


def test_need_for_action_becomes_a_box_of_its_own(root):
    write(root, "Lage.\n\n## Handlungsbedarf\n\n- Beratung ausbauen")
    boxes = printed().split("::: {.handlungsbedarf}")
    assert len(boxes) == 2
    assert "Lage." in boxes[0]
    assert "- Beratung ausbauen" in boxes[1]


@pytest.mark.parametrize("text", ["---\nkreis: 1\nText ohne Ende des Kopfs", "---\n- a\n---\nText", "# Titel\n\nText"])
def test_unreadable_text_is_named_and_left_alone(root, text):
    path = write(root, text)
    with pytest.raises(DataError, match=r"kinderarmut\.md.*nichts verändert"):
        read_assessment(path)
    assert path.read_text(encoding="utf-8") == text


def test_confirmed_text_carries_date_and_fingerprints_and_stays_word_for_word(root):
    draft(root)
    path = write(root, "Die Quote **sinkt**.\n\n- erstens\n- zweitens")
    confirm_assessment("kinderarmut", edition(root), find_region("16065"), date=DAY, signature="Sozialplanung")
    found = read_assessment(path)
    assert (found.text, found.confirmed) == ("Die Quote **sinkt**.\n\n- erstens\n- zweitens", "2026-10-10")
    assert list(found.figures) == [INDICATOR]
    assert "[Sozialplanung, Stand 10.10.2026]{.gezeichnet}" in printed()
    again = path.read_text(encoding="utf-8")
    confirm_assessment("kinderarmut", edition(root), find_region("16065"), date=DAY)
    assert path.read_text(encoding="utf-8") == again


def test_build_warns_of_text_and_indicator_when_a_figure_changed(root):
    write(root, "Die Quote sinkt.")
    home, book = find_region("16065"), edition(root)
    chapters = draft(root)
    assert "noch nicht bestätigt" in review_assessments(book, home, chapters, ["kinderarmut"])[0]
    confirm_assessment("kinderarmut", book, home, date=DAY)
    assert review_assessments(book, home, chapters, ["kinderarmut"]) == []
    change_value(root, "16065", 2022)
    (warning,) = review_assessments(book, home, draft(root), ["kinderarmut"])
    assert "Einordnung 'kinderarmut'" in warning
    assert INDICATOR in warning
    assert "bestätigt 2026-10-10" in warning


def test_a_correction_in_another_land_does_not_call_a_text_into_question(root):
    write(root, "Die Quote sinkt.")
    home, book = find_region("16065"), edition(root)
    draft(root)
    confirm_assessment("kinderarmut", book, home, date=DAY)
    change_value(root, "09162", 2022)
    assert review_assessments(book, home, draft(root), ["kinderarmut"]) == []


def test_resolved_edition_refuses_a_chapter_without_text(root):
    chapters = draft(root)
    with pytest.raises(RenderError, match=r"beschlossen.*kinderarmut.*letzte gute Ausgabe ist unverändert"):
        review_assessments(edition(root, "beschlossen"), find_region("16065"), chapters, ["kinderarmut"])
    assert review_assessments(edition(root), find_region("16065"), chapters, ["kinderarmut"]) == []


def test_resolution_of_the_home_district_asks_nothing_of_others(root):
    chapters = draft(root, "16067")
    assert review_assessments(edition(root, "beschlossen"), find_region("16067"), chapters, ["kinderarmut"]) == []


def test_confirming_needs_a_text_a_draft_and_figures_of_today(root):
    home, book = find_region("16065"), edition(root)
    with pytest.raises(ParameterError, match="keine Einordnung"):
        confirm_assessment("kinderarmut", book, home, date=DAY)
    path = write(root, "Die Quote sinkt.")
    with pytest.raises(ParameterError, match="keinen gerenderten Entwurf"):
        confirm_assessment("kinderarmut", book, home, date=DAY)
    draft(root)
    change_value(root, "16065", 2022)
    with pytest.raises(ParameterError, match="Daten sind neuer als der Entwurf"):
        confirm_assessment("kinderarmut", book, home, date=DAY)
    assert path.read_text(encoding="utf-8") == "Die Quote sinkt."


def test_the_lab_records_nothing(root):
    record_figures(Printer(None), find_region("16065"), 2025)
    assert not list(root.rglob(confirmations.FILE))
    assert json.dumps(confirmations.fingerprint_figures([], find_region("16065"), 2025)) == "{}"
