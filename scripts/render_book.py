"""Render the book of one or more districts: figures → notebooks → HTML and PDF."""

import itertools

from kreisbericht.book import REPORTS
from kreisbericht.commands import run_command, say
from kreisbericht.editions import select_editions
from kreisbericht.options import Options
from kreisbericht.paths import ROOT
from kreisbericht.render import ASSEMBLERS, render_book
from kreisbericht.selection import parse_formats, select_districts


def main() -> None:
    parser = Options("Bericht rendern: Zahlen, Notebooks, HTML und PDF.")
    parser.add_argument("--edition", help="Ausgabe, z. B. 2025, oder 'alle' (sonst: die neueste)")
    parser.add_argument("--kreis", nargs="+", default=["16065"], help="Schlüssel oder Name, ein Land (16) oder 'alle'")
    parser.add_argument("--bericht", default="gesamt", help=", ".join(REPORTS))
    parser.add_argument("--assembler", default="auto", help=", ".join(ASSEMBLERS))
    parser.add_argument("--format", default="html,pdf", help="html, pdf oder beide")
    parser.add_argument("--jobs", type=int, default=2, help="so viele Notebooks gleichzeitig")
    options = parser.parse_args()

    editions = select_editions(ROOT, options.edition)
    formats = parse_formats(options.format)
    for region, edition in itertools.product(select_districts(options.kreis), editions):
        result = render_book(
            region, edition, report=options.bericht, assembler=options.assembler, formats=formats,
            jobs=options.jobs, progress=say,
        )  # fmt: skip
        for warning in result.warnings:
            say(f"Hinweis: {warning}")
        state = "unverändert" if result.unchanged else "fertig"
        seconds = f"{result.seconds:.1f}".replace(".", ",")
        say(f"{region.label}, Ausgabe {edition.version}: {state} nach {seconds} s")
        for name, path in (("HTML", result.html), ("PDF", result.pdf)):
            if path:
                say(f"  {name}  {path}")


if __name__ == "__main__":
    run_command(main)
