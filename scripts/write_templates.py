"""Write the district's template workbooks and the invented sample district."""

from typing import Annotated

import typer

from kreisbericht.commands import run_command, say
from kreisbericht.deliveries.template_workbooks import write_sample, write_templates
from kreisbericht.paths import data_dir

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(kreis: Annotated[str, typer.Option(help="Schlüssel oder Name des Kreises")] = "16065") -> None:
    """Vorlagen nach data/eigene/vorlagen und Musterdaten nach data/eigene/muster schreiben."""
    own = data_dir() / "eigene"
    for path in [*write_templates(own / "vorlagen", kreis), *write_sample(own / "muster")]:
        say(str(path))


if __name__ == "__main__":
    run_command(app)
