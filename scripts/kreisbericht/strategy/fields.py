"""The eight tables of the strategy: their columns, choices and help texts, for CSV and workbook alike.

Not in here: reading and checking them (``tables``).
"""

from __future__ import annotations

from kreisbericht.forms import Field, Template

PHASES = ("Kindheit", "Jugend", "Erwachsenenalter", "Senioren", "alle")
VIEWS = ("Zielgruppe", "strategisch", "materiell")
STATES = ("geplant", "läuft", "abgeschlossen", "eingestellt", "unbekannt")
KINDS = ("Beratung", "Bildung", "Begegnung", "Betreuung", "Freizeit", "Gesundheit", "Materielle Hilfe", "Mobilität",
         "Wohnen")  # fmt: skip
VERDICTS = ("angenommen", "geändert", "abgelehnt")
OUTCOMES = (*VERDICTS, "vertagt", "beschlossen", "empfohlen", "zur Kenntnis genommen")
CONDITIONS = ("ungünstiger und verschlechtert", "Ziel verfehlt", "Bedarf ohne Angebot", "Meilenstein überfällig")
NOT_PUBLIC = "nicht öffentlich"
"""Entry for a goal that exists but is not published; an empty cell is a mistake."""


def _text(heading: str, help_text: str, *, choices: tuple[str, ...] = (), required: bool = False) -> Field:
    return Field(heading, help_text, choices=choices, required=required, kind="text")


def _date(heading: str, help_text: str, *, required: bool = False) -> Field:
    return Field(heading, f"{help_text} (Tag, Monat oder Jahr: 2025-03-31, 2025-03, 2025)", required=required,
                 kind="datum")  # fmt: skip


_SOURCE = _text("Quelle", "Wo die Angabe steht: Dokument, Seite, Adresse", required=True)
_ID = "kurze feste Kennung, z. B. {}; sie bleibt, auch wenn der Wortlaut sich ändert"

ZIELE = Template("ziele", "Ziele der Strategie", "strategie", "", (
    _text("Kennung", _ID.format("Z-1.2"), required=True),
    _text("Art", "Leitziel: wohin; Handlungsziel: was bis wann messbar erreicht wird",
          choices=("Leitziel", "Handlungsziel"), required=True),
    _text("Ziel", "Wortlaut des Ziels", required=True),
    _text("Leitziel", "Kennung des Leitziels, zu dem ein Handlungsziel gehört"),
    _text("Lebensphase", "Für wen", choices=PHASES, required=True),
    _text("Handlungsfeld", "Handlungsfeld der Strategie"),
    _text("Blickwinkel", "Blickwinkel der Strategie", choices=VIEWS),
    _text("Indikator", "Kennung aus data/indikatoren.csv, an der das Ziel gemessen wird"),
    Field("Ausgangswert", "Wert im Ausgangsjahr; leer: aus den Daten des Berichts"),
    Field("Ausgangsjahr", "Jahr, von dem aus gerechnet wird", kind="jahr"),
    Field("Zielwert", "Wert, der erreicht werden soll"),
    Field("Zieljahr", "Jahr, in dem er erreicht sein soll", kind="jahr"),
    _SOURCE,
), records=True)  # fmt: skip

MASSNAHMEN = Template("massnahmen", "Maßnahmen der Strategie", "strategie", "", (
    _text("Kennung", _ID.format("M-2025-03"), required=True),
    _text("Maßnahme", "was getan wird, in einem Satz", required=True),
    _text("Ziel", f"Kennung des Ziels; '{NOT_PUBLIC}', wenn es eines gibt, das nicht veröffentlicht ist",
          required=True),
    _text("Lebensphase", "Für wen", choices=PHASES, required=True),
    _text("Handlungsfeld", "Handlungsfeld der Strategie"),
    _text("Zuständig", "Amt, Träger oder Funktion, keine Namen"),
    _text("Partner", "wer mitwirkt"),
    _text("Zielgruppe", "wer erreicht werden soll"),
    _text("Weitere Planungsräume", "weitere Schlüssel, durch Semikolon getrennt"),
    _date("Beginn", "Beginn"),
    _date("Ende", "geplantes oder tatsächliches Ende"),
    _text("Stand", "Stand der Umsetzung", choices=STATES, required=True),
    _date("Stand seit", "seit wann dieser Stand gilt"),
    _text("Stand davor", "Stand vor dieser Änderung", choices=STATES),
    _text("Indikatoren", "Kennungen der Ergebnisindikatoren, durch Semikolon getrennt"),
    _date("Letzter Bericht", "wann zuletzt berichtet wurde"),
    _text("Bericht", "was zuletzt berichtet wurde, in einem Satz"),
    _SOURCE,
), records=True)  # fmt: skip

MEILENSTEINE = Template("meilensteine", "Meilensteine der Maßnahmen", "strategie", "", (
    _text("Kennung", _ID.format("M-2025-03.1"), required=True),
    _text("Maßnahme", "Kennung der Maßnahme", required=True),
    _text("Meilenstein", "was dann erreicht ist", required=True),
    _date("Fällig", "bis wann", required=True),
    _date("Erledigt", "wann erreicht; leer: noch offen"),
    _text("Quelle", "Wo die Angabe steht"),
), records=True)  # fmt: skip

MITTEL = Template("mittel", "Mittel der Maßnahmen nach Jahr und Herkunft", "strategie", "", (
    _text("Kennung", _ID.format("M-2025-03/2025/Land"), required=True),
    _text("Maßnahme", "Kennung der Maßnahme", required=True),
    Field("Jahr", "Haushaltsjahr", kind="jahr", required=True),
    Field("Betrag in Euro", "Betrag ohne Personal der Verwaltung", required=True, unit="Euro"),
    _text("Herkunft", "Programm oder Haushalt, aus dem das Geld kommt", required=True),
    _text("Hinweis", "was beim Lesen zu beachten ist"),
    _SOURCE,
), records=True)  # fmt: skip

ANGEBOTE = Template("angebote", "Angebote für Familien, Kinder, Jugendliche und ältere Menschen", "strategie", "", (
    _text("Angebot", "Name, unter dem Ratsuchende es finden", required=True),
    _text("Träger", "Name der Organisation"),
    _text("Art", "Art des Angebots", choices=KINDS, required=True),
    _text("Lebensphase", "Für wen es vor allem gedacht ist", choices=PHASES, required=True),
    _text("Zielgruppe", "wer es nutzen kann"),
    Field("Alter von", "jüngstes Alter in Jahren"),
    Field("Alter bis", "höchstes Alter in Jahren; leer, wenn es keine Grenze gibt"),
    _text("Ort", "Gemeinde oder Ortsteil"),
    Field("Breite", "geografische Breite, z. B. 51,37; leer, wenn der Planungsraum genügt"),
    Field("Länge", "geografische Länge, z. B. 10,87"),
    Field("Plätze", "Plätze oder Teilnehmende im Jahr; leer, wenn nicht begrenzt"),
    Field("Genutzt", "genutzte Plätze oder Teilnehmende im letzten Jahr"),
    _text("Zugang", "Wie man hinkommt", choices=("offen", "Anmeldung", "Vermittlung")),
    _text("Barrierefrei", "Ob Menschen mit Behinderung es ohne Hilfe nutzen können",
          choices=("ja", "teilweise", "nein")),
    _text("Förderung", "Wer bezahlt (Programm, Haushalt)"),
    Field("seit", "Jahr des Beginns", kind="jahr"),
    Field("bis", "Jahr des Endes; leer, wenn unbefristet", kind="jahr"),
    _text("Internet", "Adresse der Seite"),
    _text("Quelle", "Wo die Angabe steht: Dokument, Seite, Adresse"),
), records=True)  # fmt: skip

BESCHLUESSE = Template("beschluesse", "Beschlüsse der Gremien", "strategie", "", (
    _text("Kennung", _ID.format("B-2025-04"), required=True),
    _text("Gremium", "welches Gremium", required=True),
    _date("Datum", "wann", required=True),
    _text("Vorlage", "Vorlagen-Nr."),
    _text("Gegenstand", "worüber entschieden wurde", required=True),
    _text("Entscheidung", "wie entschieden wurde", choices=OUTCOMES, required=True),
    _text("Empfehlung", "Kennung der Empfehlung aus dem Bericht, wenn es um eine geht"),
    _text("Wortlaut", "beschlossener Wortlaut, wenn er von der Empfehlung abweicht"),
    _text("Grund", "Begründung"),
    _text("Ausgabe", "Ausgabe des Berichts, die vorlag"),
    _SOURCE,
), records=True)  # fmt: skip

EMPFEHLUNGSREGELN = Template("empfehlungsregeln", "Regeln, aus denen Empfehlungen folgen", "strategie", "", (
    _text("Kennung", _ID.format("R-KINDERARMUT"), required=True),
    _text("Bedingung", "welche Art von Befund", choices=CONDITIONS, required=True),
    _text("Indikator", "Kennung aus data/indikatoren.csv; leer bei Zielen und Meilensteinen: alle"),
    Field("Schwelle", "ab welchem Abstand die Regel greift; die Einheit folgt aus der Bedingung", required=True),
    Field("Jahre", "wie viele Jahre die Verschlechterung betrachtet wird"),
    _text("Lebensphase", "Für wen", choices=PHASES),
    _text("Handlungsfeld", "Handlungsfeld"),
    _text("Empfehlung", "Text der Empfehlung; {was}, {wo} und {name} werden eingesetzt", required=True),
    _text("Begründung", "warum dieser Befund diese Empfehlung stützt"),
    _text("Aktiv", "ja oder nein; nein schaltet die Regel ab", choices=("ja", "nein"), required=True),
), records=True)  # fmt: skip

ABLAUF = Template("ablauf", "Ablaufplan der Strategie", "strategie", "", (
    _text("Kennung", _ID.format("A-2016-1"), required=True),
    _date("Zeitraum", "wann", required=True),
    _text("Schritt", "was vorgesehen oder erreicht war, wie es das Dokument sagt", required=True),
    _text("Art", "ob es ein Plan oder ein erreichter Meilenstein ist", choices=("geplant", "erreicht"), required=True),
    _text("Abschnitt", "Phase oder Förderabschnitt"),
    _SOURCE,
), records=True)  # fmt: skip

TABLES = {
    table.id: table
    for table in (ZIELE, MASSNAHMEN, MEILENSTEINE, MITTEL, ANGEBOTE, BESCHLUESSE, EMPFEHLUNGSREGELN, ABLAUF)
}  # fmt: skip
