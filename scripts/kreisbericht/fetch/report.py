"""What a run will do and what it did, in German lines."""

from __future__ import annotations

from collections.abc import Callable

from kreisbericht.deliveries.source import UNTOUCHED
from kreisbericht.fetch.answers import FetchError
from kreisbericht.fetch.archive import archive_dir
from kreisbericht.fetch.plan import FetchPlan
from kreisbericht.fetch.run import Outcome
from kreisbericht.fetch.token import has_credentials


def describe_plan(plan: FetchPlan, say: Callable[[str], None], *, dry: bool) -> None:
    """Tables that are due, those left out with the reason and, dry, whether an access is set."""
    reasons: dict[str, list[str]] = {}
    for code, reason in plan.skipped:
        reasons.setdefault(reason, []).append(code)
    for reason, codes in reasons.items():
        say(f"Nicht abgerufen ({reason}): {', '.join(codes)}")
    if not plan.due:
        say("Nichts fällig. Mit --tabelle CODE wird eine Tabelle auch vor der Zeit geholt.")
        return
    say(f"Fällig: {len(plan.due)} {'Tabelle' if len(plan.due) == 1 else 'Tabellen'}.")
    if not dry:
        return
    for request in plan.due:
        form = "Flat File" if request.file_format == "ffcsv" else "GENESIS-Tabelle"
        newer = f", nur wenn neuer als {request.newer_than:%d.%m.%Y}" if request.newer_than else ""
        count = len(request.indicators)
        say(f"  {request.label} ({form}, {count} {'Indikator' if count == 1 else 'Indikatoren'}{newer})")
    for service in dict.fromkeys(request.service for request in plan.due):
        state = "hinterlegt" if has_credentials(service) else f"fehlt ({service.variable('TOKEN')})"
        say(f"Zugang {service.name}: {state}")
    say("Trockenlauf: Es wurde nichts abgerufen und nichts verändert.")


def finish(outcome: Outcome, say: Callable[[str], None]) -> None:
    """Say what was taken over.

    Raises
    ------
    FetchError
        If anything failed: all messages, and what holds all the same.
    """
    if outcome.written:
        count = len(outcome.plan.files)
        say(f"\nÜbernommen: {count} {'Datei' if count == 1 else 'Dateien'} in data/ geschrieben.")
    elif outcome.plan and outcome.plan.files:
        say("\nAbgebrochen; data/ ist unverändert. Die Antworten bleiben liegen und werden wieder benutzt.")
    if outcome.answers:
        say(f"Rohdaten mit Prüfsumme und Abrufdatum: {archive_dir()}")
    if outcome.failures:
        messages = "\n\n".join(message.replace(UNTOUCHED, "").strip() for message in outcome.failures)
        rest = "Alles andere ist übernommen." if outcome.written else UNTOUCHED
        raise FetchError(
            f"{messages}\n\nNicht geholt oder nicht übernommen: {len(outcome.failures)}. {rest} "
            "Ein neuer Aufruf holt nur, was fehlt."
        )
