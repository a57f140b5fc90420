"""Write the page for one meeting: chapters, findings, recommendations to decide, decisions taken; HTML and PDF."""

import datetime as dt
from pathlib import Path

from kreisbericht.assessments import home_ags
from kreisbericht.commands import run_command, say
from kreisbericht.editions import find_edition
from kreisbericht.errors import ParameterError
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, build_dir
from kreisbericht.regions import find_region
from kreisbericht.strategy.agenda import Meeting, find_body, write_agenda
from kreisbericht.strategy.tables import load_strategy


def main() -> None:
    parser = Options("Vorlage für eine Sitzung schreiben, als HTML und PDF.")
    parser.add_argument("--gremium", required=True, help="z. B. steuerungsgremium")
    parser.add_argument("--datum", required=True, help="Tag der Sitzung, z. B. 2026-12-09")
    parser.add_argument("--edition", help="Ausgabe, z. B. 2025 (ohne Angabe: die neueste)")
    parser.add_argument("--kreis", help="Schlüssel oder Name (ohne Angabe: der Kreis aus _quarto.yml)")
    parser.add_argument("--ziel", type=Path, help="Ordner (ohne Angabe: _build/sitzungen)")
    options = parser.parse_args()

    try:
        date = dt.date.fromisoformat(options.datum)
    except ValueError as error:
        raise ParameterError(f"--datum: '{options.datum}' ist kein Tag der Form JJJJ-MM-TT.") from error
    home = find_region(options.kreis or home_ags(), level="kreis")
    body = find_body(options.gremium, load_strategy(home.ags))
    folder = options.ziel or build_dir() / "sitzungen" / home.ags
    for path in write_agenda(Meeting(home, find_edition(ROOT, options.edition), body, date), folder):
        say(f"Geschrieben: {path}")


if __name__ == "__main__":
    run_command(main)
