"""Two dialects, files beside the chapter, and text from data that stays text."""

import base64
import json
import re
from dataclasses import replace

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisbericht.downloads import read_captions
from kreisbericht.output import (
    FOLDER_VARIABLE,
    Float,
    Markdown,
    Picture,
    Printer,
    TableRow,
    escape,
    escape_attribute,
    make_id,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "{{< include /etc/passwd >}}",
    "$(rm -rf /) und $x^2$",
    "```{=html}\n<b>\n```",
    "`<b>`{=html}",
    "a | b",
    "siehe @fig-fremd und [@quelle]",
    "![Bild](http://beispiel.invalid/x.png)",
    "::: {.callout-note}",
    "# Überschrift {#id}",
    "1. Punkt",
    "- Punkt",
    "\\newpage",
    "^[Fußnote]",
    "~~weg~~ H~2~O",
    "&lt;b&gt; &#60;",
    "Zeile\n\n# neu",
    '"zitiert" {.klasse}',
]
ROWS = [
    {"gebiet": "Gera", "ags": "16052", "jahr": 2022, "wert": 18.4, "einheit": "%", "quelle": "BBSR", "lizenz": "dl-de"}
]
ITEM = Float("fig-x-trend", "Titel", "Untertitel", "Quelle: BBSR.", ROWS, prefix="16065")
PICTURE = Picture("<svg xmlns='http://www.w3.org/2000/svg'/>", 720, 300)


def parse(markdown, reader="markdown-auto_identifiers"):
    return json.loads(pypandoc.convert_text(markdown, "json", format=reader))


def text_of(node):
    """All text of a pandoc tree; fails on anything that is not plain text."""
    if isinstance(node, list):
        return "".join(text_of(part) for part in node)
    kind, content = node["t"], node.get("c")
    if kind == "Str":
        return content
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind == "Quoted":
        return '"' + text_of(content[1]) + '"'
    assert kind in ("Para", "Plain"), f"{kind} is not plain text"
    return text_of(content)


def normal(text):
    smart = {
        "\u201c": '"',
        "\u201d": '"',
        "\u2018": "'",
        "\u2019": "'",
        "…": "...",
        "\u00a0": " ",
        "—": "---",
        "–": "--",
    }
    for sign, plain in smart.items():
        text = text.replace(sign, plain)
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("reader", ["markdown-auto_identifiers", "commonmark"])
def test_text_from_data_is_never_markup(text, reader):
    assert normal(text_of(parse(escape(text), reader)["blocks"])) == normal(text)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), max_size=25))
def test_any_printable_text_survives_escaping(text):
    found = parse(escape(text), "markdown-smart")["blocks"]
    assert normal(text_of(found)) == normal(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_inside_an_attribute(text):
    found = parse(f'![x](y.svg){{#fig-a fig-alt="{escape_attribute(text)}" breite="720"}}')
    image = json.dumps(found["blocks"])
    assert '"breite", "720"' in image
    assert "{{<" not in escape_attribute(text)
    attributes = dict(re.findall(r'\["([\w-]+)", ("(?:[^"\\]|\\.)*")\]', image))
    assert normal(json.loads(attributes["fig-alt"])) == normal(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_in_their_table_cell(text):
    block = Printer(None).table(
        ITEM, head=["Gebiet", "2022"], body=[TableRow(text, ["1,0"]), TableRow("Gera", ["2,0"])]
    )
    table = next(node for node in parse(block)["blocks"] if node["t"] == "Table")
    rows = table["c"][4][0][3]
    assert [len(row[1]) for row in rows] == [2, 2]
    assert normal(text_of(rows[0][1][0][4])) == normal(text)


def test_book_figure_has_caption_alt_text_files_and_tools(tmp_path):
    folder = tmp_path / "kinderarmut"
    block = Printer(folder).figure(ITEM, alt='Mit "Zitat"', full=PICTURE, phone=Picture(PICTURE.svg, 336, 250))
    assert "![[Titel]{.titel} [Untertitel]{.untertitel}](kinderarmut/fig-x-trend.svg){#fig-x-trend " in block
    assert 'breite="720" hoehe="300" telefon="kinderarmut/fig-x-trend.phone.svg"' in block
    assert '{.download download="16065-fig-x-trend.csv"}' in block
    assert sorted(path.name for path in folder.iterdir()) == [
        "fig-x-trend.csv",
        "fig-x-trend.excel.csv",
        "fig-x-trend.phone.svg",
        "fig-x-trend.svg",
    ]
    figure = parse(block, "markdown")["blocks"][0]
    assert figure["t"] == "Figure"
    assert ["fig-alt", 'Mit "Zitat"'] in figure["c"][2][0]["c"][0]["c"][0][2]


def test_lab_figure_is_visible_without_any_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    block = Printer.current().figure(ITEM, alt="Was zu sehen ist", full=PICTURE)
    data = re.search(r"!\[Was zu sehen ist\]\(data:image/svg\+xml;base64,([^)]+)\)", block)[1]
    assert base64.b64decode(data).decode() == PICTURE.svg
    assert "{" not in block.replace(data, "")
    assert list(tmp_path.iterdir()) == []


def test_home_and_sum_rows_are_marked_in_the_book(tmp_path):
    body = [TableRow("Kyffhäuserkreis", ["12,4"], "heim"), TableRow("Thüringen", ["9,7"], "summe")]
    block = Printer(tmp_path / "k").table(ITEM, head=["Gebiet", "2022"], body=body)
    assert "| [Kyffhäuserkreis]{.heim} | 12,4 |" in block
    assert "| [Thüringen]{.summe} | 9,7 |" in block
    assert ": [Titel]{.titel} [Untertitel]{.untertitel} {#fig-x-trend .werte}" in block


def test_source_line_names_the_stand_of_the_data_once():
    rows = [{**ROWS[0], "indikator": "a", "stand": "2025-03-13"}, {**ROWS[0], "indikator": "b", "stand": "2024"}]
    item = replace(ITEM, source="Quelle: BBSR, INKAR Ausgabe 2024.", rows=rows)
    block = Printer(None).figure(item, alt="x", full=PICTURE)
    assert "Ausgabe 2024. Stand der Daten: 13.03.2025." in block


def test_titles_are_read_back_from_what_was_printed(tmp_path):
    item = replace(ITEM, title="A] {b} *c*", subtitle="je 100 [Kinder]")
    table = Printer(tmp_path / "k").table(item, head=["Gebiet"], body=[TableRow("Gera", [])])
    figure = Printer(tmp_path / "k").figure(item, alt="x", full=PICTURE)
    assert read_captions(table) == read_captions(figure) == {"fig-x-trend": ("A] {b} *c*", "je 100 [Kinder]")}


def test_a_result_shows_as_markdown_only():
    assert Markdown("a", "", "b")._repr_mimebundle_() == {"text/markdown": "a\n\nb"}
    assert not Markdown("")


def test_ids_are_ascii_with_hyphens():
    assert make_id("fig", "kinderarmut_u15", "Größe") == "fig-kinderarmut-u15-groesse"
