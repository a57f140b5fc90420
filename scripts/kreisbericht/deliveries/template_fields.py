"""What the district's own templates ask for: the one place from which workbooks, catalogue rows and mapping follow."""

from __future__ import annotations

from dataclasses import dataclass

PHASES = ("frühe Kindheit", "Kindheit", "Jugend", "Ausbildung und Beruf", "Familie", "Alter", "alle")
KINDS = ("Beratung", "Bildung", "Begegnung", "Betreuung", "Freizeit", "Gesundheit", "Materielle Hilfe", "Wohnen")


@dataclass(frozen=True)
class Field:
    """A column of a template: ``indicator`` is empty for columns of records."""

    heading: str
    help: str
    indicator: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    kind: str = "zahl"
    """``zahl``, ``text``, ``datum`` or ``jahr``."""


@dataclass(frozen=True)
class Template:
    """One workbook."""

    id: str
    title: str
    topic: str
    reference: str
    fields: tuple[Field, ...]
    records: bool = False


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
ANGEBOTE = Template(
    "angebote",
    "Angebote für Familien, Kinder, Jugendliche und ältere Menschen",
    "familie",
    "",
    (
        Field("Angebot", "Name, unter dem Ratsuchende es finden", required=True, kind="text"),
        Field("Träger", "Name der Organisation", required=True, kind="text"),
        Field(
            "Art",
            "Art des Angebots",
            choices=KINDS,
            required=True,
            kind="text",
        ),
        Field("Lebensphase", "Für wen es vor allem gedacht ist", choices=PHASES, required=True, kind="text"),
        Field("Ort", "Gemeinde oder Ortsteil", kind="text"),
        Field("Plätze", "Plätze oder Teilnehmende im Jahr; leer, wenn nicht begrenzt"),
        Field("Zugang", "Wie man hinkommt", choices=("offen", "Anmeldung", "Vermittlung"), kind="text"),
        Field("Förderung", "Wer bezahlt (Programm, Haushalt)", kind="text"),
        Field("seit", "Jahr des Beginns", kind="jahr"),
        Field("bis", "Jahr des geplanten Endes; leer, wenn unbefristet", kind="jahr"),
        Field("Internet", "Adresse der Seite", kind="text"),
    ),
    records=True,
)  # fmt: skip
MASSNAHMEN = Template(
    "massnahmen",
    "Maßnahmen der Planung",
    "familie",
    "",
    (
        Field("Kennung", "kurze feste Kennung, z. B. M-2025-03", required=True, kind="text"),
        Field("Maßnahme", "was getan wird, in einem Satz", required=True, kind="text"),
        Field("Ziel", "Kennung oder Wortlaut des Ziels", required=True, kind="text"),
        Field("Lebensphase", "Für wen", choices=PHASES, kind="text"),
        Field("Zuständig", "Amt, Träger oder Person mit Funktion", required=True, kind="text"),
        Field("Beginn", "Tag oder Jahr", kind="text"),
        Field("Ende", "Tag oder Jahr", kind="text"),
        Field("Stand", "Bearbeitungsstand", choices=("geplant", "begonnen", "umgesetzt", "verschoben", "aufgegeben"),
              required=True, kind="text"),
        Field("Kosten in Euro", "Kosten im Haushaltsjahr, ohne Personal der Verwaltung"),
        Field("Indikator", "Kennung des Indikators, an dem die Wirkung abgelesen wird", kind="text"),
        Field("Beschluss", "Gremium, Datum, Vorlagen-Nr.", kind="text"),
    ),
    records=True,
)  # fmt: skip

TEMPLATES = {template.id: template for template in (KITA, HZE, SEU, ANGEBOTE, MASSNAHMEN)}
MARK = "kreisbericht-Vorlage"
