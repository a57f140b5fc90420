"""Short documents beside the book, such as a page for a meeting: Typst with the report's fonts, tagged like the book.

Not in here: what they say, and the book itself (``pdf``).
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from kreisbericht import paths
from kreisbericht.assemble.pandoc import READER, run_pandoc
from kreisbericht.assemble.pdf import compile_typst

PRELUDE = """#set document(title: {title}, date: datetime(year: {year}, month: {month}, day: {day}))
#set page(paper: "a4", flipped: {flipped}, margin: (x: {margin}, top: 22mm, bottom: 24mm), numbering: "1 / 1")
#set text(font: "Source Sans Pro", size: {size}, lang: "de", hyphenate: true)
#set par(leading: 0.62em)
#show heading: set text(font: "Source Serif Pro", weight: "semibold", hyphenate: false)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): it => block(above: 18pt, below: 8pt, text(size: 14pt, it.body))
#show heading.where(level: 3): it => block(above: 12pt, below: 6pt, sticky: true, text(size: 11.5pt, it.body))
#show figure: set block(breakable: true)
#show figure.where(kind: table): set figure.caption(position: top)
#set table(stroke: (x, y) => (bottom: 0.5pt + luma(70%), top: if y == 0 {{ 0.9pt }}), inset: (x: 4pt, y: 5pt))
#show table.cell.where(y: 0): set text(weight: "semibold")
"""


def typeset_leaflet(content: str | dict, source: Path, *, title: str, day: dt.date, flipped: bool = False) -> bytes:
    """PDF of Markdown, or of a pandoc tree; ``source`` is a hidden file that is removed again.

    Parameters
    ----------
    flipped
        Landscape with narrow margins, for wide tables.

    Raises
    ------
    RenderError
        If it cannot be set.
    """
    reader, text = ("json", json.dumps(content)) if isinstance(content, dict) else (READER, content)
    head = PRELUDE.format(
        title=json.dumps(title.replace("\\", " ").replace('"', "'"), ensure_ascii=False), year=day.year,
        month=day.month, day=day.day, flipped="true" if flipped else "false", margin="14mm" if flipped else "24mm",
        size="9pt" if flipped else "10.5pt",
    )  # fmt: skip
    try:
        paths.write_atomically(source, head + run_pandoc(["-f", reader, "-t", "typst", "--wrap=none"], text))
        stamp = dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()
        return compile_typst(source, root=source.parent, timestamp=int(stamp))
    finally:
        source.unlink(missing_ok=True)
