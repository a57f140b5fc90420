"""Write the invented sample district anew: regions, outlines and values. Nothing in it is true."""

from kreisbericht.commands import run_command, say
from kreisbericht.deliveries.sample_district import write_sample_district
from kreisbericht.options import Options
from kreisbericht.sample import NOTICE, sample_dir


def main() -> None:
    Options("Musterkreis (99999) nach data/eigene/muster schreiben; alles darin ist erfunden.").parse_args()
    say(f"{len(write_sample_district())} Dateien in {sample_dir()} geschrieben. {NOTICE}")


if __name__ == "__main__":
    run_command(main)
