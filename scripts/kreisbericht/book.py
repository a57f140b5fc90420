"""The book as ``_quarto.yml`` and one edition profile describe it: title, parts, chapters, appendices.

Not in here: what the chapters say (``assemble``), where they are rendered (``staging``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kreisbericht.editions import load_yaml
from kreisbericht.errors import ParameterError, nearest


@dataclass(frozen=True)
class Report:
    """What a report takes from the whole book: whole parts, single chapters; neither means everything."""

    subtitle: str = ""
    parts: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()

    def keeps(self, entry: Entry) -> bool:
        """Whether a chapter belongs to the report; opening page and appendices always do."""
        everything = not (self.parts or self.stems)
        return (
            everything
            or entry.kind != "chapter"
            or not entry.part
            or entry.part in self.parts
            or (entry.stem in self.stems)
        )


REPORTS = {
    "gesamt": Report(),
    "familie": Report("Familienbericht", parts=("Grundlagen", "Familienbericht")),
    "bildung": Report("Bildungsbericht", parts=("Grundlagen", "Bildungsbericht")),
    "armut": Report("Armutsprävention", parts=("Grundlagen", "Armutsprävention", "Handeln")),
    "kita": Report("Kindertagesbetreuung", stems=("kinderbetreuung", "kitabedarf", "fruehe_bildung")),
    "jugendhilfe": Report("Jugendhilfe", stems=("jugendhilfe", "jugend", "lebenslagen")),
    "altenhilfe": Report("Altenhilfe", stems=("altersstruktur", "senioren", "gesundheit")),
}
"""Reports by the name of ``--bericht``: three parts with the common basics, and booklets for the Teilfachpläne."""


@dataclass(frozen=True)
class Entry:
    """One chapter of the book: ``source`` is relative to the project, ``part`` is '' outside a part."""

    source: str
    kind: str  # index, chapter or appendix
    part: str = ""

    @property
    def stem(self) -> str:
        """File name without folder and ending: 'kinderarmut'."""
        return Path(self.source).stem

    @property
    def is_data(self) -> bool:
        """True for a chapter that a notebook produces."""
        return self.source.endswith(".ipynb")


@dataclass(frozen=True)
class BookPlan:
    """Contents and metadata of one book, before anything is rendered."""

    meta: dict
    entries: tuple[Entry, ...] = field(default_factory=tuple)

    @property
    def title(self) -> str:
        return str(self.meta["book"]["title"])

    @property
    def data_chapters(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_data]


def read_plan(root: Path, profile: Path) -> BookPlan:
    """Merge ``_quarto.yml`` with an edition profile and list the chapters in reading order.

    Raises
    ------
    ParameterError
        If the file has no ``book: chapters:`` or lists a chapter twice.
    """
    meta = merge(load_yaml(root / "_quarto.yml"), load_yaml(profile))
    book = meta.get("book") or {}
    entries = [*_walk(book.get("chapters") or [], "chapter"), *_walk(book.get("appendices") or [], "appendix")]
    if not entries:
        raise ParameterError("_quarto.yml: Unter 'book: chapters:' steht kein Kapitel; es wurde nichts verändert.")
    sources = [entry.source for entry in entries]
    twice = sorted({source for source in sources if sources.count(source) > 1})
    if twice:
        raise ParameterError(
            f"_quarto.yml: Diese Kapitel stehen doppelt: {', '.join(twice)}. Es wurde nichts verändert."
        )
    return BookPlan(meta=meta, entries=tuple(entries))


def select_report(plan: BookPlan, report: str) -> BookPlan:
    """The plan cut down to one report: its parts or chapters, the opening page and the appendices.

    Raises
    ------
    ParameterError
        If there is no such report.
    """
    if report not in REPORTS:
        raise ParameterError(
            f"Bericht '{report}' gibt es nicht.{nearest(report, REPORTS)} Möglich: {', '.join(REPORTS)}. "
            "Es wurde nichts gerendert."
        )
    keep = [entry for entry in plan.entries if REPORTS[report].keeps(entry)]
    return BookPlan(meta=plan.meta, entries=tuple(keep))


def check_sources(root: Path, plan: BookPlan, notebooks: dict[str, Path]) -> None:
    """Refuse a plan that names a chapter nobody wrote.

    Raises
    ------
    ParameterError
        Naming every missing chapter, with the nearest existing file.
    """
    written = [str(p.relative_to(root)) for p in sorted((root / "chapters").glob("*.qmd"))]
    problems = []
    for entry in plan.entries:
        if entry.is_data and entry.stem not in notebooks:
            problems.append(f"{entry.source} (kein Notebook '{entry.stem}.ipynb').{nearest(entry.stem, notebooks)}")
        elif not entry.is_data and not (root / entry.source).is_file():
            problems.append(f"{entry.source}.{nearest(entry.source, written)}")
    if problems:
        raise ParameterError(
            "_quarto.yml: Diese Kapitel gibt es nicht: "
            + " ".join(problems)
            + " Bitte den Eintrag berichtigen oder das "
            "Kapitel anlegen. Es wurde nichts gerendert, die letzte Ausgabe ist unverändert."
        )


def find_notebooks(root: Path) -> dict[str, Path]:
    """All data notebooks by stem, e.g. ``{'kinderarmut': …/notebooks/armut/kinderarmut.ipynb}``."""
    found: dict[str, Path] = {}
    for path in sorted((root / "notebooks").glob("*/*.ipynb")):
        if path.stem in found:
            other = found[path.stem].relative_to(root)
            raise ParameterError(
                f"{path.relative_to(root)}: Den Namen '{path.stem}' gibt es auch als {other}. "
                "Notebooks brauchen verschiedene Namen, denn der Name wird zur Adresse des Kapitels."
            )
        found[path.stem] = path
    return found


def merge(base: dict, extra: dict) -> dict:
    """Deep merge of two YAML mappings as Quarto merges a profile: mappings merge, lists append, scalars replace."""
    result = dict(base)
    for key, value in extra.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            result[key] = merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            result[key] = [*old, *value]
        else:
            result[key] = value
    return result


def _walk(items: list, kind: str, part: str = "") -> Iterator[Entry]:
    for item in items:
        if isinstance(item, str):
            yield Entry(item, "index" if Path(item).name == "index.qmd" else kind, part)
        elif isinstance(item, dict) and "part" in item:
            yield from _walk(item.get("chapters") or [], kind, str(item["part"]))
        elif isinstance(item, dict) and "file" in item:
            yield Entry(str(item["file"]), kind, part)
        else:
            raise ParameterError(f"_quarto.yml: Diesen Eintrag kann das Buch nicht lesen: {item!r}.")
