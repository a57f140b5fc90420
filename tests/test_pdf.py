"""The printed book: what the PDF declares, contains and shows, and what happens when it cannot be made."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest

from kreisbericht.assemble.markdown import Book, link_book, read_book
from kreisbericht.assemble.pdf import write_pdf
from kreisbericht.book import read_plan
from kreisbericht.check.pdf import check_pdf, figure_texts, structure
from kreisbericht.check.pdftext import page_text
from kreisbericht.editions import Edition, read_edition
from kreisbericht.errors import RenderError

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300"><rect width="720" height="300"/></svg>'
ALT = 'Linien, 2016 bis 2022. "Kreis": von 17,9 auf 12,4 \\\\ #panic() [x] $y$ <z> %'
YAML = """
lang: de
ausgabe:
  kreis: {ags: "16065", name: Kyffhäuserkreis}
book:
  title: Sozialbericht Kyffhäuserkreis
  author: Landratsamt Kyffhäuserkreis
  chapters:
    - index.qmd
    - part: Grundlagen
      chapters: [chapters/erstes.qmd]
    - part: Armutsprävention
      chapters: [chapters/zweites.qmd]
  appendices: [chapters/methoden.qmd]
"""
PROFILE = """
ausgabe: {id: "2025", version: "2025.1", berichtsjahr: 2025, datenstand: "2026-09-30", status: STATUS}
book: {subtitle: "Familie und Bildung", date: "2026-11-22"}
"""
HOSTILE = 'Text mit #read("/etc/passwd"), \\$x\\$, \\@wer, [Klammer], <fig-a>, `#eval("1")` und // Kommentar.'
ROWS = "\n".join(f"| Gemeinde {i} | {i},1 | {i},2 |" for i in range(60))
PICTURE_ATTRIBUTES = f"{{#fig-ID-trend fig-alt='{ALT}' breite=720 hoehe=300}}"
CHAPTER = f"""# NAME {{#sec-ID}}

Wie steht der Kreis da?

::: {{.stand}}
Berichtsjahr 2022.
:::

::: {{.kernaussagen}}
## Kernaussagen {{.kastentitel .unnumbered .unlisted}}
- [12,4 %]{{.zahl}} der Kinder. [ungünstiger als Thüringen]{{.wertung .unguenstiger}}
- [−5,7]{{.zahl}} Prozentpunkte. [günstiger als 2017]{{.wertung .guenstiger}}
:::

## Wie hat sich das entwickelt? {{#sec-ID-entwicklung}}

{HOSTILE} Siehe @fig-ID-trend und @tbl-methoden.

![[Anteil sinkt]{{.titel}} [Kinder, 2016 bis 2022]{{.untertitel}}](bild.svg){PICTURE_ATTRIBUTES}

::: {{.quelle}}
Quelle: Musteramt.
:::

::: {{.lesehilfe}}
**So liest man die Zahl:** Ein Wert von 12,4 heißt: 12 von 100.
:::

Noch ein Absatz.

## Datengrundlage {{#sec-ID-datengrundlage}}

Was gezählt wird.
"""
APPENDIX = f"""# Methoden {{#sec-methoden}}

Wie die Zahlen entstehen.

| Gebiet | 2021 | 2022 |
|:--|--:|--:|
| [Kyffhäuserkreis]{{.heim}} | 17,9 | 18,1 |
{ROWS}
| [Thüringen]{{.summe}} | 13,9 | 14,2 |

: [Alle Gemeinden]{{.titel}} [in Prozent]{{.untertitel}} {{#tbl-methoden .werte}}

::: {{.quelle}}
Quelle: Musteramt.
:::
"""


def make_book(root: Path, *, status: str = "entwurf", picture: str = PICTURE) -> tuple[Book, Edition]:
    """A staged book of an opening page, two chapters in two parts and one appendix."""
    (root / "chapters").mkdir(parents=True, exist_ok=True)
    (root / "chapters" / "bild.svg").write_text(picture, encoding="utf-8")
    (root / "_quarto.yml").write_text(YAML, encoding="utf-8")
    profile = root / "_quarto-2025.yml"
    profile.write_text(PROFILE.replace("STATUS", status), encoding="utf-8")
    (root / "index.qmd").write_text("# Über diesen Bericht {.unnumbered}\n\nWozu er dient.\n", encoding="utf-8")
    for name in ("erstes", "zweites"):
        text = CHAPTER.replace("NAME", f"{name.title()} Kapitel").replace("ID", name)
        (root / "chapters" / f"{name}.qmd").write_text(text, encoding="utf-8")
    (root / "chapters" / "methoden.qmd").write_text(APPENDIX, encoding="utf-8")
    edition = read_edition(profile)
    return link_book(read_book(root, read_plan(root, profile)), single_file=True), edition


@pytest.fixture(scope="module")
def book_pdf(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("buch")
    book, edition = make_book(root)
    return write_pdf(book, root / "buch.pdf", files=root, edition=edition)


@pytest.fixture(scope="module")
def pages(book_pdf: Path) -> list[str]:
    """Words of every page, line breaks as single spaces, hyphenation undone."""
    with pikepdf.open(book_pdf) as pdf:
        texts = [page_text(page) for page in pdf.pages]
    return [" ".join(re.sub(r"\s*[\u00ad]\s*", "", text).replace("\u00a0", " ").split()) for text in texts]


def page_with(pages: list[str], words: str) -> str:
    return next(page for page in pages if words in page)


def test_the_book_declares_its_standards_and_has_no_finding(book_pdf):
    with pikepdf.open(book_pdf) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["pdfaid:part"] + metadata["pdfaid:conformance"] == "2A"
        assert metadata["dc:title"] == "Sozialbericht Kyffhäuserkreis"
        assert str(pdf.Root.Lang).startswith("de")
    assert check_pdf(book_pdf) == []


def test_the_same_book_gives_the_same_bytes(book_pdf, tmp_path):
    book, edition = make_book(tmp_path)
    again = write_pdf(book, tmp_path / "buch.pdf", files=tmp_path, edition=edition)
    assert again.read_bytes() == book_pdf.read_bytes()


def test_every_figure_reads_its_alternative_text_aloud(book_pdf):
    cover, *figures = figure_texts(book_pdf)
    assert cover == "Umriss des Kyffhäuserkreises mit den Grenzen seiner 28 Gemeinden."
    assert figures == ['Linien, 2016 bis 2022. "Kreis": von 17,9 auf 12,4 \\ #panic() [x] $y$ <z> %'] * 2


def test_text_that_looks_like_typst_is_printed_as_text(pages):
    page = page_with(pages, "Siehe Abbildung 1.1")
    assert 'Text mit #read("/etc/passwd")' in page or "Text mit #read(„/etc/passwd“)" in page
    assert '#eval("1")' in page
    assert "// Kommentar." in page


def test_figures_and_tables_are_numbered_by_chapter_and_the_appendix_by_letter(pages):
    lists = page_with(pages, "Verzeichnisse Abbildungen")
    assert "Abbildung 1.1 Anteil sinkt" in lists
    assert "Abbildung 2.1 Anteil sinkt" in lists
    assert "Tabelle A.1 Alle Gemeinden" in lists
    assert "Kinder, 2016 bis 2022" not in lists  # the lists give the title without the subtitle


def test_contents_and_bookmarks_name_parts_chapters_and_appendices(book_pdf, pages):
    contents = page_with(pages, "Inhalt Über diesen Bericht")
    for words in ("Grundlagen", "Erstes Kapitel", "Armutsprävention", "Zweites Kapitel", "Anhang", "Methoden"):
        assert words in contents
    with pikepdf.open(book_pdf) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles == [
        "Inhalt", "Über diesen Bericht", "Grundlagen", "1 Erstes Kapitel", "Armutsprävention", "2 Zweites Kapitel",
        "Anhang", "A Methoden", "Verzeichnisse",
    ]  # fmt: skip


def test_contents_leave_out_the_sections_that_end_every_chapter(pages):
    contents = page_with(pages, "Inhalt Über diesen Bericht")
    assert contents.count("Wie hat sich das entwickelt?") == 2
    assert "Datengrundlage" not in contents
    assert "Datengrundlage" in page_with(pages, "Siehe Abbildung 1.1")


def test_a_reference_names_the_page_only_when_the_target_is_elsewhere(pages):
    chapter = page_with(pages, "Siehe Abbildung 1.1")
    assert "Abbildung 1.1 und Tabelle A.1 (Seite" in chapter
    number = int(re.search(r"Tabelle A\.1 \(Seite (\d+)\)", chapter)[1])
    assert "Alle Gemeinden" in pages[number - 1]


def test_running_heads_name_district_edition_and_status_but_not_where_a_chapter_opens(pages):
    opening, inside = page_with(pages, "Siehe Abbildung 2.1"), pages[-3]
    assert "Kyffhäuserkreis 2025.1, Entwurf" not in opening
    assert "Kyffhäuserkreis 2025.1, Entwurf" in inside


def test_a_long_table_repeats_its_head_on_the_next_page(pages):
    holding = [page for page in pages if re.search(r"Gemeinde \d+ \d+,1", page)]
    assert len(holding) > 1
    assert all("Gebiet 2021 2022" in page for page in holding)


def test_only_a_book_without_resolution_carries_the_draft_mark(pages, tmp_path):
    assert "nicht beschlossen" in page_with(pages, "Siehe Abbildung 1.1")
    book, edition = make_book(tmp_path, status="beschlossen")
    decided = write_pdf(book, tmp_path / "buch.pdf", files=tmp_path, edition=edition)
    with pikepdf.open(decided) as pdf:
        assert not any("nicht beschlossen" in page_text(page) for page in pdf.pages)


def test_key_statements_say_number_words_and_rating(pages):
    assert "12,4 % der Kinder. ungünstiger als Thüringen" in page_with(pages, "Kernaussagen")


def test_a_damaged_picture_names_the_chapter_and_keeps_the_old_pdf(tmp_path):
    book, edition = make_book(tmp_path, picture="kaputt")
    target = tmp_path / "buch.pdf"
    target.write_bytes(b"die letzte gute Ausgabe")
    with pytest.raises(RenderError, match=r"chapters/erstes\.qmd.*Bilddatei"):
        write_pdf(book, target, files=tmp_path, edition=edition)
    assert target.read_bytes() == b"die letzte gute Ausgabe"


def test_the_check_finds_a_missing_alternative_text_language_and_page_size(book_pdf, tmp_path):
    with pikepdf.open(book_pdf) as pdf:
        del next(element for element in structure(pdf) if element.S == "/Figure")["/Alt"]
        pdf.Root.Lang = pikepdf.String("en")
        pdf.pages[0].mediabox = [0, 0, 612, 792]
        pdf.save(tmp_path / "falsch.pdf")
    findings = " ".join(check_pdf(tmp_path / "falsch.pdf"))
    assert "Seite 1: Eine Abbildung hat keinen Alternativtext." in findings
    assert "Die Sprache ist nicht Deutsch" in findings
    assert "Seite 1: Das Format ist nicht A4." in findings


def test_the_check_reports_a_file_that_is_no_pdf(tmp_path):
    path = tmp_path / "kein.pdf"
    path.write_text("kein PDF", encoding="utf-8")
    assert "lässt sich nicht lesen" in check_pdf(path)[0]
