"""The strategy's tables are checked before use, and goals, measures and needs say what the tables and figures say."""

import ast
import csv
import datetime as dt
import json
import re
import shutil

import pytest

from kreisbericht import charts, paths, store
from kreisbericht.appendix.usage import find_usage
from kreisbericht.deliveries.importer import import_deliveries
from kreisbericht.deliveries.template_workbooks import write_sample
from kreisbericht.errors import DataError
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.scope import make_scope
from kreisbericht.strategy import timeline
from kreisbericht.strategy.checks import read_number
from kreisbericht.strategy.fields import TABLES
from kreisbericht.strategy.model import parse_moment
from kreisbericht.strategy.monitoring import judge_goal, overdue_milestones, report_day, sum_funding
from kreisbericht.strategy.needs import level_of
from kreisbericht.strategy.tables import load_strategy, read_rows
from tests.strategy_tables import HOME, ROWS, change, link_data, write_tables

NOTEBOOKS = sorted((paths.ROOT / "notebooks" / "strategie").glob("*.ipynb"))
DISTRICTS = ["16065", HOME, "16067", "02000", "03241"]


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = link_data(tmp_path / "data")
    monkeypatch.setenv("KREISBERICHT_DATA", str(folder))
    return folder


class Blank:
    """Stands for a drawn chart."""

    width, height = 720, 300

    def svg(self, alt):
        return f"<svg xmlns='http://www.w3.org/2000/svg'><desc>{alt}</desc></svg>"


def run(path, monkeypatch, folder, **changes):
    """Markdown of a notebook, executed in this process as a chapter of its own, with its downloads."""
    store.forget_reads()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    space, shown = {}, []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            shown.append(source)
            continue
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), space)
        space |= changes if "parameters" in cell["metadata"].get("tags", []) else {}
        if last is not None:
            shown.append(eval(compile(ast.Expression(last.value), path.name, "eval"), space).text)
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    return "\n\n".join([*shown, *(file.read_text(encoding="utf-8") for file in files)])


def draw_nothing(monkeypatch):
    for form in set(charts.__all__) - {"Canvas"}:
        monkeypatch.setattr(charts, form, lambda *_, **__: Blank())
    monkeypatch.setattr(timeline, "timeline", lambda *_, **__: Blank())


BAD = [
    (change("massnahmen", ziel=""), "massnahmen.csv: Zeile 2, Spalte 'Ziel': Die Angabe fehlt"),
    (change("massnahmen", ziel="Z-1.7"), r"Spalte 'Ziel': Ein Ziel 'Z-1.7' gibt es nicht. Meinten Sie: Z-1.1"),
    (change("massnahmen", ende="2023-12"), r"Spalte 'Ende': Das Ende \(Dezember 2023\) liegt vor dem Beginn"),
    (change("massnahmen", stand="laufend"), "Spalte 'Stand': 'laufend' steht nicht zur Auswahl"),
    (change("massnahmen", beginn="2025-02-30"), "Spalte 'Beginn': '2025-02-30' ist kein Datum"),
    (change("massnahmen", weitere_planungsraeume="999990009"), "'Weitere Planungsräume': Das Gebiet '999990009' gibt"),
    ({"massnahmen": [ROWS["massnahmen"][0]] * 2}, "Zeile 3, Spalte 'Kennung': 'M-1' steht schon in Zeile 2"),
    (change("ziele", 1, indikator=""), "ziele.csv: Zeile 3, Spalte 'Indikator': Ein Zielwert ohne Indikator"),
    (
        change("ziele", 1, indikator="kinderarmut"),
        r"Indikator 'kinderarmut' gibt es nicht. Meinten Sie: .*kinderarmut_u15",
    ),
    (change("ziele", 1, zieljahr="2017"), "Spalte 'Zieljahr': Das Zieljahr liegt nicht nach dem Ausgangsjahr"),
    (change("ziele", 1, leitziel="Z-9"), "Spalte 'Leitziel': Ein Leitziel 'Z-9' gibt es nicht"),
    (change("angebote", gebiet="999990009"), "angebote.csv: Zeile 2, Spalte 'Gebiet': Das Gebiet '999990009' gibt es"),
    (change("angebote", breite="51,0"), "Spalte 'Länge': Breite und Länge gehören zusammen"),
    (change("mittel", betrag_in_euro="viel"), "mittel.csv: Zeile 2, Spalte 'Betrag in Euro': 'viel' ist keine Zahl"),
    (change("mittel", betrag_in_euro="10.000,00 €"), "Spalte 'Betrag in Euro': '10.000,00 €' ist keine Zahl"),
    (change("meilensteine", massnahme="M-7"), "Spalte 'Maßnahme': Eine Maßnahme 'M-7' gibt es nicht"),
    (change("beschluesse", entscheidung="abgelehnt"), "Spalte 'Grund': Zu einer Ablehnung gehört der Grund"),
    (change("empfehlungsregeln", empfehlung="Zu {ziel} beraten."), r"'\{ziel\}' wird nicht eingesetzt"),
    (change("empfehlungsregeln", bedingung="Bedarf ohne Angebot"), "Spalte 'Indikator': Die Bedingung"),
]


@pytest.mark.parametrize(("changed", "expected"), BAD, ids=[expected[:40] for _, expected in BAD])
def test_a_wrong_entry_is_named_with_file_row_and_column(data, changed, expected):
    write_tables(data, **changed)
    with pytest.raises(DataError, match=expected):
        load_strategy(HOME)


def test_all_problems_of_all_tables_are_named_in_one_run(data):
    write_tables(data, **change("massnahmen", ziel="", ende="2023"), **change("mittel", betrag_in_euro="viel"),
                 **change("ziele", 1, indikator=""), **change("angebote", gebiet="999990009"))  # fmt: skip
    with pytest.raises(DataError) as caught:
        load_strategy(HOME)
    said = str(caught.value)
    assert "5 Angaben stimmen nicht" in said
    assert said.count("\n- ") == 5
    assert {"ziele.csv", "massnahmen.csv", "mittel.csv", "angebote.csv"} <= set(re.findall(r"\w+\.csv", said))


def test_a_workbook_names_all_its_problems_with_sheet_row_and_column(data):
    import openpyxl

    write_tables(data)
    book = openpyxl.load_workbook(paths.ROOT / "data/eigene/muster/muster_massnahmen.xlsx")
    sheet = book["Angaben"]
    for column, text in (("B", "M-01"), ("D", ""), ("M", "sofort")):
        sheet[f"{column}5"] = text
    path = data / "massnahmen.xlsx"
    book.save(path)
    with pytest.raises(DataError) as caught:
        import_deliveries([path], confirm=lambda plan: True)
    said = str(caught.value)
    assert "massnahmen.xlsx (Blatt 'Angaben'): Zeile 5, Spalte 'Ziel'" in said
    assert "Zeile 5, Spalte 'Kennung': 'M-01' steht schon in Zeile 4" in said
    assert "nichts verändert" in said


def test_the_sample_workbooks_bring_the_sample_tables_back(data, tmp_path):
    own = paths.ROOT / "data" / "eigene" / "muster" / "strategie"
    folder = data / "eigene" / "muster" / "strategie"
    books = {path.stem.removeprefix("muster_"): path for path in _sample_books(tmp_path, folder, own)}
    for name in TABLES:
        import_deliveries([books[name]], confirm=lambda plan: True)
        first = TABLES[name].fields[0].column
        shown = {
            (row["gebiet"], row[first]): _plain(row.cells) for row in read_rows(folder / f"{name}.csv", TABLES[name])
        }
        assert shown == {(r["gebiet"], r[first]): _plain(r.cells) for r in read_rows(own / f"{name}.csv", TABLES[name])}


def _sample_books(target, folder, own):
    shutil.copytree(own, folder, dirs_exist_ok=True)
    written = write_sample(target / "muster")
    for path in folder.glob("*.csv"):
        path.unlink()
    return written


def _plain(cells):
    """Cells with 5 and 5,0 alike."""
    return {key: read_number(text) if read_number(text) is not None else text for key, text in cells.items()}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2025", "2025-01-01", "2025-12-31"), ("2024-02", "2024-02-01", "2024-02-29"),
     ("31.03.2025", "2025-03-31", "2025-03-31")],
)  # fmt: skip
def test_a_moment_may_be_a_year_a_month_or_a_day(text, first, last):
    moment = parse_moment(text)
    assert (moment.start.isoformat(), moment.end.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("target", "year", "word"),
    # 6,44 (2022) from 20 (2018): 13,56 of the way down. To 10 in 2028, 40 % of the time: past the target.
    # To 0 in 2020+: 67,8 % done. To 0 by 2022 all is due; to 0 by 2028 only 40 %.
    [("10", "2028", "erreicht"), ("0", "2028", "auf Kurs"), ("0", "2022", "hinter dem Plan"),
     ("30", "2028", "entfernt sich")],
)  # fmt: skip
def test_a_goal_is_judged_against_steady_progress(data, target, year, word):
    write_tables(data, **change("ziele", 1, zielwert=target, zieljahr=year))
    scope = make_scope(HOME, 2025, "2026-09-30", ())
    goal = load_strategy(HOME).goals[1]
    assert judge_goal(scope, goal).word == word


def test_a_goal_across_a_break_is_unknown(data):
    # Zensus 2011: breaks 2011 in data/brueche.csv
    write_tables(data, **change("ziele", 1, indikator="schuldnerquote", ausgangswert="", ausgangsjahr="2009"))
    status = judge_goal(make_scope(HOME, 2025, "2026-09-30", ()), load_strategy(HOME).goals[1])
    assert status.word == "unbekannt"
    assert "Zensus 2011" in status.reason


def test_a_share_whose_interval_holds_the_baseline_is_undecided():
    # 2024: 11,2 % of the leavers, interval by hand (Wilson) 9,1–13,7; the baseline of 2023 is 10,8
    scope = make_scope(HOME, 2025, "2026-09-30", ())
    goal = next(one for one in load_strategy(HOME).goals if one.id == "Z-2.1")
    status = judge_goal(scope, goal)
    assert status.word == "nicht entscheidbar"
    assert (round(status.interval[0], 1), round(status.interval[1], 1)) == (9.1, 13.7)


def test_milestones_are_overdue_from_the_day_after(data):
    write_tables(data)
    strategy = load_strategy(HOME)
    assert not overdue_milestones(strategy, dt.date(2026, 6, 30))
    assert [one.id for one in overdue_milestones(strategy, dt.date(2026, 7, 1))] == ["MS-1"]


def test_an_edition_sees_the_state_of_its_own_day(data):
    write_tables(data, **change("massnahmen", stand="abgeschlossen", stand_seit="2025-06", stand_davor="läuft"))
    measure = load_strategy(HOME).measures[0]
    assert measure.state_at(dt.date(2024, 12, 31)) == "läuft"
    assert measure.state_at(dt.date(2025, 12, 31)) == "abgeschlossen"


def test_a_look_back_does_not_know_later_decisions():
    assert report_day(make_scope("16065", 2021, "2026-09-30", ())) == dt.date(2022, 12, 31)


def test_need_is_high_from_the_threshold_on_and_depends_on_the_better_side():
    rule = next(rule for rule in load_strategy(HOME).rules if rule.id == "R-LUECKE-KINDHEIT")  # 10 %
    assert [level_of(value, 10.0, rule, -1) for value in (11.0, 10.9, 9.0, float("nan"))] == [
        "hoch", "mittel", "niedrig", "kein Wert"]  # fmt: skip
    assert level_of(9.0, 10.0, rule, 1) == "hoch"


def test_the_real_district_holds_only_what_has_a_public_source():
    for name in TABLES:
        with (paths.ROOT / "data" / "strategie" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row.get("quelle", "Regel") or name == "meilensteine", row
    strategy = load_strategy("16065")
    assert not strategy.milestones  # none is public
    assert all(measure.goal == "nicht öffentlich" for measure in strategy.measures)
    # kyffhaeuser-nachrichten 262252, TA 228452391, TA 231089322
    assert sum_funding(strategy).iloc[:, 0].to_dict() == {2019: 500000.0, 2020: 720000.0, 2021: 681000.0}


@pytest.mark.parametrize("ags", DISTRICTS)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_for_every_kind_of_district(path, ags, tmp_path, monkeypatch):
    if ags not in ("16065", HOME):
        draw_nothing(monkeypatch)
    text = run(path, monkeypatch, tmp_path / path.stem, ags=ags)
    targets = re.findall(r"\{#((?:fig|tbl)-[\w-]+)", text)
    assert len(targets) == len(set(targets))
    for target in targets:
        assert f"@{target} " in text[: re.search(rf"\{{#{target}[ }}]", text).start()]
    assert not re.search(r"\bnan\b|\bNone\b", text)
    for title in re.findall(r"\[\[?([^\]]*)\]\{\.titel\}", text):
        assert len(title.replace("\\", "")) <= 65


def test_the_real_book_names_measures_sources_and_what_is_not_public(tmp_path, monkeypatch):
    text = run(NOTEBOOKS[-1], monkeypatch, tmp_path / "ziele", ags="16065")
    assert "Familienlotsen vor Ort" in text
    assert "kyffhaeuser-nachrichten.de" in text
    assert "Was nicht öffentlich ist" in text


def test_one_change_changes_exactly_the_pages_that_depend_on_it(data, tmp_path, monkeypatch):
    draw_nothing(monkeypatch)
    folder = data / "eigene" / "muster"
    shutil.copytree(paths.ROOT / "data/eigene/muster/strategie", folder / "strategie", dirs_exist_ok=True)
    (folder / "werte").unlink()
    shutil.copytree(paths.ROOT / "data/eigene/muster/werte", folder / "werte")
    before = _all_pages(tmp_path / "vorher", monkeypatch)

    def changed_by(name, **edit):
        _edit(folder / name, **edit)
        after = _all_pages(tmp_path / name.replace("/", "-"), monkeypatch)
        shutil.copy(paths.ROOT / "data/eigene/muster" / name, folder / name)
        return {stem for stem in before if before[stem] != after[stem]}

    # a measure of all areas is stopped: it no longer answers a need
    stopped = changed_by("strategie/massnahmen.csv", key=("kennung", "M-11"), cells={"stand": "eingestellt"})
    assert stopped == {"ziele_massnahmen", "bedarf_angebote"}
    # a goal that stays on course
    target = changed_by("strategie/ziele.csv", key=("kennung", "Z-1.1"), cells={"zielwert": "6,0"})
    assert target == {"ziele_massnahmen"}
    # the value a goal is measured by, and which makes that goal's recommendation
    value = changed_by("werte/schuldnerquote.csv", key=("ags", HOME), cells={"wert": "9.9"}, year="2021")
    using = {stem for stem, found in find_usage(_watched()).items() if "schuldnerquote" in found["indikatoren"]}
    assert using
    assert value == using | {"ziele_massnahmen", "empfehlungen"}


def _edit(file, *, key, cells, year=""):
    """Change cells of the rows with a key (of one year where the file has years)."""
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        if row[key[0]] == key[1] and row.get("jahr", "") in ("", year):
            row.update(cells)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _watched():
    return [*NOTEBOOKS, *sorted((paths.ROOT / "notebooks" / "armut").glob("*.ipynb"))]


def _all_pages(folder, monkeypatch):
    """Text and downloads of the chapters on poverty and of the strategy for the sample district."""
    return {path.stem: run(path, monkeypatch, folder / path.stem, ags=HOME) for path in _watched()}
