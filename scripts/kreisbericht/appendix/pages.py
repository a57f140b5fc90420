"""What a notebook of the appendix calls: one object for district and edition, one method per section.

    anhang = Appendix(ags, berichtsjahr, datenstand, ausgabe=ausgabe, verwendung=verwendung)
    anhang.sheets()

Not in here: how a section is made (``sheets``, ``quality``, ``gaps``, ``statements``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kreisbericht.appendix import gaps, quality, sheets, statements
from kreisbericht.appendix.usage import default_usage
from kreisbericht.output import Markdown, Printer
from kreisbericht.scope import make_scope


class Appendix:
    """Appendices of one district and edition.

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
    """

    def __init__(
        self, ags: str, berichtsjahr: int, datenstand: str, *, ausgabe: str = "",
        verwendung: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:  # fmt: skip
        self.scope = make_scope(ags, berichtsjahr, datenstand, ())
        self.edition = str(ausgabe)
        self.usage = verwendung or default_usage()

    def sheets(self) -> Markdown:
        """One entry per indicator of the book, grouped by topic."""
        return Markdown(*sheets.print_sheets(Printer.current(), self.scope, self.usage))

    def sources(self) -> Markdown:
        """Credit lines and licences of all figures and maps in the book."""
        return Markdown(*sheets.print_sources(Printer.current(), self.scope, self.usage))

    def checks(self) -> Markdown:
        """What was checked, and how often it failed."""
        return Markdown(*quality.print_checks(Printer.current()))

    def findings(self) -> Markdown:
        """Everything the checks found."""
        return Markdown(*quality.print_findings(Printer.current()))

    def corrections(self) -> Markdown:
        """Values of the sources that cannot be right."""
        return Markdown(*quality.print_corrections(Printer.current(), self.scope))

    def revisions(self) -> Markdown:
        """Values that publishers changed later."""
        return Markdown(*quality.print_revisions(Printer.current(), self.scope))

    def gaps(self) -> Markdown:
        """Questions without a figure, by what would fill them."""
        return Markdown(*gaps.print_gaps(Printer.current(), self.scope, self.usage))

    def missing(self) -> Markdown:
        """Indicators of the book without a value in this district."""
        return Markdown(*gaps.print_missing(Printer.current(), self.scope, self.usage))

    def old(self) -> Markdown:
        """Indicators of the book whose newest value is old."""
        return Markdown(*gaps.print_old(Printer.current(), self.scope, self.usage))

    def glossary(self) -> Markdown:
        """Terms and what they mean."""
        return Markdown(*statements.print_glossary(Printer.current()))

    def errata(self) -> Markdown:
        """Corrections of published editions."""
        return Markdown(*statements.print_errata(Printer.current(), self.edition, self.scope.home))

    def conformity(self) -> Markdown:
        """How far this edition was tested for accessibility."""
        return Markdown(*statements.print_conformity(Printer.current(), self.edition, self.scope.home))

    def contact(self) -> Markdown:
        """Where to report a barrier or an error."""
        return Markdown(*statements.print_contact(Printer.current(), self.scope.home))

    def enforcement(self) -> Markdown:
        """Office of the Land that settles disputes on accessibility."""
        return Markdown(*statements.print_enforcement(Printer.current(), self.scope.home))
