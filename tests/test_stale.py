"""Which chapters run again after a change: those that read what changed, and no others."""

from __future__ import annotations

import ast
import json
import shutil

import pytest

from kreisbericht import catalogue, lineage, paths, regions, store, surroundings
from kreisbericht.library import Library, describe_module
from kreisbericht.record import Record
from kreisbericht.stale import Checker, seal_assembly
from kreisbericht.stamps import Stamps

INDICATOR = "kinderarmut_u15"
FILE = f"werte/sozialleistungen/{INDICATOR}.csv"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the tables that the questions below read."""
    target = tmp_path / "data"
    for name in ("indikatoren.csv", "brueche.csv", "gebiete.csv", "kleine_zahlen.csv", FILE):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.data_dir() / name, target / name)
    needed = ("nef_unter_15", "kinder_unter_15")
    for file in (paths.data_dir() / "werte").glob("*/*.csv"):
        if file.stem in needed or file.stem in catalogue.find_indicator(INDICATOR).numerator_id:
            shutil.copy(file, target / "werte" / file.parent.name / file.name)
    monkeypatch.setenv("KREISBERICHT_DATA", str(target))
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path / "_build"))
    return target


def record(tmp_path, read):
    """Keep what ``read`` reads, as the record of a finished book; returns a question whether all is as it was."""
    file, kept = tmp_path / "herkunft.json", Record()
    with lineage.recording(kept):
        read()
    seal_assembly(file, kept)
    return lambda: Checker().is_fresh_book(file)


def change(file, start, *, column=2, to="99.9"):
    """Another text in one column of the first line that begins with ``start``."""
    lines = file.read_text(encoding="utf-8").split("\n")
    place = next(number for number, line in enumerate(lines) if line.startswith(start))
    cells = lines[place].split(",")
    cells[column] = to
    lines[place] = ",".join(cells)
    file.write_text("\n".join(lines), encoding="utf-8")


def test_a_value_that_was_read_calls_the_chapter_into_question(tmp_path, data):
    is_fresh = record(tmp_path, lambda: store.series(INDICATOR, "16065"))
    assert is_fresh()
    change(data / FILE, "16065,2020")
    assert not is_fresh()


def test_values_of_other_districts_and_later_years_do_not(tmp_path, data):
    is_fresh = record(tmp_path, lambda: store.series(INDICATOR, "16065", until=2020))
    change(data / FILE, "16061,2020")
    change(data / FILE, "16065,2021")
    assert is_fresh()
    assert is_fresh()  # also from the record that was brought up to date
    change(data / FILE, "16065,2019")
    assert not is_fresh()


def test_a_ranking_depends_on_all_districts_that_it_ranks(tmp_path, data):
    keys = [region.ags for region in regions.districts("16")]
    is_fresh = record(tmp_path, lambda: store.cross_section(INDICATOR, 2020, keys))
    change(data / FILE, "09162,2020")
    assert is_fresh()
    change(data / FILE, "16061,2020")
    assert not is_fresh()


def test_a_row_of_the_catalogue_concerns_those_who_read_it(tmp_path, data):
    reads = record(tmp_path, lambda: catalogue.load_catalogue()[INDICATOR].title)
    lists = record(tmp_path / "b", lambda: len(catalogue.load_catalogue()))
    change(data / "indikatoren.csv", "bevoelkerung,", column=1, to="Anders")
    assert reads() and lists()
    change(data / "indikatoren.csv", f"{INDICATOR},", column=1, to="Anders")
    assert not reads() and lists()


def test_a_region_concerns_those_who_name_it(tmp_path, data):
    is_fresh = record(tmp_path, lambda: regions.find_region("16065").in_phrase)
    change(data / "gebiete.csv", "16061,", column=1, to="Anderswo")
    assert is_fresh()
    change(data / "gebiete.csv", "16065,", column=1, to="Anderswo")
    assert not is_fresh()


def test_a_file_that_was_looked_for_and_appears_is_not_missed(tmp_path, data):
    is_fresh = record(tmp_path, lambda: lineage.exists(data / "neu.csv"))
    assert is_fresh()
    (data / "neu.csv").write_text("a\n", encoding="utf-8")
    assert not is_fresh()


def test_a_file_opened_without_any_help_of_the_library_is_in_the_record(tmp_path, data):
    (data / "frei.csv").write_text("1\n", encoding="utf-8")
    is_fresh = record(tmp_path, lambda: (data / "frei.csv").open(encoding="utf-8").close())
    assert is_fresh()
    (data / "frei.csv").write_text("2\n", encoding="utf-8")
    assert not is_fresh()


def test_a_kept_result_counts_as_read_by_each_who_asks_for_it(tmp_path, data):
    known = lineage.remembered(lambda ags: store.series(INDICATOR, ags))

    @lineage.question
    def count() -> int:
        return len(known("16065"))

    @lineage.question
    def newest() -> float:
        return known("16065").iloc[-1]

    kept = Record()
    with lineage.recording(kept):
        count()
        newest()
    asked = [reads for key, (_, reads) in kept.questions.items() if key.startswith('["tests')]
    assert len(asked) == 2 and asked[0] == asked[1] != []


def test_the_record_survives_a_move_of_the_project_and_its_times(tmp_path, data, monkeypatch):
    is_fresh = record(tmp_path, lambda: store.series(INDICATOR, "16065"))
    moved = tmp_path / "anderswo"
    shutil.move(data, moved)
    monkeypatch.setenv("KREISBERICHT_DATA", str(moved))
    (moved / FILE).touch()
    assert is_fresh()


def test_a_function_body_concerns_only_notebooks_that_can_reach_it(tmp_path, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path))
    load = "from kreisbericht.chapter import Chapter\nchapter = Chapter(ags, 2025, '2026-09-30')\n"
    with_map, with_pyramid = f"{load}chapter.map('gisd')", f"{load}chapter.pyramid()"
    library = Library(Stamps())
    before = [library.digest([code]) for code in (with_map, with_pyramid)]
    source = (paths.ROOT / "scripts/kreisbericht/charts/pyramid.py").read_text(encoding="utf-8")
    name = "kreisbericht.charts.pyramid"
    library.modules[name] = describe_module(_in_function(source, "draw_bars"), name)
    after = [library.digest([code]) for code in (with_map, with_pyramid)]
    assert after[0] == before[0] and after[1] != before[1]


def test_what_runs_on_import_concerns_all_who_import_it_and_a_comment_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path))
    code, name = "from kreisbericht.numbers import format_number\nformat_number(1, 0)", "kreisbericht.numbers"
    library = Library(Stamps())
    before = library.digest([code])
    source = (paths.ROOT / "scripts/kreisbericht/numbers.py").read_text(encoding="utf-8")
    library.modules[name] = describe_module(source + "\n# a remark\n", name)
    assert library.digest([code]) == before
    library.modules[name] = describe_module(source + "\nMORE = 1\n", name)
    assert library.digest([code]) != before


def test_code_that_is_no_python_reaches_everything(tmp_path, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path))
    library = Library(Stamps())
    before = library.digest(["%time chapter"])
    name = "kreisbericht.charts.pyramid"
    source = (paths.ROOT / "scripts/kreisbericht/charts/pyramid.py").read_text(encoding="utf-8")
    library.modules[name] = describe_module(_in_function(source, "draw_bars"), name)
    assert library.digest(["%time chapter"]) != before


def test_another_version_of_a_pinned_package_changes_the_surroundings(tmp_path, monkeypatch):
    site = tmp_path / "site-packages"
    (site / "pandas-3.0.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr("sys.path", [str(site)])
    before = surroundings.describe_surroundings()
    (site / "nicht_gefordert-1.0.dist-info").mkdir()
    assert surroundings.describe_surroundings() == before
    (site / "pandas-3.0.0.dist-info").rename(site / "pandas-3.0.1.dist-info")
    assert surroundings.describe_surroundings() != before


def test_a_stamp_is_not_believed_when_the_content_differs(tmp_path, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path))
    file = tmp_path / "a.txt"
    file.write_text("eins", encoding="utf-8")
    first = Stamps().digest(file)
    file.write_text("zwei", encoding="utf-8")  # the same size, perhaps within one tick of the clock
    assert Stamps().digest(file) != first


def test_the_record_of_a_chapter_is_plain_json(tmp_path, data):
    record(tmp_path, lambda: store.years(INDICATOR, "16065"))
    content = json.loads((tmp_path / "herkunft.json").read_text(encoding="utf-8"))
    assert f"data/{FILE}" in content["dateien"]
    assert content["gelesen"] == [f'frage:["store.years", ["{INDICATOR}", "16065"]]']


def _in_function(source: str, name: str) -> str:
    """The module with one more line in a function's body."""
    found = next(node for node in ast.walk(ast.parse(source)) if getattr(node, "name", "") == name)
    lines, first = source.split("\n"), found.body[0]
    lines.insert(first.lineno - 1, " " * first.col_offset + "number_of_bars = 1")
    return "\n".join(lines)
