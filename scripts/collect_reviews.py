"""Merge readers' files of notes, keep them with the answers, show them in the draft, write the Abwägungstabelle."""

from pathlib import Path

from kreisbericht.assessments import home_ags
from kreisbericht.commands import run_command, say
from kreisbericht.editions import find_edition
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, build_dir
from kreisbericht.regions import find_region
from kreisbericht.reviews.collect import collect_reviews


def main() -> int:
    parser = Options("Anmerkungen von Leserinnen und Lesern zusammenführen, im Entwurf zeigen und abwägen.")
    parser.add_argument("dateien", nargs="*", type=Path, help="weitere Dateien oder Ordner neben data/rueckmeldungen/")
    parser.add_argument("--edition", help="Ausgabe, z. B. 2025 (ohne Angabe: die neueste)")
    parser.add_argument("--kreis", help="Schlüssel oder Name (ohne Angabe: der Kreis aus _quarto.yml)")
    parser.add_argument("--antworten", type=Path, help="ausgefüllte Abwägungstabelle (xlsx), deren Antworten gelten")
    parser.add_argument("--ziel", type=Path, help="Ordner der Abwägungstabelle (ohne Angabe: _build/abwaegung)")
    options = parser.parse_args()
    region, edition = find_region(options.kreis or home_ags(), level="kreis"), find_edition(ROOT, options.edition)
    folder = options.ziel or build_dir() / "abwaegung" / region.ags
    done = collect_reviews(region, edition, options.dateien, answers=options.antworten, folder=folder)
    for line in done.lines:
        say(line)
    return 1 if done.problems else 0


if __name__ == "__main__":
    run_command(main)
