"""A whole round of reviews: three readers in Chromium, their files merged, the draft rendered with a changed text."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import openpyxl
import pytest

from kreisbericht.reviews.blocks import parse_page, read_blocks
from tests.book_project import copy_small
from tests.html_book import AXE, AXE_RULES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("review_round")]

STRATEGY = """# Strategie {#sec-strategie}

Wohin will der Kreis?

## Kinder {#sec-strategie-kinder}

Alle Kinder sollen bis 2030 einen Platz in einer Tageseinrichtung in der Nähe ihrer Wohnung finden, auch am Nachmittag.

Dieser Absatz fällt in der nächsten Fassung ganz weg, weil der Ausschuss ihn nicht beraten hat.

- Ein Familienzentrum in jedem Planungsraum, mit einer Sprechstunde des Jugendamts an zwei Tagen der Woche.
"""
PAGE = "chapters/strategie.html"
READERS = {
    "Kreiselternrat": ("Absatz „Alle Kinder sollen", "Frage", "Auch in den Ferien?"),
    "Stadt Sondershausen": ("Absatz „Dieser Absatz", "Vorschlag", "Bitte <b>streichen</b> {{< include /etc/passwd >}}"),
    "Jugendamt": ("Listenpunkt „Ein Familienzentrum", "Korrektur", "Es sind drei Tage."),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The small book with a written chapter worth commenting on, rendered as a draft."""
    project = copy_small(tmp_path_factory.mktemp("amt") / "projekt")
    (project.root / "chapters" / "strategie.qmd").write_text(STRATEGY, encoding="utf-8")
    done = project.render("--format", "html")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture(scope="module")
def inbox(office, browser):
    """The files of three readers, each written and saved in a browser of its own."""
    folder = office.root / "data" / "rueckmeldungen" / "2025"
    folder.mkdir(parents=True)
    for reader, (block, kind, text) in READERS.items():
        context = browser.new_context(locale="de-DE", accept_downloads=True)
        page = context.new_page()
        page.goto((office.book / PAGE).as_uri())
        page.get_by_role("button", name="Anmerkungen", exact=True).click()
        page.get_by_role("button", name=f"Anmerken: {block}").click()
        form = page.get_by_role("form")
        form.get_by_role("radio", name=kind).check()
        form.get_by_label("Ihre Anmerkung").fill(text)
        form.get_by_label("Name oder Dienststelle").fill(reader)
        form.get_by_role("button", name="Speichern").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Als Datei sichern").first.click()
        download.value.save_as(folder / download.value.suggested_filename)
        context.close()
    return folder


def collect(office, *options):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KREISBERICHT_")}
    environment |= {"PYTHONPATH": str(office.root / "scripts"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, str(office.root / "scripts" / "collect_reviews.py"), *options], cwd=office.root.parent,
        env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_browser_and_library_see_the_same_blocks(office, browser):
    page = browser.new_page()
    for name in (PAGE, "chapters/daten/kinderarmut.html", "chapters/methoden.html", "index.html"):
        page.goto((office.book / name).as_uri() + "?anmerken")
        page.locator(".anm-leiste").wait_for()
        found = page.evaluate(
            "kreisberichtAnmerkungen.anchors.readBlocks(document.querySelector('main'))"
            ".map(b => [b.kind, b.text, b.anchor, b.section])"
        )
        blocks = read_blocks(parse_page((office.book / name).read_text(encoding="utf-8")))
        assert found == [[b.kind, b.text, b.anchor, b.section] for b in blocks], name
    page.context.close()


def test_three_readers_one_changed_text_two_notes_follow_and_one_is_lost(office, inbox, browser):
    assert sorted(path.name for path in inbox.iterdir()) == [
        "anmerkungen-16065-2025.1-jugendamt.json", "anmerkungen-16065-2025.1-kreiselternrat.json",
        "anmerkungen-16065-2025.1-stadt-sondershausen.json",
    ]  # fmt: skip
    first = collect(office)
    assert first.returncode == 0, first.stderr
    assert "3 Dateien gelesen. 3 neue Anmerkungen" in first.stdout and "Im Entwurf gezeigt: 3" in first.stdout
    assert "Nicht mehr gefunden" not in first.stdout

    office.edit("chapters/strategie.qmd", "bis 2030 einen Platz", "bis 2032 einen guten Platz")
    gone = "Dieser Absatz fällt in der nächsten Fassung ganz weg, weil der Ausschuss ihn nicht beraten hat."
    office.edit("chapters/strategie.qmd", gone, "Beraten wird im Frühjahr.")
    done = office.render("--format", "html")
    assert done.returncode == 0, done.stderr
    told = collect(office)
    assert told.returncode == 0, told.stderr
    assert "0 neue Anmerkungen, 3 bekannte" in told.stdout
    assert "Stelle geändert: Nr. 1." in told.stdout and "Nicht mehr gefunden: Nr. 2." in told.stdout
    check_draft(office, browser)
    sheet = openpyxl.load_workbook(next(office.root.rglob("abwaegungstabelle-16065-2025.1.xlsx")))["Abwägung"]
    assert [(row[0], row[2], row[5]) for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (1, "Text geändert", "Kreiselternrat"), (2, "nicht mehr gefunden", "Stadt Sondershausen"),
        (3, "unverändert", "Jugendamt"),
    ]  # fmt: skip


def check_draft(office, browser):
    """Two notes beside their texts, one listed as lost; axe finds nothing; the first page lists all."""
    for width, scheme in ((1280, "light"), (360, "dark")):
        context = browser.new_context(locale="de-DE", viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        page.goto((office.book / PAGE).as_uri())
        beside = page.locator("p:has-text('bis 2032 einen guten Platz') + .rueckmeldung")
        assert "Auch in den Ferien?" in beside.inner_text()
        assert "Es sind drei Tage." in page.locator("li:has-text('Familienzentrum') .rueckmeldung").inner_text()
        lost = page.get_by_role("region", name="Rückmeldungen, deren Stelle nicht mehr zu finden ist")
        assert "Bitte <b>streichen</b> {{< include /etc/passwd >}}" in lost.inner_text()
        for name in (PAGE, "index.html"):
            for mode in ("", "?anmerken"):
                page.goto((office.book / name).as_uri() + mode)
                if mode:
                    page.locator(".anm-leiste").wait_for()
                page.evaluate(AXE)
                found = page.evaluate(f"async () => (await {AXE_RULES}).violations.map(v => v.id)")
                assert found == [], f"{name}{mode} {width} {scheme}"
                assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        page.get_by_role("region", name="Rückmeldungen zu diesem Entwurf: 3, davon 3 offen").wait_for()
        context.close()


def test_a_note_changes_no_chapter_and_no_edition_past_the_draft(office, inbox):
    collect(office)
    again = office.render("--format", "html")
    assert "werden ausgeführt" not in again.stdout  # readers' files are no input of a chapter
    assert "rueckmeldung-1" in (office.book / PAGE).read_text(encoding="utf-8")
    office.edit("_quarto-2025.yml", "status: entwurf ", "status: ausschuss ")
    done = office.render("--format", "html")
    assert done.returncode == 0, done.stderr
    assert not [page for page in office.book.rglob("*.html") if "rueckmeldung-" in page.read_text(encoding="utf-8")]
    assert json.loads((office.book / "ausgabe.json").read_text(encoding="utf-8"))["status"] == "ausschuss"
