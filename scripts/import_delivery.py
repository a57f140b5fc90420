"""Import official deliveries into ``data/``: recognise, check, show what changes, ask, write."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kreisbericht.commands import run_command
from kreisbericht.deliveries.importer import Plan, import_deliveries
from kreisbericht.deliveries.preview import show_plan

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    dateien: Annotated[list[Path], typer.Argument(help="Lieferungen: CSV, Excel oder Zip mit einer CSV")],
    yes: Annotated[bool, typer.Option("--yes", help="ohne Rückfrage schreiben")] = False,
) -> None:
    """Amtliche Lieferungen und eigene Vorlagen in data/ übernehmen."""
    console = Console()

    def confirm(plan: Plan) -> bool:
        show_plan(plan, console)
        return yes or not plan.files or typer.confirm("\nSo übernehmen?")

    plan, written = import_deliveries(dateien, confirm=confirm)
    if written:
        console.print(f"\nÜbernommen; in data/ geschriebene Dateien: {len(plan.files)}")
    elif plan.files:
        console.print("\nAbgebrochen; es wurde nichts verändert.")


if __name__ == "__main__":
    run_command(app)
