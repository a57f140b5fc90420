"""What a cell prints: Markdown in two dialects, and the files beside the chapter.

*Book* (``KREISBERICHT_KAPITEL`` names the chapter's folder): Pandoc/Quarto Markdown, pictures and data as files in that
folder. *Lab* (variable unset): plain CommonMark with the picture inside, nothing is written. Text from data is escaped
here and only here, so no name, note or title can become markup. Not in here: what is said (``sentences``, ``chapter``).
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kreisbericht.downloads import rows_to_csv, rows_to_excel_csv
from kreisbericht.numbers import format_date
from kreisbericht.paths import write_atomically
from kreisbericht.sample import CREDIT, NO_LICENCE, WORD, is_sample

FOLDER_VARIABLE = "KREISBERICHT_KAPITEL"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$@|~^!&])")
_ATTRIBUTE_MARKUP = frozenset('&"<>{}[]\\`$')
_OPENING = re.compile(r"^([-+:=%.]|\(?(\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+)[.)](?=\s|$))")
_SENTENCE = 60  # dashes


class Markdown:
    """Result of a notebook call; shows as Markdown and as nothing else."""

    def __init__(self, *blocks: str) -> None:
        self.text = "\n\n".join(block.strip("\n") for block in blocks if block and block.strip())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/markdown": self.text}

    def __repr__(self) -> str:
        return f"Markdown, {len(self.text)} Zeichen"  # the plain-text twin that Jupyter stores beside the Markdown

    def __bool__(self) -> bool:
        return bool(self.text)

    def __add__(self, other: Markdown) -> Markdown:
        return Markdown(self.text, other.text)


@dataclass(frozen=True)
class Picture:
    """One drawing in one width: SVG text and its size [px]."""

    svg: str
    width: int
    height: int


@dataclass(frozen=True)
class Float:
    """What figure and table have in common; all texts are plain, the printer escapes them."""

    id: str
    title: str
    subtitle: str
    source: str
    rows: Sequence[Mapping[str, Any]]
    """Values behind it, keys ``downloads.COLUMNS``; records that are no figures have columns of their own."""
    prefix: str = ""
    """Start of the names of downloaded files, e.g. the district's key."""


class Printer:
    """Writes blocks in the dialect of the moment.

    Parameters
    ----------
    folder
        The chapter's folder for the book; None for the lab. :meth:`current` takes it from the environment.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    @classmethod
    def current(cls) -> Printer:
        """Printer for the place this process runs in."""
        name = os.environ.get(FOLDER_VARIABLE)
        return cls(Path(name) if name else None)

    @property
    def is_book(self) -> bool:
        """Whether Pandoc reads the result."""
        return self.folder is not None

    def box(self, kind: str, *blocks: str) -> str:
        """Fenced div of a class in the book; the bare blocks in the lab."""
        body = "\n\n".join(block for block in blocks if block)
        return f"::: {{.{kind}}}\n{body}\n:::" if self.is_book else body

    def span(self, text: str, kind: str) -> str:
        """Inline text of a class; in the lab only figures that stand out stay bold."""
        shown = escape(text)
        if self.is_book:
            return f"[{shown}]{{.{kind}}}"
        return f"**{shown}**" if kind in ("zahl", "heim") else shown

    def box_title(self, text: str) -> str:
        """Heading of a box, not numbered and not in the contents."""
        return f"## {escape(text)} {{.kastentitel .unnumbered .unlisted}}" if self.is_book else f"**{escape(text)}**"

    def reference(self, target: str) -> str:
        """``@fig-…``; in the lab, where nothing is numbered, words."""
        if self.is_book:
            return f"@{target}"
        return "die folgende Tabelle" if target.startswith("tbl-") else "die folgende Abbildung"

    def figure(self, item: Float, *, alt: str, full: Picture, phone: Picture | None = None) -> str:
        """Picture with caption, source and tools; files are written in the book."""
        item, alt = _mark_invented(item, alt)
        item = _date_source(item)
        if not self.is_book:
            data = base64.b64encode(full.svg.encode("utf-8")).decode("ascii")
            image = f"![{escape(alt)}](data:image/svg+xml;base64,{data})"
            return "\n\n".join([_lab_caption(item), image, self.source(item.source)])
        attributes = {"fig-alt": alt, "breite": full.width, "hoehe": full.height}
        path = self._write(f"{item.id}.svg", full.svg)
        if phone:
            attributes["telefon"] = self._write(f"{item.id}.phone.svg", phone.svg)
            attributes |= {"telefon-breite": phone.width, "telefon-hoehe": phone.height}
        listed = " ".join(f'{key}="{escape_attribute(str(value))}"' for key, value in attributes.items())
        image = f"![{_caption(item)}]({path}){{#{item.id} {listed}}}"
        tools = self._tools(item, picture=path)
        return "\n\n".join([image, self.source(item.source), tools])

    def table(
        self, item: Float, *, head: Sequence[str], body: Sequence[TableRow], legend: str = "",
        words: Iterable[int] = (),
    ) -> str:  # fmt: skip
        """Pipe table with caption, source and tools; first column text, the others numbers but those in ``words``."""
        item = _date_source(_mark_invented(item)[0])
        rows = [[self._first_cell(row), *(self._cell(cell) for cell in row.cells)] for row in body]
        source = " ".join(part for part in (legend, item.source) if part)
        lines = _pipe_table([escape(name) for name in head], rows, {0, *words})
        if not self.is_book:
            return "\n\n".join([_lab_caption(item), lines, self.source(source)])
        caption = f": {_caption(item)} {{#{item.id} .werte}}"
        return "\n\n".join([lines, caption, self.source(source), self._tools(item)])

    def source(self, text: str) -> str:
        """Source line with notes."""
        return self.box("quelle", escape(text)) if self.is_book else f"*{escape(text)}*"

    def definitions(self, items: Iterable[tuple[str, str]]) -> str:
        """Definition list; bold terms in the lab."""
        known = [(term, text) for term, text in items if text]
        if not self.is_book:
            return "\n\n".join(f"**{escape(term)}:** {escape(text)}" for term, text in known)
        return "\n\n".join(f"{escape(term)}\n:   {escape(text)}" for term, text in known)

    def callout(self, title: str, *paragraphs: str) -> str:
        """Note box, ``.callout-note`` in the book."""
        body = [escape(text) for text in paragraphs]
        if not self.is_book:
            return "\n>\n".join(f"> {text}" for text in [f"**{escape(title)}**", *body])
        heading = f'::: {{.callout-note title="{escape_attribute(title)}"}}'
        return "\n".join([heading, "\n\n".join(body), ":::"])

    def _first_cell(self, row: TableRow) -> str:
        return self.span(row.name, row.kind) if row.kind else escape(row.name)

    def _cell(self, cell: str) -> str:
        rated = isinstance(cell, RatedCell) and self.is_book
        return f"[{escape(cell)}]{{.wertung .{cell.rating}}}" if rated else escape(cell)

    def _write(self, name: str, content: str) -> str:
        write_atomically(self.folder / name, content)
        return f"{self.folder.name}/{name}"

    def _tools(self, item: Float, *, picture: str = "") -> str:
        """Links to the files of a figure or table, and which indicators it shows (``.blatt`` leads to their sheets).

        The workbook is written after the notebook ran (``downloads.write_workbook``).
        """
        links = [
            ("CSV", self._write(f"{item.id}.csv", rows_to_csv(item.rows))),
            ("CSV für Excel", self._write(f"{item.id}.excel.csv", rows_to_excel_csv(item.rows))),
            ("Arbeitsmappe des Kapitels (XLSX)", f"{self.folder.name}/{self.folder.name}.xlsx"),
            *([("Bild (SVG)", picture)] if picture else []),
        ]
        start = f"{item.prefix}-" if item.prefix else ""
        hidden = f"[ zu: {escape(item.title)}]{{.vh}}"
        shown = [
            f'[{word}{hidden}]({path}){{.download download="{escape_attribute(start + Path(path).name)}"}}'
            for word, path in links
        ]
        names = dict.fromkeys(str(row["indikator"]) for row in item.rows if row.get("indikator"))
        sheets = [f'[]{{.blatt indikator="{escape_attribute(name)}"}}' for name in names]
        return self.box("werkzeuge", "\n".join([*shown, *sheets]))


@dataclass(frozen=True)
class TableRow:
    """One line of a table; ``kind`` is ``heim`` (our row), ``summe`` (first after a rule) or empty."""

    name: str
    cells: Sequence[str]
    kind: str = ""


class RatedCell(str):
    """Cell with the word of a rating; ``rating`` is its class (``guenstiger``, ``aehnlich``, …) and gives the shape."""

    rating: str

    def __new__(cls, word: str, rating: str) -> RatedCell:
        cell = super().__new__(cls, word)
        cell.rating = rating
        return cell


def escape(text: str) -> str:
    """Text that reads the same in Pandoc's Markdown and in CommonMark, whatever it contains.

    Markup characters get a backslash, line ends and control characters become a space, so that HTML, shortcodes,
    raw blocks, maths, references, table bars and list markers stay text.
    """
    flat = _CONTROL.sub(" ", str(text)).strip(" ")
    return _OPENING.sub(_escape_opening, _MARKUP.sub(r"\\\1", flat))


def escape_attribute(text: str) -> str:
    """Text for a quoted attribute value; entities keep quotes, braces and shortcodes out of the parser's sight."""
    flat = _CONTROL.sub(" ", str(text)).strip()
    return "".join(f"&#{ord(sign)};" if sign in _ATTRIBUTE_MARKUP else sign for sign in flat)


def make_id(*parts: str) -> str:
    """Identifier from names: lower case, ASCII, hyphens (``fig-kinderarmut-u15-trend``)."""
    text = "-".join(part for part in parts if part).lower()
    for umlaut, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(umlaut, written)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def _mark_invented(item: Float, alt: str = "") -> tuple[Float, str]:
    """Source, rows and alternative text say *Musterdaten* where a figure or table shows the sample district."""
    if not any(is_sample(str(key)) for key in (item.prefix, *(row.get("ags", "") for row in item.rows))):
        return item, alt
    made_up = {"quelle": CREDIT, "lizenz": NO_LICENCE}
    rows = [
        {**row, **made_up, **({"stand": ""} if _is_figure(row) else {})} if is_sample(str(row.get("ags", ""))) else row
        for row in item.rows
    ]
    official = re.sub(r"^Quellen?: ", "", item.source)
    shows_real = any(not is_sample(str(row.get("ags", ""))) for row in item.rows)
    rest = f" {'Werte für Deutschland' if shows_real else 'Vorbild der Angaben'}: {official}" if official else ""
    marked = alt if not alt or alt.startswith(WORD) else f"{WORD}: {alt}"
    return replace(item, source=f"Quelle: {CREDIT}.{rest}", rows=rows), marked


def _date_source(item: Float) -> Float:
    """Source line with the *Stand* of the deliveries behind it, as far as the line does not name it."""
    dates = sorted({str(row.get("stand", "")) for row in item.rows if _is_figure(row)} - {""})
    shown = [format_date(date) for date in dates if date not in item.source and format_date(date) not in item.source]
    if not shown or not item.source:
        return item
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} und {shown[-1]}"
    return replace(item, source=f"{item.source} Stand der Daten: {listed}.")


def _is_figure(row: Mapping[str, object]) -> bool:
    """Whether ``stand`` dates a delivery; in rows of the strategy it says how far a goal or measure is."""
    return "wert" in row and "einheit" in row


def _escape_opening(found: re.Match[str]) -> str:
    sign = found[0]
    return f"\\{sign}" if not sign[0].isalnum() else f"{sign[:-1]}\\{sign[-1]}"


def _caption(item: Float) -> str:
    return f"[{escape(item.title)}]{{.titel}} [{escape(item.subtitle)}]{{.untertitel}}"


def _lab_caption(item: Float) -> str:
    return f"**{escape(item.title)}**  \n{escape(item.subtitle)}"


def _pipe_table(head: Sequence[str], rows: Sequence[Sequence[str]], words: Container[int] = (0,)) -> str:
    """Widths of the dashes follow the cells: Pandoc takes them as column widths when a line is long.

    Beside other columns of words a column of sentences gets no more than ``_SENTENCE``, or the others starve.
    """
    widths = [max(5, *(len(row[i]) for row in [head, *rows])) for i in range(len(head))]
    if any(place in words for place in range(1, len(head))):
        widths = [min(width, _SENTENCE) for width in widths]
    rule = [":" + "-" * width if place in words else "-" * width + ":" for place, width in enumerate(widths)]
    lines = [head, rule, *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
