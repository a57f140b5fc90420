"""Prepare the next edition: profile, empty assessments that quote last year's, list of deliveries that are due."""

from kreisbericht.commands import run_command, say
from kreisbericht.next_edition import prepare_edition
from kreisbericht.options import Options
from kreisbericht.paths import ROOT
from kreisbericht.selection import select_districts


def main() -> None:
    parser = Options("Die nächste Ausgabe vorbereiten.")
    parser.add_argument("ausgabe", help="Jahr der neuen Ausgabe, z. B. 2026")
    parser.add_argument("--aus", help="Ausgabe, aus der sie entsteht (sonst: die neueste)")
    parser.add_argument("--kreis", default="16065", help="Kreis, für den die fälligen Lieferungen gezeigt werden")
    options = parser.parse_args()

    (region,) = select_districts([options.kreis])
    made = prepare_edition(options.ausgabe, region.ags, last=options.aus)
    say(f"Angelegt: {made.profile.relative_to(ROOT)}")
    for path in made.assessments:
        say(f"Angelegt: {path.relative_to(ROOT)} (mit dem Text der vorigen Ausgabe zum Nachlesen)")
    say(f"Fällige Lieferungen ({region.label}): {len(made.due)}")
    for due in made.due:
        newest = f"bisher bis {due.newest}" if due.newest else "bisher kein Wert"
        say(f"  {due.table} ({due.publisher}): {newest}, erwartet {due.expected}; Indikatoren: {due.indicators}")
    say("Als Nächstes: scripts/fetch_figures.py oder scripts/import_delivery.py, dann make book.")


if __name__ == "__main__":
    run_command(main)
