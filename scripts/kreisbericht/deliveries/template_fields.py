"""What the district's own templates ask for: the one place from which workbooks, catalogue rows and mapping follow."""

from __future__ import annotations

from kreisbericht.forms import Field, Template
from kreisbericht.strategy.fields import TABLES as STRATEGY


def _count(heading: str, indicator: str, help_text: str, unit: str = "Personen") -> Field:
    return Field(heading, help_text, f"eigene_{indicator}", unit)


KITA = Template(
    "kita",
    "Kindertagesbetreuung: Plätze und Belegung nach Planungsraum",
    "familie",
    "stichtag 01.03.",
    (
        _count(
            "Einrichtungen", "kita_einrichtungen", "Kindertageseinrichtungen mit Betriebserlaubnis am 1. März", "Anzahl"
        ),
        _count(
            "Plätze unter 3 Jahren", "kita_plaetze_u3", "Plätze laut Bedarfsplan für Kinder unter 3 Jahren", "Plätze"
        ),
        _count("Plätze 3 Jahre bis Schuleintritt", "kita_plaetze_3_6", "Plätze laut Bedarfsplan ab 3 Jahren", "Plätze"),
        _count("Hortplätze", "hort_plaetze", "Plätze für Schulkinder in Horten", "Plätze"),
        _count("belegte Plätze unter 3 Jahren", "kita_belegt_u3", "am 1. März betreute Kinder unter 3 Jahren"),
        _count("belegte Plätze 3 Jahre bis Schuleintritt", "kita_belegt_3_6", "am 1. März betreute Kinder ab 3 Jahren"),
        _count("belegte Hortplätze", "hort_belegt", "am 1. März betreute Schulkinder"),
        _count("Kinder auf der Warteliste", "kita_warteliste", "Kinder mit Bedarfsmeldung ohne Platz am 1. März"),
    ),
)
HZE = Template(
    "hilfen_zur_erziehung",
    "Hilfen zur Erziehung und Kinderschutz",
    "familie",
    "jahr",
    (
        _count(
            "Hilfen ambulant",
            "hze_ambulant",
            "laufende und beendete Hilfen nach §§ 29–31, 35 SGB VIII im Jahr",
            "Fälle",
        ),
        _count("Hilfen teilstationär", "hze_teilstationaer", "Tagesgruppen nach § 32 SGB VIII im Jahr", "Fälle"),
        _count(
            "Hilfen stationär", "hze_stationaer", "Vollzeitpflege und Heim nach §§ 33, 34 SGB VIII im Jahr", "Fälle"
        ),
        _count("Eingliederungshilfen", "eingliederungshilfe_35a", "Hilfen nach § 35a SGB VIII im Jahr", "Fälle"),
        _count("Inobhutnahmen", "inobhutnahmen", "Inobhutnahmen nach §§ 42, 42a SGB VIII im Jahr", "Fälle"),
        _count(
            "Gefährdungseinschätzungen", "gefaehrdungseinschaetzungen", "Verfahren nach § 8a SGB VIII im Jahr", "Fälle"
        ),
    ),
)
SEU = Template(
    "schuleingangsuntersuchung",
    "Schuleingangsuntersuchung",
    "gesundheit",
    "schuljahr (Jahr der Einschulung)",
    (
        _count("untersuchte Kinder", "seu_untersucht", "im Jahr der Einschulung untersuchte Kinder"),
        _count("auffällige Sprache", "seu_sprache", "Kinder mit auffälligem Befund im Bereich Sprache"),
        _count("auffällige Motorik", "seu_motorik", "Kinder mit auffälligem Befund im Bereich Motorik"),
        _count(
            "Übergewicht", "seu_uebergewicht", "Kinder über dem 90. Perzentil des Body-Mass-Index (Kromeyer-Hauschild)"
        ),
        _count("Vorsorge U1 bis U9 vollständig", "seu_vorsorge", "Kinder mit vorgelegtem, vollständigem Vorsorgeheft"),
        _count("mindestens 3 Jahre in der Kita", "seu_kita_3_jahre", "Kinder mit drei oder mehr Jahren Kita-Besuch"),
    ),
)
TEMPLATES = {template.id: template for template in (KITA, HZE, SEU)} | STRATEGY
MARK = "kreisbericht-Vorlage"
