"""The command from end to end: what is made again, what bad input says, and that nothing good is ever lost."""

from __future__ import annotations

import csv
import json
import re
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup

from kreisbericht.check.reading import read_aloud
from tests.book_project import Project, copy_rendered

NOTEBOOK = "notebooks/armut/kinderarmut.ipynb"


@pytest.fixture
def project(small_book, tmp_path) -> Project:
    """A project with a finished book, to be spoilt."""
    return copy_rendered(small_book, tmp_path / "projekt")


def add_cell(project: Project, source: str, name: str = NOTEBOOK) -> None:
    file = project.root / name
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"].append(
        {"cell_type": "code", "id": "neu", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    )
    file.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def assert_refused(done, *words: str, code: int | None = None) -> None:
    """The command failed with a German message that holds ``words``, and without a traceback."""
    assert done.returncode == code if code else done.returncode != 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Fehler: ")
    for word in words:
        assert word in done.stderr


def test_a_second_render_runs_nothing_and_says_unchanged(project):
    before = project.fingerprint()
    done = project.render()
    assert done.returncode == 0, done.stderr
    assert "unverändert" in done.stdout
    assert "[1/" not in done.stdout
    assert project.fingerprint() == before


def test_both_results_are_named_where_they_are(project):
    lines = project.render().stdout.splitlines()
    named = {line.split()[0]: Path(line.split(maxsplit=1)[1]) for line in lines if line.startswith("  ")}
    assert set(named) == {"HTML", "PDF"}
    assert all(path.is_file() for path in named.values())


def test_a_changed_notebook_is_the_only_one_that_runs_again(project):
    project.edit(NOTEBOOK, r"vergleich: list = []", r"vergleich: list = [\"16062\"]")
    done = project.render("--format", "html")
    assert done.returncode == 0, done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("[")] == ["kinderarmut"]


def test_a_written_chapter_is_taken_in_without_running_a_notebook(project):
    project.append("chapters/strategie.qmd", "Ein Satz, den es vorher nicht gab.")
    done = project.render("--format", "html")
    assert done.returncode == 0, done.stderr
    assert "[1/" not in done.stdout
    assert "Ein Satz, den es vorher nicht gab." in (project.book / "chapters/strategie.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--edition", "2052"], 2, ["Ausgabe '2052' gibt es nicht", "2025"]),
        (["--kreis", "Kyffhauserkreis"], 2, ["Kyffhauserkreis", "Meinten Sie", "Kyffhäuserkreis"]),
        # Eisenach has been part of the Wartburgkreis since 1 July 2021
        (["--kreis", "16056"], 2, ["Eisenach", "Wartburgkreis"]),
        (["--kreis", "16999"], 2, ["16999"]),
        (["--bericht", "famile"], 2, ["Bericht 'famile' gibt es nicht", "Meinten Sie: familie?"]),
        (["--format", "pfd"], 2, ["Format 'pfd' gibt es nicht", "Meinten Sie: pdf?"]),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest_known_one(project, options, code, words):
    before = project.fingerprint()
    assert_refused(project.render(*options), *words, code=code)
    assert project.fingerprint() == before


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        (
            "a notebook that raises",
            lambda project: add_cell(project, "werte = {}\nwerte['2031']"),
            ["kinderarmut.ipynb", "Zelle", "KeyError: '2031'", "unverändert"],
        ),
        (
            "a kernel that dies",
            lambda project: add_cell(project, "import os\nos._exit(9)"),
            ["kinderarmut.ipynb", "Zelle", "Kernel", "unverändert"],
        ),
        (
            "a parameter of the wrong type",
            lambda project: project.edit(NOTEBOOK, r"vergleich: list = []", r"vergleich: list = [\"16662\"]"),
            ["16662"],
        ),
        (
            "a chapter that does not exist",
            lambda project: project.edit("_quarto.yml", "- chapters/methoden.qmd", "- chapters/metoden.qmd"),
            ["_quarto.yml", "chapters/metoden.qmd", "Meinten Sie: chapters/methoden.qmd", "unverändert"],
        ),
        (
            "a data chapter without a notebook",
            lambda project: project.edit("_quarto.yml", "daten/kinderarmut.ipynb", "daten/kinderarmt.ipynb"),
            ["_quarto.yml", "kinderarmt.ipynb", "Meinten Sie: kinderarmut?", "unverändert"],
        ),
        (
            "a broken reference",
            lambda project: project.append("chapters/strategie.qmd", "Siehe @fig-gibt-es-nicht."),
            ["strategie.qmd", "fig-gibt-es-nicht", "unverändert"],
        ),
        (
            "a link to a chapter that is not there",
            lambda project: project.append("chapters/strategie.qmd", "Siehe [dort](nirgends.qmd)."),
            ["strategie", "nirgends", "unverändert"],
        ),
        (
            "a figure file that is missing",
            lambda project: project.append(
                "chapters/strategie.qmd", '![Ein Bild](fehlt.svg){#fig-fehlt fig-alt="Ein Bild"}'
            ),
            ["strategie", "fehlt.svg", "unverändert"],
        ),
        (
            "markup the assembler does not know",
            lambda project: project.append("chapters/strategie.qmd", "{{< video film.mp4 >}}"),
            ["strategie.qmd", "video", "unverändert"],
        ),
        (
            "broken YAML",
            lambda project: project.edit("_quarto.yml", "  title: Sozialbericht", "  title: 'Sozialbericht"),
            ["_quarto.yml", "Zeile", "YAML"],
        ),
    ],
)
def test_a_failure_is_explained_and_leaves_the_last_good_book_as_it_was(project, name, spoil, words):
    before = project.fingerprint()
    spoil(project)
    assert_refused(project.render(), *words)
    assert project.fingerprint() == before, name
    assert not [path for path in (project.root / "_site").rglob(".*.neu-*")]


def test_after_the_repair_the_book_is_made_without_running_the_other_chapters(project):
    original = (project.root / NOTEBOOK).read_bytes()
    add_cell(project, "raise ValueError('kaputt')")
    assert project.render().returncode == 4
    (project.root / NOTEBOOK).write_bytes(original)
    done = project.render()
    assert done.returncode == 0, done.stderr
    assert "unverändert" in done.stdout


def test_an_indicator_without_values_is_said_in_words_and_drawn_nowhere(project):
    figures = project.root / "data"
    target = figures.resolve()
    figures.unlink()
    figures.mkdir()
    for path in target.iterdir():
        if path.name != "werte":
            (figures / path.name).symlink_to(path)
    for path in (target / "werte").rglob("*.csv"):
        copy = figures / path.relative_to(target)
        copy.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = lines if path.stem != "kinderarmut_u15" else [line for line in lines if not line.startswith("16065,")]
        copy.write_text("".join(kept), encoding="utf-8")
    done = project.render("--format", "html")
    assert done.returncode == 0, done.stderr
    page = (project.book / "chapters/daten/kinderarmut.html").read_text(encoding="utf-8")
    assert 'id="fig-kinderarmut-u15-trend"' not in page
    assert not list(project.book.rglob("fig-kinderarmut-u15-trend*"))
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    # says that there is none, for whom, and where to get it (INKAR is the publisher's work in the catalogue)
    note = re.search(r"[^.]*(?:kein|keine|keinen) (?:\w+ )?Wert[^.]*\.[^.]*\.[^.]*\.", words)
    assert note, words[:3000]
    assert "INKAR" in note[0]
    assert "Kyffhäuserkreis" in note[0]
    assert "NaN" not in words
    assert "nan %" not in words


# The figures in the tables, read again from data/ by other means: csv and Decimal, no pandas, no library of ours.


class TableReader(HTMLParser):
    """Rows of every table in a page, by the identifier of the element around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, list[list[str]]] = {}
        self.name, self.rows, self.cell = "", None, None

    def handle_starttag(self, tag, attrs):
        self.name = dict(attrs).get("id") or self.name
        if tag == "table":
            self.rows = self.tables.setdefault(self.name, [])
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("th", "td") and self.rows:
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("th", "td") and self.cell is not None:
            self.rows[-1].append(self.cell.strip())
            self.cell = None
        elif tag == "table":
            self.rows = None


def read_tables(book: Path) -> dict[str, list[list[str]]]:
    """All tables of indicators in the book, ``{'kinderarmut_u15': [[…]]}``."""
    found = {}
    for page in sorted((book / "chapters" / "daten").glob("*.html")):
        reader = TableReader()
        reader.feed(re.sub(r'id="tbl-[\w-]+-titel"', "", page.read_text(encoding="utf-8")))
        found |= {name[4:].replace("-", "_"): rows for name, rows in reader.tables.items() if name.startswith("tbl-")}
    return found


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_german(value: Decimal, digits: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    sign = "−" if rounded < 0 else ""
    return sign + whole.replace(",", ".") + ("," + fraction if fraction else "")


def test_every_number_in_the_tables_is_the_published_figure(rendered_book):
    data = rendered_book.root / "data"
    digits = {row["id"]: int(row["nachkommastellen"]) for row in read_csv(data / "indikatoren.csv")}
    places: dict[str, list[str]] = {}
    for row in read_csv(data / "gebiete.csv"):
        if not row["gueltig_bis"]:
            places.setdefault(row["name"], []).append(row["ags"])
    files = {file.stem: file for file in (data / "werte").rglob("*.csv")}
    compared, wrong = 0, []
    for indicator, (head, *rows) in read_tables(rendered_book.book).items():
        if indicator not in files:  # a table of several indicators
            continue
        figures = {(row["ags"], row["jahr"]): row for row in read_csv(files[indicator])}
        for name, *cells in rows:
            for year, shown in zip(head[1:], cells, strict=True):
                if not re.fullmatch(r"\d{4}", year):
                    continue
                # Some city and the district around it share a name: then either figure is right.
                published = [figures[ags, year]["wert"] for ags in places.get(name, []) if (ags, year) in figures]
                # A true zero is a dash, as official tables write it.
                exact = [Decimal(value) for value in published if value]
                expected = {write_german(value, digits[indicator]) if value else "–" for value in exact}
                compared += bool(expected)
                if (shown not in expected) if expected else re.search(r"\d", shown):
                    wrong.append((indicator, name, year, shown, expected))
    assert wrong == []
    assert compared >= 100


@pytest.mark.parametrize(
    ("indicator", "name", "first", "published"),
    [
        # BBSR, INKAR Ausgabe 2024, "Kinderarmut" 2016 to 2022: 17.94 18.08 16.51 15.46 14.01 12.57 12.40 [%]
        ("kinderarmut_u15", "Kyffhäuserkreis", 2016, "17,9 18,1 16,5 15,5 14,0 12,6 12,4"),
        # the same: 13.92 14.21 12.98 12.00 10.98 9.80 9.70
        ("kinderarmut_u15", "Thüringen", 2016, "13,9 14,2 13,0 12,0 11,0 9,8 9,7"),
        # the same: 14.08 14.69 14.17 13.44 12.96 12.18 12.07
        ("kinderarmut_u15", "Deutschland", 2016, "14,1 14,7 14,2 13,4 13,0 12,2 12,1"),
        # Regionaldatenbank Deutschland, table 12411-01-01-4, 31 December [persons]
        ("bevoelkerung", "Kyffhäuserkreis", 2019, "74.212 73.522 72.964 73.022 72.556 71.738"),
        # Regionaldatenbank Deutschland, table 12612-01-01-4, live births 2020 to 2024
        ("geburten", "Kyffhäuserkreis", 2020, "518 471 472 423 398"),
        ("geburten", "Thüringen", 2020, "15.991 15.377 14.131 12.952 11.803"),
        ("geburten", "Deutschland", 2020, "773.144 795.492 738.819 692.989 677.117"),
    ],
)
def test_figures_copied_from_the_publishers_stand_in_the_book(rendered_book, indicator, name, first, published):
    head, *rows = read_tables(rendered_book.book)[indicator]
    shown = dict(zip(head, next(row for row in rows if row[0] == name), strict=True))
    expected = {str(first + offset): figure for offset, figure in enumerate(published.split())}
    assert {year: shown[year] for year in expected} == expected


def test_the_pdf_declares_its_standards_language_and_title(rendered_book):
    with pikepdf.open(rendered_book.pdf) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert str(pdf.Root.Lang).lower().startswith("de")
        assert "Kyffhäuserkreis" in metadata["dc:title"]
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_every_figure_of_the_pdf_has_an_alternative_text(rendered_book):
    pictures = sum(page.read_text(encoding="utf-8").count("<figure id=") for page in rendered_book.book.rglob("*.html"))
    with pikepdf.open(rendered_book.pdf) as pdf:
        alternatives = [str(element.get("/Alt", "")) for element in walk(pdf.Root.StructTreeRoot) if is_figure(element)]
    assert len(alternatives) >= pictures > 0
    assert [text for text in alternatives if len(text.strip()) < 10] == []


@pytest.fixture(scope="module")
def spoken(rendered_book) -> list[tuple[str, str]]:
    """Headings and figures of the whole PDF as a reading program meets them."""
    kinds = {"H1": "h1", "H2": "h2", "H3": "h3", "Figure": "img"}
    return [
        (kinds[item.kind], " ".join(item.text.split())) for item in read_aloud(rendered_book.pdf) if item.kind in kinds
    ]


@pytest.mark.parametrize("stem", ["bevoelkerung", "kinderbetreuung", "schulabschluesse", "kinderarmut", "steckbriefe"])
def test_the_pdf_is_read_in_the_order_of_the_page_with_the_same_alternative_texts(rendered_book, spoken, stem):
    page = (rendered_book.book / "chapters" / "daten" / f"{stem}.html").read_text(encoding="utf-8")
    seen = [
        (element.name, " ".join((element.get("alt") or element.get_text(" ")).split()))
        for element in BeautifulSoup(page, "html.parser").main.find_all(["h1", "h2", "h3", "img"])
    ]
    first = spoken.index(seen[0])
    assert len([kind for kind, _ in seen if kind == "img"]) >= 4
    assert spoken[first : first + len(seen)] == seen


def is_figure(element) -> bool:
    return element.get("/S") == "/Figure"


def walk(element):
    """All structure elements below one, itself included."""
    if isinstance(element, pikepdf.Array):
        for kid in element:
            yield from walk(kid)
    elif isinstance(element, pikepdf.Dictionary):
        yield element
        if "/K" in element:
            yield from walk(element.K)
