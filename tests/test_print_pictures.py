"""Charts of the printed book: words that can be searched instead of outlines, and nothing else changed."""

import re

import pandas as pd
import pikepdf
import pytest

from kreisbericht import charts
from kreisbericht.assemble.pdf import compile_typst
from kreisbericht.assemble.print_pictures import set_words, write_print_pictures
from kreisbericht.check.pdftext import page_text

HOME = "Schüffnitz-Oftendorf & Größen"  # umlauts, two ligatures (ff, ft) and a sign that XML must escape


@pytest.fixture(scope="module")
def ranking() -> str:
    values = pd.Series({HOME: 1.5, "Thüringer Wald": 2.5, "Ilm-Kreis": 12.0})
    return charts.ranking(values, home=HOME, references={"Thüringen": 3.0}, size="full").svg("Alternativtext")


def place_of_words(drawing: str) -> list[tuple[float, float]]:
    placed = re.findall(r'<g[^>]* transform="translate\(([\d.]+) ([\d.]+)\) scale', drawing)
    return [(float(x), float(y)) for x, y in placed]


def test_the_words_of_a_chart_are_text_at_the_same_place(ranking):
    printed = set_words(ranking)
    words = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]+)<', printed)
    assert "Schüffnitz-Oftendorf &amp; Größen" in [text for *_, text in words]
    assert {"Thüringer Wald", "Ilm-Kreis", "Thüringen 3,0\u00a0%"} <= {text for *_, text in words}
    for (x, y, _), (wanted_x, wanted_y) in zip(words, place_of_words(ranking), strict=True):
        assert (float(x), float(y)) == pytest.approx((wanted_x, wanted_y), abs=0.005)


def test_nothing_but_words_and_themes_changes(ranking):
    shapes = re.compile(r'<path d="[^"]+"')
    printed = set_words(ranking)
    assert shapes.findall(printed) == shapes.findall(ranking)
    assert "prefers-color-scheme" not in printed
    assert "SourceSansPro-" not in printed


def test_an_edge_around_words_keeps_its_width(ranking):
    # The canvas draws edges 3.5 px wide (3.5 · 64 · 100 / 12.5 = 1792 in the units of 12.5 px type).
    assert 'stroke-width="1792"' in ranking
    assert re.search(r'stroke-width="3\.5" stroke-linejoin="round"><text', set_words(ranking))


def test_glyphs_that_stand_for_no_letter_leave_the_chart_as_it_was(ranking):
    strange = ranking.replace("SourceSansPro-Regular-2d", "SourceSansPro-Regular-0")  # .notdef
    assert "<text" not in set_words(strange)
    assert strange.count("<use") == set_words(strange).count("<use")


def test_a_printed_chart_can_be_searched(ranking, tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "bild.svg").write_text(ranking, encoding="utf-8")
    (tmp_path / "chapters" / "bild.phone.svg").write_text(ranking, encoding="utf-8")
    write_print_pictures(tmp_path)
    assert [path.name for path in (tmp_path / "_druck").rglob("*.svg")] == ["bild.svg"]
    source = tmp_path / "blatt.typ"
    source.write_text('#set document(title: "Blatt")\n#image("_druck/bilder/chapters/bild.svg", alt: "x")', "utf-8")
    (tmp_path / "blatt.pdf").write_bytes(compile_typst(source, root=tmp_path, timestamp=0))
    with pikepdf.open(tmp_path / "blatt.pdf") as pdf:
        text = page_text(pdf.pages[0]).replace("\n", "")  # each letter has a place of its own
    assert "Thüringer Wald" in text
    assert HOME in text
