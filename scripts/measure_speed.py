"""Measure how fast books are made, ours against plain papermill and Quarto, and write it into ``docs/``."""

from pathlib import Path

from kreisbericht.bench.report import write_report
from kreisbericht.bench.trials import Scope, run_trials
from kreisbericht.book import REPORTS
from kreisbericht.commands import run_command, say
from kreisbericht.editions import find_edition
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, build_dir, write_atomically

SHORT = Scope("", "kita", (1, 2))


def main() -> None:
    parser = Options("Messen, wie schnell Bücher entstehen; Tabelle und Schaubild kommen nach docs/.")
    parser.add_argument("--edition", help="Ausgabe (sonst: die neueste)")
    parser.add_argument("--bericht", default=Scope.report, choices=REPORTS, help=", ".join(REPORTS))
    parser.add_argument("--kreise", default="1,2,4,8,22,44", help="Anzahlen von Kreisen, mit Komma")
    parser.add_argument("--memory", default=Scope.memory, help="Arbeitsspeicher der Läufe")
    parser.add_argument("--quarto", action="store_true", help="auch 'quarto render' messen, wo es Quarto gibt")
    parser.add_argument("--kurz", action="store_true", help="nur ein Teilbericht, ein und zwei Kreise")
    parser.add_argument("--ziel", type=Path, default=ROOT / "docs", help="Ordner für Tabelle und Schaubild")
    options = parser.parse_args()
    counts = tuple(int(number) for number in options.kreise.split(",") if number)
    report, counts = (SHORT.report, SHORT.counts) if options.kurz else (options.bericht, counts)
    edition = find_edition(ROOT, options.edition).id if options.edition else find_edition(ROOT).id
    results = run_trials(Scope(edition, report, counts, options.memory, options.quarto), say)
    write_atomically(build_dir() / "messung.json", results.to_json())
    say(f"Tabelle und Schaubild: {write_report(results, options.ziel)}")


if __name__ == "__main__":
    run_command(main)
