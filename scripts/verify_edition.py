"""Verify a published edition: its files are unchanged, and its commit gives the same bytes again."""

from kreisbericht.commands import run_command, say
from kreisbericht.editions import find_edition
from kreisbericht.options import Options
from kreisbericht.paths import ROOT
from kreisbericht.selection import select_districts
from kreisbericht.verify import verify_edition

SHOWN = 20


def main() -> int:
    parser = Options("Eine veröffentlichte Ausgabe prüfen und aus ihrem Commit nachbauen.")
    parser.add_argument("ausgabe", help="Ausgabe, z. B. 2025")
    parser.add_argument("--kreis", nargs="+", default=["16065"], help="Schlüssel oder Name, ein Land (16) oder 'alle'")
    parser.add_argument("--bericht", default="gesamt", help="wie beim Veröffentlichen")
    parser.add_argument("--version", default="", help="z. B. 2025.1 (sonst: die neueste veröffentlichte)")
    parser.add_argument("--nur-pruefsummen", action="store_true", help="nicht neu rendern")
    options = parser.parse_args()

    edition, failed = find_edition(ROOT, options.ausgabe), 0
    for region in select_districts(options.kreis):
        verdict = verify_edition(
            region, edition, report=options.bericht, version=options.version, render=not options.nur_pruefsummen,
            progress=say,
        )  # fmt: skip
        for word, lines in (("verändert", verdict.damaged), ("anders", verdict.differing), ("Ursache", verdict.causes)):
            for line in lines[:SHOWN]:
                say(f"{word}: {line}")
        result = "stimmt in allen Dateien überein" if verdict.same else "weicht ab"
        say(f"{region.label}, {verdict.folder.name}: {verdict.files} Dateien, {result}")
        failed += not verdict.same
    return 1 if failed else 0


if __name__ == "__main__":
    run_command(main)
