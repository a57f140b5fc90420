"""What a data notebook calls: one object for the district, one method per view.

    chapter = Chapter(ags, berichtsjahr, datenstand, ausgabe=ausgabe, vergleich=vergleich)
    chapter.trend("kinderarmut_u15")

Every method returns Markdown that names district, years and values by itself, so one notebook serves all districts.
Where a district has no value, the first view says so and names the publisher; no empty axes are drawn.
Not in here: how a view is made (``views``, ``tables``, ``findings``, ``population``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from kreisbericht import (
    areas,
    assessments,
    composition,
    confirmations,
    fact_sheets,
    findings,
    intervals,
    maps,
    messages,
    overview,
    population,
    profiles,
    sentences,
    tables,
    views,
)
from kreisbericht import language as lang
from kreisbericht.catalogue import Indicator
from kreisbericht.errors import ParameterError
from kreisbericht.output import Markdown, Printer, escape, make_id
from kreisbericht.scope import describe_status, find_spoken, make_scope


class Chapter:
    """Figures, texts and tables of one district for one edition.

    Parameters
    ----------
    ags
        Amtlicher Gemeindeschlüssel of the district, five digits as text; its name works too.
    berichtsjahr, datenstand
        Last year that may be used, and the date up to which deliveries count (``JJJJ-MM-TT``).
    ausgabe
        Edition whose written assessments are included.
    vergleich
        Keys of further districts to show beside Land and Germany.

    Raises
    ------
    ParameterError
        If a district, year or date does not exist.
    """

    def __init__(
        self, ags: str, berichtsjahr: int, datenstand: str, *, ausgabe: str = "", vergleich: Iterable[str] = ()
    ) -> None:
        self.scope = make_scope(ags, berichtsjahr, datenstand, vergleich)
        self.edition = str(ausgabe)
        self._told: set[tuple[str, str]] = set()
        self._profile: tuple[list[Indicator], str, str] | None = None

    @property
    def region(self):
        """The home district."""
        return self.scope.home

    def opening(self, *indicator_ids: str) -> Markdown:
        """Reference year, data cut-off and span of the chapter's series."""
        found = [find_spoken(name) for name in indicator_ids]
        years = [int(year) for entry in found for year in self.scope.series(entry).dropna().index]
        status = describe_status(self.scope, max(years, default=None), min(years, default=None))
        printer = Printer.current()
        return Markdown(printer.box("stand", escape(status)))

    def key_messages(self, *indicator_ids: str, profile: bool = False) -> Markdown:
        """Box with up to four computed statements: the largest certain deviations and changes; those of a profile."""
        printer, found = Printer.current(), [find_spoken(name) for name in indicator_ids]
        if all(self.scope.latest(indicator) is None for indicator in found):
            return self._absent(found[0])
        chosen = (profiles if profile else messages).choose_messages(self.scope, found)
        items = "\n".join(message.markdown(printer) for message in chosen) or escape(
            messages.quiet_sentence(self.scope)
        )
        return Markdown(printer.box("kernaussagen", printer.box_title("Kernaussagen"), items))

    def trend(self, indicator_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """Development since the series began, with Land and Germany; ``zero=False`` frees the axis."""
        return self._view(views.trend, indicator_id, text=text, **options)

    def ranking(self, indicator_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """All districts of the Land in one year."""
        return self._view(views.ranking, indicator_id, text=text, **options)

    def map(self, indicator_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """Map of the districts of the Land."""
        return self._view(maps.choropleth, indicator_id, text=text, **options)

    def municipality_map(self, indicator_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """Map of the municipalities; prints nothing where there are no figures for them, ``note=True`` says so."""
        page, indicator = views.Page(self.scope, Printer.current()), find_spoken(indicator_id)
        note = options.pop("note", False)
        found = maps.municipality_map(page, indicator, text=text, **options)
        if found or not note:
            return Markdown(*found)
        said = sentences.missing_below_sentence(indicator, self.scope.home)
        return Markdown(page.printer.callout("Keine Werte unterhalb des Kreises", said))

    def area_ranking(self, indicator_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """Planning areas of the district as bars; prints nothing where there are no figures for them."""
        page = views.Page(self.scope, Printer.current())
        return Markdown(*areas.area_ranking(page, find_spoken(indicator_id), text=text, **options))

    def multiples(self, indicator_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """The same trend in all districts of the Land, one small panel each; its own trend in a city state."""
        view = views.multiples if self.scope.has_group else views.trend
        return self._view(view, indicator_id, text=text, **options)

    def distribution(self, indicator_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """Place of the district among all of Germany."""
        return self._view(views.distribution, indicator_id, text=text, **options)

    def table(self, indicator_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """Values of the last years; ``rows``: ``nachbarn``, ``alle`` or ``ohne`` other districts."""
        return self._view(tables.table, indicator_id, text=text, **options)

    def overview_table(self, *indicator_ids: str, text: bool = True, **options: Any) -> Markdown:
        """Several indicators in one table: home, Land, Germany, place and rating; ``title`` names what they share."""
        page, found = views.Page(self.scope, Printer.current()), [find_spoken(name) for name in indicator_ids]
        return Markdown(*overview.overview_table(page, found, text=text, **options)) or self._absent(found[0])

    def profile(self, *indicator_ids: str, title: str, text: bool = True, id: str = "profil") -> Markdown:
        """A dozen indicators at a glance: value, Land, all districts as ticks, rating and change."""
        self._profile = (found := [find_spoken(name) for name in indicator_ids], title, id)
        page = views.Page(self.scope, Printer.current())
        return Markdown(*profiles.profile(page, found, text=text, title=title, item=id)) or self._absent(found[0])

    def profile_table(self, *, text: bool = True) -> Markdown:
        """The values of the last :meth:`profile` with Germany, change and place."""
        if self._profile is None:
            raise ParameterError("profile_table() gibt die Werte von profile() aus. Bitte zuerst profile() aufrufen.")
        page, (found, title, item) = views.Page(self.scope, Printer.current()), self._profile
        return Markdown(*profiles.profile_table(page, found, text=text, title=title, item=item))

    def fact_sheets(self, *indicator_ids: str, members: Iterable[str] = ()) -> Markdown:
        """Fact sheet per planning area; one sentence where nothing is published below the district."""
        page = views.Page(self.scope, Printer.current())
        return Markdown(*fact_sheets.fact_sheets(page, indicator_ids, members=list(members)))

    def bars(self, groups: Mapping[str, str], *, what: str, text: bool = True, **options: Any) -> Markdown:
        """Indicator per group as bars against Land and Germany; ``share=True``: counts as parts of their sum.

        ``optional=True``: a group without a value leaves out the picture without a note.
        """
        return self._grouped(composition.bars, groups, what=what, text=text, **options)

    def balance_bars(
        self, groups: Mapping[str, tuple[str, str]], *, what: str, text: bool = True, **options: Any
    ) -> Markdown:
        """First minus second count per group, such as arrivals minus departures by age."""
        return self._grouped(composition.balance_bars, groups, what=what, text=text, **options)

    def pyramid(self, *, text: bool = True, **options: Any) -> Markdown:
        """Age structure by sex against the Land."""
        page = views.Page(self.scope, Printer.current())
        return Markdown(*population.pyramid(page, text=text, **options)) or self._absent(
            find_spoken("bevoelkerung"), "Altersgruppen nach Geschlecht"
        )

    def age_groups(self, *, text: bool = True, **options: Any) -> Markdown:
        """Shares of seven age groups against Land and Germany."""
        page = views.Page(self.scope, Printer.current())
        return Markdown(*composition.age_groups(page, text=text, **options)) or self._absent(
            find_spoken("bevoelkerung"), "Altersgruppen nach Geschlecht"
        )

    def balance(self, plus_id: str, minus_id: str, *, text: bool = True, **options: Any) -> Markdown:
        """Two counts in one picture, such as births and deaths, with their difference in the text."""
        page = views.Page(self.scope, Printer.current())
        pair = (find_spoken(plus_id), find_spoken(minus_id))
        absent = next((entry for entry in pair if self.scope.latest(entry) is None), None)
        return self._absent(absent) if absent else Markdown(*population.balance(page, *pair, text=text, **options))

    def reading_aid(self, indicator_id: str) -> Markdown:
        """What one value means, with the district's newest one; a count explains itself, a zero has no example."""
        indicator = find_spoken(indicator_id)
        year = self.scope.latest(indicator)
        value = float(self.scope.series(indicator)[year]) if year is not None else 0.0
        if not value or lang.is_count(indicator.unit) or not indicator.reading_aid:
            return Markdown()
        shown = lang.bare_value(value, indicator)
        aid = escape(indicator.reading_aid.replace("{wert}", shown))
        return Markdown(Printer.current().box("lesehilfe", f"**So liest man die Zahl:** {aid}"))

    def interval(self, indicator_id: str) -> Markdown:
        """Cases behind a share, its 95 % interval and the Land's value against it; nothing without counts."""
        found = intervals.interval_sentences(self.scope, find_spoken(indicator_id))
        return Markdown(escape(" ".join(found))) if found else Markdown()

    def assessment(self, chapter: str) -> Markdown:
        """The planner's text for this chapter, district and edition, or a quiet note that there is none yet."""
        printer = Printer.current()
        confirmations.record_figures(printer, self.scope.home, self.scope.until)
        return Markdown(*assessments.print_assessment(printer, self.edition, chapter, self.scope.home))

    def gaps(self, chapter: str) -> Markdown:
        """What the questions of this chapter lack, and who has it; nothing where nothing is missing."""
        from kreisbericht.appendix.gaps import print_chapter_gaps

        return Markdown(*print_chapter_gaps(Printer.current(), self.scope, chapter))

    def basis(self, *indicator_ids: str) -> Markdown:
        """What each indicator means and where it comes from: short with a link to its sheet, in full in the lab."""
        printer, found = Printer.current(), [find_spoken(name) for name in indicator_ids]
        if printer.is_book:
            return Markdown(printer.box("datengrundlage", *findings.short_bases(self.scope, found)))
        blocks = []
        for indicator in found:
            facts = findings.basis_items(self.scope, indicator, rule=indicator is found[-1])
            blocks += [f"### {escape(indicator.title)}"] * (len(found) > 1)
            blocks.append(printer.definitions(facts))
        return Markdown(*blocks)

    def values(self, indicator_id: str, *areas: str) -> pd.DataFrame:
        """Series for own evaluations: one column per area (default: home, Land, Germany), one row per year."""
        indicator = find_spoken(indicator_id)
        named = [make_scope(ags, self.scope.year, self.scope.data_status, ()).home for ags in areas]
        shown = named or [self.scope.home, *self.scope.references]
        return pd.DataFrame({self.scope.label(region): self.scope.series(indicator, region) for region in shown})

    def figure(
        self, drawing: Any, *, id: str, title: str, alt: str, subtitle: str = "", source: str = "",
        data: Mapping[str, Iterable[Any]] | pd.DataFrame | None = None,
    ) -> Markdown:  # fmt: skip
        """A chart of one's own: a house ``Canvas``, or a matplotlib or seaborn figure.

        Parameters
        ----------
        id
            Short name; the reference becomes ``@fig-<id>``.
        alt
            What the picture shows, in words; without it the PDF cannot be made.
        source
            Credit line, or the id of an indicator whose credit line holds.
        data
            Columns ``gebiet, ags, jahr, wert, …`` for the download; missing columns stay empty.

        Raises
        ------
        ParameterError
            If title or alternative text is empty.
        """
        if not title.strip() or not alt.strip():
            raise ParameterError(f"Abbildung '{id}': Titel und Alternativtext (alt) dürfen nicht leer sein.")
        page = views.Page(self.scope, Printer.current())
        rows = pd.DataFrame(data).to_dict("records") if data is not None else []
        item = page.float(
            make_id("fig", id), title=title, subtitle=subtitle, source=views.credit_line(source), rows=rows
        )
        alt = self.scope.mark(alt)
        return Markdown(page.printer.figure(item, alt=alt, full=views.picture_of(drawing, alt)))

    def _view(self, view: Callable[..., list[str]], indicator_id: str, **options: Any) -> Markdown:
        indicator = find_spoken(indicator_id)
        if self.scope.latest(indicator) is None:
            return self._absent(indicator)
        return Markdown(*view(views.Page(self.scope, Printer.current()), indicator, **options))

    def _grouped(
        self, view: Callable[..., list[str]], groups: Mapping[str, Any], *, optional: bool = False, **options: Any
    ) -> Markdown:
        """A view of groups, or the note on the first one without a value."""
        found = {
            name: find_spoken(entry) if isinstance(entry, str) else tuple(find_spoken(one) for one in entry)
            for name, entry in groups.items()
        }
        entries = [one for entry in found.values() for one in (entry if isinstance(entry, tuple) else (entry,))]
        if options.get("share"):
            entries = list(composition.split_groups(self.scope, found)[0].values()) or entries
        absent = composition.missing_group(self.scope, entries)
        if absent:
            return Markdown() if optional else self._absent(absent)
        return Markdown(*view(views.Page(self.scope, Printer.current()), found, **options))

    def _absent(self, indicator: Indicator, what: str = "") -> Markdown:
        """Note on a missing indicator: once a chapter in the book, every time in the lab."""
        printer = Printer.current()
        if printer.is_book and (indicator.id, what) in self._told:
            return Markdown()
        self._told.add((indicator.id, what))
        said = sentences.missing_sentence(what or lang.label_noun(indicator), self.scope.home, until=self.scope.until)
        return Markdown(printer.callout("Kein Wert vorhanden", f"{said} {sentences.source_hint(indicator)}"))
