"""A district's own colour and logo: set once, seen on pages, in charts and in print."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pikepdf
import pytest

from kreisbericht import charts, tokens
from kreisbericht.assemble import pdf as printed
from kreisbericht.assemble.markdown import link_book, read_book
from kreisbericht.book import BookPlan, read_plan
from kreisbericht.charts import svg
from kreisbericht.check.pdf import check_pdf, figure_texts
from kreisbericht.editions import find_edition
from kreisbericht.errors import ParameterError
from kreisbericht.paths import ROOT
from kreisbericht.regions import find_region
from kreisbericht.staging import localise_plan, open_stage
from tests.html_book import CHAPTERS, DISTRICT, FILES, write_sample
from tests.test_pdf import make_book

PLUM = "#7A1F4B"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><rect width="8" height="4" fill="#fff"/></svg>'


@pytest.fixture
def plum(tmp_path, monkeypatch):
    """The report's colours with another one for the district and the cover."""
    values = json.loads(tokens.tokens_file().read_text(encoding="utf-8"))
    values["colour"]["light"] |= {"home": PLUM, "cover": PLUM}
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps(values), encoding="utf-8")
    for module in (tokens, printed):
        monkeypatch.setattr(module, "tokens_file", lambda: file)
    forget_colours()
    yield
    forget_colours()


def forget_colours() -> None:
    """Colours are read once in a process; here they change while it runs."""
    for kept in (svg.palette, tokens.colours):
        kept.cache_clear()


def fills(page) -> set[str]:
    """Colours set on a page, as hex."""
    found = (tuple(map(float, operands)) for operands, operator in pikepdf.parse_content_stream(page)
             if str(operator) in ("sc", "scn", "rg") and len(operands) == 3)  # fmt: skip
    return {"#" + "".join(f"{round(part * 255):02X}" for part in colour) for colour in found}


def test_the_districts_colour_reaches_page_chart_and_print(plum, tmp_path):
    assert f"--home:{PLUM.lower()};" in tokens.css_variables()
    drawing = charts.ranking(pd.Series({"Wir": 1.0, "Andere": 2.0}), home="Wir", references={}, size="full").svg()
    assert PLUM.lower() in drawing
    book, edition = make_book(tmp_path)
    made = printed.write_pdf(book, tmp_path / "buch.pdf", files=tmp_path, edition=edition)
    with pikepdf.open(made) as file:
        assert PLUM in fills(file.pages[0])
        assert PLUM in fills(file.pages[5])  # number of the chapter


def test_the_publishers_logo_stands_on_the_cover_and_says_whose_it_is(tmp_path):
    _, edition = make_book(tmp_path)
    (tmp_path / "logo.svg").write_text(LOGO, encoding="utf-8")
    plan = read_plan(tmp_path, tmp_path / "_quarto-2025.yml")
    plan.meta["ausgabe"]["logo"] = "logo.svg"
    book = link_book(read_book(tmp_path, plan), single_file=True)
    made = printed.write_pdf(book, tmp_path / "buch.pdf", files=tmp_path, edition=edition)
    assert figure_texts(made)[0] == "Logo: Landratsamt Kyffhäuserkreis"
    assert check_pdf(made) == []


def test_the_publishers_logo_stands_in_the_head_of_every_page(project, tmp_path):
    root: Path = project(FILES, chapters=CHAPTERS)
    (root / "logo.svg").write_text(LOGO, encoding="utf-8")
    meta = {**DISTRICT, "ausgabe": {**DISTRICT["ausgabe"], "logo": "logo.svg"}}
    pages = write_sample(root, tmp_path / "site", meta=meta)
    assert (tmp_path / "site" / "assets" / "logo.svg").read_text(encoding="utf-8") == LOGO
    for page in pages:
        way = "../" * (len(page.relative_to(tmp_path / "site").parts) - 1)
        assert f'<img src="{way}assets/logo.svg" alt="' in page.read_text(encoding="utf-8")


def test_another_district_does_not_carry_the_home_districts_logo():
    plan = read_plan(ROOT, ROOT / "_quarto-2025.yml")
    plan.meta["ausgabe"]["logo"] = "logo.svg"
    assert "logo" not in localise_plan(plan, find_region("16061")).meta["ausgabe"]
    assert localise_plan(plan, find_region("16065")).meta["ausgabe"]["logo"] == "logo.svg"


def test_a_logo_that_does_not_exist_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path / "bau"))
    plan = read_plan(ROOT, ROOT / "_quarto-2025.yml")
    meta = {**plan.meta, "ausgabe": {**plan.meta["ausgabe"], "logo": "fehlt.svg"}}
    with pytest.raises(ParameterError, match=r"fehlt\.svg"):
        open_stage(ROOT, BookPlan(meta, plan.entries), find_region("16065"), find_edition(ROOT))


def test_the_back_cover_says_where_to_write():
    plan = localise_plan(read_plan(ROOT, ROOT / "_quarto-2025.yml"), find_region("16065"))
    assert "99706 Sondershausen" in plan.meta["ausgabe"]["kontakt"]
