import json

import pytest

from kreisbericht.assemble.markdown import link_book, read_book
from kreisbericht.assemble.pandoc import elements, plain
from kreisbericht.book import read_plan
from kreisbericht.errors import RenderError

FIGURE = '![[Titel]{.titel} [Untertitel]{.untertitel}](bild.svg){#fig-%s fig-alt="Eine Linie."}'
TABLE = "| Gebiet | 2022 |\n|:--|--:|\n| Kreis | 1,0 |\n\n: [Werte]{.titel} {#tbl-%s .werte}"


@pytest.fixture
def book(project):
    def build(files, **options):
        root = project({"chapters/bild.svg": "<svg/>", **files}, **options)
        return read_book(root, read_plan(root, root / "_quarto-2020.yml"))

    return build


def chapter(name, *blocks):
    return f"# {name.capitalize()} {{#sec-{name}}}\n\n" + "\n\n".join(blocks) + "\n"


def two_chapters():
    return {
        "index.qmd": "# Vorwort {.unnumbered}\n\nSiehe @sec-eins und @fig-b.\n",
        "chapters/eins.qmd": chapter("eins", "## Teil {#sec-teil}", FIGURE % "a", TABLE % "a", TABLE % "c"),
        "chapters/zwei.qmd": chapter("zwei", FIGURE % "b", "Siehe @fig-a, [-@tbl-c], @sec-teil und @sec-anhang."),
        "chapters/anhang.qmd": chapter("anhang", TABLE % "z"),
    }


CHAPTERS = ["index.qmd", {"part": "Teil I", "chapters": ["chapters/eins.qmd", "chapters/zwei.qmd"]}]


def test_chapters_figures_and_tables_are_numbered_as_quarto_does(book):
    made = book(two_chapters(), chapters=CHAPTERS, appendices=["chapters/anhang.qmd"])
    assert [(d.stem, d.number, d.part) for d in made.documents] == [
        ("index", "", ""), ("eins", "1", "Teil I"), ("zwei", "2", "Teil I"), ("anhang", "A", ""),
    ]  # fmt: skip
    numbers = {item.id: item.number for _, item in made.floats}
    assert numbers == {"fig-a": "1.1", "tbl-a": "1.1", "tbl-c": "1.2", "fig-b": "2.1", "tbl-z": "A.1"}
    assert [h.number for h in made.documents[1].headings] == ["1", "1.1"]


def test_references_become_links_across_pages_with_german_words(book):
    made = link_book(book(two_chapters(), chapters=CHAPTERS, appendices=["chapters/anhang.qmd"]), single_file=False)
    links = [(plain(link), link["c"][2][0]) for link in elements(made.documents[2].ast["blocks"], "Link")]
    assert links == [
        ("Abbildung\u00a01.1", "eins.html#fig-a"), ("1.2", "eins.html#tbl-c"),
        ("Abschnitt\u00a01.1", "eins.html#sec-teil"), ("Anhang\u00a0A", "anhang.html#sec-anhang"),
    ]  # fmt: skip
    first = [link["c"][2][0] for link in elements(made.documents[0].ast["blocks"], "Link")]
    assert first == ["chapters/eins.html#sec-eins", "chapters/zwei.html#fig-b"]


def test_one_file_uses_anchors_and_pictures_from_the_project_folder(book):
    made = link_book(book(two_chapters(), chapters=CHAPTERS, appendices=["chapters/anhang.qmd"]), single_file=True)
    assert [i["c"][2][0] for i in elements(made.documents[1].ast["blocks"], "Image")] == ["chapters/bild.svg"]
    assert next(elements(made.documents[0].ast["blocks"], "Link"))["c"][2][0] == "#sec-eins"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Siehe @fig-fehlt.", "eins.qmd: @fig-fehlt"),
        ("Siehe [dort](zwei.qmd).", "eins.qmd: zwei.qmd"),
        ("Siehe [dort](#nirgends).", "eins.qmd: #nirgends"),
        ("Siehe [@niemand1900].", "eins.qmd: @niemand1900"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(book, text, words):
    with pytest.raises(RenderError, match=words):
        link_book(book({"chapters/eins.qmd": chapter("eins", text)}, chapters=["chapters/eins.qmd"]), single_file=False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{< video film.mp4 >}}", "eins.qmd, Zeile 3: Den Shortcode 'video'"),
        ("Zeile\n\n```{python}\n1\n```", "eins.qmd, Zeile 5: .*Programmzellen"),
        ("```{=html}\n<b>\n```", "eins.qmd, Zeile 3: .*Rohtext"),
        ("::: {.panel-tabset}\n:::", "eins.qmd, Zeile 3: .*Anordnung"),
        ("<div>x</div>", "eins.qmd, Zeile 3: .*HTML"),
        ("Siehe @eq-eins", "eins.qmd, Zeile 3: .*Verweise gibt es"),
        ("{{< include /etc/passwd >}}", "lässt sich nicht einfügen"),
        ("{{< include ../../../../etc/passwd >}}", "lässt sich nicht einfügen"),
        ("{{< include eins.qmd >}}", "fügt sich selbst ein"),
        ("{{< meta gibt.es.nicht >}}", "gibt es in _quarto.yml"),
        ("Der Wert $x^2$ ist", "Formel 'x\\^2'"),
        ("![T](fehlt.svg){#fig-x fig-alt=\"A\"}", "Das Bild 'fehlt.svg' gibt es nicht"),
        ("![T](bild.svg){#fig-x}", "fig-x hat keinen Alternativtext"),
        ("# Noch ein Titel", "genau eine Überschrift"),
        (FIGURE % "a" + "\n\n" + FIGURE % "a", "Die Kennung 'fig-a' gibt es schon"),
    ],
)  # fmt: skip
def test_what_the_book_does_not_support_is_refused_with_file_and_line(book, text, words):
    with pytest.raises(RenderError, match=words):
        book({"chapters/eins.qmd": chapter("eins", text)}, chapters=["chapters/eins.qmd"])


def test_shortcodes_fill_in_the_edition_and_can_be_shown_as_text(book):
    text = "Ausgabe {{< meta ausgabe.version >}}, geschrieben als {{{< meta ausgabe.version >}}}."
    made = book({"chapters/eins.qmd": chapter("eins", text)}, chapters=["chapters/eins.qmd"])
    words = plain(made.documents[0].ast["blocks"][1])
    assert words == "Ausgabe 2020.1, geschrieben als {{< meta ausgabe.version >}}."


def test_a_notebook_gives_its_text_and_markdown_outputs_and_nothing_else(book):
    output = {
        "output_type": "display_data",
        "data": {"text/markdown": ["Der *Satz*."], "text/plain": "x"},
        "metadata": {},
    }
    cells = [
        {"cell_type": "markdown", "source": "# Titel {#sec-eins}\n\nFrage?", "metadata": {}},
        {"cell_type": "code", "source": "geheim()", "metadata": {}, "outputs": [output]},
    ]
    made = book({"chapters/daten/eins.ipynb": json.dumps({"cells": cells})}, chapters=["chapters/daten/eins.ipynb"])
    assert plain(made.documents[0].ast["blocks"]) == "TitelFrage?Der Satz."


def test_a_stray_print_in_a_notebook_is_refused_with_its_cell(book):
    cells = [
        {"cell_type": "markdown", "source": "# Titel", "metadata": {}},
        {"cell_type": "code", "source": "print(1)", "metadata": {},
         "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]},
    ]  # fmt: skip
    with pytest.raises(RenderError, match=r"eins\.ipynb, Zelle 2: Die Zelle gibt print\(\) aus"):
        book({"chapters/daten/eins.ipynb": json.dumps({"cells": cells})}, chapters=["chapters/daten/eins.ipynb"])
