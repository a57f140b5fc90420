"""Terms lead to the glossary where a chapter first uses them, and their definition comes up without a script."""

import re

import pytest

from kreisbericht.assemble.enclosures import write_enclosures
from kreisbericht.assemble.glossary import linked_terms, list_forms
from kreisbericht.assemble.markdown import link_book, read_book
from kreisbericht.assemble.pdf import write_typst
from kreisbericht.book import merge, read_plan
from kreisbericht.editions import read_edition
from tests.browser import open_browser
from tests.html_book import DISTRICT, write_sample

TEXT = """\
# Armut nach SGB II {#sec-armut}

Wer bekommt Leistungen nach dem „SGB II“? Die Bedarfsgemeinschaften stehen in `SGB II`, [SGB XII](https://a.example/).

## Median und Zensus {#sec-armut-median}

Noch einmal SGB II. Der Wert stieg um drei Prozentpunkte und *Prozentpunkte*. SGB-II-Bezug ist ein anderes Wort.
Der Zensus 2011 ist ein Ereignis, ein Zensus ein Begriff.

::: {.quelle}
Quelle: Mikrozensus.
:::
"""
GLOSSARY = "# Glossar {#sec-glossar}\n\nSGB II heißt hier Mikrozensus.\n\n::: {.datengrundlage}\n" + "".join(
    f"[x]{{#{term['id']}}}\n:   y\n\n" for term in linked_terms()
)
CHAPTERS = ["index.qmd", "chapters/armut.qmd", "chapters/glossar.qmd"]
FILES = {"index.qmd": "# A {#sec-a}\n", "chapters/armut.qmd": TEXT, "chapters/glossar.qmd": GLOSSARY + ":::\n"}


def prepare(project, files=FILES):
    root = project(files, chapters=CHAPTERS[:2], appendices=CHAPTERS[2:])
    plan = read_plan(root, root / "_quarto-2020.yml")
    plan.meta.update(merge(plan.meta, DISTRICT))
    edition = read_edition(root / "_quarto-2020.yml")
    write_enclosures(root, plan, edition)
    return root, plan, edition


@pytest.fixture
def page(project, tmp_path):
    root, _, _ = prepare(project)
    write_sample(root, tmp_path / "out")
    return (tmp_path / "out/chapters/armut.html").read_text(encoding="utf-8")


def linked(page):
    return re.findall(r'<a href="[./\w]*glossar\.html#(glossar-[\w-]+)" class="glossar"[^>]*>(.*?)</a>', page, re.S)


def test_endings_and_plurals_lead_to_the_term_and_fixed_words_stay():
    assert {"Prozentpunkte", "Prozentpunkten", "Prozentpunkts"} <= set(list_forms("Prozentpunkt"))
    assert {"erwerbsfähigen Leistungsberechtigten"} <= set(list_forms("erwerbsfähige Leistungsberechtigte"))
    assert list_forms("SGB II") == ["SGB II"]


def test_a_term_is_linked_once_where_running_text_first_uses_it(page):
    assert linked(page) == [
        ("glossar-sgb-ii", "SGB II"), ("glossar-bedarfsgemeinschaft", "Bedarfsgemeinschaften"),
        ("glossar-prozentpunkt", "Prozentpunkte"), ("glossar-zensus", "Zensus"),
    ]  # fmt: skip
    assert "Der Zensus 2011 ist" in page  # the name of one event stays whole
    assert "„<span" in page and "</span>“?" in page


def test_headings_code_links_sources_and_compounds_stay_as_they_are(page):
    assert "<code>SGB II</code>" in page and "SGB-II-Bezug" in page
    for heading in re.findall(r"<h[12].*?</h[12]>", page, re.S):
        assert "glossar" not in heading
    assert "glossar-mikrozensus" not in page and "glossar-sgb-xii" not in page


def test_the_definition_describes_the_link(page):
    described = re.findall(r'class="glossar" aria-describedby="([^"]+)"', page)
    assert len(described) == 4
    for name in described:
        assert f'id="{name}" class="erklaerung" role="tooltip">' in page


def test_the_printed_book_leads_to_the_glossary_too(project):
    root, plan, edition = prepare(project)
    text = write_typst(link_book(read_book(root, plan), single_file=True), root, edition).read_text(encoding="utf-8")
    assert "#glossarwort(<glossar-glossar-sgb-ii>)[SGB II]" in text
    assert text.count("#glossarwort(<glossar-glossar-sgb-ii>)") == 1


@pytest.mark.browser
def test_definitions_come_up_on_hover_and_focus_stay_while_pointed_at_and_go_with_escape(project, tmp_path):
    root, _, _ = prepare(project)
    write_sample(root, tmp_path / "out")
    with open_browser() as browser:
        tab = browser.new_page(viewport={"width": 360, "height": 700})
        tab.goto((tmp_path / "out/chapters/armut.html").as_uri())
        term, tip = tab.locator(".begriff").first, tab.locator(".erklaerung").first
        assert not tip.is_visible()
        term.locator("a").hover()
        assert tip.is_visible()
        box = tip.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360
        words = term.locator("a").bounding_box()
        tab.mouse.move(words["x"] + words["width"] / 2, box["y"] + 5, steps=20)
        assert tip.is_visible()
        tab.keyboard.press("Escape")
        assert not tip.is_visible()
        tab.mouse.move(0, 0)
        term.locator("a").focus()
        assert tip.is_visible()


@pytest.mark.browser
def test_without_script_the_definition_still_comes_up(project, tmp_path):
    root, _, _ = prepare(project)
    write_sample(root, tmp_path / "out")
    with open_browser() as browser:
        tab = browser.new_context(java_script_enabled=False).new_page()
        tab.goto((tmp_path / "out/chapters/armut.html").as_uri())
        tab.locator(".begriff a").first.focus()
        assert tab.locator(".erklaerung").first.is_visible()
