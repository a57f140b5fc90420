"""Fetch the catalogue's tables from Regionaldatenbank, GENESIS-Online and Zensus and import them."""

from rich.console import Console

from kreisbericht.commands import confirm, run_command, say
from kreisbericht.deliveries.importer import Plan
from kreisbericht.deliveries.preview import show_plan
from kreisbericht.fetch.plan import plan_tables
from kreisbericht.fetch.report import describe_plan, finish
from kreisbericht.fetch.run import fetch_figures
from kreisbericht.fetch.services import SERVICES, find_service
from kreisbericht.options import Options


def main() -> None:
    parser = Options("Amtliche Zahlen abrufen, zeigen, was sich ändert, und übernehmen.")
    parser.add_argument(
        "--tabelle", nargs="+", default=[], metavar="CODE", help="nur diese Tabellen, auch vor der Zeit"
    )
    parser.add_argument("--quelle", metavar="NAME", help=", ".join(SERVICES))
    parser.add_argument("--seit", type=int, metavar="JAHR", help="ab diesem Jahr (ohne Angabe: die neuesten Jahre)")
    parser.add_argument("--trocken", action="store_true", help="nur zeigen, was abgerufen würde")
    parser.add_argument("--yes", action="store_true", help="ohne Rückfrage übernehmen")
    options = parser.parse_args()

    plan = plan_tables(tables=options.tabelle, service=find_service(options.quelle), since=options.seit)
    describe_plan(plan, say, dry=options.trocken)
    if options.trocken or not plan.due:
        return

    def agree(changes: Plan) -> bool:
        show_plan(changes, Console())
        return options.yes or not changes.files or confirm("So übernehmen?")

    finish(fetch_figures(plan, confirm=agree, say=say), say)


if __name__ == "__main__":
    run_command(main)
