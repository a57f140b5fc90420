"""Books from figures to page: run the notebooks, assemble, check, put them in place.

``render_book`` makes one book, ``production.render_books`` many; both are what ``scripts/render_book.py`` calls.
Everything is made beside its target and moved there at the end; a failure leaves the last good book as it was.
"""

from __future__ import annotations

from pathlib import Path

from kreisbericht.book import read_plan
from kreisbericht.display import Progress, as_display
from kreisbericht.drafts import Order, Sources, plan_chapters
from kreisbericht.editions import Edition, find_edition, list_editions
from kreisbericht.errors import ParameterError, nearest
from kreisbericht.kernels import install_kernel
from kreisbericht.limits import count_cores
from kreisbericht.paths import ROOT
from kreisbericht.production import Result, Settings, raise_failures, render_books
from kreisbericht.regions import Region, find_region
from kreisbericht.runner import run_jobs
from kreisbericht.selection import FORMATS
from kreisbericht.staging import Place, Stage, localise_plan, remove_strays

ASSEMBLERS = ("auto", "pandoc", "quarto")


def render_book(
    region: Region,
    edition: Edition,
    *,
    report: str = "gesamt",
    assembler: str = "auto",
    formats: tuple[str, ...] = FORMATS,
    jobs: int = 0,
    memory: int = 0,
    progress: Progress = print,
    place: Place | None = None,
) -> Result:
    """Render one report of one district and edition into its folder of the site (``addresses.draft_folder``).

    With ``place`` everything happens there instead, from nothing and without touching the site. ``jobs`` and
    ``memory`` as in :class:`production.Settings`.

    Raises
    ------
    ParameterError
        For a chapter, report, assembler or format that does not exist.
    RenderError
        If a notebook or the assembly fails; the last good book is untouched.
    """
    settings = Settings(choose_assembler(assembler), formats, jobs, memory)
    outcomes = render_books([Order(region, edition, report, place)], settings, as_display(progress))
    raise_failures(outcomes)
    return outcomes[0].result


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


def prepare_project(profile: str | None, *, progress: Progress) -> None:
    """Fill ``chapters/daten/`` of the project itself, for ``quarto render`` or ``quarto preview`` typed by hand.

    ``profile`` is Quarto's (``QUARTO_PROFILE``, possibly several names); the district is the one in ``_quarto.yml``.
    """
    from kreisbericht.assemble.enclosures import write_enclosures
    from kreisbericht.assemble.pdf import prepare_print

    edition = _named_edition(profile)
    district = str(read_plan(ROOT, edition.profile).meta["ausgabe"]["kreis"]["ags"])
    sources, chapters = Sources(), ROOT / "chapters" / "daten"
    plan = sources.plan(Order(find_region(district), edition))
    chapters.mkdir(parents=True, exist_ok=True)
    install_kernel()
    stage = Stage(ROOT, chapters, ROOT / "_book", plan)
    todo = plan_chapters(stage, sources, edition)
    if todo:
        progress(
            f"{len(todo)} von {len(plan.data_chapters)} Datenkapiteln werden ausgeführt ({district}, {edition.id})"
        )
    remove_strays(stage)
    run_jobs(todo, workers=count_cores(), progress=progress)
    prepare_print(ROOT, district)
    write_enclosures(ROOT, plan, edition)


def frame_project(profile: str | None, folder: Path) -> list[Path]:
    """Put the report's frame around the pages Quarto has written into ``folder``, when it was called by hand."""
    from kreisbericht.assemble.quarto_pages import frame_pages

    edition = _named_edition(profile)
    plan = read_plan(ROOT, edition.profile)
    plan = localise_plan(plan, find_region(str(plan.meta["ausgabe"]["kreis"]["ags"])))
    pdf = next(iter(sorted(folder.glob("*.pdf"))), None)
    return frame_pages(ROOT, plan, edition, folder, pdf=pdf, listed=False)


def _named_edition(profile: str | None) -> Edition:
    """The edition among Quarto's profiles, else the newest."""
    editions = {edition.id: edition for edition in list_editions(ROOT)}
    named = [name for name in (profile or "").replace(",", " ").split() if name in editions]
    return editions[named[0]] if named else find_edition(ROOT)
