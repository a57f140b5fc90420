"""The rules of a data notebook, and that each runs for districts of every kind."""

import ast
import csv
import json
import os
import re
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kreisbericht import catalogue, charts, paths
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.parameters import declared_parameters

# the appendix and the strategy have rules of their own (test_appendix.py, test_strategy.py)
OTHERS = ("anhang", "strategie")
NOTEBOOKS = [path for path in sorted((paths.ROOT / "notebooks").glob("*/*.ipynb")) if path.parent.name not in OTHERS]
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.For, ast.While, ast.Lambda, ast.ListComp)
# a district, another one, two city states, a Region, a Regionalverband, a district that shares its city's name
DISTRICTS = ["16065", "16067", "02000", "11000", "03241", "10041", "09184"]
DRAWN = ["16065", "02000"]  # with pictures; the others prove the texts only, twenty times as fast
PROSE = r"\b(?:19|20)\d\d\b|\d+(?:,\d+)? ?%|Kyffhäuserkreis|Thüringen"

UNDECLINED = "(?:Jahre|Monate|Meter|Einwohner|Haushalte|Kinder|Fälle)"  # after bei, mit, zwischen: Jahren, …

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


class Blank:
    """Stands for a drawn chart."""

    width, height = 720, 300

    def svg(self, alt):
        return f"<svg xmlns='http://www.w3.org/2000/svg'><desc>{alt}</desc></svg>"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code(path):
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def source(cell):
    return "".join(cell["source"])


def run(path, monkeypatch, folder=None, **changes):
    """Markdown of all cells, executed in this process with other parameters."""
    if folder is None:
        monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    space, shown = {}, []
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "markdown":
            shown.append(source(cell))
            continue
        tree = ast.parse(source(cell))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), space)
        space |= changes if "parameters" in cell["metadata"].get("tags", []) else {}
        if last is not None:
            result = eval(compile(ast.Expression(last.value), path.name, "eval"), space)
            shown.append(result._repr_mimebundle_()["text/markdown"])
    return "\n\n".join(shown)


def assert_every_section_tells_something(path, text):
    """A section says more than its heading and its question: a figure, a sentence, or that there is no value."""
    asked = {source(cell).strip() for cell in read(path)["cells"] if cell["cell_type"] == "markdown"}
    for section in re.split(r"^(?=## )", text, flags=re.M)[1:]:
        assert section.strip() not in asked, f"nothing under {section.splitlines()[0]}"


@every_notebook
def test_notebook_holds_no_logic_and_short_cells(path):
    for cell in code(path):
        found = [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, FORBIDDEN)]
        assert not found, f"{cell['id']}: {type(found[0]).__name__}"
    lengths = [len(source(cell).splitlines()) for cell in code(path)]
    assert statistics.median(lengths) <= 6
    assert max(lengths) <= 25


@every_notebook
def test_notebook_is_stored_without_outputs_and_names_the_kernel(path):
    notebook = read(path)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "kreisbericht"
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code(path))


@every_notebook
def test_notebook_declares_the_common_parameters_once(path):
    declared = [parameter.name for parameter in declared_parameters(read(path), path.name)]
    assert declared == ["ags", "berichtsjahr", "datenstand", "ausgabe", "vergleich"]


def test_cell_ids_and_anchors_are_unique_in_the_book():
    cells = [cell["id"] for path in NOTEBOOKS for cell in read(path)["cells"]]
    text = "\n".join(source(cell) for path in NOTEBOOKS for cell in read(path)["cells"])
    anchors = re.findall(r"\{#([\w-]+)\}", text)
    assert max(Counter(cells).values()) == 1
    assert max(Counter(anchors).values()) == 1


@every_notebook
def test_prose_holds_no_number_that_a_new_year_would_falsify(path):
    text = "\n".join(source(cell) for cell in read(path)["cells"] if cell["cell_type"] == "markdown")
    assert not re.findall(
        r"\b(?:19|20)\d\d\b|\d+(?:,\d+)? ?%|Kyffhäuserkreis|Thüringen", re.sub(r"\{#[^}]*\}", "", text)
    )


@every_notebook
def test_every_indicator_is_in_the_catalogue_and_explained_at_the_end(path):
    known = catalogue.load_catalogue()
    calls = [source(cell) for cell in code(path) if "chapter." in source(cell)]
    used = {name for call in calls for name in re.findall(r'"([a-z0-9_]+)"', call)}
    shown = {name for name in used if name in known}
    assert used - shown <= {path.stem, "ohne", "alle", "nachbarn"}
    basis = next(source(cell) for cell in code(path) if "chapter.basis" in source(cell))
    assert shown == set(re.findall(r'"(\w+)"', basis))


@every_notebook
@pytest.mark.parametrize("ags", DISTRICTS)
def test_notebook_runs_for_every_kind_of_district(path, ags, tmp_path, monkeypatch):
    if ags not in DRAWN:
        for form in set(charts.__all__) - {"Canvas"}:
            monkeypatch.setattr(charts, form, lambda *_, **__: Blank())
    text = run(path, monkeypatch, tmp_path / path.stem, ags=ags)
    targets = re.findall(r"\{#((?:fig|tbl)-[\w-]+)", text)
    assert targets
    assert max(Counter(targets).values()) == 1
    for target in targets:
        before = text[: re.search(rf"\{{#{target}[ }}]", text).start()]
        assert f"@{target} " in before, f"{target} is not announced before it appears"
    assert set(re.findall(r"@((?:fig|tbl)-[\w-]+)", text)) == set(targets)
    assert not re.search(r"\bnan\b|\bNone\b|Platz 1 von 1\b|unter den 1 |\b1 (?:Kreise|Gemeinden|Fällen)\b", text)
    assert not re.search(rf"\b(?:bei|mit|zwischen) [\d.,]+\s{UNDECLINED}\b", text)
    assert_every_section_tells_something(path, text)
    for title in re.findall(r"\[\[?([^\]]*)\]\{\.titel\}", text):
        assert len(title.replace("\\", "")) <= 65
    alternatives = re.findall(r'fig-alt="([^"]*)"', text)
    assert all(len(alternative) > 60 for alternative in alternatives)
    written = {path.name for path in (tmp_path / path.stem).iterdir()}
    assert {f"{target}.csv" for target in targets} <= written


def test_another_district_is_named_in_title_sentence_and_alt_text(monkeypatch):
    path = paths.ROOT / "notebooks" / "armut" / "kinderarmut.ipynb"
    own, other = run(path, monkeypatch), run(path, monkeypatch, ags="16067")
    assert "im Kyffhäuserkreis" in own
    assert "im Landkreis Gotha" in other
    assert "Kyffhäuserkreis, Thüringen und Deutschland" in own
    assert "Gotha, Thüringen und Deutschland" in other
    assert re.search(r"!\[Liniendiagramm[^\]]*Gotha: von", other)
    assert "data:image/svg+xml;base64," in other


def test_a_missing_indicator_is_a_note_with_its_publisher_and_no_figure(tmp_path, monkeypatch):
    path = paths.ROOT / "notebooks" / "armut" / "kinderarmut.ipynb"
    text = run(path, monkeypatch, tmp_path / "kinderarmut", berichtsjahr=1994)
    assert '::: {.callout-note title="Kein Wert vorhanden"}' in text
    assert "bis zum Berichtsjahr 1994 kein Wert zu „Kinderarmut“ vor" in text
    assert "BBSR" in text
    assert not re.search(r"\{#fig-|\{#tbl-|@fig-|@tbl-", text)


def test_report_year_caps_every_figure(tmp_path, monkeypatch):
    path = paths.ROOT / "notebooks" / "armut" / "kinderarmut.ipynb"
    folder = tmp_path / "kinderarmut"
    run(path, monkeypatch, folder, berichtsjahr=2019)
    files = [file for file in folder.glob("*.csv") if not file.name.endswith(".excel.csv")]
    years = {row["jahr"] for file in files for row in csv.DictReader(file.open(encoding="utf-8"))}
    assert max(years) == "2019"


def test_importing_the_chapter_loads_no_plotting_interface():
    program = "import sys, kreisbericht.chapter; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(paths.ROOT) / "scripts")}
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert not {"matplotlib.pyplot", "seaborn", "scipy", "matplotlib"} & set(loaded.stdout.split())
