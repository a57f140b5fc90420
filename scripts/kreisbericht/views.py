"""The views of an indicator: each finds its figures, words its finding and prints text and picture.

One function per chart form, called by ``chapter.Chapter``. Not in here: drawing (``charts``), wording (``sentences``,
``titles``, ``alttext``), the dialects (``output``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from kreisbericht import alttext, positions, sentences, store, titles
from kreisbericht import language as lang
from kreisbericht.output import Float, Picture, Printer, escape, make_id
from kreisbericht.scope import Scope, find_spoken, present_districts, tidy_rows
from kreisbericht.statistics import change_options, measure_change, missing_years, rank_value

if TYPE_CHECKING:
    from kreisbericht.catalogue import Indicator
    from kreisbericht.charts import Canvas
    from kreisbericht.regions import Region

MIN_PLACES = 3  # areas with a value that a ranking or a map needs


@dataclass(frozen=True)
class Page:
    """Where a view takes its figures from and where it prints."""

    scope: Scope
    printer: Printer

    def float(self, item: str, *, title: str, subtitle: str, source: str, rows: Sequence[dict]) -> Float:
        """A figure or table of this district."""
        return Float(item, title, subtitle, source, rows, prefix=self.scope.home.ags)

    def draw(self, item: Float, alt: str, chart: Callable[..., Canvas]) -> str:
        """Both widths in the book, the wide one in the lab; ``chart`` takes ``size`` and ``title``."""
        alt = self.scope.mark(alt)
        sizes = ("full", "phone") if self.printer.is_book else ("full",)
        pictures = []
        for size in sizes:
            canvas = chart(size=size, title=item.title)
            pictures.append(Picture(canvas.svg(alt), round(canvas.width), round(canvas.height)))
        return self.printer.figure(item, alt=alt, full=pictures[0], phone=pictures[1] if len(pictures) > 1 else None)

    def announce(self, said: Sequence[str], target: str, what: str) -> str:
        """Paragraph of computed sentences that ends by pointing to the float: ``… @fig-x zeigt den Verlauf.``"""
        pointer = f"{lang.capitalise(self.printer.reference(target))} {what}."
        return " ".join([*(escape(sentence) for sentence in said), pointer])


def trend(page: Page, indicator: Indicator, *, text: bool, item: str = "", **options: Any) -> list[str]:
    """Lines over the years: home, Land, Germany, chosen districts."""
    from kreisbericht import charts

    scope = page.scope
    series, breaks = scope.series(indicator), scope.breaks(indicator)
    others = [] if lang.is_count(indicator.unit) else scope.others(indicator)
    counts = scope.counts(indicator)
    item = item or make_id("fig", indicator.id, "trend")
    zero = options.pop("zero", not needs_close_axis(indicator, series))
    lines = {scope.label(region): values for region, values in [(scope.home, series), *others]}
    years = [int(year) for values in lines.values() for year in values.dropna().index]
    shown = page.float(
        item,
        title=titles.trend_title(
            indicator, series, breaks=[year for year, _ in breaks], counts=counts, place=scope.home.in_phrase
        ),
        subtitle=titles.subtitle(
            indicator, areas=list(lines), when=titles.when_phrase(indicator, years),
            note="" if zero else "die Achse beginnt nicht bei null",
        ),
        source=source_line(indicator, *series_notes(series, breaks)),
        rows=tidy_rows(indicator, [scope.home, *(region for region, _ in others)], years, scope.label),
    )  # fmt: skip
    alt = alttext.trend_alt(indicator, scope.home, series, others=others, breaks=breaks)
    picture = page.draw(shown, alt, lambda **frame: charts.trend(
        lines, home=scope.label(scope.home), unit=axis_unit(indicator), digits=indicator.digits, breaks=breaks,
        zero=zero, **options, **frame))  # fmt: skip
    said = sentences.trend_sentences(
        indicator, scope.home, series, others=_compared(scope, indicator), breaks=breaks, counts=counts
    )
    return [page.announce(said, item, "zeigt den Verlauf"), picture] if text else [picture]


def ranking(page: Page, indicator: Indicator, *, text: bool, item: str = "", year: int | None = None) -> list[str]:
    """Bars of all districts of the Land; a distribution over Germany where the Land has too few."""
    from kreisbericht import charts

    found = find_group(page.scope, indicator, year)
    if found is None or not page.scope.has_group:
        return distribution(page, indicator, text=text, item=item, year=year)
    scope, year, group, values, rank = page.scope, *found
    item = item or make_id("fig", indicator.id, "rang")
    references = scope.reference_values(indicator, year)
    names = {region.ags: scope.label(region) for region in group}
    noun, area = "Kreisen", scope.area.in_phrase
    shown = page.float(
        item,
        title=titles.ranking_title(indicator, rank, noun=noun, area=area),
        subtitle=titles.subtitle(
            indicator, areas=[f"Kreise {area}"], when=titles.when_phrase(indicator, [year])
        ),
        source=source_line(indicator),
        rows=tidy_rows(indicator, [*group, *(region for region, _ in references)], [year], scope.label),
    )  # fmt: skip
    alt = alttext.ranking_alt(
        indicator, rank, home=scope.home, year=year, values=values, names=names, references=references
    )
    drawn = {scope.label(region): value for region, value in references if region not in scope.chosen}
    picture = page.draw(shown, alt, lambda **frame: charts.ranking(
        values.rename(names), home=scope.label(scope.home), references=drawn, unit=axis_unit(indicator),
        digits=indicator.digits, **frame))  # fmt: skip
    said = _position_sentences(
        scope, indicator, year=year, group=group, values=values, rank=rank, references=references
    )
    return [page.announce(said, item, "zeigt alle Kreise"), picture] if text else [picture]


def distribution(page: Page, indicator: Indicator, *, text: bool, item: str = "", year: int | None = None) -> list[str]:
    """All districts of Germany as a distribution with the home district marked."""
    from kreisbericht import charts

    if indicator.own:
        return []
    scope = page.scope
    year = year or scope.latest(indicator)
    germany = scope.germany(year)
    values = store.cross_section(indicator.id, year, [region.ags for region in germany])
    germany = present_districts(germany, values)
    values = values.reindex([region.ags for region in germany])
    rank = rank_value(values, scope.home.ags, digits=indicator.digits)
    references = scope.reference_values(indicator, year)
    if rank is None or rank.of < MIN_PLACES:
        return _plain_comparison(page, indicator, year, references) if text else []
    said = _position_sentences(
        scope,
        indicator,
        year=year,
        group=germany,
        values=values,
        rank=rank,
        references=references,
        area="in Deutschland",
    )
    item = item or make_id("fig", indicator.id, "verteilung")
    names = {region.ags: scope.label(region) for region in germany}
    shown = page.float(
        item,
        title=titles.distribution_title(indicator, rank, noun="Kreisen", area="in Deutschland"),
        subtitle=titles.subtitle(
            indicator, areas=["Kreise in Deutschland"], when=titles.when_phrase(indicator, [year])
        ),
        source=source_line(indicator),
        rows=tidy_rows(indicator, [*germany, *(region for region, _ in references)], [year], scope.label),
    )
    alt = alttext.distribution_alt(
        indicator, rank, home=scope.home, year=year, values=values, names=names, references=references
    )
    own = [ags for ags in values.index if ags[:2] == scope.home.ags[:2] and ags != scope.home.ags]
    drawn = {scope.label(region): value for region, value in references if region not in scope.chosen}
    picture = page.draw(shown, alt, lambda **frame: charts.distribution(
        values, home=scope.home.ags, names=names, group=own, group_name=f"Kreis {scope.land.in_phrase}" if own else "",
        references=drawn, unit=axis_unit(indicator), digits=indicator.digits, **frame))  # fmt: skip
    return [page.announce(said, item, "zeigt die Verteilung"), picture] if text else [picture]


def multiples(page: Page, indicator: Indicator, *, text: bool, item: str = "") -> list[str]:
    """The same trend in all districts of the Land; nothing where the Land has too few or the series one year."""
    from kreisbericht import charts

    scope = page.scope
    group = scope.group(scope.latest(indicator)) if scope.has_group and not indicator.own else []
    own = scope.series(indicator).dropna()
    found = {region.ags: scope.series(indicator, region).loc[own.index[0] :] for region in group}
    table = pd.DataFrame(found).sort_index().dropna(how="all")
    if len(group) < MIN_PLACES or len(table) < 2:
        return []
    group = present_districts(group, table.max())
    table = table[[region.ags for region in group]]
    names = {region.ags: scope.label(region) for region in group}
    breaks = [year for year, _ in scope.breaks(indicator)]
    changes = [_change(scope, indicator, region) for region in group]
    reference = scope.series(indicator, scope.land).reindex(table.index)
    item = item or make_id("fig", indicator.id, "vielfache")
    shown = page.float(
        item,
        title=titles.multiples_title(indicator, changes),
        subtitle=titles.subtitle(
            indicator,
            areas=[f"Kreise {scope.area.in_phrase}"],
            when=titles.when_phrase(indicator, [int(year) for year in table.index]),
        ),
        source=source_line(indicator, *series_notes(own, scope.breaks(indicator))),
        rows=tidy_rows(indicator, [*group, scope.land], [int(year) for year in table.index], scope.label),
    )
    alt = alttext.multiples_alt(indicator, scope.home, table, names)
    picture = page.draw(shown, alt, lambda **frame: charts.small_multiples(
        table.rename(columns=names), home=scope.label(scope.home), reference=reference,
        reference_name=scope.label(scope.land), unit=axis_unit(indicator), digits=indicator.digits, breaks=breaks,
        **frame))  # fmt: skip
    own_change = changes[[region.ags for region in group].index(scope.home.ags)] if scope.home in group else None
    said = positions.multiples_sentences(indicator, changes, area=scope.area.in_phrase, home=scope.home, own=own_change)
    return [page.announce(said, item, "zeigt jeden Kreis für sich"), picture] if text else [picture]


def source_line(indicator: Indicator, *notes: str) -> str:
    """``Quelle: …, dl-de/by-2-0. Hinweise.``"""
    return " ".join([f"Quelle: {indicator.credit.rstrip('.')}.", *(note for note in notes if note)])


def credit_line(source: str) -> str:
    """A credit as given, or the credit line of the indicator it names."""
    return source if not source or " " in source else source_line(find_spoken(source))


def picture_of(drawing: Any, alt: str) -> Picture:
    """A house ``Canvas``, or a matplotlib or seaborn figure, as a picture of its own size."""
    from kreisbericht.charts import Canvas
    from kreisbericht.population import foreign_picture

    if isinstance(drawing, Canvas):
        return Picture(drawing.svg(alt), round(drawing.width), round(drawing.height))
    return foreign_picture(drawing, alt)


def find_group(scope: Scope, indicator: Indicator, year: int | None):
    """Year, districts, values and the place of home; None where home or too many others have no value."""
    year = year or scope.latest(indicator)
    if year is None or indicator.own:
        return None
    group = scope.group(year)
    values = store.cross_section(indicator.id, year, [region.ags for region in group])
    group = present_districts(group, values)
    values = values.reindex([region.ags for region in group])
    rank = rank_value(values, scope.home.ags, digits=indicator.digits)
    return (year, group, values, rank) if rank is not None and rank.of >= MIN_PLACES else None


def _position_sentences(
    scope: Scope, indicator: Indicator, *, year: int, group: Sequence[Region], values: pd.Series, rank: Any,
    references: list, area: str = "",
) -> list[str]:  # fmt: skip
    value = float(values[scope.home.ags])
    compared = [] if lang.is_count(indicator.unit) else references
    said = [sentences.comparison_sentence(indicator, scope.home, year, value, compared)]
    return said + positions.ranking_sentences(
        indicator, rank, home=scope.home, regions=group, values=values, area=area or scope.area.in_phrase
    )


def _change(scope: Scope, indicator: Indicator, region: Region):
    breaks = [year for year, _ in scope.breaks(indicator, region)]
    return measure_change(scope.series(indicator, region), breaks=breaks, **change_options(indicator))


def _plain_comparison(page: Page, indicator: Indicator, year: int | None, references: list) -> list[str]:
    value = page.scope.series(indicator).get(year)
    if year is None or value is None or not references:
        return []
    return [escape(sentences.comparison_sentence(indicator, page.scope.home, year, float(value), references))]


def _compared(scope: Scope, indicator: Indicator) -> list[tuple[Region, pd.Series]]:
    """Land and Germany for the sentence on the same period, counts too (they differ in per cent)."""
    return [(region, series) for region, series in scope.others(indicator) if region not in scope.chosen]


def series_notes(series: pd.Series, breaks: Sequence[tuple[int, str]]) -> list[str]:
    """Notes on breaks and gaps inside a series, for its source line."""
    first, last = series.dropna().index[[0, -1]]
    notes = [
        f"Ab {year} {event}: mit den Werten davor nicht vergleichbar." for year, event in breaks if first < year <= last
    ]
    if gaps := missing_years(series):
        notes.append(f"Ohne Werte: {lang.list_years(gaps)}.")
    return notes


def needs_close_axis(indicator: Indicator, series: pd.Series) -> bool:
    """Full counts that move little would be a flat line on an axis from zero."""
    known = series.dropna()
    return lang.is_count(indicator.unit) and len(known) > 1 and known.min() > 0.6 * known.max()


def axis_unit(indicator: Indicator) -> str:
    """Unit to write at a chart's numbers: only the short one."""
    return "%" if lang.is_share(indicator.unit) else ""
