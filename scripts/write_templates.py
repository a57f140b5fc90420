"""Write the district's template workbooks and the invented sample district."""

from kreisbericht.commands import run_command, say
from kreisbericht.deliveries.template_workbooks import write_sample, write_templates
from kreisbericht.options import Options
from kreisbericht.paths import data_dir


def main() -> None:
    parser = Options("Vorlagen nach data/eigene/vorlagen und Musterdaten nach data/eigene/muster schreiben.")
    parser.add_argument("--kreis", default="16065", help="Schlüssel oder Name des Kreises")
    options = parser.parse_args()
    own = data_dir() / "eigene"
    for path in [*write_templates(own / "vorlagen", options.kreis), *write_sample(own / "muster")]:
        say(str(path))


if __name__ == "__main__":
    run_command(main)
