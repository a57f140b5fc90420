"""Readers' files become a table with answers, notes in the draft and the Abwägungstabelle; hostile text stays text."""

import dataclasses
import datetime as dt
import json
import shutil
import subprocess

import openpyxl
import pikepdf
import pytest

from kreisbericht.check.book import check_pages
from kreisbericht.check.pdf import check_pdf
from kreisbericht.editions import Edition
from kreisbericht.errors import DataError, ParameterError
from kreisbericht.regions import find_region
from kreisbericht.reviews import draft, files, table
from kreisbericht.reviews.collect import collect_reviews
from kreisbericht.reviews.model import Place
from kreisbericht.reviews.weighing import Weighing, build_workbook, read_answers, write_weighing
from tests.book_project import write_project
from tests.html_book import CHAPTERS, FILES, write_sample
from tests.reader_files import note, write

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> [Klick](javascript:alert(3)) {{< include /etc/passwd >}} "
    "@fig-gibtesnicht ?tbl-fehlt $(rm -rf ~) `{=html}<b>` #eval(\"1 + 1\") #read(\"/etc/passwd\") $x^2$ *a* _b_ \\"
)  # fmt: skip
FORMULAS = ['=HYPERLINK("http://boese.example","x")', "+1+1", "-1", "@SUM(A1)", "\t=1", "'=1"]
DAY = dt.date(2026, 12, 1)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A small book, rendered once; nobody changes it."""
    root = tmp_path_factory.mktemp("buch")
    write_sample(write_project(root, FILES, CHAPTERS), root / "fertig")
    return root / "fertig"


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Data folder and site of an office with a draft of 2020: ``office / 'data'``, ``office / 'site'``."""
    monkeypatch.setenv("KREISBERICHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KREISBERICHT_SITE", str(tmp_path / "site"))
    return tmp_path


def edition(status="entwurf"):
    return Edition("2020", "2020.1", 2020, dt.date(2020, 12, 31), status, None, "", None)


def collect(office, *given, status="entwurf", **options):
    return collect_reviews(REGION, edition(status), given, folder=office / "tabelle", day=DAY, **options)


REGION = find_region("16065")


def inbox(office):
    return office / "data" / "rueckmeldungen" / "2020"


def place_draft(office, sample):
    target = office / "site" / "16065" / "2020"
    shutil.copytree(sample, target)
    return target


def read(folder, name="chapters/armut.html"):
    return (folder / name).read_text(encoding="utf-8")


# 1. Files ------------------------------------------------------------------------------------------------------------


def test_a_broken_file_or_note_is_named_with_its_place_and_nothing_else_is_lost(office):
    good = write(inbox(office), "gut", note(), note("Zweite", key="n2"))
    write(inbox(office), "halb", note(key="n3"), {"id": "x"}, note(key="n4", art="lob"), note("x" * 5001, key="n5"),
          note(key="n6", seite="../../geheim.html"), note(key="n7", seite="javascript:alert(1)"),
          note(key="n8", erstellt="2026-02-31T10:00:00Z"), "kein Objekt", note(" \x00 ", key="n9"))  # fmt: skip
    (inbox(office) / "kaputt.json").write_text('{"format": "kreis', encoding="utf-8")
    (inbox(office) / "fremd.json").write_text('{"name": "package"}', encoding="utf-8")
    (inbox(office) / "tief.json").write_text("[" * 100_000, encoding="utf-8")
    (inbox(office) / "bild.json").write_bytes(b"\xff\xd8\xff\xe0")
    write(inbox(office), "anderer", note(), ags="16067")
    found = files.read_files(files.find_files("2020"), ags="16065", edition="2020")
    assert [one.id for one in found.notes] == ["n1", "n2", "n3"]
    told = "\n".join(found.problems)
    assert good.name not in told
    for part in (
        "halb.json, Anmerkung 2: Feld (ganze Anmerkung) ist unvollständig: 'art' fehlt",
        "Anmerkung 3: Feld 'art' hat den unbekannten Wert 'lob'",
        "Anmerkung 4: Feld 'text' ist länger als 5000 Zeichen",
        "Anmerkung 5: Feld 'stelle' 'seite' hat den unzulässigen Wert '../../geheim.html'",
        "Anmerkung 6: Feld 'stelle' 'seite'", "Anmerkung 7: Feld 'erstellt': den Tag '2026-02-31' gibt es nicht",
        "Anmerkung 8: Feld (ganze Anmerkung) hat die falsche Form", "Anmerkung 9: Sie hat keinen Text",
        "kaputt.json, Zeile 1, Spalte 12: kein gültiges JSON", "fremd.json: keine Datei mit Anmerkungen",
        "tief.json: nicht lesbar", "bild.json: nicht lesbar", "anderer.json: gehört zu Kreis '16067'",
    ):  # fmt: skip
        assert part in told, part


def test_a_file_given_that_is_not_there_stops_before_anything_is_changed(office):
    with pytest.raises(ParameterError, match=r"fehlt\.json"):
        collect(office, office / "fehlt.json")
    assert not (office / "data").exists()


def test_signs_nobody_sees_are_taken_out(office):
    write(inbox(office), "a", note("Kata\u202egorie\x07 \ud800weiter\r\nzweite Zeile", von="Amt\n\x1b[31m51"))
    (one,) = files.read_files(files.find_files("2020"), ags="16065", edition="2020").notes
    assert (one.text, one.author) == ("Katagorie weiter\nzweite Zeile", "Amt [31m51")


# 2. The table --------------------------------------------------------------------------------------------------------


def answer(number, state="angenommen", text="Wird ergänzt."):
    entries = [
        dataclasses.replace(one, state=state, answer=text, decider="Steuerungsgremium", decided=DAY)
        if one.number == number
        else one
        for one in table.load_entries("2020")
    ]
    table.save_entries("2020", entries)


def test_answers_survive_a_new_merge_and_numbers_stay(office):
    write(inbox(office), "a", note(), note("Zweite", key="n2"))
    collect(office)
    answer(2)
    write(inbox(office), "b", note("Dritte", key="n0", erstellt="2026-01-01T00:00:00Z", von="Eltern"))
    done = collect(office)
    assert [(one.number, one.note.text, one.state) for one in done.entries] == [
        (1, "Warum?", "offen"), (2, "Zweite", "angenommen"), (3, "Dritte", "offen"),
    ]  # fmt: skip
    assert (done.entries[1].answer, done.entries[1].decided) == ("Wird ergänzt.", DAY)


def test_the_same_note_in_two_files_or_under_two_ids_is_one(office):
    write(inbox(office), "a", note())
    write(inbox(office), "b", note(), note(key="anders"))
    assert len(collect(office).entries) == 1


def test_a_readers_own_change_is_followed_and_an_answered_one_is_told(office):
    write(inbox(office), "a", note(von=""))
    collect(office)
    answer(1)
    write(inbox(office), "b", note("Warum genau?", von="Jugendamt", geaendert="2026-11-23T10:00:00Z"))
    done = collect(office)
    (one,) = done.entries
    assert (one.note.text, one.note.author, one.answer) == ("Warum genau?", "Jugendamt", "Wird ergänzt.")
    assert any("Nach der Antwort geändert, bitte prüfen: Nr. 1" in line for line in done.lines)


def test_nobody_can_overwrite_another_readers_note_by_its_id(office):
    write(inbox(office), "a", note("Von mir"))
    collect(office)
    write(inbox(office), "b", note("Untergeschoben", von="Fremd", geaendert="2027-01-01T00:00:00Z"))
    for _ in range(2):
        entries = collect(office).entries
        assert [(one.note.text, one.note.author) for one in entries] == [
            ("Von mir", "Jugendamt"), ("Untergeschoben", "Fremd"),
        ]  # fmt: skip


def test_text_like_formulas_and_of_several_lines_comes_back_as_it_was(office):
    texts = [*FORMULAS, "eins\nzwei; \"drei\", vier", HOSTILE]  # fmt: skip
    write(inbox(office), "a", *(note(text, key=f"n{i}", von=text[:100]) for i, text in enumerate(texts)))
    collect(office)
    kept = {one.note.id: one.note.text for one in table.load_entries("2020")}
    assert [kept[f"n{i}"] for i in range(len(texts))] == [text.strip() for text in texts]
    cells = table.table_path("2020").read_text(encoding="utf-8")
    assert ",'=HYPERLINK" in cells.replace('"', "") and "\n=" not in cells and ",=" not in cells


def test_a_table_saved_by_a_german_spreadsheet_is_read(office):
    write(inbox(office), "a", note("Größe?"))
    collect(office)
    path = table.table_path("2020")
    lines = (
        path.read_text(encoding="utf-8").replace(",", ";").replace("offen;;;", "Angenommen;Ja, größer;Amt;01.12.2026")
    )
    path.write_bytes(lines.encode("cp1252"))
    (one,) = table.load_entries("2020")
    assert (one.note.text, one.state, one.answer, one.decided) == ("Größe?", "angenommen", "Ja, größer", DAY)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1,offen,,,,", "1,angenomen,x,,,", "Zeile 2, Spalte 'status': 'angenomen'.*Meinten Sie: angenommen"),
        ("1,offen,,,,", "1,abgelehnt,,,,", "Zeile 2, Spalte 'antwort'"),
        ("1,offen,,,,", "1,offen,,,31.02.2026,", "Zeile 2, Spalte 'entschieden_am'"),
        ("1,offen,,,,", "eins,offen,,,,", "Zeile 2, Spalte 'nr'"),
        ("nr,status,", "nr,stand,", "Die Spalte 'status' fehlt"),
    ],
)
def test_a_mistake_in_the_table_is_named_and_nothing_is_written(office, old, new, said):
    write(inbox(office), "a", note())
    collect(office)
    path = table.table_path("2020")
    spoilt = path.read_text(encoding="utf-8").replace(old, new, 1)
    path.write_text(spoilt, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        collect(office)
    assert path.read_text(encoding="utf-8") == spoilt


# 3. In the draft -----------------------------------------------------------------------------------------------------


def test_notes_stand_below_their_blocks_and_the_first_page_lists_them(office, sample):
    book = place_draft(office, sample)
    write(inbox(office), "a", note(), note("Achse?", key="n2", block="abbildung", anker="fig-armut", exact="Titel"),
          note("Zeile?", key="n3", block="tabelle", anker="tbl-armut", exact="Werte Je 100 Kinder"),
          note("Kurz", key="n4", block="ueberschrift", anker="sec-armut", exact="Kinderarmut"),
          note("Woher?", key="n5", block="listenpunkt",
               exact="12,4 % der Kinder. ungünstiger als Thüringen (9,7 %)"))  # fmt: skip
    done = collect(office)
    assert done.shown.states == {1: "unverändert", 2: "Text geändert", 3: "unverändert", 4: "unverändert",
                                 5: "unverändert"}  # fmt: skip
    page = read(book)
    assert page.index("Der Rückgang folgt dem Land.</p><!--rueckmeldung-->") < page.index('id="rueckmeldung-1"')
    assert page.index('<figure id="fig-armut">') < page.index('id="rueckmeldung-2"') < page.index("</figure>")
    assert page.index('<div class="tafel" id="tbl-armut">') < page.index('id="rueckmeldung-3"')
    assert 'href="chapters/armut.html#rueckmeldung-3"' in read(book, "index.html")
    assert check_pages(book) == []


def test_a_changed_text_keeps_its_note_a_removed_one_is_listed_as_lost(office, sample):
    book = place_draft(office, sample)
    around = {
        "prefix": "ehlt der Wert. Einordnung der Sozialplanung"[-40:],
        "suffix": "Kinder unter 15 Jahren günstiger",
    }
    write(inbox(office), "a", note("Folgt?", **around))
    write(inbox(office), "b", note("Fehlt?", key="n2", exact="Für 2023 fehlt der Wert.", anker="sec-armut-verlauf",
                                   abschnitt="Wie hat sie sich entwickelt?"))  # fmt: skip
    page = read(book).replace("Der Rückgang folgt dem Land.", "Der Rückgang folgt diesmal dem Land.")
    (book / "chapters/armut.html").write_text(page.replace("<p>Für 2023 fehlt der Wert.</p>", ""), encoding="utf-8")
    done = collect(office)
    assert done.shown.states == {1: "Text geändert", 2: "nicht mehr gefunden"}
    assert any("Nicht mehr gefunden: Nr. 2." in line for line in done.lines)
    shown = read(book)
    assert shown.index("folgt diesmal dem Land.</p>") < shown.index('id="rueckmeldung-1"')
    lost = shown.partition("deren Stelle nicht mehr zu finden ist")[2]
    assert 'id="rueckmeldung-2"' in lost and "Zu: „Für 2023 fehlt der Wert.“" in lost
    assert check_pages(book) == []


def test_a_page_that_is_gone_loses_its_notes_on_the_first_page_and_a_moved_text_is_followed(office, sample):
    book = place_draft(office, sample)
    moved = "Die Kindertagesbetreuung steht anderswo. Die Wanderungen gleichen die Sterbefälle nicht aus."
    write(inbox(office), "a", note("Weg", seite="chapters/weg.html"), note("Umgezogen", key="n2", exact=moved))
    done = collect(office)
    assert done.shown.states == {1: "nicht mehr gefunden", 2: "Text verschoben"}
    assert 'id="rueckmeldung-1"' in read(book, "index.html")
    assert 'id="rueckmeldung-2"' in read(book, "chapters/bevoelkerung.html")


def test_repeating_changes_nothing_and_without_notes_a_page_is_as_it_was(office, sample):
    book = place_draft(office, sample)
    write(inbox(office), "a", note())
    collect(office)
    once = read(book)
    collect(office)
    assert read(book) == once != read(sample)
    table.table_path("2020").unlink()
    (inbox(office) / "a.json").unlink()
    collect(office)
    assert {path.name: read(book, path) for path in book.rglob("*.html")} == {
        path.name: read(sample, path) for path in sample.rglob("*.html")
    }


@pytest.mark.parametrize("status", ["steuerungsgremium", "ausschuss", "beschlossen"])
def test_past_the_draft_no_page_has_notes(office, sample, status):
    book = place_draft(office, sample)
    write(inbox(office), "a", note())
    collect(office)
    done = collect(office, status=status)
    assert "rueckmeldung-1" not in read(book) and read(book) == read(sample)
    assert any("kein Entwurf mehr" in line for line in done.lines)


def test_a_published_folder_is_never_touched(office, sample):
    book = place_draft(office, sample)
    (book / "SHA256SUMS").write_text("", encoding="utf-8")
    (book / "ausgabe.json").write_text(json.dumps({"id": "2020", "version": "2020.1"}), encoding="utf-8")
    write(inbox(office), "a", note())
    collect(office)
    assert read(book) == read(sample)


def test_hostile_text_is_text_in_the_draft(office, sample):
    book = place_draft(office, sample)
    write(inbox(office), "a", note(HOSTILE, von=HOSTILE[:120], kapitel=HOSTILE[:300], abschnitt=HOSTILE[:300]),
          note(HOSTILE, key="n2", exact=HOSTILE))  # fmt: skip
    collect(office)
    answer(1, text=HOSTILE)
    collect(office)
    for name in ("index.html", "chapters/armut.html"):
        page = read(book, name)
        assert not any(part in page for part in ("<script>alert", "<img src=x", "{=html}`<b>", "`{=html}<b>"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in read(book)
    assert check_pages(book) == []


# 4. The Abwägungstabelle ---------------------------------------------------------------------------------------------


def weigh(office, **options):
    entries = collect(office, **options).entries
    return Weighing(REGION, edition(), entries, {entry.number: draft.AS_WAS for entry in entries}, DAY)


def test_the_workbook_has_typed_cells_and_formulas_stay_text(office):
    texts = [*FORMULAS, HOSTILE]
    write(inbox(office), "a", *(note(text, key=f"n{i}") for i, text in enumerate(texts)))
    collect(office)
    answer(1, "abgelehnt", "=1+1")
    (office / "t.xlsx").write_bytes(build_workbook(weigh(office)))
    sheet = openpyxl.load_workbook(office / "t.xlsx")["Abwägung"]
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head][:5] == ["Nr.", "Stelle", "Fundstelle", "Art", "Stellungnahme"]
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    assert sorted(row[4].value for row in rows) == sorted(text.strip() for text in texts)
    first = {name.value: cell for name, cell in zip(head, rows[0], strict=True)}
    assert first["Nr."].value == 1 and first["Entschieden am"].value == dt.datetime(2026, 12, 1)
    assert first["Abwägung / Antwort"].value == "=1+1" and first["Abwägung / Antwort"].data_type == "s"
    assert sheet.data_validations.dataValidation[0].formula1 == '"offen,angenommen,abgelehnt"'


def test_answers_written_into_the_workbook_come_back_into_the_table(office):
    write(inbox(office), "a", note(), note("Zweite", key="n2"))
    collect(office)
    path = office / "tabelle" / "abwaegungstabelle-16065-2020.1.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Abwägung"]
    head = [cell.value for cell in sheet[1]]
    for name, value in {"Abwägung / Antwort": "Wird geprüft.", "Entscheidung": "angenommen",
                        "Entschieden von": "Amt 51", "Entschieden am": dt.datetime(2026, 12, 1)}.items():  # fmt: skip
        sheet.cell(3, head.index(name) + 1, value)
    book.save(path)
    done = collect(office, answers=path)
    assert [(one.state, one.answer, one.decider, one.decided) for one in done.entries] == [
        ("offen", "", "", None), ("angenommen", "Wird geprüft.", "Amt 51", DAY),
    ]  # fmt: skip
    assert any("1 Antworten" in line for line in done.lines)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("Nr.", 99, "Zeile 2: Die Nr. '99'"), ("Entscheidung", "vielleicht", "Zeile 2, Spalte 'status': 'vielleicht'"),
     ("Entscheidung", "abgelehnt", "Zeile 2, Spalte 'antwort'"), ("Abwägung / Antwort", "=1+1", "Zeile 2.*Formel")],
)  # fmt: skip
def test_a_mistake_in_the_filled_workbook_is_named_and_nothing_is_taken(office, column, value, said):
    write(inbox(office), "a", note())
    entries = collect(office).entries
    path = office / "tabelle" / "abwaegungstabelle-16065-2020.1.xlsx"
    book = openpyxl.load_workbook(path)
    head = [cell.value for cell in book["Abwägung"][1]]
    book["Abwägung"].cell(2, head.index(column) + 1, value)
    book.save(path)
    with pytest.raises(DataError, match=said):
        read_answers(path, entries)


def test_the_pdf_is_accessible_and_prints_hostile_text_as_text(office):
    write(
        inbox(office),
        "a",
        note(HOSTILE + "\nzweite Zeile", von="=1+1"),
        *(note(f"Lang {i} " * 120, key=f"n{i}") for i in range(9)),
    )
    _, pdf = write_weighing(weigh(office), office)
    # Landscape, and text that looks like a reference nobody resolved: on purpose, here.
    assert [found for found in check_pdf(pdf) if "A4" not in found and "aufgelöst" not in found] == []
    with pikepdf.open(pdf) as opened:
        assert opened.Root.Lang == "de" and "Abwägungstabelle" in str(opened.docinfo["/Title"])
        assert len(opened.pages) > 1  # rows go on over pages
    words = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    for part in ("<script>", "{{< include", "#eval", "$x^2$", "=1+1"):
        assert part in words, part
    assert "root:" not in words


# 5. Places -----------------------------------------------------------------------------------------------------------


def test_the_same_workbook_twice_has_the_same_bytes(office):
    write(inbox(office), "a", note())
    assert build_workbook(weigh(office)) == build_workbook(weigh(office))


def test_a_place_says_chapter_section_and_excerpt():
    place = Place("a.html", "4 Armut", "Verlauf", "x", "absatz", "Wort " * 30)
    assert place.label.startswith("4 Armut, Verlauf, Absatz „Wort Wort") and place.label.endswith("…“")
    assert (
        Place("a.html", "4 Armut", "Verlauf", "x", "ueberschrift", "Verlauf").label == "4 Armut, Überschrift „Verlauf“"
    )
