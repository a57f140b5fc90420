"""Publish an edition: render, check, and make it live in one step; a published version never changes."""

from kreisbericht.book import REPORTS
from kreisbericht.commands import run_command, say
from kreisbericht.editions import find_edition
from kreisbericht.options import Options
from kreisbericht.paths import ROOT
from kreisbericht.publish import publish_edition
from kreisbericht.render import ASSEMBLERS
from kreisbericht.selection import select_districts


def main() -> None:
    parser = Options("Eine Ausgabe veröffentlichen; sie wird danach nie mehr verändert.")
    parser.add_argument("ausgabe", help="Ausgabe, z. B. 2025")
    parser.add_argument("--kreis", nargs="+", default=["16065"], help="Schlüssel oder Name, ein Land (16) oder 'alle'")
    parser.add_argument("--bericht", default="gesamt", help=", ".join(REPORTS))
    parser.add_argument("--assembler", default="auto", help=", ".join(ASSEMBLERS))
    parser.add_argument("--jobs", type=int, default=2, help="so viele Notebooks gleichzeitig")
    parser.add_argument("--ungesichert", action="store_true", help="auch mit Änderungen, die nicht in Git sind")
    options = parser.parse_args()

    edition = find_edition(ROOT, options.ausgabe)
    for region in select_districts(options.kreis):
        done = publish_edition(
            region, edition, report=options.bericht, assembler=options.assembler, jobs=options.jobs,
            unsaved=options.ungesichert, progress=say,
        )  # fmt: skip
        for warning in done.warnings:
            say(f"Hinweis: {warning}")
        say(f"{region.label}: Version {edition.version} ist veröffentlicht ({edition.status_text}).")
        for name, path in (("Version", done.folder), ("Adresse", done.address), ("Archiv", done.archive)):
            say(f"  {name:<8} {path}")


if __name__ == "__main__":
    run_command(main)
