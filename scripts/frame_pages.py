"""Put the report's own page around what a ``quarto render`` typed by hand has written (Quarto's post-render step)."""

import os

from set_up import use_own_environment


def main() -> None:
    from kreisbericht.paths import ROOT
    from kreisbericht.render import frame_project

    frame_project(os.environ.get("QUARTO_PROFILE") or None, ROOT / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_book"))


if __name__ == "__main__":
    use_own_environment()
    from kreisbericht.commands import run_command

    run_command(main)
