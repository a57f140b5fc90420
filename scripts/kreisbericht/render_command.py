"""What ``scripts/render_book.py`` does when there is something to do: options, books, what is said of them.

Apart from the script, because these imports take longer than to see that nothing has changed (``repetition``).
"""

from __future__ import annotations

import itertools

from kreisbericht.book import REPORTS
from kreisbericht.display import Lines, open_display
from kreisbericht.drafts import Order
from kreisbericht.editions import select_editions
from kreisbericht.limits import parse_memory
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, build_dir, site_dir
from kreisbericht.production import Outcome, Settings, raise_failures, render_books
from kreisbericht.render import ASSEMBLERS, choose_assembler
from kreisbericht.repetition import Repetition
from kreisbericht.selection import parse_formats, select_districts


def render(repetition: Repetition) -> None:
    """Render what the options of the command ask for, and remember the run if all of it was made."""
    parser = Options("Bericht rendern: Zahlen, Notebooks, HTML und PDF.")
    parser.add_argument("--edition", help="Ausgabe, z. B. 2025, oder 'alle' (sonst: die neueste)")
    parser.add_argument(
        "--kreis", nargs="+", default=["16065"], help="Schlüssel oder Namen, auch mit Komma; ein Land (16); 'alle'"
    )
    parser.add_argument("--bericht", default="gesamt", help=", ".join(REPORTS))
    parser.add_argument("--assembler", default="auto", help=", ".join(ASSEMBLERS))
    parser.add_argument("--format", default="html,pdf", help="html, pdf oder beide")
    parser.add_argument(
        "--jobs", type=int, default=0, help="so viel gleichzeitig (sonst: so viele Prozessoren es gibt)"
    )
    parser.add_argument("--memory", default="2GB", help="Arbeitsspeicher, mit dem der Lauf auskommen soll (2GB)")
    parser.add_argument("--scheduler", help="auf einem Dask-Cluster rendern, z. B. tcp://10.0.0.5:8786")
    parser.add_argument("--ablage", help="Ordner oder Adresse, die alle Rechner des Clusters erreichen (s3://…)")
    options = parser.parse_args()

    editions = select_editions(ROOT, options.edition)
    districts = select_districts(options.kreis)
    orders = [Order(*pair, options.bericht) for pair in itertools.product(districts, editions)]
    settings = Settings(
        choose_assembler(options.assembler), parse_formats(options.format), options.jobs, parse_memory(options.memory)
    )
    display = open_display()
    if options.scheduler:
        from kreisbericht.cluster.client import render_on_cluster

        store = options.ablage or str(build_dir() / "ablage")
        outcomes = render_on_cluster(orders, settings, display, scheduler=options.scheduler, store=store)
    else:
        outcomes = render_books(orders, settings, display)
    for outcome in outcomes:
        tell(outcome, display, brief=len(orders) > 1)
    raise_failures(outcomes)
    if len(orders) > 1:
        display(f"{len(orders)} Bücher sind fertig; alle stehen in {site_dir() / 'index.html'}")
    keep(repetition, outcomes)


def tell(outcome: Outcome, display: Lines, *, brief: bool) -> None:
    """Print warnings of one book, and where it is unless there are many."""
    result = outcome.result
    if result is None:
        return
    for warning in result.warnings:
        display(f"Hinweis: {f'{outcome.order.region.label}: ' if brief else ''}{warning}")
    if brief:
        return
    seconds = f"{result.seconds:.1f}".replace(".", ",")
    display(f"{outcome.order.name}: {'unverändert' if result.unchanged else 'fertig'} nach {seconds} s")
    for name, path in (("HTML", result.html), ("PDF", result.pdf)):
        if path:
            display(f"  {name}  {path}")


def keep(repetition: Repetition, outcomes: list[Outcome]) -> None:
    """Remember a run that made all it was asked for, for the next one with nothing changed."""
    lines: list[str] = []
    told = Lines(lines.append)
    for outcome in outcomes:
        tell(outcome.again(), told, brief=len(outcomes) > 1)
    if len(outcomes) > 1:
        told(f"{len(outcomes)} Bücher sind unverändert; alle stehen in {site_dir() / 'index.html'}")
    repetition.keep(lines, [outcome.folder for outcome in outcomes])
