"""Write the invented sample district anew: regions, outlines and values. Nothing in it is true."""

import typer

from kreisbericht.commands import run_command, say
from kreisbericht.deliveries.sample_district import write_sample_district
from kreisbericht.sample import NOTICE, sample_dir

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main() -> None:
    """Musterkreis (99999) nach data/eigene/muster schreiben; alles darin ist erfunden."""
    say(f"{len(write_sample_district())} Dateien in {sample_dir()} geschrieben. {NOTICE}")


if __name__ == "__main__":
    run_command(app)
