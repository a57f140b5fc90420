"""Import official deliveries into ``data/``: recognise, check, show what changes, ask, write."""

from pathlib import Path

from rich.console import Console

from kreisbericht.commands import confirm, run_command
from kreisbericht.deliveries.importer import Plan, import_deliveries
from kreisbericht.deliveries.preview import show_plan
from kreisbericht.options import Options


def main() -> None:
    parser = Options("Amtliche Lieferungen und eigene Vorlagen in data/ übernehmen.")
    parser.add_argument("dateien", nargs="+", type=Path, help="Lieferungen: CSV, Excel oder Zip mit einer CSV")
    parser.add_argument("--yes", action="store_true", help="ohne Rückfrage schreiben")
    options = parser.parse_args()
    console = Console()

    def agree(plan: Plan) -> bool:
        show_plan(plan, console)
        return options.yes or not plan.files or confirm("So übernehmen?")

    plan, written = import_deliveries(options.dateien, confirm=agree)
    if written:
        console.print(f"\nÜbernommen; in data/ geschriebene Dateien: {len(plan.files)}")
    elif plan.files:
        console.print("\nAbgebrochen; es wurde nichts verändert.")


if __name__ == "__main__":
    run_command(main)
