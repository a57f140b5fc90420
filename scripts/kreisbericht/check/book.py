"""Checks of a finished HTML book, whoever assembled it: links, anchors, files, ids, alternative texts, other hosts.

Quarto ends with exit code 0 on most of these, so they are looked for here, in the pages themselves.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADING = {"script": "src", "img": "src", "link": "href", "source": "srcset", "iframe": "src", "object": "data",
           "audio": "src", "video": "src", "embed": "src", "form": "action"}  # fmt: skip
INERT_LINKS = {"canonical", "license", "author", "help"}
UNRESOLVED = re.compile(r"\?(?:fig|tbl|sec|eq)-[\w-]+|\?(?:meta|var|env):[\w.-]+|@(?:fig|tbl|sec)-[\w-]+")
STYLE_URL = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^'\")]+)|@import\s+['\"]((?:https?:)?//[^'\"]+)")


@dataclass
class Page(HTMLParser):
    """What the checks need to know of one page."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    without_alt: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    lang: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        self._stack.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "img" and "alt" not in values:
            self.without_alt.append(values.get("src", "?"))
        address = values.get(LOADING.get(tag, ""), "")
        if address and not (tag == "link" and set(values.get("rel", "").split()) & INERT_LINKS):
            self.loads += [part.split()[0] for part in address.split(",")] if tag == "source" else [address]

    def handle_data(self, data: str) -> None:
        inside = self._stack[-1] if self._stack else ""
        if inside == "title":
            self.title += data
        elif inside not in ("script", "style"):
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._stack:
            del self._stack[len(self._stack) - 1 - self._stack[::-1].index(tag) :]


def check_pages(folder: Path) -> list[str]:
    """German findings over all pages below ``folder``; an empty list means the book is sound."""
    pages = {path.relative_to(folder).as_posix(): _read(path) for path in sorted(folder.rglob("*.html"))}
    findings = [] if "index.html" in pages else ["index.html fehlt."]
    for name, page in pages.items():
        findings += [f"{name}: {what}" for what in _check_page(folder, name, page, pages)]
    for style in sorted(folder.rglob("*.css")):
        for match in STYLE_URL.finditer(style.read_text(encoding="utf-8", errors="replace")):
            findings.append(f"{style.relative_to(folder)}: lädt von einem fremden Rechner: {match[1] or match[2]}")
    return findings


def _read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def _check_page(folder: Path, name: str, page: Page, pages: dict[str, Page]) -> list[str]:
    found = [f"Die Kennung '{i}' steht doppelt." for i in sorted({i for i in page.ids if page.ids.count(i) > 1})]
    found += [f"Das Bild {source} hat keinen Alternativtext." for source in page.without_alt]
    found += ["Die Sprache der Seite fehlt (lang)."] if not page.lang else []
    found += ["Der Titel der Seite fehlt."] if not page.title.strip() else []
    found += [f"Unaufgelöster Verweis: {word}" for word in UNRESOLVED.findall(" ".join(page.words))]
    for address in page.loads:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") or address.startswith("//"):
            found.append(f"Lädt von einem fremden Rechner: {address}")
        elif parts.scheme != "data" and not _target(folder, name, parts.path).exists():
            found.append(f"Die Datei {address} fehlt.")
    for address in page.links:
        found += _check_link(folder, name, address, page, pages)
    return found


def _check_link(folder: Path, name: str, address: str, page: Page, pages: dict[str, Page]) -> list[str]:
    parts = urlsplit(address)
    if parts.scheme == "javascript":
        return [f"Verbotener Verweis: {address[:60]}"]
    if parts.scheme or address.startswith("//"):
        return []
    target, other = _target(folder, name, parts.path), page
    if parts.path:
        if not target.is_relative_to(_resolve(folder)):
            return []  # the district's or the site's own index, one level up
        if target.is_dir():
            target /= "index.html"
        if not target.exists():
            return [f"Der Verweis {address} führt ins Leere."]
        other = pages.get(target.relative_to(_resolve(folder)).as_posix())
    anchor = unquote(parts.fragment)
    if anchor and other is not None and anchor not in other.ids and anchor != "top":
        return [f"Die Sprungmarke {address} gibt es nicht."]
    return []


def _target(folder: Path, name: str, path: str) -> Path:
    place = folder / name
    return _resolve(place.parent.joinpath(unquote(path)) if path else place)


@functools.lru_cache(maxsize=20_000)  # every page leads to every other
def _resolve(path: Path) -> Path:
    return path.resolve()
