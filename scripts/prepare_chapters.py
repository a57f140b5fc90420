"""Fill ``chapters/daten/`` for a ``quarto render`` or ``quarto preview`` typed by hand (Quarto's pre-render step).

With ``--platzhalter`` only the files are laid out that Quarto wants to see before it calls this step.
"""

import os

from set_up import use_own_environment


def main() -> None:
    from kreisbericht.commands import say
    from kreisbericht.options import Options
    from kreisbericht.paths import ROOT
    from kreisbericht.staging import hold_places

    parser = Options("Die Datenkapitel für ein von Hand aufgerufenes Quarto ausführen.")
    parser.add_argument("--platzhalter", action="store_true", help="nur leere Kapitel anlegen, wo noch keine sind")
    hold_places(ROOT)
    if parser.parse_args().platzhalter:
        return
    from kreisbericht.render import prepare_project

    prepare_project(os.environ.get("QUARTO_PROFILE") or None, progress=say)


if __name__ == "__main__":
    use_own_environment()
    from kreisbericht.commands import run_command

    run_command(main)
