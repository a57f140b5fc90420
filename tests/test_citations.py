"""Entries for reference managers, read back by pandoc, which knows both formats on its own."""

import json
import subprocess

import pytest

from kreisbericht.assemble.citations import Reference, as_bibtex, as_ris
from kreisbericht.assemble.pandoc import pandoc_path
from tests.html_book import CHAPTERS, DISTRICT, FILES, write_sample

HOSTILE = (
    "Armut} , note = {x\r\nER  - \r\nTY  - JOUR\n\\input{/etc/passwd} \\write18{rm} 50 % & 3_4 #1 ~ ^ $x$ "
    "<script>alert(1)</script> @book{b, title={x}} ä – ß"
)
WRITERS = {"bibtex": as_bibtex, "ris": as_ris}


def read_back(text: str, kind: str) -> list[dict]:
    command = [pandoc_path(), "-f", kind, "-t", "csljson"]
    return json.loads(subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout)


def reference(**changes: str) -> Reference:
    facts = {
        "key": "16065-2025.1-kinderarmut", "author": "Landratsamt Kyffhäuserkreis", "year": "2026",
        "title": "Sozialbericht Kyffhäuserkreis", "edition": "2025.1, Entwurf, Datenstand 30.09.2026",
        "chapter": "Kinderarmut", "number": "26", "address": "https://berichte.example/16065/2025/x.html",
    }  # fmt: skip
    return Reference(**facts | changes)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_reference_manager_reads_author_year_chapter_book_and_address(kind):
    (entry,) = read_back(WRITERS[kind](reference()), kind)
    assert entry["type"] == "chapter"
    assert entry["title"] == "Kinderarmut" and entry["container-title"] == "Sozialbericht Kyffhäuserkreis"
    assert [next(iter(name.values())) for name in entry["author"]] == ["Landratsamt Kyffhäuserkreis"]
    assert entry["issued"]["date-parts"][0][0] == 2026
    assert entry["URL"] == "https://berichte.example/16065/2025/x.html"
    assert entry["edition"].startswith("2025.1")


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("field", ["chapter", "title", "author", "edition"])
def test_hostile_words_stay_words_of_one_entry(kind, field):
    text = WRITERS[kind](reference(**{field: HOSTILE}))
    entries = read_back(text, kind)
    assert len(entries) == 1
    (entry,) = entries
    shown = " ".join(str(value) for value in entry.values())
    assert "<script>" in shown.replace("\\", "") and "note" not in entry
    assert sum(line.startswith(("TY  -", "ER  -")) for line in as_ris(reference(**{field: HOSTILE})).splitlines()) == 2
    bare = as_bibtex(reference(**{field: HOSTILE}))
    assert "\\input" not in bare and "\\write18" not in bare


def test_an_address_cannot_end_its_field():
    text = as_bibtex(reference(address="https://x.example/a} , note = {b"))
    assert "url = {https://x.example/a%7D%20,%20note%20=%20%7Bb}" in text


def test_every_chapter_and_the_book_have_their_files(project, tmp_path):
    meta = {**DISTRICT, "book": {"author": "Landratsamt", "site-url": "https://berichte.example"}}
    write_sample(project(FILES, chapters=CHAPTERS), tmp_path / "out", meta=meta)
    made = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.ris"))
    assert made == ["chapters/armut.ris", "chapters/bevoelkerung.ris", "zitat.ris"]
    (whole,) = read_back((tmp_path / "out" / "zitat.bib").read_text(encoding="utf-8"), "bibtex")
    (chapter,) = read_back((tmp_path / "out" / "chapters" / "armut.bib").read_text(encoding="utf-8"), "bibtex")
    assert (whole["type"], whole["title"], whole["id"]) == ("book", "Bericht", "16065-2020.1")
    assert (chapter["title"], chapter["container-title"]) == ("Kinderarmut", "Bericht")
    assert chapter["URL"] == "https://berichte.example/16065/2020/chapters/armut.html"
