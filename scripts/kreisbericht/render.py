"""One book from figures to page: run the notebooks, assemble, check, put it in place.

``render_book`` is what ``make book`` and ``scripts/render_book.py`` call. Everything is made beside its target and
moved there at the end; a failure leaves the last good book as it was.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kreisbericht.appendix.usage import find_usage
from kreisbericht.book import check_sources, find_notebooks, read_plan, select_report
from kreisbericht.check.book import check_pages
from kreisbericht.confirmations import review_assessments
from kreisbericht.editions import Edition, find_edition, list_editions
from kreisbericht.errors import ParameterError, RenderError, nearest
from kreisbericht.kernels import install_kernel
from kreisbericht.paths import ROOT, data_dir, replace_directory, write_atomically
from kreisbericht.regions import Region
from kreisbericht.runner import Progress, digest_files, plan_jobs, run_jobs, stale_jobs
from kreisbericht.selection import FORMATS
from kreisbericht.staging import EXTENSION, Place, Stage, open_stage, remove_strays
from kreisbericht.storage import explain_storage, temporary_sibling
from kreisbericht.upkeep import place_draft, tend_site

ASSEMBLERS = ("auto", "pandoc", "quarto")
PACKAGE = Path(__file__).parent
ASSEMBLY = ("assemble", "deliveries", "fetch")  # parts of the library that no notebook imports


@dataclass(frozen=True)
class Result:
    """What a render made: paths are None for formats not asked for; ``ran`` are the chapters that were executed."""

    html: Path | None
    pdf: Path | None
    ran: list[str]
    warnings: list[str]
    unchanged: bool
    seconds: float


def render_book(
    region: Region,
    edition: Edition,
    *,
    report: str = "gesamt",
    assembler: str = "auto",
    formats: tuple[str, ...] = FORMATS,
    jobs: int = 2,
    progress: Progress = print,
    place: Place | None = None,
) -> Result:
    """Render one report of one district and edition into its folder of the site (``addresses.draft_folder``).

    With ``place`` everything happens there instead, from nothing and without touching the site.

    Raises
    ------
    ParameterError
        For a chapter, report, assembler or format that does not exist.
    RenderError
        If a notebook or the assembly fails; the last good book is untouched.
    """
    started = time.monotonic()
    tool = choose_assembler(assembler)
    plan = select_report(read_plan(ROOT, edition.profile), report)
    notebooks = find_notebooks(ROOT)
    check_sources(ROOT, plan, notebooks)
    with explain_storage(f"Ausgabe {edition.version}"):
        if place is None:
            tend_site(region.ags)
        stage = open_stage(ROOT, plan, region, edition, report, place=place)
        with _locked(stage):
            install_kernel()
            ran, warnings = _run_chapters(stage, notebooks, edition, jobs=jobs, progress=progress)
            warnings += review_assessments(edition, region, stage.chapters, [e.stem for e in plan.data_chapters])
            key = _book_key(stage, tool, formats)
            unchanged = _made_with(stage) == key and not ran
            if _made_with(stage) != key:
                stage = _assemble(stage, edition, tool, formats, progress)
                write_atomically(stage.root / ".buch.json", json.dumps({"schluessel": key}))
    return Result(
        html=stage.target / "index.html" if "html" in formats else None,
        pdf=stage.target / pdf_name(stage, edition) if "pdf" in formats else None,
        ran=ran, warnings=warnings, unchanged=unchanged, seconds=time.monotonic() - started,
    )  # fmt: skip


def choose_assembler(name: str) -> str:
    """``auto`` takes Quarto where it is on PATH, else the embedded assembler.

    Raises
    ------
    ParameterError
        For an unknown name, or Quarto where there is none.
    """
    if name not in ASSEMBLERS:
        raise ParameterError(
            f"Assembler '{name}' gibt es nicht.{nearest(name, ASSEMBLERS)} Möglich: auto, pandoc, quarto."
        )
    from kreisbericht.assemble.quarto import find_quarto

    found = name != "pandoc" and find_quarto()
    if name == "quarto" and not found:
        raise ParameterError(
            "Quarto ist auf diesem Rechner nicht installiert (kein 'quarto' im Suchpfad). Ohne Quarto rendert "
            "'--assembler pandoc' dasselbe Buch. Es wurde nichts gerendert."
        )
    return "quarto" if found else "pandoc"


def refuse_findings(findings: list[str]) -> None:
    """Raise if a check of the finished pages found anything.

    Raises
    ------
    RenderError
        With the number of findings and the first ones.
    """
    if findings:
        more = " …" if len(findings) > 5 else ""
        raise RenderError(
            f"Das fertige Buch hat {len(findings)} Fehler: {' '.join(findings[:5])}{more} Bitte die genannten Kapitel "
            "berichtigen; die letzte gute Ausgabe ist unverändert."
        )


def prepare_project(profile: str | None, *, progress: Progress) -> None:
    """Fill ``chapters/daten/`` of the project itself, for ``quarto render`` or ``quarto preview`` typed by hand.

    ``profile`` is Quarto's (``QUARTO_PROFILE``, possibly several names); the district is the one in ``_quarto.yml``.
    """
    from kreisbericht.assemble.quarto import prepare_extension

    editions = {edition.id: edition for edition in list_editions(ROOT)}
    named = [name for name in (profile or "").replace(",", " ").split() if name in editions]
    edition = editions[named[0]] if named else find_edition(ROOT)
    plan = read_plan(ROOT, edition.profile)
    notebooks = find_notebooks(ROOT)
    check_sources(ROOT, plan, notebooks)
    chapters = ROOT / "chapters" / "daten"
    chapters.mkdir(parents=True, exist_ok=True)
    install_kernel()
    _run_chapters(Stage(ROOT, chapters, ROOT / "_book", plan), notebooks, edition, jobs=2, progress=progress)
    prepare_extension(ROOT, str(plan.meta["ausgabe"]["kreis"]["ags"]))


def pdf_name(stage: Stage, edition: Edition) -> str:
    """File name that says what it is: ``sozialbericht-kyffhaeuserkreis-2025.1-entwurf.pdf``."""
    title = stage.plan.title.lower().translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = "".join(char if char.isalnum() else " " for char in title).split()
    report = [stage.report] if stage.report != "gesamt" else []
    return "-".join([*words, *report, edition.version, edition.status]) + ".pdf"


def input_digest(edition: Edition) -> str:
    """Digest of what every notebook depends on: library, data, assessments, environment, cut-off."""
    library = [p for p in PACKAGE.rglob("*.py") if p.relative_to(PACKAGE).parts[0] not in ASSEMBLY]
    data = [p for p in data_dir().rglob("*") if p.is_file()]
    texts = list((ROOT / "chapters" / "einordnung" / edition.id).rglob("*.md"))
    locked = [ROOT / "requirements.txt"] if (ROOT / "requirements.txt").is_file() else []
    return (
        digest_files([*library, *data, *texts, *locked]) + f"{edition.berichtsjahr}{edition.datenstand}{edition.status}"
    )


def _run_chapters(
    stage: Stage, notebooks: dict[str, Path], edition: Edition, *, jobs: int, progress: Progress
) -> tuple[list[str], list[str]]:
    region = stage.plan.meta["ausgabe"]["kreis"]
    parameters = {
        "ags": str(region["ags"]), "berichtsjahr": edition.berichtsjahr, "datenstand": str(edition.datenstand),
        "ausgabe": edition.id,
    }  # fmt: skip
    chosen = [notebooks[entry.stem] for entry in stage.plan.data_chapters]
    parameters["verwendung"] = find_usage(chosen)  # appendices are made from what the chapters of this book use
    todo = stale_jobs(plan_jobs(chosen, stage.chapters, parameters, input_digest(edition)))
    if todo:
        progress(f"{len(todo)} von {len(chosen)} Datenkapiteln werden ausgeführt ({region['name']}, {edition.id})")
    remove_strays(stage)
    return [job.stem for job in todo], run_jobs(todo, workers=jobs, progress=progress)


def _assemble(stage: Stage, edition: Edition, tool: str, formats: tuple[str, ...], progress: Progress) -> Stage:
    """Make the book beside its target and move it there; returns the stage with the target it found in the end."""
    fresh = temporary_sibling(stage.target)
    try:
        _fill_folder(stage, edition, fresh, tool=tool, formats=formats, progress=progress)
        if "html" in formats:
            refuse_findings(check_pages(fresh))
        if stage.fixed:
            replace_directory(fresh, stage.target)
            return stage
        region, report = str(stage.plan.meta["ausgabe"]["kreis"]["ags"]), stage.report
        return replace(stage, target=place_draft(fresh, region, edition, report))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _fill_folder(
    stage: Stage, edition: Edition, fresh: Path, *, tool: str, formats: tuple[str, ...], progress: Progress
) -> None:
    if tool == "pandoc":
        _write_embedded(stage, fresh, edition, formats, progress)
        return
    from kreisbericht.assemble.listing import describe_edition
    from kreisbericht.assemble.quarto import write_with_quarto

    progress("Quarto setzt HTML und PDF")
    name = pdf_name(stage, edition)
    write_with_quarto(stage, fresh, formats, name)
    describe_edition(fresh, meta=stage.plan.meta, edition=edition, pdf=name if "pdf" in formats else "")


def _write_embedded(stage: Stage, fresh: Path, edition: Edition, formats: tuple[str, ...], progress: Progress) -> None:
    from kreisbericht.assemble.html import write_book
    from kreisbericht.assemble.markdown import link_book, read_book
    from kreisbericht.assemble.pdf import write_pdf

    book = read_book(stage.root, stage.plan)
    name = pdf_name(stage, edition)
    if "pdf" in formats:
        progress("Das PDF wird gesetzt")
        write_pdf(link_book(book, single_file=True), fresh / name, files=stage.root, edition=edition)
    if "html" in formats:
        progress("Die HTML-Seiten werden geschrieben")
        pdf = fresh / name if "pdf" in formats else None
        write_book(link_book(book, single_file=False), fresh, edition=edition, files=stage.root, pdf=pdf)


def _book_key(stage: Stage, tool: str, formats: tuple[str, ...]) -> str:
    made = [stage.root / "_quarto.yml", stage.root / "index.qmd"]
    for folder in (stage.root / "chapters", stage.root / EXTENSION, PACKAGE / "assemble"):
        made += [p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    return digest_files(made) + tool + "+".join(formats)


def _made_with(stage: Stage) -> str:
    try:
        return json.loads((stage.root / ".buch.json").read_text("utf-8"))["schluessel"] if stage.target.is_dir() else ""
    except (OSError, ValueError, KeyError):
        return ""


@contextlib.contextmanager
def _locked(stage: Stage) -> Iterator[None]:
    """One render per book at a time; a lock of a process that died is no lock."""
    try:
        import fcntl
    except ImportError:  # Windows: two renders of one book at once are not guarded there
        yield
        return
    with (stage.root.parent / f".{stage.root.name}.sperre").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RenderError(
                f"Die Ausgabe {stage.root.name} für {stage.root.parent.name} wird gerade schon gerendert. Bitte "
                "warten, bis der andere Lauf fertig ist; es wurde nichts verändert."
            ) from None
        yield
