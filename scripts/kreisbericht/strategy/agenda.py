"""One page per meeting: chapters, new findings, recommendations to decide, overdue milestones, decisions taken.

From the same tables and rules as the book, as Markdown, HTML without foreign files, and an accessible PDF.
Not in here: the chapters themselves.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from kreisbericht import paths
from kreisbericht.assemble.leaflet import typeset_leaflet
from kreisbericht.assemble.pandoc import READER, run_pandoc
from kreisbericht.assessments import find_assessment
from kreisbericht.book import find_notebooks, read_plan
from kreisbericht.catalogue import find_indicator
from kreisbericht.changes import JUDGED, Changes
from kreisbericht.editions import Edition
from kreisbericht.errors import ParameterError, nearest
from kreisbericht.numbers import format_date
from kreisbericht.output import Printer, escape
from kreisbericht.regions import Region
from kreisbericht.sample import NOTICE, is_sample
from kreisbericht.scope import Scope
from kreisbericht.strategy.measure_pages import list_changes
from kreisbericht.strategy.model import Decision, Strategy
from kreisbericht.strategy.monitoring import judge_goals, overdue_milestones
from kreisbericht.strategy.printing import count
from kreisbericht.strategy.progress_pages import count_states
from kreisbericht.strategy.recommendation_pages import describe_finding
from kreisbericht.strategy.rules import Recommendation, recommend
from kreisbericht.strategy.tables import load_strategy
from kreisbericht.tokens import css_variables

BODIES = ("Steuerungsgremium", "Jugendhilfeausschuss", "Sozialausschuss", "Kreistag")
CHOICE = "☐ angenommen   ☐ geändert   ☐ abgelehnt   ☐ vertagt   Grund:"
MOST = 10  # findings that turned, listed one by one
STYLE = """
body{font:1rem/1.5 "Source Sans 3",system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0}
main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1,h2{font-family:"Source Serif 4",Georgia,serif;line-height:1.2}
h1{font-size:2rem;margin:0 0 .5rem}
h2{font-size:1.35rem;margin:2.2rem 0 .6rem;border-top:2px solid var(--ink);padding-top:.6rem}
h3{font-size:1.05rem;margin:1.6rem 0 .3rem}li{margin:.25rem 0}dt{font-weight:600;margin-top:.35rem}dd{margin:0 0 0 1rem}
@media print{main{max-width:none;padding:0}h3{break-after:avoid}dl{break-inside:avoid}}
"""


@dataclass(frozen=True)
class Meeting:
    """One meeting of one body about one edition of one district."""

    region: Region
    edition: Edition
    body: str
    date: dt.date

    @property
    def title(self) -> str:
        """Heading of the page."""
        return f"{self.body}, Sitzung am {format_date(self.date)}"

    @property
    def scope(self) -> Scope:
        """Figures of the edition, strategy as of the day of the meeting."""
        return Scope(self.region, self.edition.berichtsjahr, self.date)


def find_body(name: str, strategy: Strategy) -> str:
    """Name of a body as written, whatever the case.

    Raises
    ------
    ParameterError
        If neither the known bodies nor the decisions name it.
    """
    known = {body.lower(): body for body in (*BODIES, *(decision.body for decision in strategy.decisions))}
    if name.strip().lower() not in known:
        raise ParameterError(
            f"Gremium '{name}' ist nicht bekannt.{nearest(name, known.values())} Möglich: "
            f"{', '.join(dict.fromkeys(known.values()))}. Es wurde nichts geschrieben."
        )
    return known[name.strip().lower()]


def write_agenda(meeting: Meeting, folder: Path) -> list[Path]:
    """Write ``<date>-<body>.html`` and ``.pdf``; returns both paths.

    Raises
    ------
    DataError
        If a table of the strategy holds a mistake.
    RenderError
        If the page cannot be set.
    """
    text = compose_agenda(meeting, load_strategy(meeting.region.ags))
    name = f"{meeting.date.isoformat()}-{meeting.body.lower().replace(' ', '-')}"
    page, pdf = folder / f"{name}.html", folder / f"{name}.pdf"
    body = run_pandoc(["-f", READER, "-t", "html5"], text)
    # Before anything is written: both or none.
    typeset = typeset_leaflet(text, folder / f".{name}.typ", title=meeting.title, day=meeting.date)
    paths.write_atomically(page, _frame(body, meeting))
    paths.write_atomically(pdf, typeset)
    return [page, pdf]


def compose_agenda(meeting: Meeting, strategy: Strategy) -> str:
    """The page as Markdown."""
    found = recommend(meeting.scope, strategy)
    waiting = [one for one in found if one.is_open]
    edition = meeting.edition
    head = f"{meeting.region}, Ausgabe {edition.version} ({edition.status_text}), Berichtsjahr {edition.berichtsjahr}."
    if is_sample(meeting.region.ags):
        head = f"{NOTICE} {head}"
    blocks = [
        f"# {escape(meeting.title)}", escape(head),
        "## Stand der Kapitel", *_chapters(meeting),
        "## Neue Erkenntnisse", *_findings(meeting, strategy),
        f"## Zu entscheiden: {escape(count(len(waiting), 'eine Empfehlung', 'Empfehlungen'))}", *_proposals(waiting),
        "## Überfällige Meilensteine", *_milestones(meeting, strategy),
        "## Gefasste Beschlüsse", *_decisions(meeting, strategy, found),
    ]  # fmt: skip
    return "\n\n".join(blocks) + "\n"


def previous_meeting(meeting: Meeting, strategy: Strategy) -> dt.date | None:
    """Day of the body's last decision before this meeting."""
    days = [one.date.end for one in strategy.decisions if one.body == meeting.body and one.date.end < meeting.date]
    return max(days, default=None)


def _chapters(meeting: Meeting) -> list[str]:
    """How many data chapters have a confirmed, an unconfirmed or no assessment, and which."""
    entries, notebooks = read_plan(paths.ROOT, meeting.edition.profile).data_chapters, find_notebooks(paths.ROOT)
    groups: dict[str, list[str]] = {"Einordnung bestätigt": [], "Einordnung geschrieben": [], "ohne Einordnung": []}
    for entry in entries:
        if entry.kind != "chapter":
            continue
        text = find_assessment(meeting.edition.id, entry.stem, meeting.region)
        state = "ohne Einordnung" if text is None else "Einordnung bestätigt" if text.confirmed else (
            "Einordnung geschrieben")  # fmt: skip
        groups[state].append(_chapter_title(notebooks[entry.stem]))
    lines = [f"- **{state}: {len(stems)}** {escape(', '.join(stems))}" for state, stems in groups.items() if stems]
    return ["\n".join(lines)]


def _chapter_title(notebook: Path) -> str:
    """First heading of a notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = re.search(r"^# +(.+?)(?:\s*\{[^}]*\})?\s*$", text, re.MULTILINE)
    return found[1] if found else notebook.stem


def _findings(meeting: Meeting, strategy: Strategy) -> list[str]:
    """Statements that turned since the edition before, and what changed in the strategy."""
    lines, found = [], Changes.since_last(meeting.region.ags, meeting.edition.id).found
    if found:
        turned = [row for row in found["gewendet"] if find_indicator(row["indikator"]).polarity]
        lines += [f"Neuere Werte seit der vorigen Ausgabe: {len(found['neue_jahre'])} Indikatoren."]
        lines += [
            f"{row['titel']}, {row['art']}: bisher {JUDGED.get(row['alt'], row['alt'])}, "
            f"jetzt {JUDGED.get(row['neu'], row['neu'])}."
            for row in turned[:MOST]
        ]
        if len(turned) > MOST:
            lines.append(f"Weitere {len(turned) - MOST} gewendete Aussagen nennt der Bericht.")
    goals = count_states([one for one in judge_goals(meeting.scope, strategy) if one.goal.is_measurable])
    if goals:
        lines.append("Ziele: " + ", ".join(f"{number} {word}" for word, number in goals.items()) + ".")
    said = list_changes(meeting.scope, strategy, meeting.edition.id)[1]
    lines += [line for line in said if not line.startswith("Beschluss ")]
    return ["\n".join(f"- {escape(line)}" for line in lines) or "Keine Änderung gegenüber der vorigen Ausgabe."]


def _proposals(waiting: list[Recommendation]) -> list[str]:
    if not waiting:
        return ["Zu dieser Sitzung steht keine Empfehlung zur Entscheidung an."]
    return [block for number, one in enumerate(waiting, start=1) for block in _proposal(number, one)]


def _proposal(number: int, one: Recommendation) -> list[str]:
    values = "; ".join(dict.fromkeys(value.source for value in one.evidence))
    items = [
        ("Kennung", f"{one.id} ({one.phase})"), ("Befund", describe_finding(one)), ("Quelle", values),
        ("Ziel", "; ".join(goal.text for goal in one.goals)),
        ("Maßnahmen", "; ".join(measure.title for measure in one.measures)),
        ("Entscheidung", CHOICE),
    ]  # fmt: skip
    listed = Printer(Path()).definitions(items)
    return [f"### {number}. {escape(one.wording)}", listed]


def _milestones(meeting: Meeting, strategy: Strategy) -> list[str]:
    titles = {measure.id: measure.title for measure in strategy.measures}
    lines = [
        f"- {escape(f'{one.title} ({titles[one.measure]}), fällig {one.due}')}"
        for one in overdue_milestones(strategy, meeting.date)
    ]
    return ["\n".join(lines) or "Kein verzeichneter Meilenstein ist überfällig."]


def _decisions(meeting: Meeting, strategy: Strategy, found: list[Recommendation]) -> list[str]:
    """Decisions of all bodies since the body's last meeting, that one included."""
    since = previous_meeting(meeting, strategy)
    taken = [one for one in strategy.decisions if one.date.end <= meeting.date and (not since or one.date.end >= since)]
    if not taken:
        return ["Seit der letzten Sitzung ist kein Beschluss verzeichnet."]
    texts = {one.id: one.text for one in found}
    return ["\n".join(f"- {escape(_decision_line(one, texts))}" for one in taken)]


def _decision_line(one: Decision, texts: dict[str, str]) -> str:
    paper = f", Vorlage {one.paper}" if one.paper else ""
    about = texts.get(one.recommendation, one.subject)
    reason = f" Grund: {one.reason}" if one.reason else ""
    wording = f" Beschlossen: {one.wording}" if one.wording else ""
    return f"{one.date}, {one.body}{paper}: {one.outcome}. {about}{wording}{reason}"


def _frame(body: str, meeting: Meeting) -> str:
    title = html.escape(f"{meeting.title} – {meeting.region}")
    return (
        f'<!doctype html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{css_variables()}{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
