"""The same book by both assemblers. Runs wherever Quarto is on PATH: text, page and behaviour must be the same."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from kreisbericht.assemble.frame import POLICY
from kreisbericht.assemble.quarto import find_quarto
from kreisbericht.check.book import check_pages
from kreisbericht.check.pdf import check_pdf
from kreisbericht.paths import ROOT
from kreisbericht.reviews.blocks import parse_page, read_blocks
from tests.browser import Watch, serve
from tests.html_book import violations

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.skipif(not find_quarto(), reason="Quarto is not on PATH; the embedded assembler is tested elsewhere"),
]
TOOLS = ("pandoc", "quarto")
CHAPTER = "chapters/daten/kitabedarf.html"


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The booklet on day care, rendered twice from the same chapters: ``{'pandoc': folder, 'quarto': folder}``."""
    base = tmp_path_factory.mktemp("beide")
    for tool in TOOLS:
        env = {**os.environ, "KREISBERICHT_BUILD": str(base / "build" / tool), "KREISBERICHT_SITE": str(base / tool)}
        command = [sys.executable, "scripts/render_book.py", "--bericht", "kita", "--assembler", tool]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    return {tool: next((base / tool / "16065").glob("2*")) for tool in TOOLS}


def pages(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.html"))


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def words(folder: Path, name: str) -> str:
    """All a reader sees on a page, frame included, but for the size of the PDF."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", read(folder, name), flags=re.S)
    return " ".join(re.sub(r"\(\d+,\d MB\)", "", unescape(re.sub(r"<[^>]+>", " ", html))).split())


def elements(folder: Path, name: str) -> list[str]:
    """Names and ids of the elements of the text, in order."""
    main = re.search(r"<main.*?</main>", read(folder, name), re.S)[0]
    return [f"{tag} {' '.join(re.findall(chr(32) + 'id=.([^ >]+).', rest))}" for tag, rest in
            re.findall(r"<(\w+)([^>]*)>", main)]  # fmt: skip


def test_both_write_the_same_pages_word_by_word(books):
    assert pages(books["pandoc"]) == pages(books["quarto"])
    for name in pages(books["pandoc"]):
        if name != "chapters/methoden.html":  # citeproc quotes English titles in two ways
            assert words(books["pandoc"], name) == words(books["quarto"], name), name


def test_both_build_the_text_of_the_same_elements_with_the_same_numbers_and_anchors(books):
    for name in pages(books["pandoc"]):
        assert elements(books["pandoc"], name) == elements(books["quarto"], name), name


def test_both_lead_references_to_the_same_targets(books):
    for name in pages(books["pandoc"]):
        targets = []
        for tool in TOOLS:
            links = [a for a in re.findall(r"<a\b[^>]*>", read(books[tool], name)) if re.search(r'class="ref"', a)]
            targets.append([target(re.search(r'href="([^"]+)"', a)[1]) for a in links])
        assert targets[0] == targets[1], name


def target(href: str) -> tuple[str, str]:
    """Page and figure or table; the anchor of a chapter's own heading is left out, Quarto does without it."""
    page, _, anchor = href.removeprefix("./").partition("#")
    return page, anchor if anchor.startswith(("fig-", "tbl-")) else ""


def test_the_search_knows_the_same_headings_captions_and_places_of_both(books):
    found = [[(e["u"], e["k"], e["p"], e["h"], e["f"], e["n"]) for e in entries(books[tool])] for tool in TOOLS]
    assert len(found[0]) > 50
    assert found[0] == found[1]


def entries(folder: Path) -> list[dict]:
    """The search index of a book."""
    script = read(folder, "assets/suche-daten.js").replace("\u00a0", " ")
    return json.loads(script[script.index("[") : script.index("];\n") + 1])


def test_quartos_pages_and_pdf_pass_the_same_checks(books):
    assert check_pages(books["quarto"]) == []
    assert [finding for path in books["quarto"].glob("*.pdf") for finding in check_pdf(path)] == []


def test_nothing_runs_in_quartos_pages_but_the_reports_own_scripts(books):
    for name in pages(books["quarto"]):
        page = read(books["quarto"], name)
        assert f'content="{POLICY}"'.replace("'", "&#39;") in page, name
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page), name
    assert not (books["quarto"] / "site_libs").exists()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_quarto_is_accessible_and_asks_nobody_else(books, browser, scheme):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme, locale="de-DE")
    page, wrong = context.new_page(), []
    watch = Watch().attach(page)
    with serve(books["quarto"].parents[1]) as site:
        for review in ("", "?anmerken"):
            for name in pages(books["quarto"]):
                page.goto(f"{site}/16065/{books['quarto'].name}/{name}{review}")
                if review:
                    page.locator(".anm-leiste").wait_for()
                wrong += [(name, review, finding) for finding in [*violations(page), *watch.take()]]
    context.close()
    assert wrong == []


@pytest.mark.browser
def test_readers_switch_editions_darkness_and_menus_on_quartos_pages(books, browser):
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="de-DE").new_page()
    watch = Watch().attach(page)
    page.goto((books["quarto"] / CHAPTER).as_uri())
    page.locator("[data-ausgaben] summary").click()
    page.get_by_role("link", name="Diese Seite in allen Ausgaben").click()
    page.wait_for_url("**/16065/index.html#seite-chapters-daten-kitabedarf")
    page.go_back()
    bright = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_text("Darstellung", exact=True).click()
    page.get_by_role("radio", name="Dunkel").check()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != bright
    page.keyboard.press("Escape")
    menu = page.locator("figure .dateien").first
    menu.locator("summary").click()
    assert menu.get_by_role("link", name="CSV für Excel").is_visible()
    page.locator("[data-suche]").click()
    page.get_by_role("dialog").get_by_role("searchbox").fill("Betreuungsquote")
    page.get_by_role("dialog").get_by_role("link").first.wait_for()
    assert watch.take() == []
    page.context.close()


@pytest.mark.browser
def test_readers_note_on_quartos_pages_too(books, browser):
    context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme="dark", locale="de-DE")
    page = context.new_page()
    page.goto((books["quarto"] / CHAPTER).as_uri() + "?anmerken")
    page.locator(".anm-leiste").wait_for()
    page.get_by_role("button", name="Anmerken: Abbildung").first.click()
    page.get_by_label("Ihre Anmerkung").fill("Stimmt die Achse?")
    page.get_by_role("button", name="Speichern").click()
    (note,) = page.evaluate("kreisberichtAnmerkungen.notes.all()")
    assert (note["stelle"]["seite"], note["version"]) == (CHAPTER, "2025.1")
    seen = page.evaluate(
        "kreisberichtAnmerkungen.anchors.readBlocks(document.querySelector('main')).map(b => [b.kind, b.text])"
    )
    assert seen == [[block.kind, block.text] for block in read_blocks(parse_page(read(books["quarto"], CHAPTER)))]
    context.close()
