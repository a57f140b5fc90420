"""The HTML book: semantic pages, no inline code, accessible, readable from file://."""

import json
import re
from html import unescape

import pytest

from kreisbericht.assemble.site import write_site
from kreisbericht.errors import RenderError
from tests.html_book import AXE, AXE_RULES, CHAPTER, CHAPTERS, FILES, open_browser, write_sample


@pytest.fixture
def book(project, tmp_path):
    """Folder of an edition with two chapters, inside a site of its own."""
    target = tmp_path / "site" / "16065" / "2020"
    write_sample(project(FILES, chapters=CHAPTERS), target)
    return target


def read(folder, name="chapters/armut.html"):
    return (folder / name).read_text(encoding="utf-8")


def rewrite(project, text):
    return project({**FILES, "chapters/armut.qmd": text}, chapters=CHAPTERS)


def test_a_figure_has_its_number_and_title_above_and_an_own_picture_for_phones(book):
    figure = re.search(r'<figure id="fig-armut">.*?</figure>', read(book), re.S)[0]
    assert figure.index("Abbildung 2.1") < figure.index("Kinderarmut sinkt") < figure.index("<img")
    assert '<source media="(max-width: 600px)" srcset="bilder/armut.phone.svg" width="336" height="250">' in figure
    assert 'alt="Linie von 17,9 auf 12,4."' in figure and 'width="720" height="300"' in figure
    assert "Quelle: BBSR" in figure and 'download="armut.csv"' in figure
    assert (book / "chapters/bilder/armut.phone.svg").is_file() and (book / "chapters/bilder/armut.csv").is_file()


def test_a_table_scrolls_in_a_named_region_and_tells_row_and_column_heads(book):
    table = re.search(r'<div class="tafel" id="tbl-armut">.*?</table>', read(book), re.S)[0]
    name = re.search(r'tabindex="0" role="region" aria-labelledby="([^"]+)"', table)[1]
    assert f'id="{name}"' in table and "Tabelle 2.1" in table
    assert '<tr class="heim">\n<th scope="row">' in table and '<tr class="summe">' in table
    assert '<th class="r" scope="col">2022</th>' in table


def test_boxes_are_sections_named_by_their_heading_and_the_question_leads(book):
    page = read(book)
    for box in re.findall(r'<section class="kasten \w+" aria-labelledby="([^"]+)">\s*<h2 id="([^"]+)"', page):
        assert box[0] == box[1]
    assert page.count('<section class="kasten') == 2
    assert re.search(r'<div class="leitfrage">\s*<p>Wie viele Kinder', page)
    assert '<dl class="grund">' in page and 'role="note"' in page


def test_a_change_in_words_keeps_its_unit_apart_from_the_large_number(project, tmp_path):
    write_sample(rewrite(project, CHAPTER.replace("70.635 Personen", "−5,7 Prozentpunkte")), tmp_path / "out")
    assert '<span class="zahl">−5,7 <span class="einheit">Prozentpunkte</span></span>' in read(tmp_path / "out")


def test_no_page_carries_inline_code_or_inline_style(book):
    for path in book.rglob("*.html"):
        page = unescape(path.read_text(encoding="utf-8"))
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src=)", page), path.name
        assert "script-src 'self'" in page and "unsafe" not in page


def test_a_link_that_would_run_code_becomes_plain_words_and_markup_is_shown(project, tmp_path):
    hostile = (
        CHAPTER
        + "\n[Klick](javascript:alert(1)) [auch](JaVa\tScript:alert(2)) [x]{onclick='alert(3)' style='color:red'}"
        + "\n\nText <img src=x onerror=alert(4)> Ende\n"
    )
    write_sample(rewrite(project, hostile), tmp_path / "out")
    page = read(tmp_path / "out")
    assert "Klick" in page and "javascript:" not in page.lower()
    assert "onclick" not in page and "color:red" not in page
    assert "<code>&lt;img src=x onerror=alert(4)&gt;</code>" in page


def test_a_missing_download_is_refused_and_names_chapter_and_file(project, tmp_path):
    root = rewrite(project, CHAPTER.replace("bilder/armut.csv", "bilder/fehlt.csv"))
    with pytest.raises(RenderError, match=r"chapters/armut\.qmd.*bilder/fehlt\.csv"):
        write_sample(root, tmp_path / "out")


def test_a_download_outside_the_project_is_refused(project, tmp_path):
    root = rewrite(project, CHAPTER.replace("bilder/armut.csv", "../../../../../../etc/passwd"))
    with pytest.raises(RenderError, match="passwd"):
        write_sample(root, tmp_path / "out")


def test_the_opening_page_has_key_figures_and_one_finding_per_chapter(book):
    page = read(book, "index.html")
    assert "<b>12,4 %</b><span>der Kinder.</span>" in page
    assert "<p>12,4 % der Kinder.</p>" in page.replace("\u00a0", " ").replace("&nbsp;", " ")
    assert page.count("<h1") == 1 and 'id="sec-vorwort"' in page


def test_a_finding_too_long_for_the_contents_gives_way_to_the_next(project, tmp_path):
    long = "der Kinder in Haushalten mit Grundsicherung oder mit ergänzenden Leistungen zum Lebensunterhalt, " * 2
    write_sample(rewrite(project, CHAPTER.replace("der Kinder.", f"{long}.")), tmp_path / "out")
    page = read(tmp_path / "out", "index.html").replace("\u00a0", " ")
    assert "<p>70.635 Personen leben hier.</p>" in page
    assert "<p>12,4 %" not in page


def test_figures_and_tables_are_listed_with_links_to_them(book):
    page = read(book, "verzeichnisse.html")
    assert 'href="chapters/armut.html#fig-armut"' in page and 'href="chapters/armut.html#tbl-armut"' in page


def test_the_same_book_gives_the_same_bytes(project, tmp_path):
    root = project(FILES, chapters=CHAPTERS)
    for name in ("a", "b"):
        write_sample(root, tmp_path / name)
    first, second = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in
                     (tmp_path / "a", tmp_path / "b"))  # fmt: skip
    assert first == second


def test_the_site_lists_editions_newest_first_and_leaves_out_unfinished_ones(book):
    site = book.parent.parent
    (book.parent / ".2020.neu-1").mkdir()
    (book.parent / ".2020.neu-1" / "ausgabe.json").write_text("{}", encoding="utf-8")
    newer = (book / "ausgabe.json").read_text(encoding="utf-8").replace("2020.1", "2020.10")
    (book.parent / "2020-10").mkdir()
    (book.parent / "2020-10" / "ausgabe.json").write_text(newer, encoding="utf-8")
    page = write_site(site).read_text(encoding="utf-8")
    assert page.index("Ausgabe 2020.10") < page.index("Ausgabe 2020.1<")
    assert 'href="16065/2020/index.html"' in page and "neu-1" not in page


def test_a_site_of_many_districts_opens_with_the_projects_own_and_leads_to_every_land(book):
    site, facts = book.parent.parent, (book / "ausgabe.json").read_text(encoding="utf-8")
    for ags, name in (("01001", "Flensburg"), ("09162", "München"), ("09163", "Rosenheim")):
        place = site / ags / "2020"
        place.mkdir(parents=True)
        changed = json.loads(facts) | {"ags": ags, "kreis": name}
        (place / "ausgabe.json").write_text(json.dumps(changed), encoding="utf-8")
    page = write_site(site).read_text(encoding="utf-8")
    assert re.search(r"<h2>(.*?)</h2>", page)[1] == json.loads(facts)["kreis"]  # 16065, as _quarto.yml says
    lands = re.findall(r'<a href="#(land-\d)">(.*?)</a> <span>(\d)</span>', page)
    assert [(name, count) for _, name, count in lands] == [
        ("Schleswig-Holstein", "1"),
        ("Bayern", "2"),
        ("Thüringen", "1"),
    ]
    assert all(f'id="{anchor}"' in page for anchor, *_ in lands)


@pytest.mark.browser
def test_every_page_is_accessible_and_asks_no_other_host(book):
    write_site(book.parent.parent)
    pages = [*book.rglob("*.html"), book.parent.parent / "index.html"]
    with open_browser() as browser:
        for scheme, width in (("light", 1280), ("dark", 360)):
            context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
            for path in pages:
                page, seen = context.new_page(), []
                page.on("console", lambda message, seen=seen: seen.append(message.text))
                page.on("request", lambda request, seen=seen: seen.append(request.url)
                        if not request.url.startswith(book.parent.parent.as_uri()) else None)  # fmt: skip
                page.goto(path.as_uri())
                page.evaluate(AXE)
                seen += [v["id"] for v in page.evaluate(AXE_RULES)["violations"]]
                seen += ["zu breit"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
                assert seen == [], f"{path.name} {scheme} {width}"
                page.close()
            context.close()


@pytest.mark.browser
def test_the_reader_chooses_dark_and_the_pictures_follow(book):
    with open_browser() as browser:
        page = browser.new_page(color_scheme="light")
        page.goto((book / "chapters/armut.html").as_uri())
        light = page.locator("figure img").screenshot()
        page.click("[data-darstellung] summary")
        page.check("[value=dunkel]")
        page.keyboard.press("Escape")
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 28)"
        assert page.locator("figure img").screenshot() != light
