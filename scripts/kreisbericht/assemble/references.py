"""Turn references, links and picture paths of one chapter into what a page or a single file needs."""

from __future__ import annotations

import json
import os
import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from kreisbericht.assemble.markdown import FLOAT_KINDS, Book, Document
from kreisbericht.assemble.pandoc import elements, run_pandoc, text_inlines, walk

CROSSREF = re.compile(r"^(fig|tbl|sec)-")
CHAPTER_ENDINGS = (".qmd", ".ipynb", ".html")
NBSP = "\u00a0"


@dataclass(frozen=True)
class Target:
    document: Document
    id: str
    text: str  # 'Abbildung 4.1', 'Kapitel 4', '' where it has no number
    number: str


@dataclass
class Linker:
    """Links the chapters of one book; collects what leads nowhere in ``problems``."""

    book: Book
    single_file: bool
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.targets = {t.id: t for document in self.book.documents for t in _targets(document)}
        self.by_path = {document.path: document for document in self.book.documents}
        self.anchors = {document.path: _anchors(document) for document in self.book.documents}

    def link(self, document: Document) -> None:
        """Change the tree of ``document`` in place."""
        self.document = document
        walk(document.ast["blocks"], self._visit)
        if any(elements(document.ast["blocks"], "Cite")):
            self._cite(document)
        if self.single_file:
            self._rename_ids(document)

    def _visit(self, element: dict) -> dict | list | None:
        kind = element["t"]
        if kind == "Cite" and CROSSREF.match(element["c"][0][0]["citationId"]):
            return self._reference(element)
        if kind == "Link":
            self._link(element)
        elif kind == "Image" and self.single_file:
            element["c"][2][0] = posixpath.join(posixpath.dirname(self.document.path), element["c"][2][0])
        elif kind == "Quoted":
            opening, closing = ("„", "“") if element["c"][0]["t"] == "DoubleQuote" else ("‚", "‘")
            return [{"t": "Str", "c": opening}, *element["c"][1], {"t": "Str", "c": closing}]
        return None

    def _reference(self, cite: dict) -> list[dict]:
        result: list[dict] = []
        for citation in cite["c"][0]:
            name = citation["citationId"]
            target = self.targets.get(name)
            if target is None or not target.number:
                self._report(f"@{name}")
                continue
            short = citation["citationMode"]["t"] == "SuppressAuthor"
            text = target.number if short else target.text
            result += text_inlines("; ") if result else []
            result.append(_link(text, self._address(target), ["ref"]))
        return result

    def _link(self, link: dict) -> None:
        url = link["c"][2][0]
        parts = urlsplit(url)
        if parts.scheme or url.startswith("//"):
            return
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.document.path), unquote(parts.path)))
        stem, ending = posixpath.splitext(path)
        document = self.document if not parts.path else self.by_path.get(stem) if ending in CHAPTER_ENDINGS else None
        if document is None:
            if ending in CHAPTER_ENDINGS:
                self._report(url)
            elif self.single_file:
                link["c"][0][1].append("datei")
            return
        if parts.fragment and parts.fragment not in self.anchors[document.path]:
            self._report(url)
            return
        target = Target(document, parts.fragment or document.id, "", "")
        link["c"][2][0] = self._address(target) if parts.fragment or self.single_file else self._page(document)

    def _address(self, target: Target) -> str:
        if self.single_file:
            return f"#{self._single_id(target.document, target.id)}"
        page = "" if target.document is self.document else self._page(target.document)
        return f"{page}#{target.id}"

    def _page(self, document: Document) -> str:
        return posixpath.relpath(f"{document.path}.html", posixpath.dirname(self.document.path) or ".")

    @staticmethod
    def _single_id(document: Document, name: str) -> str:
        return name if CROSSREF.match(name) else f"{document.stem}-{name}"

    def _rename_ids(self, document: Document) -> None:
        def rename(element: dict) -> None:
            if element["t"] in ("Header", "Div", "Span", "Figure", "Table", "Link", "Code", "CodeBlock"):
                attr = element["c"][1] if element["t"] == "Header" else element["c"][0]
                attr[0] = self._single_id(document, attr[0]) if attr[0] else ""

        walk(document.ast["blocks"], rename)
        document.headings = [
            type(h)(h.level, self._single_id(document, h.id), h.number, h.text) for h in document.headings
        ]

    def _cite(self, document: Document) -> None:
        """Citations by citeproc; an unknown key is a reference that leads nowhere."""
        bibliography = self.book.root / str(self.book.meta.get("bibliography") or "")
        known = (
            set(re.findall(r"@\w+\{\s*([^,\s]+)", bibliography.read_text("utf-8"))) if bibliography.is_file() else set()
        )
        for cite in elements(document.ast["blocks"], "Cite"):
            for citation in cite["c"][0]:
                if citation["citationId"] not in known:
                    self._report(f"@{citation['citationId']}")
        if known and not self.problems:
            arguments = [
                "-f",
                "json",
                "-t",
                "json",
                "--citeproc",
                f"--bibliography={os.fspath(bibliography)}",
                "-M",
                "lang=de",
            ]
            document.ast = json.loads(run_pandoc(arguments, json.dumps(document.ast)))

    def _report(self, what: str) -> None:
        self.problems.append(f"{self.document.source}: {what}")


def _targets(document: Document) -> list[Target]:
    found = [Target(document, f.id, f"{FLOAT_KINDS[f.kind]}{NBSP}{f.number}", f.number) for f in document.floats]
    for heading in document.headings:
        word = "Abschnitt" if heading.level > 1 else "Anhang" if document.kind == "appendix" else "Kapitel"
        text = f"{word}{NBSP}{heading.number}" if heading.number else ""
        found.append(Target(document, heading.id, text, heading.number))
    return found


def _anchors(document: Document) -> set[str]:
    names = {heading.id for heading in document.headings} | {item.id for item in document.floats}
    for element in elements(document.ast["blocks"], "Div", "Span"):
        names.add(element["c"][0][0])
    return names


def _link(text: str, url: str, classes: list[str]) -> dict:
    return {"t": "Link", "c": [["", classes, []], [{"t": "Str", "c": text}], [url, ""]]}
