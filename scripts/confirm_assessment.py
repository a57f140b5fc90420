"""Confirm a written assessment: store date and fingerprints of the chapter's figures in its head."""

import datetime as dt

from kreisbericht.assessments import home_ags
from kreisbericht.commands import run_command, say
from kreisbericht.confirmations import confirm_assessment
from kreisbericht.editions import find_edition
from kreisbericht.options import Options
from kreisbericht.paths import ROOT
from kreisbericht.regions import find_region


def main() -> None:
    parser = Options("Einordnung bestätigen: Der Text passt zu den Zahlen des Entwurfs.")
    parser.add_argument("kapitel", nargs="+", help="ein oder mehrere Kapitel, z. B. kinderarmut")
    parser.add_argument("--edition", help="Ausgabe, z. B. 2025 (ohne Angabe: die neueste)")
    parser.add_argument("--kreis", help="Schlüssel oder Name (ohne Angabe: der Kreis aus _quarto.yml)")
    parser.add_argument("--unterschrift", default="", help="zeichnende Stelle, z. B. 'Sozialplanung im Landratsamt'")
    options = parser.parse_args()

    edition = find_edition(ROOT, options.edition)
    home = find_region(options.kreis or home_ags(), level="kreis")
    for chapter in options.kapitel:
        path = confirm_assessment(
            chapter, edition, home, date=dt.datetime.now().date(), signature=options.unterschrift
        )  # fmt: skip
        say(f"Bestätigt: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    run_command(main)
