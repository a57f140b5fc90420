"""Chapter files to Markdown: written chapters (``.qmd``) and executed notebooks (``.ipynb``).

The supported subset of Quarto Markdown, in one place:

- Pandoc Markdown: headings, lists, pipe tables, figures, footnotes, definition lists, fenced divs, spans, links
- cross-references ``@fig-``, ``@tbl-``, ``@sec-``; captions and ids on figures and tables; citations (citeproc)
- callouts (``callout-note``, ``-tip``, ``-warning``, ``-important``, ``-caution``)
- shortcodes ``{{< include >}}``, ``{{< meta >}}``, ``{{< var >}}``, ``{{< pagebreak >}}``; ``{{{< … >}}}`` prints one
- front matter with ``title`` only; in notebooks the Markdown cells and the ``text/markdown`` outputs

Everything else that Quarto would treat specially is refused with file and line, never dropped.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from kreisbericht.editions import load_yaml
from kreisbericht.errors import RenderError
from kreisbericht.output import escape

SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(?P<name>[\w-]+)\s*(?P<rest>.*?)\s*>\}\}(?!\})")
ESCAPED_SHORTCODE = re.compile(r"\{\{\{<(.*?)>\}\}\}")
FENCE = re.compile(r"^(`{3,}|~{3,})")
REFUSED = (
    (
        re.compile(r"^(`{3,}|~{3,})\s*\{(python|r|julia|ojs|bash|mermaid|dot)\b"),
        "Programmzellen gehören in ein Notebook",
    ),
    (re.compile(r"^(`{3,}|~{3,})\s*\{=\w+\}"), "Rohtext für ein einzelnes Format wird nicht übernommen"),
    (
        re.compile(r"^:{3,}.*\b(panel-\w+|column-\w+|layout\b|layout-\w+|content-(visible|hidden)|incremental|aside)"),
        "diese Anordnung gibt es in diesem Buch nicht",
    ),
    (re.compile(r"^\s*</?[A-Za-z][^>]*>"), "HTML-Elemente werden nicht übernommen"),
    (
        re.compile(r"(?<![\w@\\])@(eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg)-\w"),
        "Verweise gibt es auf Abbildungen (@fig-), Tabellen (@tbl-) und Abschnitte (@sec-)",
    ),
)
MAX_INCLUDE_DEPTH = 8


@dataclass(frozen=True)
class Context:
    """What shortcodes may use: the project folder and the book's metadata and variables."""

    root: Path
    meta: dict
    variables: dict


def load_context(root: Path, meta: dict) -> Context:
    """Context of a project; ``_variables.yml`` is read where it exists."""
    file = root / "_variables.yml"
    return Context(root, meta, load_yaml(file) if file.is_file() else {})


def read_chapter(path: Path, context: Context) -> str:
    """Markdown of one chapter, shortcodes resolved.

    Raises
    ------
    RenderError
        If the file uses something outside the supported subset, naming file and line.
    """
    if path.suffix == ".ipynb":
        return _read_notebook(path, context)
    return _read_text(path.read_text(encoding="utf-8"), path, context)


def _read_text(text: str, path: Path, context: Context, *, depth: int = 0) -> str:
    label = _label(path, context)
    title, body, offset = _split_front_matter(text, label)
    lines, fence = [], ""
    for number, line in enumerate(body.split("\n"), start=1 + offset):
        opened = FENCE.match(line)
        _refuse(line, f"{label}, Zeile {number}", in_code=bool(fence))
        if opened:
            fence = "" if fence and opened[1].startswith(fence) else fence or opened[1]
        lines.append(line if fence else _expand(line, path, context, f"{label}, Zeile {number}", depth))
    return (f"# {title}\n\n" if title else "") + "\n".join(lines)


def _read_notebook(path: Path, context: Context) -> str:
    """Markdown cells and Markdown outputs in order; code is not shown."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    label, pieces = _label(path, context), []
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"{label}, Zelle {number}"
        if cell["cell_type"] == "markdown":
            pieces.append(_read_cell("".join(cell["source"]), path, context, where))
        elif cell["cell_type"] == "code":
            pieces += [_read_output(output, where) for output in cell["outputs"]]
        else:
            raise RenderError(f"{where}: Rohzellen werden nicht übernommen. Bitte eine Markdown-Zelle benutzen.")
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _read_cell(source: str, path: Path, context: Context, where: str) -> str:
    lines = []
    for number, line in enumerate(source.split("\n"), start=1):
        _refuse(line, f"{where}, Zeile {number}", in_code=False)
        lines.append(_expand(line, path, context, f"{where}, Zeile {number}", 0))
    return "\n".join(lines)


def _read_output(output: dict, where: str) -> str:
    data = output.get("data", {})
    if "text/markdown" in data:
        text = data["text/markdown"]
        return text if isinstance(text, str) else "".join(text)
    if output["output_type"] == "stream" and output.get("name") == "stderr":
        return ""  # warnings are shown by the runner, they are not part of the book
    kind = "print()" if output["output_type"] == "stream" else ", ".join(data) or output["output_type"]
    raise RenderError(
        f"{where}: Die Zelle gibt {kind} aus. Ins Buch kommt nur Markdown, damit beide Formate dasselbe zeigen: bitte "
        "die Ausgabe über eine Methode des Kapitels machen oder die Zelle mit ';' abschließen."
    )


def _expand(line: str, path: Path, context: Context, where: str, depth: int) -> str:
    if "{{<" not in line:
        return line
    expanded = SHORTCODE.sub(lambda match: _shortcode(match, path, context, where, depth), line)
    return ESCAPED_SHORTCODE.sub(r"{{<\1>}}", expanded)


def _shortcode(match: re.Match, path: Path, context: Context, where: str, depth: int) -> str:
    name, rest = match["name"], match["rest"].strip("\"'")
    if name == "meta":
        value = _lookup(context.meta, rest, f"{where}: {{{{< meta {rest} >}}}}")
        return escape(value) if rest.startswith(("ausgabe.kreis.", "book.")) else value
    if name == "var":
        return _lookup(context.variables, rest, f"{where}: {{{{< var {rest} >}}}}")
    if name == "pagebreak":
        return ""
    if name == "include":
        return _include(rest, path, context, where, depth)
    raise RenderError(
        f"{where}: Den Shortcode '{name}' kennt das Buch nicht. Möglich sind include, meta, var und pagebreak; "
        "die letzte gute Ausgabe ist unverändert."
    )


def _include(target: str, path: Path, context: Context, where: str, depth: int) -> str:
    file = (context.root / target.lstrip("/") if target.startswith("/") else path.parent / target).resolve()
    if not file.is_relative_to(context.root.resolve()) or not file.is_file() or depth >= MAX_INCLUDE_DEPTH:
        raise RenderError(
            f"{where}: Die Datei '{target}' lässt sich nicht einfügen. Sie fehlt, liegt außerhalb des Projekts oder "
            "fügt sich selbst ein; die letzte gute Ausgabe ist unverändert."
        )
    return _read_text(file.read_text(encoding="utf-8"), file, context, depth=depth + 1)


def _lookup(tree: object, dotted: str, where: str) -> str:
    for key in dotted.split("."):
        if not isinstance(tree, dict) or key not in tree:
            raise RenderError(f"{where}: Diese Angabe gibt es in _quarto.yml und im Profil der Ausgabe nicht.")
        tree = tree[key]
    return str(tree)


def _split_front_matter(text: str, label: str) -> tuple[str, str, int]:
    if not text.startswith("---\n"):
        return "", text, 0
    head, _, body = text[4:].partition("\n---\n")
    title = ""
    for number, line in enumerate(head.split("\n"), start=2):
        key, _, value = line.partition(":")
        if key.strip() == "title":
            title = value.strip().strip("\"'")
        elif line.strip() and not line.lstrip().startswith("#"):
            raise RenderError(
                f"{label}, Zeile {number}: Die Angabe '{key.strip()}' im Kopf eines Kapitels wird nicht unterstützt. "
                "Möglich ist 'title'; alles andere steht in _quarto.yml."
            )
    return title, body, head.count("\n") + 3


def _refuse(line: str, where: str, *, in_code: bool) -> None:
    for pattern, reason in REFUSED[: 0 if in_code else None]:
        if pattern.search(line):
            raise RenderError(
                f"{where}: '{line.strip()[:60]}': {reason}. Was möglich ist, steht in CONTRIBUTING.md; "
                "die letzte gute Ausgabe ist unverändert."
            )


def _label(path: Path, context: Context) -> str:
    resolved, root = path.resolve(), context.root.resolve()
    return str(resolved.relative_to(root)) if resolved.is_relative_to(root) else path.name
