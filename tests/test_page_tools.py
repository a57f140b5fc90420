"""What stands under figures and tables: data, citation, sheet of the indicator; and tables that sort."""

import json
import re

import pytest

from kreisbericht.assemble.enclosures import write_enclosures
from kreisbericht.book import merge, read_plan
from kreisbericht.downloads import write_workbook
from kreisbericht.editions import read_edition
from kreisbericht.output import Float, Picture, Printer, TableRow
from tests.browser import Watch, open_browser
from tests.html_book import AXE, AXE_RULES, DISTRICT, PICTURE, write_sample

ROW = {
    "indikator": "kinderarmut_u15", "gebiet": "Gera", "ags": "16052", "jahr": 2022, "wert": 18.4, "zeichen": "",
    "einheit": "%", "stand": "2024", "quelle": "BBSR", "lizenz": "dl-de",
}  # fmt: skip
BODY = [
    TableRow("Erfurt", ["1.200,5", "–"]), TableRow("Kyffhäuserkreis", ["−3,0", "12,4"], "heim"),
    TableRow("Ärzdorf", [".", "2,0"]), TableRow("Gera", ["99,9", "x"]),
    TableRow("Thüringen", ["50,0", "3,0"], "summe"), TableRow("Deutschland", ["40,0", "4,0"]),
]  # fmt: skip
SHEETS = "# Indikatorenblätter {#sec-sheets}\n\n### Kinderarmut {#ind-kinderarmut-u15 .unnumbered .unlisted}\n\nEs.\n"
CHAPTERS = ["index.qmd", "chapters/daten/armut.ipynb", "chapters/daten/indikatorenblaetter.ipynb"]


def as_notebook(text: str) -> str:
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": text}}
    cell = {"cell_type": "code", "source": "", "metadata": {}, "execution_count": 1, "outputs": [output]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def book(project, tmp_path):
    """Folder of a book whose chapter *armut* was printed by the library."""
    root = project({"index.qmd": "# A {#sec-a}\n\n::: {.alle-daten}\nHier.\n:::\n"}, chapters=CHAPTERS)
    folder = root / "chapters/daten/armut"
    printer, item = Printer(folder), Float("fig-a", "Armut sinkt", "Je 100", "Quelle: BBSR.", [ROW], prefix="16065")
    picture = Picture(PICTURE, 720, 300)
    table = Float("tbl-a", "Werte", "Je 100 Kinder", "Quelle: BBSR.", [ROW])
    blocks = ["# Armut {#sec-armut}", "Warum?", printer.figure(item, alt="Linie", full=picture),
              printer.table(table, head=["Gebiet", "2021", "2022"], body=BODY)]  # fmt: skip
    (root / "chapters/daten/armut.ipynb").write_text(as_notebook("\n\n".join(blocks)), encoding="utf-8")
    (root / "chapters/daten/indikatorenblaetter.ipynb").write_text(as_notebook(SHEETS), encoding="utf-8")
    write_workbook(folder)
    plan = read_plan(root, root / "_quarto-2020.yml")
    plan.meta.update(merge(plan.meta, DISTRICT))
    plan.meta["book"] |= {"author": "Landratsamt <b>", "site-url": "https://berichte.example/"}
    write_enclosures(root, plan, read_edition(root / "_quarto-2020.yml"))
    write_sample(root, tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def page(book):
    return (book / "chapters/daten/armut.html").read_text(encoding="utf-8")


def test_every_figure_and_table_offers_its_data_in_every_form_and_the_files_are_there(book, page):
    for name in ("fig-a", "tbl-a"):
        for file in (f"armut/{name}.csv", f"armut/{name}.excel.csv", "armut/armut.xlsx"):
            assert f'href="{file}"' in page and (book / "chapters/daten" / file).is_file()
    assert 'href="armut/fig-a.svg"' in page
    assert page.count('href="../../daten/alle-daten.zip" download="16065-2020.1-alle-daten.zip"') == 3  # and the foot
    assert (book / "daten/alle-daten.zip").is_file()


def test_the_start_page_leads_to_all_data(book):
    assert (book / "index.html").read_text(encoding="utf-8").count('href="daten/alle-daten.zip"') == 3


def test_a_citation_offers_files_for_reference_managers_and_they_are_there(book, page):
    for ending in ("bib", "ris"):
        assert page.count(f'href="armut.{ending}" download') == 2  # a figure and a table
        assert (book / f"chapters/daten/armut.{ending}").is_file()


def test_citation_names_author_number_title_edition_and_a_lasting_address(page):
    cited = re.search(r'<p class="zitat" id="zitat-fig-a">(.*?)</p>', page, re.S)[1]
    words = re.sub(r"<[^>]+>", "", cited)
    assert words.startswith("Landratsamt &lt;b&gt; (2020): Abbildung 1.1: Armut sinkt. In: Bericht. Ausgabe 2020.1")
    assert words.endswith("https://berichte.example/16065/2020/chapters/daten/armut.html#fig-a")
    assert "Tabelle 1.1: Werte. In:" in re.sub(r"<[^>]+>", "", page)


def test_figures_lead_to_the_sheets_of_their_indicators(page):
    assert page.count('class="blatt" href="../../chapters/daten/indikatorenblaetter.html#ind-kinderarmut-u15"') == 2


def test_the_page_of_lists_has_figures_tables_and_indicators(book):
    page = (book / "verzeichnisse.html").read_text(encoding="utf-8")
    assert re.findall(r'<h2 id="(\w+)"', page) == ["abbildungen", "tabellen", "indikatoren"]
    assert 'indikatorenblaetter.html#ind-kinderarmut-u15">Kinderarmut</a>' in page


def first_cells(tab):
    return tab.locator("tbody tr").evaluate_all("rows => rows.map(row => row.cells[0].textContent.trim())")


@pytest.mark.browser
def test_a_table_sorts_german_numbers_with_symbols_last_and_sums_below(book):
    with open_browser() as browser:
        tab = browser.new_page()
        watch = Watch().attach(tab)
        (book.parent / "editions.js").touch()
        tab.goto((book / "chapters/daten/armut.html").as_uri())
        start, sums = first_cells(tab), ["Thüringen", "Deutschland"]
        tab.click("thead th:nth-child(2) button")
        assert first_cells(tab) == ["Erfurt", "Gera", "Kyffhäuserkreis", "Ärzdorf", *sums]
        assert tab.get_attribute("thead th:nth-child(2)", "aria-sort") == "descending"
        assert tab.locator("p[role=status].vh").last.text_content() in ("", "Sortiert nach 2021, absteigend")
        tab.click("thead th:nth-child(2) button")
        assert first_cells(tab) == ["Kyffhäuserkreis", "Gera", "Erfurt", "Ärzdorf", *sums]
        tab.click("thead th:nth-child(3) button")
        assert first_cells(tab) == ["Kyffhäuserkreis", "Ärzdorf", "Erfurt", "Gera", *sums]
        assert tab.get_attribute("thead th:nth-child(2)", "aria-sort") is None
        tab.click("thead th:nth-child(1) button")
        assert first_cells(tab) == ["Ärzdorf", "Erfurt", "Gera", "Kyffhäuserkreis", *sums]
        tab.click("thead th:nth-child(1) button")
        tab.click("thead th:nth-child(1) button")
        assert first_cells(tab) == start and watch.take() == []


@pytest.mark.browser
def test_menus_open_and_sorted_tables_stay_accessible_by_light_and_dark(book):
    with open_browser() as browser:
        for scheme in ("light", "dark"):
            tab = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 800})
            tab.goto((book / "chapters/daten/armut.html").as_uri())
            tab.locator(".werkzeuge details").evaluate_all("all => all.forEach(one => { one.open = true; })")
            tab.click("thead th:nth-child(2) button")
            tab.evaluate(AXE)
            assert [found["id"] for found in tab.evaluate(AXE_RULES)["violations"]] == []
            assert not tab.evaluate("document.documentElement.scrollWidth > innerWidth")
            tab.close()


@pytest.mark.browser
def test_without_script_data_and_citation_are_there_all_the_same(book):
    with open_browser() as browser:
        tab = browser.new_context(java_script_enabled=False).new_page()
        tab.goto((book / "chapters/daten/armut.html").as_uri())
        tab.locator(".werkzeuge summary").first.click()
        assert tab.locator(".werkzeuge li a").first.is_visible()
        assert tab.locator("button.kopieren").first.is_hidden()
