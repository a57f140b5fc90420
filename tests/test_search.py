"""Search: the index is plain data, and the words people type find the right page."""

import json
import re

import pytest

from tests.html_book import CHAPTERS, FILES, open_browser, write_sample


@pytest.fixture
def book(project, tmp_path):
    """Folder of an edition with the chapters *Bevölkerung* and *Kinderarmut*."""
    write_sample(project(FILES, chapters=CHAPTERS), tmp_path / "out")
    return tmp_path / "out"


def entries(book):
    script = (book / "assets" / "suche-daten.js").read_text(encoding="utf-8")
    return json.loads(re.match(r"window\.kreisberichtSuche=(\[.*?\n\]);\n", script, re.S)[1])


def test_every_section_is_an_entry_with_words_captions_and_places(book):
    found = {entry["u"]: entry for entry in entries(book)}
    section = found["chapters/armut.html#sec-armut-verlauf"]
    assert section["k"] == "2 Kinderarmut" and section["p"] == "Grundlagen"
    assert "Kinderarmut sinkt Je 100 Kinder, 2016 bis 2022" in section["f"]
    assert section["n"] == "Kyffhäuserkreis Eichsfeld Thüringen"
    assert "Daten (CSV)" not in section["t"]


def test_ratings_and_numbers_of_the_key_statements_are_words_too(book):
    found = {entry["h"]: entry["t"] for entry in entries(book)}
    assert found["Kernaussagen"].startswith("12,4 % der Kinder. ungünstiger als Thüringen")


@pytest.mark.browser
def test_words_people_type_find_the_right_page_among_the_first_three(book):
    wanted = {
        "Kinderarmut": "armut.html", "armut": "armut.html", "kinderamrut": "armut.html", "Eichsfeld": "armut.html",
        "Bevölkerung": "bevoelkerung.html", "Bevoelkerung": "bevoelkerung.html", "bevolkerung": "bevoelkerung.html",
        "Geburt": "bevoelkerung.html", "Wanderung": "bevoelkerung.html", "sterbefall": "bevoelkerung.html",
        "Kita": "bevoelkerung.html", "Hartz IV": "armut.html",
    }  # fmt: skip
    with open_browser() as browser:
        page = browser.new_page()
        page.goto((book / "chapters/armut.html").as_uri())
        page.keyboard.press("/")
        page.wait_for_selector("dialog[data-bereit]")
        for word, target in wanted.items():
            page.fill("#suchwort", word)
            found = page.locator(".suche li a").evaluate_all("links => links.map(link => link.href)")
            assert any(target in address for address in found[:3]), f"{word}: {found[:3]}"


@pytest.mark.browser
def test_search_works_by_keyboard_alone_and_closes_again(book):
    with open_browser() as browser:
        page = browser.new_page()
        page.goto((book / "index.html").as_uri())
        page.keyboard.press("/")
        page.wait_for_selector("dialog[data-bereit]")
        page.keyboard.type("Kinderarmut")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/armut.html*")
        page.keyboard.press("/")
        page.wait_for_selector("dialog[data-bereit]")
        page.keyboard.press("Escape")
        assert not page.evaluate("document.querySelector('dialog').open")


@pytest.mark.browser
def test_without_script_the_search_link_leads_to_the_contents(book):
    with open_browser() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto((book / "chapters/armut.html").as_uri())
        page.click("[data-suche]")
        assert page.url.endswith("index.html#verzeichnis")
