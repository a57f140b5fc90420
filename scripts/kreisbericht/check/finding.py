"""One result of a data check, and how results are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

SEVERITIES = ("fehler", "warnung", "hinweis")


@dataclass(frozen=True)
class Finding:
    """What a check found.

    ``severity`` is one of ``SEVERITIES``: *fehler* stops an edition, *warnung* wants a look, *hinweis* explains.
    ``check`` is the German name of the check, ``where`` an indicator or file, ``text`` a German sentence.
    """

    severity: str
    check: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.severity.capitalize()} · {self.check} · {self.where}: {self.text}"


def count_severities(findings: Iterable[Finding]) -> dict[str, int]:
    """Findings per severity, all three named."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in SEVERITIES}


def examples(rows: Iterable[tuple], limit: int = 3) -> str:
    """``16065 2021 (12,4)`` for up to three (ags, jahr, wert)."""
    shown = [f"{ags} {jahr} ({str(wert).replace('.', ',')})" for ags, jahr, wert in list(rows)[:limit]]
    return ", ".join(shown)
