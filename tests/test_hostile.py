"""Hostile text in names, titles, notes and a planner's own words shows as text: in pages, PDF, files and search."""

import json
import re
from html import unescape

import pikepdf
import pytest

from kreisbericht.assemble.enclosures import write_enclosures
from kreisbericht.assemble.markdown import link_book, read_book
from kreisbericht.assemble.pdf import write_pdf
from kreisbericht.assessments import tame
from kreisbericht.book import merge, read_plan
from kreisbericht.check.book import check_pages
from kreisbericht.check.pdftext import page_text
from kreisbericht.downloads import write_workbook
from kreisbericht.editions import read_edition
from kreisbericht.output import Float, Picture, Printer, TableRow
from tests.browser import Watch, open_browser
from tests.html_book import PICTURE, write_sample
from tests.test_page_tools import as_notebook

TEXTS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "[Klick](javascript:alert(3))",
    "{{< include /etc/passwd >}}", "`<b>`{=html}", "$(rm -rf /)", '#read("/etc/passwd")', "#panic(1)",
    "=HYPERLINK(1)", "@wer [@quelle]", "</title></p><h1>X", "{{ 7 * 7 }}", "*/ } body { display: none",
]  # fmt: skip
WORDS = [
    "<script>alert(1)</script> steht hier.", "Ein [Verweis](javascript:alert(2)).", "{{< include /etc/passwd >}}",
    "```{=html}\n<b onclick=alert(3)>x</b>\n```", "`#read(\"/etc/passwd\")`{=typst}", "Es kostet 5 $ und 6 $.",
    "<iframe src='https://a.example'></iframe>",
]  # fmt: skip
PLAN = {"ausgabe": {"kreis": {"ags": "16065", "name": "<b>Kreis</b>", "dativ": TEXTS[0]}}, "book": {"author": TEXTS[1]}}


def normal(text):
    return re.sub(r"\W+", " ", unescape(text)).strip()


@pytest.fixture
def made(project, tmp_path):
    """Folder of pages and the PDF of a book full of hostile text."""
    chapters = ["index.qmd", "chapters/daten/armut.ipynb"]
    root = project({"index.qmd": "# Vorwort {#sec-a}\n\nWir {{< meta ausgabe.kreis.dativ >}}.\n"}, chapters=chapters)
    folder = root / "chapters/daten/armut"
    printer, blocks = Printer(folder), ["# Armut {#sec-armut}", "Warum?"]
    for number, text in enumerate(TEXTS):
        row = {"indikator": text, "gebiet": text, "ags": "16052", "jahr": 2022, "wert": 1.5, "quelle": text}
        item = Float(f"fig-h{number}", text, text, f"Quelle: {text}", [row], prefix="16065")
        blocks.append(printer.figure(item, alt=text, full=Picture(PICTURE, 720, 300)))
        table = Float(f"tbl-h{number}", text, text, text, [row])
        blocks.append(printer.table(table, head=["Gebiet", text], body=[TableRow(text, [text])]))
        blocks.append(printer.callout(text, text))
        blocks.append(printer.box("datengrundlage", printer.definitions([(text, text)])))
    blocks += [printer.box("einordnung", printer.box_title("Einordnung"), tame(words)) for words in WORDS]
    (root / "chapters/daten/armut.ipynb").write_text(as_notebook("\n\n".join(blocks)), encoding="utf-8")
    write_workbook(folder, title=TEXTS[0])
    plan, edition = read_plan(root, root / "_quarto-2020.yml"), read_edition(root / "_quarto-2020.yml")
    plan.meta.update(merge(plan.meta, PLAN))
    write_enclosures(root, plan, edition)
    book = read_book(root, plan)
    write_sample(root, tmp_path / "out", meta=PLAN)
    pdf = write_pdf(link_book(book, single_file=True), tmp_path / "buch.pdf", files=root, edition=edition)
    return tmp_path / "out", pdf


def test_pages_show_it_and_hold_no_element_of_it(made):
    folder, _ = made
    page = (folder / "chapters/daten/armut.html").read_text(encoding="utf-8")
    shown = normal(re.sub(r"<[^>]+>", " ", page))
    for text in TEXTS:
        assert normal(text) in shown, text
    for words in ("script> steht hier", "kostet 5 $ und 6 $", "include /etc/passwd"):
        assert normal(words) in shown
    for path in folder.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?! src=)|<img src=x|<b>|<b |<iframe|<h1>X|href=.javascript", source), path.name
    assert "root:" not in page and check_pages(folder) == []


def test_the_pdf_shows_it(made):
    with pikepdf.open(made[1]) as pdf:
        shown = re.sub(r"\W+", "", "".join(page_text(page) for page in pdf.pages))
    for text in [*TEXTS, "alert(1)</script> steht hier", '#read("/etc/passwd")', "<iframe src="]:
        assert re.sub(r"\W+", "", text) in shown, text
    assert "rootx00" not in shown


def test_the_search_index_is_data_and_nothing_else(made):
    script = (made[0] / "assets/suche-daten.js").read_text(encoding="utf-8")
    entries = json.loads(re.match(r"window\.kreisberichtSuche=(\[.*?\n\]);\n", script, re.S)[1])
    assert "<script>alert(1)</script>" in " ".join(entry["f"] for entry in entries)


@pytest.mark.browser
def test_nothing_of_it_runs_or_asks_another_host_not_even_in_search_results(made):
    with open_browser() as browser:
        tab = browser.new_page()
        (made[0].parent / "editions.js").touch()
        watch, dialogs = Watch().attach(tab), []
        tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        tab.goto((made[0] / "chapters/daten/armut.html").as_uri())
        tab.keyboard.press("/")
        tab.wait_for_selector("dialog[data-bereit]")
        tab.fill("#suchwort", "script alert")
        assert tab.locator(".suche li").count() and not tab.locator(".suche li script, .suche li img").count()
        assert dialogs == [] and watch.take() == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Siehe <https://a.example> und <mailto:a@b.de>.", "Siehe <https://a.example> und <mailto:a@b.de>."),
        ("**fett**, [x](y.html), `a <b> $c`, a < b", "**fett**, [x](y.html), `a <b> $c`, a < b"),
        ("\\<b> 5 \\$", "\\<b> 5 \\$"),
        ("\\\\<b>", "\\\\\\<b>"),
        ("{{< meta x >}}", "\\{\\{\\< meta x >}}"),
    ],
)
def test_markdown_of_a_planner_stays_markdown(written, kept):
    assert tame(written) == kept
