"""The same book by both assemblers. Runs wherever Quarto is on PATH; the structure must be the same, page by page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kreisbericht.assemble.quarto import find_quarto
from kreisbericht.check.book import check_pages
from kreisbericht.check.pdf import check_pdf
from kreisbericht.paths import ROOT
from kreisbericht.reviews.blocks import parse_page, read_blocks
from tests.html_book import AXE, AXE_RULES

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.skipif(not find_quarto(), reason="Quarto is not on PATH; the embedded assembler is tested elsewhere"),
]


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The report on poverty, rendered twice from the same chapters: ``{'pandoc': folder, 'quarto': folder}``."""
    base = tmp_path_factory.mktemp("beide")
    for tool in ("pandoc", "quarto"):
        env = {**os.environ, "KREISBERICHT_BUILD": str(base / "build" / tool), "KREISBERICHT_SITE": str(base / tool)}
        command = [sys.executable, "scripts/render_book.py", "--bericht", "armut", "--assembler", tool]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    return {tool: next((base / tool / "16065").glob("2*")) for tool in ("pandoc", "quarto")}


def read(folder: Path, name: str) -> str:
    text = (folder / name).read_text(encoding="utf-8")
    return re.search(r"<main.*?</main>", text, re.S)[0].replace("&nbsp;", " ").replace("\u00a0", " ")


def pages(folder: Path) -> list[str]:
    made = (p.relative_to(folder).as_posix() for p in folder.rglob("*.html"))
    return sorted(name for name in made if name not in ("verzeichnisse.html", "index.html"))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def headings(html: str) -> list[str]:
    found = re.findall(r"<h[123]\b[^>]*>(.*?)</h[123]>", html, re.S)
    # Quarto writes "Anhang A — Methoden" where the embedded assembler has "A Methoden".
    return [re.sub(r"\W+", " ", words(text)).strip().removeprefix("Anhang ") for text in found]


def captions(html: str) -> list[str]:
    found = re.findall(r"<figcaption.*?</figcaption>|<caption.*?</caption>", html, re.S)
    return [re.search(r"(?:Abbildung|Tabelle) \w+\.\d+", words(text))[0] for text in found]


def test_both_give_the_same_chapters(books):
    assert pages(books["pandoc"]) == pages(books["quarto"])


def test_both_give_the_same_headings_and_section_numbers(books):
    for name in pages(books["pandoc"]):
        assert headings(read(books["pandoc"], name)) == headings(read(books["quarto"], name)), name


def test_both_number_figures_and_tables_alike(books):
    for name in pages(books["pandoc"]):
        assert captions(read(books["pandoc"], name)) == captions(read(books["quarto"], name)), name


def test_both_lead_references_to_the_same_targets(books):
    for name in pages(books["pandoc"]):
        targets = []
        for tool, marker in (("pandoc", "ref"), ("quarto", "quarto-xref")):
            links = re.findall(r"<a\b[^>]*>", read(books[tool], name))
            hrefs = [re.search(r'href="([^"]+)"', a)[1] for a in links if re.search(rf'class="[^"]*\b{marker}\b', a)]
            targets.append([target(href) for href in hrefs])
        assert targets[0] == targets[1], name


def target(href: str) -> tuple[str, str]:
    """Page and figure or table; the anchor of a chapter's own heading is left out, Quarto does without it."""
    page, _, anchor = href.removeprefix("./").partition("#")
    return page, anchor if anchor.startswith(("fig-", "tbl-")) else ""


def test_quartos_pages_and_pdf_pass_the_same_checks(books):
    assert check_pages(books["quarto"]) == []
    assert [finding for path in books["quarto"].glob("*.pdf") for finding in check_pdf(path)] == []


@pytest.mark.browser
def test_readers_note_on_quartos_pages_too(books, browser):
    name = "chapters/daten/kinderarmut.html"
    for width, scheme in ((1280, "light"), (360, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="de-DE")
        page = context.new_page()
        page.goto((books["quarto"] / name).as_uri() + "?anmerken")
        page.locator(".anm-leiste").wait_for()
        page.get_by_role("button", name="Anmerken: Abbildung").first.click()
        page.get_by_label("Ihre Anmerkung").fill("Stimmt die Achse?")
        page.get_by_role("button", name="Speichern").click()
        (note,) = page.evaluate("kreisberichtAnmerkungen.notes.all()")
        assert (note["stelle"]["seite"], note["version"]) == (name, "2025.1")
        seen = page.evaluate(
            "kreisberichtAnmerkungen.anchors.readBlocks(document.querySelector('main')).map(b => [b.kind, b.text])"
        )
        text = (books["quarto"] / name).read_text(encoding="utf-8")
        assert seen == [[block.kind, block.text] for block in read_blocks(parse_page(text))]
        page.evaluate(AXE)
        assert page.evaluate(f"async () => (await {AXE_RULES}).violations.map(v => v.id)") == []
        context.close()
