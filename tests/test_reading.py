"""What a reading program reads from the PDF, and how figures fill the pages without losing their place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kreisbericht.assemble.markdown import link_book, read_book
from kreisbericht.assemble.pdf import write_pdf
from kreisbericht.book import read_plan
from kreisbericht.check.reading import Spoken, read_aloud
from tests.test_pdf import ALT, PICTURE, make_book

WORDS = "Dieser Satz erklärt, was die Abbildung zeigt, und nennt die wichtigste Zahl mit ihrer Einheit. "


def picture(name: str) -> str:
    return (
        f"{WORDS}Siehe @fig-{name}.\n\n![[Titel {name}]{{.titel}}](bild.svg){{#fig-{name} fig-alt='Alternativtext "
        f"{name}' breite=720 hoehe=380}}\n\n::: {{.quelle}}\nQuelle: Musteramt.\n:::\n\n"
    )


CROWDED = "# Zweites Kapitel {#sec-zweites}\n\nWie steht der Kreis da?\n\n" + "".join(
    f"## Frage {name}\n\n{picture(name)}" for name in ("eins", "zwei", "drei")
)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory) -> list[Spoken]:
    """The book of ``test_pdf``; its second chapter has three figures that do not fit on one page with their text."""
    root = tmp_path_factory.mktemp("vorlesen")
    _, edition = make_book(root, picture=PICTURE.replace("300", "380"))
    (root / "chapters" / "zweites.qmd").write_text(CROWDED, encoding="utf-8")
    book = link_book(read_book(root, read_plan(root, root / "_quarto-2025.yml")), single_file=True)
    return read_aloud(write_pdf(book, root / "buch.pdf", files=root, edition=edition))


def page(spoken: list[Spoken], number: int) -> list[str]:
    return [f"{item.kind}: {item.text}" for item in spoken if item.page == number and item.text]


def test_the_cover_says_title_subtitle_picture_publisher_and_edition(spoken):
    assert page(spoken, 1) == [
        "Title: Sozialbericht Kyffhäuserkreis",
        "Span: Familie und Bildung",
        "Figure: Umriss des Kyffhäuserkreises mit den Grenzen seiner 28 Gemeinden.",
        "Div: Landratsamt Kyffhäuserkreis",
        "Div: Ausgabe 2025.1, Entwurf",
        "Div: Datenstand 30.09.2026",
    ]


def test_the_imprint_says_each_term_before_what_it_means(spoken):
    said = [item.text for item in spoken if item.page == 2]
    for term, start in (("Herausgeber", "Landratsamt"), ("Datenstand", "30.09.2026"), ("Zitieren", "Landratsamt")):
        assert said[said.index(term) + 1].startswith(start)


@pytest.mark.parametrize(
    ("heading", "row"),
    [("Inhalt", ["1", "Erstes Kapitel", "6"]), ("Verzeichnisse", ["Abbildung 1.1", "Anteil sinkt", "6"])],
)
def test_contents_and_lists_say_number_title_and_page(spoken, heading, row):
    opening = [item.page for item in spoken if item.text == heading][-1]
    said = [item.text for item in spoken if item.page == opening]
    assert heading in said
    start = said.index(row[0])
    assert said[start : start + 3] == row


def test_a_part_names_itself_in_its_heading_and_its_chapters_below(spoken):
    assert page(spoken, 5) == ["H1: Grundlagen", "Div: 1", "Div: Erstes Kapitel", "Div: 6"]


def test_a_chapter_is_read_from_its_number_to_the_reading_aid(spoken):
    said = page(spoken, 6)
    wanted = [
        "H1: 1 Erstes Kapitel",
        "P: Wie steht der Kreis da?",
        "H2: Kernaussagen",
        "P: ungünstiger als Thüringen",
        "H2: 1.1 Wie hat sich das entwickelt?",
        "Div: Abbildung 1.1",
        "Div: Anteil sinkt Kinder, 2016 bis 2022",
        "Figure: " + ALT.replace("\\\\", "\\"),
        "P: So liest man die Zahl: Ein Wert von 12,4 heißt: 12 von 100.",
        "P: Quelle: Musteramt.",
        "P: Noch ein Absatz.",
    ]
    places = [said.index(words) for words in wanted]
    assert places == sorted(places)


def test_text_fills_the_page_before_a_figure_that_does_not_fit(spoken):
    place = {item.text: item.page for item in spoken}
    assert place["2.2 Frage zwei"] == place["2.1 Frage eins"] == place["Alternativtext eins"]
    assert place["2.3 Frage drei"] == place["2.2 Frage zwei"]  # the text goes on where the second figure does not fit
    assert place["Alternativtext zwei"] == place["2.2 Frage zwei"] + 1


def test_a_figure_keeps_its_place_in_the_reading_order_wherever_it_stands(spoken):
    said = [item.text for item in spoken]
    order = ["2.1 Frage eins", "Alternativtext eins", "2.2 Frage zwei", "Alternativtext zwei", "2.3 Frage drei"]
    places = [said.index(words) for words in order]
    assert places == sorted(places)


def test_every_figure_stands_behind_the_words_that_explain_it(spoken):
    said = [(item.page, item.text) for item in spoken]
    for number, name in ((1, "eins"), (2, "zwei"), (3, "drei")):
        mentioned = next(leaf for leaf, text in said if f"Siehe Abbildung 2.{number}" in text)
        shown = next(leaf for leaf, text in said if text == f"Alternativtext {name}")
        assert mentioned <= shown <= mentioned + 1


def test_an_independent_checker_of_accessible_pdfs_finds_nothing(tmp_path):
    book, edition = make_book(tmp_path)
    target = write_pdf(book, tmp_path / "buch.pdf", files=tmp_path, edition=edition)
    checker = Path(sys.executable).with_name("pdfua")
    done = subprocess.run([checker, "check", target], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
