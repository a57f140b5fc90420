"""What becomes of a page Quarto has written, without Quarto: the page here has the shape of Quarto 1.9 and 1.10."""

import re

import pytest

from kreisbericht.assemble.frame import POLICY
from kreisbericht.assemble.quarto_pages import frame_pages
from kreisbericht.assemble.quarto_text import read_text, write_text
from kreisbericht.book import merge, read_plan
from kreisbericht.check.book import check_pages
from kreisbericht.editions import read_edition
from tests.html_book import CHAPTERS, DISTRICT, FILES, PICTURE

HEAD = '<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8">\n<meta name="generator" content="quarto-1.10.18">'
TITLE = (
    '<header id="title-block-header"><h1 class="title"><span id="sec-armut" class="quarto-section-identifier">'
    '<span class="chapter-number">2</span>&nbsp; <span class="chapter-title">Kinderarmut</span></span></h1></header>'
)
FIGURE = """<div id="armut-verlauf" class="cell" data-execution_count="4"><div class="cell-output cell-output-markdown">
<div id="fig-armut" class="quarto-float quarto-figure quarto-figure-center"><figure class="quarto-float-fig figure">
<figcaption class="quarto-float-caption quarto-float-fig" id="fig-armut-caption-0ceaefa1">
Abbildung&nbsp;2.1 <span class="titel">Kinderarmut sinkt</span> <span class="untertitel">Je 100 Kinder</span>
</figcaption><div aria-describedby="fig-armut-caption-0ceaefa1">
<img src="bilder/armut.svg" alt="Linie von 17,9 auf 12,4." width="720" height="300" class="figure-img">
</div></figure></div>
<div class="quelle"><p>Quelle: BBSR</p></div>
<div class="werkzeuge"><p class="zitat">Amt (2026): <span class="nummer"></span>Kinderarmut sinkt.</p></div>
<p>Danach.</p></div></div>"""
TABLE = """<div id="tbl-armut" class="werte quarto-float"><figure class="quarto-float quarto-float-tbl figure">
<figcaption class="quarto-float-tbl">Tabelle&nbsp;2.1 <span class="titel">Werte</span></figcaption>
<div><div class="rollfeld" tabindex="0" role="region" aria-label="Werte"><table class="caption-top table werte">
<tbody><tr class="heim odd"><th scope="row">Kyffhäuserkreis</th><td class="r">12,4</td></tr></tbody></table></div></div>
</figure></div>"""
BOX = """<section id="kernaussagen" class="level2 kastentitel unnumbered kasten kernaussagen">
<h2 class="unnumbered" data-anchor-id="kernaussagen">Kernaussagen</h2><ul><li>Weniger Kinder.</li></ul></section>
<h2 data-number="2.1" id="sec-verlauf"><span class="header-section-number">2.1</span> Verlauf</h2>
<p><a href="methoden.html" class="quarto-xref"><span>Anhang A — Methoden</span></a></p>"""
HOSTILE = """<p onclick="steal()" style="color:red">Text<script>steal()</script><iframe src="https://x.test"></iframe>
<a href="java&#10;script:steal()">Verweis</a> <a href="https://www.destatis.de">Destatis</a></p>"""


def page(*parts: str) -> str:
    return f"{HEAD}<title>x</title></head><body>{TITLE}{''.join(parts)}<script>quarto()</script></body></html>"


def mend(*parts: str, opening: bool = False) -> str:
    return write_text(read_text(page(*parts), opening=opening))


def test_the_chapter_begins_with_its_number_and_title():
    assert mend() == '<h1 id="sec-armut"><span class="nr">2</span> Kinderarmut</h1>'
    appendix = page().replace(TITLE, '<header id="title-block-header"><h1>Anhang H — Zeichen – kurz</h1></header>')
    assert write_text(read_text(appendix)) == '<h1><span class="nr">H</span> Zeichen – kurz</h1>'


def test_the_opening_page_leaves_the_first_heading_to_the_books_title():
    text = mend('<h1 class="unnumbered" id="sec-vorwort">Zu diesem Bericht</h1><h2>Lesen</h2>', opening=True)
    assert text == '<h2 id="sec-vorwort">Zu diesem Bericht</h2><h3>Lesen</h3>'


def test_a_figure_takes_number_source_and_tools_along():
    figure = re.search(r'<figure id="fig-armut">.*?</figure>', mend(FIGURE), re.S)[0]
    assert (
        figure.index('<span class="no">Abbildung 2.1</span>') < figure.index("Kinderarmut sinkt") < figure.index("<img")
    )
    assert "Quelle: BBSR" in figure and "Amt (2026): Abbildung 2.1: Kinderarmut sinkt." in figure
    assert '<img src="bilder/armut.svg" alt="Linie von 17,9 auf 12,4." width="720" height="300">' in figure
    assert "Danach." not in figure and "cell" not in mend(FIGURE)


def test_a_tables_caption_lies_in_the_table_and_names_the_scrolling_region():
    table = mend(TABLE)
    assert '<div class="tafel" id="tbl-armut">' in table.replace(
        'id="tbl-armut" class="tafel"', 'class="tafel" id="tbl-armut"'
    )
    assert re.search(r'class="rollfeld"[^>]* aria-labelledby="tbl-armut-titel"', table)
    assert re.search(
        r'<caption><span id="tbl-armut-titel" class="tabellentitel"><span class="no">Tabelle 2.1</span>', table
    )
    assert '<tr class="heim">' in table and '<table class="werte">' in table


def test_boxes_are_named_by_their_heading_and_references_say_no_more_than_the_number():
    text = mend(BOX)
    assert '<section class="kasten kernaussagen" aria-labelledby="kernaussagen">' in text
    assert '<h2 id="kernaussagen">Kernaussagen</h2>' in text
    assert '<h2 id="sec-verlauf"><span class="nr">2.1</span> Verlauf</h2>' in text
    assert '<a href="methoden.html" class="ref">Anhang A</a>' in text


def test_nothing_in_the_text_runs():
    text = mend(HOSTILE)
    assert not re.search("steal|script|iframe|onclick|style", text)
    assert "Verweis" in text and '<a href="https://www.destatis.de">' in text


@pytest.fixture
def written(project, tmp_path):
    """A project of two chapters and what Quarto has written of it."""
    root = project(FILES, chapters=CHAPTERS)
    folder = tmp_path / "_book"
    texts = {"index": page("<p>Worum es geht.</p>"), "chapters/bevoelkerung": page(BOX.replace("sec-", "x-")),
             "chapters/armut": page(FIGURE, TABLE, HOSTILE)}  # fmt: skip
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(text.replace("methoden.html", "armut.html"), encoding="utf-8")
    (folder / "site_libs").mkdir()
    (folder / "chapters" / "bilder").mkdir()
    (folder / "chapters" / "bilder" / "armut.svg").write_text(PICTURE, encoding="utf-8")
    return root, folder


def frame(root, folder):
    profile = root / "_quarto-2020.yml"
    plan = read_plan(root, profile)
    plan.meta.update(merge(plan.meta, DISTRICT))
    return frame_pages(root, plan, read_edition(profile), folder)


def test_quartos_pages_get_the_reports_own_frame_lists_and_search(written):
    root, folder = written
    made = frame(root, folder)
    assert [path.name for path in made] == ["index.html", "bevoelkerung.html", "armut.html", "verzeichnisse.html"]
    assert check_pages(folder) == []
    for path in made:
        text = path.read_text(encoding="utf-8")
        assert POLICY.replace("'", "&#39;") in text
        assert not re.search(r"<script(?![^>]*\bsrc=)|quarto", text)
    assert "Kinderarmut sinkt" in (folder / "verzeichnisse.html").read_text(encoding="utf-8")
    assert '"f":"Kinderarmut sinkt Je 100 Kinder Werte"' in (folder / "assets" / "suche-daten.js").read_text(
        encoding="utf-8"
    )
    assert not (folder / "site_libs").exists()


def test_a_page_rendered_again_by_the_preview_is_framed_with_all_others(written):
    root, folder = written
    frame(root, folder)
    before = (folder / "index.html").read_text(encoding="utf-8")
    frame(root, folder)
    assert (folder / "index.html").read_text(encoding="utf-8") == before
    (folder / "chapters" / "armut.html").write_text(page("<p>Neuer Satz.</p>"), encoding="utf-8")
    frame(root, folder)
    assert "Neuer Satz." in (folder / "chapters" / "armut.html").read_text(encoding="utf-8")
    assert "Weniger Kinder." in (folder / "chapters" / "bevoelkerung.html").read_text(encoding="utf-8")


def test_a_run_that_made_only_the_pdf_frames_nothing(project, tmp_path):
    root = project(FILES, chapters=CHAPTERS)
    assert frame(root, tmp_path / "_book") == []
