"""Compare two editions: new years, revised values, findings that turned, chapters, texts; as page and as JSON."""

import json

from kreisbericht.changes import count_lines
from kreisbericht.commands import run_command, say
from kreisbericht.comparison_page import find_snapshot, write_comparison
from kreisbericht.options import Options
from kreisbericht.selection import select_districts


def main() -> None:
    parser = Options("Zwei Ausgaben vergleichen.")
    parser.add_argument("alt", help="frühere Ausgabe oder Version, z. B. 2021 oder 2021.1")
    parser.add_argument("neu", help="spätere Ausgabe oder Version, z. B. 2025")
    parser.add_argument("--kreis", nargs="+", default=["16065"], help="Schlüssel oder Name, ein Land (16) oder 'alle'")
    parser.add_argument("--bericht", default="gesamt", help="gesamt, familie, bildung, armut …")
    parser.add_argument("--json", action="store_true", help="das Ergebnis als JSON ausgeben, sonst nichts")
    options = parser.parse_args()

    for region in select_districts(options.kreis):
        before, after = (find_snapshot(region, name, options.bericht) for name in (options.alt, options.neu))
        found, page = write_comparison(region, before, after)
        if options.json:
            say(json.dumps(found, ensure_ascii=False, indent=1))
            continue
        for line in count_lines(found):
            say(line)
        say(f"  Seite    {page}")
        say(f"  Datei    {page.with_name('vergleich.json')}")


if __name__ == "__main__":
    run_command(main)
