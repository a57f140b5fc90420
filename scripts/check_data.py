"""Check the data package: schema, keys, ranges, sums, magnitude, coverage, sources, corrections."""

from pathlib import Path
from typing import Annotated

import typer

from kreisbericht.check.data import accept_coverage, check_data, render_quality
from kreisbericht.check.finding import count_severities
from kreisbericht.commands import run_command, say
from kreisbericht.paths import write_atomically

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    bericht: Annotated[Path | None, typer.Option(help="Kapitel 'Datenqualität' als Markdown dorthin schreiben")] = None,
    annehmen: Annotated[
        bool, typer.Option("--annehmen", help="heutige Abdeckung als Vergleichsstand festhalten")
    ] = False,
) -> None:
    """Alle Daten prüfen; endet mit 3, wenn es Fehler gibt."""
    if annehmen:
        say(f"Abdeckung festgehalten: {accept_coverage()}")
    quality = check_data()
    for finding in quality.findings:
        say(str(finding))
    counts = count_severities(quality.findings)
    say(
        f"{quality.indicators} Indikatoren, {quality.values} Werte geprüft: {counts['fehler']} Fehler, "
        f"{counts['warnung']} Warnungen, {counts['hinweis']} Hinweise."
    )
    if bericht:
        write_atomically(bericht, render_quality(quality))
    raise typer.Exit(3 if quality.failed else 0)


if __name__ == "__main__":
    run_command(app)
