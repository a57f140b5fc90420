"""What a notebook of the strategy calls: one object for district and edition, one method per section.

    chapter = StrategyChapter(ags, berichtsjahr, datenstand, ausgabe=ausgabe, verwendung=verwendung)
    chapter.measures()

Not in here: how a section is made (``progress_pages``, ``measure_pages``, ``need_pages``, ``recommendation_pages``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from kreisbericht import assessments, confirmations
from kreisbericht.appendix.usage import default_usage
from kreisbericht.numbers import format_date
from kreisbericht.output import Markdown, Printer, escape
from kreisbericht.scope import describe_status, make_scope
from kreisbericht.strategy import measure_pages, need_pages, progress_pages, recommendation_pages
from kreisbericht.strategy.monitoring import report_day
from kreisbericht.strategy.rules import Recommendation, recommend
from kreisbericht.strategy.tables import load_strategy
from kreisbericht.views import Page

NOT_PUBLIC = (
    "Nicht öffentlich und deshalb hier nicht enthalten sind der Maßnahmenkatalog der Strategie, ihre Handlungsziele "
    "mit Zielwerten, die Namen der sechs Handlungsfelder, die Meilensteine mit Terminen und die Mittel je Maßnahme. "
    "Was verzeichnet ist, stammt aus den genannten öffentlichen Quellen; wie es heute darum steht, sagen sie nicht. "
    "Das Landratsamt kann alle Tabellen mit den Vorlagen ergänzen."
)
PUBLIC_ONLY = "16065"  # the district whose tables were filled from public pages


class StrategyChapter:
    """Chapters on goals, measures, offers and recommendations of one district and edition.

    Parameters
    ----------
    ags, berichtsjahr, datenstand, ausgabe
        As for :class:`kreisbericht.chapter.Chapter`.
    verwendung
        Chapters of the book and their indicators (see ``usage.find_usage``); empty: all notebooks of the project.

    Raises
    ------
    ParameterError
        If a district, year or date does not exist.
    DataError
        If a table of the strategy holds a mistake; all mistakes are named.
    """

    def __init__(
        self, ags: str, berichtsjahr: int, datenstand: str, *, ausgabe: str = "",
        verwendung: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:  # fmt: skip
        self.scope = make_scope(ags, berichtsjahr, datenstand, ())
        self.strategy = load_strategy(self.scope.home.ags)
        self.edition = str(ausgabe)
        self.usage = verwendung or default_usage()

    def opening(self) -> Markdown:
        """Reference year, data cut-off and the day on which the strategy is looked at."""
        status = describe_status(self.scope, None, None).replace(f" Keine Werte {self.scope.home.in_phrase}.", "")
        day = format_date(report_day(self.scope))
        return Markdown(self._printer.box("stand", escape(f"{status} Stand der Maßnahmen und Beschlüsse: {day}.")))

    def limits(self) -> Markdown:
        """Which parts of the strategy are not public; nothing where the district filled the tables itself."""
        if self.scope.home.ags != PUBLIC_ONLY or any(goal.is_measurable for goal in self.strategy.goals):
            return Markdown()
        return Markdown(self._printer.callout("Was nicht öffentlich ist", NOT_PUBLIC))

    def goals(self) -> Markdown:
        """Leitziele and Handlungsziele."""
        return Markdown(*progress_pages.print_goals(self._page, self.strategy))

    def progress(self) -> Markdown:
        """Goals against their indicators."""
        return Markdown(*progress_pages.print_progress(self._page, self.strategy))

    def measures(self) -> Markdown:
        """All measures."""
        return Markdown(*measure_pages.print_measures(self._page, self.strategy))

    def counts(self) -> Markdown:
        """Measures by life phase, Handlungsfeld and planning area."""
        return Markdown(*measure_pages.print_counts(self._page, self.strategy))

    def timeline(self) -> Markdown:
        """Measures over the years."""
        return Markdown(*measure_pages.print_timeline(self._page, self.strategy))

    def milestones(self) -> Markdown:
        """Milestones overdue and due."""
        return Markdown(*measure_pages.print_milestones(self._page, self.strategy))

    def funding(self) -> Markdown:
        """Money by year and origin."""
        return Markdown(*measure_pages.print_funding(self._page, self.strategy))

    def changes(self) -> Markdown:
        """What has changed since the last edition."""
        return Markdown(*measure_pages.print_changes(self._page, self.strategy, self.edition))

    def course(self) -> Markdown:
        """Steps of the strategy itself, planned and reached."""
        return Markdown(*measure_pages.print_course(self._page, self.strategy))

    def decisions(self) -> Markdown:
        """Decisions of the bodies."""
        return Markdown(*measure_pages.print_decisions(self._page, self.strategy))

    def needs(self) -> Markdown:
        """Needs and offers by life phase for the whole district."""
        return Markdown(*need_pages.print_phases(self._page, self.strategy))

    def offers(self) -> Markdown:
        """All offers."""
        return Markdown(*need_pages.print_offers(self._page, self.strategy))

    def areas(self) -> Markdown:
        """Needs and offers by planning area."""
        return Markdown(*need_pages.print_areas(self._page, self.strategy))

    def gaps(self) -> Markdown:
        """Where need is high and nothing stands, and where figures improved with several offers."""
        return Markdown(*need_pages.print_gaps(self._page, self.strategy))

    def recommendations(self) -> Markdown:
        """All recommendations in one table."""
        return Markdown(*recommendation_pages.print_overview(self._page, self.found))

    def recommendations_for(self, phase: str) -> Markdown:
        """Recommendations of one life phase with their evidence."""
        return Markdown(*recommendation_pages.print_phase(self._page, self.found, phase, self.usage))

    def rules(self) -> Markdown:
        """The rules themselves."""
        return Markdown(*recommendation_pages.print_rules(self._page, self.strategy))

    def assessment(self, chapter: str) -> Markdown:
        """The planner's text for this chapter, district and edition."""
        confirmations.record_figures(self._printer, self.scope.home, self.scope.until)
        return Markdown(*assessments.print_assessment(self._printer, self.edition, chapter, self.scope.home))

    @cached_property
    def found(self) -> list[Recommendation]:
        """All recommendations of this district and edition."""
        return recommend(self.scope, self.strategy)

    @property
    def _printer(self) -> Printer:
        return Printer.current()

    @property
    def _page(self) -> Page:
        return Page(self.scope, self._printer)
