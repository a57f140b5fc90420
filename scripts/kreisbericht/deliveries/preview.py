"""What an import would do, in German, before anything is written."""

from __future__ import annotations

import math

from rich.console import Console

from kreisbericht.deliveries.compare import Change, format_number, largest_changes, largest_jumps
from kreisbericht.deliveries.importer import Plan, Planned
from kreisbericht.deliveries.model import FAMILY_NAMES
from kreisbericht.numbers import format_number as german

SHOWN = 12
HEADINGS = ("neu", "gleich", "berichtigt", "älter", "Zeichen")


def show_plan(plan: Plan, console: Console) -> None:
    """Print every delivery: what it is, what is new, revised and left out, and the largest changes."""
    if plan.recovered:
        console.print(plan.recovered)
    for item in plan.deliveries:
        _show_delivery(item, console)
    if not plan.files:
        console.print("\n[bold]Nichts zu tun:[/bold] Alle Werte sind schon so vorhanden.")


def _show_delivery(item: Planned, console: Console) -> None:
    delivery, values = item.mapped.delivery, item.mapped.values
    stand = f", Stand {delivery.as_of:%d.%m.%Y}" if delivery.as_of and delivery.family != "inkar" else ""
    console.print(f"\n[bold]{delivery.path.name}[/bold]", highlight=False, soft_wrap=True)
    console.print(
        f"  {FAMILY_NAMES[delivery.family]} {delivery.table}: {delivery.title}{stand}", highlight=False, soft_wrap=True
    )
    if item.known:
        console.print("  Genau diese Datei wurde schon importiert.")
    if item.records:
        console.print(
            f"  {item.records.new} neue, {item.records.changed} geänderte Einträge", highlight=False, soft_wrap=True
        )
        return
    regions = ", ".join(f"{count} {name}" for name, count in item.regions.items())
    if len(values):
        years = sorted({int(year) for year in values["jahr"]})
        span = f"Jahr {years[0]}" if len(years) == 1 else f"Jahre {years[0]}–{years[-1]}"
        count = _plural(len(item.changes), "Indikator", "Indikatoren")
        console.print(f"  {count}, {span}; {regions}", highlight=False, soft_wrap=True)
    if item.changes:
        for line in _count_lines(item):
            console.print(line, highlight=False, soft_wrap=True)
    for note in item.notes:
        console.print(f"  Hinweis: {note}", highlight=False, soft_wrap=True)
    _show_largest(item, console)
    _show_unmapped(item, console)


def _count_lines(item: Planned) -> list[str]:
    """One row per indicator that changes (at most ``SHOWN``), one line for the rest."""
    moving = [change for change in item.changes if change.touched or len(change.older)]
    moving.sort(key=lambda change: -len(change.revised))
    rows = [(change.indicator, [change]) for change in moving[:SHOWN]]
    if moving[SHOWN:]:
        rows.append((f"… {len(moving) - SHOWN} weitere", moving[SHOWN:]))
    quiet = [change for change in item.changes if not change.touched and not len(change.older)]
    if quiet:
        rows.append((f"{len(quiet)} ohne Änderung", quiet))
    width = max(len(name) for name, _ in rows)
    lines = ["".join(f"{heading:>12}" for heading in HEADINGS)]
    lines += ["".join(f"{german(count, 0):>12}" for count in _counts(changes)) for _, changes in rows]
    names = ["Indikator", *(name for name, _ in rows)]
    return [f"    {name:<{width}}{line}" for name, line in zip(names, lines, strict=True)]


def _counts(changes: list[Change]) -> list[int]:
    return [
        sum(len(change.new) for change in changes),
        sum(change.equal for change in changes),
        sum(len(change.revised) for change in changes),
        sum(len(change.older) for change in changes),
        sum(int((rows["zeichen"] != "").sum()) for change in changes for rows in (change.new, change.revised)),
    ]


def _show_largest(item: Planned, console: Console) -> None:
    lines = []
    for change in item.changes:
        for row in largest_changes(change, 3).itertuples(index=False):
            was, now = _text(row.alt), _text(row.wert)
            lines.append((abs(row.prozent), "berichtigt", f"{change.indicator}, {row.ags}, {row.jahr}: {was} → {now}"))
        for row in largest_jumps(change, 3).itertuples(index=False):
            was, now = _text(row.vorjahr), _text(row.wert)
            text = f"{change.indicator}, {row.ags}: {row.jahr - 1} {was} → {row.jahr} {now}"
            lines.append((abs(row.prozent), "neu", text))
    for kind, heading in (("berichtigt", "Größte Berichtigungen"), ("neu", "Größte Sprünge zum Vorjahr")):
        chosen = sorted((line for line in lines if line[1] == kind and not math.isnan(line[0])), reverse=True)[:5]
        if chosen:
            console.print(f"  {heading}:")
            for percent, _, text in chosen:
                console.print(f"    {text} ({german(percent, 0)} %)", highlight=False, soft_wrap=True)


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _text(value: float) -> str:
    return format_number(value).replace(".", ",")


def _show_unmapped(item: Planned, console: Console) -> None:
    missing = item.mapped.unmapped
    if missing:
        names = "; ".join(feature for feature, _ in missing[:4])
        more = f" und {len(missing) - 4} weitere" if len(missing) > 4 else ""
        console.print(
            f"  Nicht zugeordnet ({len(missing)}): {names}{more}. Soll ein Merkmal in den Bericht, "
            "fehlt seine Zeile in data/zuordnung.csv.",
            highlight=False,
            soft_wrap=True,
        )
