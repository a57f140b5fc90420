"""What lies beside the pages: style, scripts, icon and fonts, the chapters' pictures and downloads, the archive.

Not in here: the pages themselves (``html``).
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kreisbericht.assemble import enclosures
from kreisbericht.assemble.extracts import resources
from kreisbericht.assemble.markdown import Book
from kreisbericht.errors import RenderError
from kreisbericht.fonts import write_webfonts
from kreisbericht.paths import ROOT, write_atomically
from kreisbericht.tokens import css_variables

EXTENSION = ROOT / "_extensions" / "kreisbericht"
REVIEW_SCRIPTS = ("review.js", "review-anchors.js", "review-notes.js", "review-cards.js", "review-page.js")


def write_assets(folder: Path) -> None:
    """Style, scripts, icon and fonts: everything a page needs, nothing from another host."""
    source = EXTENSION / "html"
    styles = ((source / name).read_text(encoding="utf-8") for name in ("voice.css", "frame.css", "review.css"))
    style = css_variables() + "".join(styles).replace("../fonts/", "")
    for name in ("theme.js", "page.js", "tools.js", "search.js", "site.js", "marke.svg", *REVIEW_SCRIPTS):
        write_atomically(folder / name, (source / name).read_bytes())
    library = (source / "vendor" / "minisearch.js").read_text(encoding="utf-8")
    write_atomically(folder / "minisearch.js", library.replace("//# sourceMappingURL=index.js.map\n", ""))
    write_atomically(folder / "minisearch.LICENSE.txt", (source / "vendor" / "minisearch.LICENSE.txt").read_bytes())
    write_webfonts(folder)
    write_atomically(folder / "kreisbericht.css", _enclose_fonts(style, folder))


def _enclose_fonts(style: str, folder: Path) -> str:
    """The style with the upright fonts inside: they come in time for the first paint, as nothing moves later."""

    def enclose(match: re.Match[str]) -> str:
        return f"url(data:font/woff2;base64,{base64.b64encode((folder / match[1]).read_bytes()).decode()})"

    return re.sub(r"url\((\w+-(?:Regular|Semibold)\.woff2)\)", enclose, style)


def copy_resources(book: Book, files: Path, target: Path) -> None:
    """Copy the pictures and downloads the chapters name beside their pages.

    Raises
    ------
    RenderError
        If one is missing or lies outside ``files``.
    """
    root = files.resolve()
    for document in book.documents:
        for address in resources(document):
            if urlsplit(address).scheme:
                continue
            relative = posixpath.join(posixpath.dirname(document.path), unquote(urlsplit(address).path))
            source = (root / relative).resolve()
            if not source.is_relative_to(root) or not source.is_file():
                raise RenderError(
                    f"{document.source or document.path}: Die Datei '{address}' gibt es im Projekt nicht. Bitte den "
                    "Pfad berichtigen oder das Kapitel neu rechnen; die letzte gute Ausgabe ist unverändert."
                )
            placed = target / source.relative_to(root)
            placed.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, placed)


def copy_archive(files: Path, target: Path) -> dict:
    """Put the archive of all figures beside the pages that link it; what ``_beilagen.json`` says of it."""
    listed = files / enclosures.FILE
    archive = json.loads(listed.read_text(encoding="utf-8")).get("daten", {}) if listed.is_file() else {}
    if archive:
        write_atomically(target / archive["datei"], (files / archive["datei"]).read_bytes())
    return archive
