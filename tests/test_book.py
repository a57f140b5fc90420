import json

import pytest

from kreisbericht.book import REPORTS, check_sources, find_notebooks, read_plan, select_report
from kreisbericht.editions import find_edition, list_editions
from kreisbericht.errors import ParameterError
from kreisbericht.paths import ROOT
from kreisbericht.staging import hold_places


def plan_of(root):
    return read_plan(root, root / "_quarto-2020.yml")


def test_a_missing_chapter_is_named_with_the_nearest_written_one(project):
    root = project({"chapters/methoden.qmd": "# M"}, chapters=["chapters/metoden.qmd", "chapters/daten/armut.ipynb"])
    with pytest.raises(ParameterError, match=r"metoden\.qmd\. Meinten Sie: chapters/methoden\.qmd\?.*armut"):
        check_sources(root, plan_of(root), find_notebooks(root))


def test_a_chapter_listed_twice_is_refused(project):
    root = project({"a.qmd": "# A"}, chapters=["a.qmd", "a.qmd"])
    with pytest.raises(ParameterError, match="doppelt: a.qmd"):
        plan_of(root)


def test_a_report_keeps_its_parts_the_opening_and_the_appendices():
    whole = read_plan(ROOT, find_edition(ROOT).profile)
    parts = {entry.part for entry in select_report(whole, "bildung").entries}
    assert parts == {"", "Grundlagen", "Bildungsbericht"}
    with pytest.raises(ParameterError, match="Meinten Sie: bildung"):
        select_report(whole, "bildungs")


def test_a_booklet_takes_single_chapters_from_several_parts(project):
    chapters = [
        {"part": "Grundlagen", "chapters": ["chapters/daten/altersstruktur.ipynb", "chapters/daten/wohnen.ipynb"]},
        {"part": "Armutsprävention", "chapters": ["chapters/strategie.qmd", "chapters/daten/senioren.ipynb"]},
    ]
    plan = plan_of(project({"index.qmd": "# V", "chapters/strategie.qmd": "# S"}, chapters=["index.qmd", *chapters]))
    entries = select_report(plan, "altenhilfe").entries
    assert [(entry.stem, entry.part) for entry in entries] == [
        ("index", ""), ("altersstruktur", "Grundlagen"), ("senioren", "Armutsprävention"),
    ]  # fmt: skip


def test_every_booklet_finds_its_chapters_in_the_book():
    whole = read_plan(ROOT, find_edition(ROOT).profile)
    stems = {entry.stem for entry in whole.entries}
    assert not [(name, stem) for name, report in REPORTS.items() for stem in report.stems if stem not in stems]


def test_an_unknown_edition_is_refused_with_the_known_ones(project):
    root = project({"a.qmd": "# A"})
    assert find_edition(root).version == "2020.1"
    with pytest.raises(ParameterError, match=r"Ausgabe '2002' gibt es nicht.*Vorhanden: 2020"):
        find_edition(root, "2002")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("status", "fertig", "Den Status 'fertig' gibt es nicht"),
        ("datenstand", "2020-02-31", "Das Datum '2020-02-31' gibt es nicht"),
        ("id", "../2020", "ungültig"),
        ("version", "neu", "Version 'neu'"),
    ],
)
def test_a_profile_with_an_impossible_value_is_refused(project, field, value, words):
    root = project({"a.qmd": "# A"})
    profile = root / "_quarto-2020.yml"
    block = {"id": "2020", "version": "2020.1", "berichtsjahr": 2020, "datenstand": "2020-12-31", "status": "entwurf"}
    profile.write_text("ausgabe:\n" + "".join(f"  {k}: {v!r}\n" for k, v in {**block, field: value}.items()))
    with pytest.raises(ParameterError, match=words):
        list_editions(root)


def test_broken_yaml_is_named_with_line_and_column(project):
    root = project({"a.qmd": "# A"})
    (root / "_quarto.yml").write_text("book:\n  title: 'offen\n  chapters: [a.qmd]\n")
    with pytest.raises(ParameterError, match=r"_quarto\.yml, Zeile \d+, Spalte \d+"):
        plan_of(root)


def test_a_chapter_not_yet_made_holds_its_place_and_a_made_one_is_kept(project):
    chapters = ["index.qmd", "chapters/daten/armut.ipynb", "chapters/daten/jugend.ipynb"]
    root = project({"index.qmd": "# A", "chapters/daten/jugend.ipynb": "made"}, chapters=chapters)
    assert [path.name for path in hold_places(root)] == ["armut.ipynb"]
    assert json.loads((root / chapters[1]).read_text(encoding="utf-8"))["nbformat"] == 4
    assert (root / chapters[2]).read_text(encoding="utf-8") == "made"
    assert hold_places(root) == []
