"""Check the data package: schema, keys, ranges, sums, magnitude, coverage, sources, corrections."""

from pathlib import Path

from kreisbericht.check.data import accept_coverage, check_data, render_quality
from kreisbericht.check.finding import count_severities
from kreisbericht.commands import run_command, say
from kreisbericht.options import Options
from kreisbericht.paths import write_atomically


def main() -> int:
    parser = Options("Alle Daten prüfen; endet mit 3, wenn es Fehler gibt.")
    parser.add_argument("--bericht", type=Path, help="Kapitel 'Datenqualität' als Markdown dorthin schreiben")
    parser.add_argument("--annehmen", action="store_true", help="heutige Abdeckung als Vergleichsstand festhalten")
    options = parser.parse_args()
    if options.annehmen:
        say(f"Abdeckung festgehalten: {accept_coverage()}")
    quality = check_data()
    for finding in quality.findings:
        say(str(finding))
    counts = count_severities(quality.findings)
    say(
        f"{quality.indicators} Indikatoren, {quality.values} Werte geprüft: {counts['fehler']} Fehler, "
        f"{counts['warnung']} Warnungen, {counts['hinweis']} Hinweise."
    )
    if options.bericht:
        write_atomically(options.bericht, render_quality(quality))
    return 3 if quality.failed else 0


if __name__ == "__main__":
    run_command(main)
