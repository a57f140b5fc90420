"""House charts: what is drawn, that it can be read, and that it costs little."""

import functools
import itertools
import math
import re
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisbericht import charts
from kreisbericht.charts import classes, lettering, scales
from kreisbericht.charts.excerpt import Gap, excerpt
from kreisbericht.charts.goals import measure_progress
from kreisbericht.charts.pen import Dots, Strokes, Word
from kreisbericht.charts.pyramid import per_thousand

LONG = "Landkreis Mecklenburgische Seenplatte"
HOME = "Kyffhäuserkreis"
SIZES = ("full", "half", "phone")


def years(first, *values):
    return pd.Series(values, index=range(first, first + len(values)), dtype=float)


def square(x, y, side=1.0):
    return [np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])]


def draw_trend(size="full", **options):
    series = {
        LONG: years(2016, 17.9, 18.1, np.nan, 15.5, 14.0, 12.6, 12.4),
        "Mecklenburg-Vorpommern": years(2016, 14, 14.2, 13, 12, 11, 9.8, 12.3),
        "Deutschland": years(2016, 14, 14.7, 14.2, 13.4, 13, 12.2, 12.1),
    }
    return charts.trend(series, home=LONG, size=size, **({"breaks": [(2020, "Zensus 2022")]} | options))


def draw_ranking(size="full", count=22, **options):
    names = [LONG, *(f"Kreis Beispielhausen-Süd {k}" for k in range(1, count))]
    values = pd.Series(np.linspace(18.4, 4.8, count), index=names)
    return charts.ranking(
        values,
        home=names[count // 2],
        references={"Mecklenburg-Vorpommern": 9.7, "Deutschland": 9.9},
        size=size,
        **options,
    )


def draw_map(size="full", **options):
    rings = {f"160{k:02d}": square(10 + k % 5, 50 + k // 5 * 0.6) for k in range(22)}
    values = pd.Series({ags: float(k) for k, ags in enumerate(rings) if k != 7})
    names = {ags: f"Kreis {k}" for k, ags in enumerate(rings)} | {"16003": LONG}
    return charts.choropleth(
        rings,
        values,
        names=names,
        home="16003",
        legend_title="je 100 Kinder unter 15 Jahren",
        references={"Thüringen": 9.7},
        size=size,
        **options,
    )


def draw_multiples(size="full", **options):
    names = [LONG, *(f"Saale-Holzland-Kreis {k}" for k in range(21))]
    table = pd.DataFrame({name: years(2010, *(20 - k * 0.5 - np.arange(12) * 0.3)) for k, name in enumerate(names)})
    table.iloc[4:6, 0] = np.nan
    return charts.small_multiples(
        table, home=LONG, reference=table.mean(axis=1), reference_name="Mecklenburg-Vorpommern", size=size, **options
    )


def draw_distribution(size="full", **options):
    values = pd.Series(np.random.default_rng(3).gamma(4, 3, 400), index=[f"{k:05d}" for k in range(400)])
    return charts.distribution(
        values,
        home="00007",
        names={"00007": LONG},
        group=list(values.index[:8]),
        group_name="Kreis in Mecklenburg-Vorpommern",
        references={"Mecklenburg-Vorpommern": 12.4, "Deutschland": 12.1},
        size=size,
        **options,
    )


def draw_pyramid(size="full", **options):
    ages = [(0, 6), (6, 18), (18, 30), (30, 65), (65, 75), (75, None)]
    own, land = (
        per_thousand([5, 12, 9, 40, 14, 9], [5, 11, 8, 39, 15, 14]),
        per_thousand([6, 13, 14, 44, 12, 8], [6, 12, 13, 43, 13, 12]),
    )
    groups = pd.concat([own.add_prefix("home_"), land.add_prefix("ref_")], axis=1)
    groups.index = pd.Index(ages, tupleize_cols=False)
    return charts.pyramid(groups, home=LONG, reference="Mecklenburg-Vorpommern", size=size, **options)


def draw_profile(size="full", **options):
    rows = [
        {
            "name": "Kinderärztinnen und Kinderärzte in der ambulanten Versorgung",
            "unit": "je 10.000 Kinder unter 15 Jahren",
            "year": 2022,
            "digits": 1,
            "polarity": polarity,
            "home": 3.3,
            "land": 5.9,
            "all": [1.0, 4.4, 8.2, 5.9],
            "rating": rating,
            "trend": "down",
        }
        for rating, polarity in (("better", -1), ("similar", 1), ("worse", 1), ("none", 0))
    ]
    return charts.profile(rows, land="Mecklenburg-Vorpommern", size=size, **options)


def draw_goals(size="full", **options):
    rows = [
        {
            "name": "Schulabgang ohne Abschluss",
            "unit": "in Prozent der Schulabgängerinnen und Schulabgänger",
            "digits": 1,
            "base": (2016, 17.9),
            "now": (2022, now),
            "target": (2030, 10.0),
        }
        for now in (12.4, 17.0, 19.5, 9.0)
    ]
    return charts.goals(rows, size=size, **options)


FORMS = [draw_trend, draw_ranking, draw_map, draw_multiples, draw_distribution, draw_pyramid, draw_profile, draw_goals]
EVERY = pytest.mark.parametrize(("draw", "size"), list(itertools.product(FORMS, SIZES)))


@functools.cache
def drawn_once(draw, size):
    """Canvas and SVG of a form, for the tests that only look at them."""
    canvas = draw(size)
    return canvas, canvas.svg()


class Box(NamedTuple):
    """A text's place in px, from the highest ascender to the lowest descender of its face."""

    left: float
    top: float
    right: float
    bottom: float


def words(canvas):
    """Texts of a chart with their boxes in px, without the halos under them."""
    shown = [mark for _, mark in canvas.marks if isinstance(mark, Word) and mark.text.strip() and not mark.halo]
    return [(word.text, box_of(word)) for word in shown]


def test_a_crowd_of_equal_values_is_counted_in_the_picture():
    values = pd.Series([0.0] * 187 + list(np.linspace(1, 90, 60)), index=[str(number) for number in range(247)])
    told = [text for text, _ in words(charts.distribution(values, home="246")) if " mit " in text]
    assert told == ["187 mit 0,0\u00a0%"]
    assert not [text for text, _ in words(charts.distribution(values[180:], home="246")) if " mit " in text]
    dense = pd.Series([*np.linspace(9, 9.4, 400).tolist(), 90.0], index=[str(number) for number in range(401)])
    assert not [text for text, _ in words(charts.distribution(dense, home="400", digits=2)) if " mit " in text]


def box_of(word):
    """Width by the advance widths of the font; the letters ``Ähg`` reach from 0.8 above to 0.21 below the baseline."""
    wide = lettering.measure(word.text, word.size, bold=word.bold)
    left = word.x - wide * {"left": 0, "center": 0.5, "right": 1}[word.align]
    return Box(left, word.y - 0.8 * word.size, left + wide, word.y + 0.21 * word.size)


def collisions(canvas):
    """Pairs of texts that overlap by more than one and a half pixels."""
    return [(a, b) for (a, x), (b, y) in itertools.combinations(words(canvas), 2) if overlap(x, y) > 1.5]


def overlap(a, b):
    """The smaller side of what two boxes share, in px."""
    return min(min(a.right, b.right) - max(a.left, b.left), min(a.bottom, b.bottom) - max(a.top, b.top))


def outside(canvas):
    """Texts beyond the edge; four pixels of grace, as the widths are without kerning."""
    wide, tall = canvas.width + 4, canvas.height + 4
    return [text for text, b in words(canvas) if b.left < -4 or b.top < -4 or b.right > wide or b.bottom > tall]


def segments(canvas, token):
    """Polylines of one token's colour."""
    drawn = [mark for _, mark in canvas.marks if isinstance(mark, Strokes)]
    return [np.asarray(line, float) for mark in drawn if mark.colours == token for line in mark.lines]


# --- every form, every size ---------------------------------------------------------------------------


@EVERY
def test_no_word_covers_another_or_leaves_the_picture(draw, size):
    canvas, _ = drawn_once(draw, size)
    assert collisions(canvas) == []
    assert outside(canvas) == []
    assert canvas.width == {"full": 720, "half": 348, "phone": 336}[size]


@EVERY
def test_no_text_is_smaller_than_eleven_and_a_half_pixels(draw, size):
    scale = re.findall(r"scale\((0\.\d+) -\1\)", drawn_once(draw, size)[1])
    assert scale
    assert min(float(value) * 100 for value in scale) >= 11.5


@EVERY
def test_every_colour_is_a_token_that_other_themes_can_replace(draw, size):
    _, picture = drawn_once(draw, size)
    drawn = picture[picture.index("</style>") :]
    coloured = re.findall(r"<[^>]*(?:fill|stroke)=\"#[0-9a-f]{6}\"[^>]*>", drawn)
    assert coloured
    assert [tag for tag in coloured if "class=" not in tag] == []


@pytest.mark.parametrize("draw", FORMS)
def test_the_same_figures_give_the_same_bytes(draw):
    assert draw(title="Titel").svg("Alt") == draw(title="Titel").svg("Alt")


@pytest.mark.parametrize("draw", FORMS)
def test_a_chart_costs_a_fraction_of_a_second(draw):
    spent = []
    for _ in range(3):
        start = time.process_time()
        draw().svg()
        spent.append(time.process_time() - start)
    assert min(spent) < 0.3  # 0.15 on a quiet machine


@pytest.mark.parametrize("draw", FORMS)
def test_a_picture_that_travels_alone_carries_its_title_and_source(draw):
    text = {
        "title": "Kinderarmut sinkt seit 2017 von 18,1 auf 12,4 Prozent",
        "subtitle": "je 100 Kinder unter 15 Jahren",
        "source": "Quelle: BBSR, INKAR Ausgabe 2024; dl-de/by-2-0. " * 4,
    }
    inside, bare = draw("phone", frame=True, **text), draw("phone", **text)
    assert inside.height > bare.height + 60
    assert any(word.startswith("Quelle: BBSR") for word, _ in words(inside))
    assert collisions(inside) == []
    assert "<title>Kinderarmut sinkt" in bare.svg()


def test_importing_the_charts_loads_neither_pyplot_nor_seaborn():
    code = "import sys, kreisbericht.charts; print([m for m in ('matplotlib.pyplot', 'seaborn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_title_and_description_are_escaped_in_the_file():
    picture = draw_goals(title="A < B & C").svg('mehr als "5 %" \\1')
    assert "<title>A &lt; B &amp; C</title>" in picture
    assert "<desc>mehr als &quot;5 %&quot; \\1</desc>" in picture


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
def test_a_page_that_switches_its_colour_scheme_switches_its_charts(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    (tmp_path / "chart.svg").write_text(draw_goals().svg(), encoding="utf-8")
    page_file = tmp_path / "page.html"
    page_file.write_text('<html style="color-scheme:light"><img src="chart.svg"><img src="chart.svg#kontrast">')
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(color_scheme="light")
        page.goto(page_file.as_uri())
        light, _ = (corner(image) for image in page.query_selector_all("img"))
        page.evaluate("document.documentElement.style.colorScheme = 'dark'")
        page.wait_for_timeout(200)
        dark, contrast = (corner(image) for image in page.query_selector_all("img"))
        browser.close()
    assert (light, dark, contrast) == ((255, 255, 255), (0x14, 0x18, 0x1C), (0, 0, 0))


def corner(image):
    import io

    from PIL import Image

    return Image.open(io.BytesIO(image.screenshot())).convert("RGB").getpixel((2, 2))


# --- trend --------------------------------------------------------------------------------------------


def test_a_line_stops_at_a_missing_year_and_at_a_break():
    home = years(2010, 1, 2, 3, np.nan, 5, 6, 7, 8)
    whole = charts.trend({HOME: home.fillna(4)}, home=HOME)
    assert [len(line) for line in segments(whole, "home")] == [8]
    cut = charts.trend({HOME: home}, home=HOME, breaks=[(2016, "Zensus 2022")])
    assert [len(line) for line in segments(cut, "home")] == [3, 2, 2]  # 2010–12, 2014–15, 2016–17
    assert {"kein Wert", "Zensus 2022"} <= {text for text, _ in words(cut)}


def test_years_left_out_of_the_index_are_gaps_too():
    drawn = charts.trend({HOME: pd.Series({2010: 1.0, 2011: 2.0, 2014: 3.0, 2015: 4.0, 2016: 4.0})}, home=HOME)
    assert [len(line) for line in segments(drawn, "home")] == [2, 3]
    assert "keine Werte" in {text for text, _ in words(drawn)}


def test_a_series_published_every_second_year_has_no_gaps():
    drawn = charts.trend({HOME: pd.Series({2015: 1.0, 2017: 2.0, 2019: 3.0})}, home=HOME)
    assert [len(line) for line in segments(drawn, "home")] == [3]


def test_bands_too_narrow_for_words_are_explained_below():
    values = years(1990, *range(36))
    values[[1995, 2003, 2011]] = np.nan
    drawn = charts.trend({HOME: values}, home=HOME, size="phone")
    assert [text for text, _ in words(drawn)].count("keine Werte") == 1


def test_a_value_older_than_the_axis_names_its_year():
    drawn = charts.trend({HOME: years(2018, 5, 6, 7), "Thüringen": years(2018, 4, 5)}, home=HOME)
    assert "5,0\u00a0% (2019)" in {text for text, _ in words(drawn)}


def test_constant_negative_and_single_values_can_be_drawn():
    for values in (years(2020, 5, 5, 5), years(2020, 0, 0), years(2020, -3, 2, -1), years(2024, 7)):
        for zero in (True, False):
            assert "<svg" in charts.trend({HOME: values}, home=HOME, zero=zero, size="phone").svg()


def test_nothing_to_draw_is_said_and_not_drawn():
    for series in ({HOME: years(2020, np.nan)}, {HOME: pd.Series(dtype=float)}, {"Thüringen": years(2020, 1)}):
        with pytest.raises(ValueError, match=HOME):
            charts.trend(series, home=HOME)
    with pytest.raises(ValueError, match="nothing to draw"):
        charts.ranking(pd.Series({"A": np.nan}), home="A")
    with pytest.raises(ValueError, match="nothing to draw"):
        charts.choropleth({"1": square(1, 1)}, pd.Series({"1": np.nan}), names={"1": "A"})
    with pytest.raises(ValueError, match="nothing to draw"):
        charts.small_multiples(pd.DataFrame({"A": [np.nan]}), home="A")
    with pytest.raises(ValueError, match="nothing to draw"):
        charts.distribution(pd.Series({"A": 1.0}), home="B")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 100) | st.none(), min_size=2, max_size=12), min_size=1, max_size=3),
    st.sampled_from(SIZES),
)
def test_labels_at_the_ends_of_lines_keep_apart_for_any_figures(rows, size):
    names = [LONG, "Mecklenburg-Vorpommern", "Deutschland"]
    series = {
        name: years(2010, *(np.nan if v is None else v for v in row)) for name, row in zip(names, rows, strict=False)
    }
    if series[LONG].notna().any():
        drawn = charts.trend(series, home=LONG, size=size)
        ends = {line for name in names for line in (name, *lettering.wrap(name, 150), *lettering.wrap(name, 112))}
        assert [pair for pair in collisions(drawn) if ends.intersection(pair)] == []
        assert outside(drawn) == []


# --- ranking ------------------------------------------------------------------------------------------


def test_a_long_ranking_shows_both_ends_the_neighbourhood_and_how_many_are_left_out():
    names = [f"Kreis {k}" for k in range(1, 97)]
    rows = excerpt(names, "Kreis 40", 26)
    shown = [row for row in rows if isinstance(row, str)]
    assert len(rows) <= 26
    assert shown[:3] == names[:3]
    assert shown[-3:] == names[-3:]
    assert {"Kreis 36", "Kreis 40", "Kreis 44"} <= set(shown)
    assert sum(row.count for row in rows if isinstance(row, Gap)) == 96 - len(shown)


@pytest.mark.parametrize("home", ["Kreis 1", "Kreis 4", "Kreis 5", "Kreis 50", "Kreis 93", "Kreis 96", None])
def test_an_excerpt_is_never_longer_than_asked_nor_leaves_out_a_single_row(home):
    rows = excerpt([f"Kreis {k}" for k in range(1, 97)], home, 26)
    assert len(rows) <= 27
    assert home is None or home in rows
    assert all(row.count > 1 for row in rows if isinstance(row, Gap))


def test_equal_values_share_a_rank_and_the_gap_row_counts():
    values = pd.Series({f"K{k}": v for k, v in enumerate([9.0, 8, 8, *np.linspace(7, 1, 40)])})
    texts = [text for text, _ in words(charts.ranking(values, home="K20", max_rows=15))]
    assert texts.count("2.") == 2
    left_out = [int(text.split()[0]) for text in texts if "weitere" in text]
    assert sum(left_out) == 43 - sum(text.startswith("K") for text in texts)


def test_rows_without_a_value_are_counted_below_the_bars():
    drawn = charts.ranking(pd.Series({"A": 1.0, "B": np.nan, "C": 2.0}), home="A", references={"Bund": np.nan})
    assert "Ohne Wert: B" in {text for text, _ in words(drawn)}


def test_two_rows_of_one_name_are_refused():
    with pytest.raises(ValueError, match="München"):
        charts.ranking(pd.Series([1.0, 2.0], index=["München", "München"]), home="München")


# --- map ----------------------------------------------------------------------------------------------


def test_natural_breaks_fall_into_the_gaps_and_become_round():
    assert classes.class_bounds([1, 2, 3, 11, 12, 13], classes=2) == [10]
    assert classes.class_bounds([0.11, 0.12, 0.19, 0.21], classes=2) == [0.15]
    assert classes.class_bounds([5.0, 5.0, float("nan")]) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-50, 5000).map(lambda v: round(v, 2)), min_size=1, max_size=60))
def test_bounds_ascend_and_leave_no_class_empty(values):
    bounds = classes.class_bounds(values)
    counts = np.bincount(np.searchsorted(bounds, values, side="right"), minlength=len(bounds) + 1)
    assert len(bounds) == min(5, len(set(values))) - 1
    assert all(a < b for a, b in itertools.pairwise(bounds))
    assert counts.min() > 0


def test_the_legend_counts_areas_and_names_home_and_the_missing_one():
    texts = [text for text, _ in words(draw_map(bounds=[5.0, 10.0]))]
    assert [texts[texts.index(words_) + 1] for words_ in ("unter 5", "5 bis unter 10", "10 und mehr", "kein Wert")] == [
        "5",
        "4",
        "12",
        "1",
    ]
    assert "3,0\u00a0%" in texts
    with pytest.raises(ValueError, match="at most 4"):
        draw_map(bounds=[1, 2, 3, 4, 5])


# --- other forms --------------------------------------------------------------------------------------


def test_progress_towards_a_goal_counts_in_its_own_direction():
    falling = measure_progress((2020, 10.0), (2025, 8.0), (2030, 5.0))
    assert (falling.done, falling.due, falling.rating) == (0.4, 0.5, "similar")
    assert measure_progress((2020, 10.0), (2025, 7.0), (2030, 5.0)).rating == "better"
    assert measure_progress((2020, 10.0), (2025, 11.0), (2030, 5.0)).rating == "worse"
    assert measure_progress((2020, 50.0), (2025, 58.0), (2030, 65.0)).rating == "better"
    with pytest.raises(ValueError, match="same"):
        measure_progress((2020, 5.0), (2025, 7.0), (2030, 5.0))


def test_a_pyramid_is_measured_against_the_whole_population():
    assert per_thousand([10, 10], [10, 20]).to_dict("list") == {"m": [200, 200], "f": [200, 400]}
    groups = pd.DataFrame(
        {"home_m": [1.0, np.nan], "home_f": [1.0, 1.0]}, index=pd.Index([(0, 5), (5, None)], tupleize_cols=False)
    )
    with pytest.raises(ValueError, match="every age group"):
        charts.pyramid(groups, home=HOME)


def test_the_most_favourable_side_of_a_profile_is_right():
    row = {
        "name": "Kinderarmut",
        "unit": "%",
        "year": 2022,
        "digits": 1,
        "home": 8.0,
        "land": 10.0,
        "all": [8.0, 10.0, 14.0],
    }
    spots = {}
    for polarity, rating in ((-1, "better"), (1, "worse")):
        drawn = charts.profile([row | {"polarity": polarity, "rating": rating}], land="Thüringen")
        mark = next(mark for _, mark in drawn.marks if isinstance(mark, Dots) and mark.size > 10)
        spots[rating] = float(mark.points[0][0])
    middle = (330 + 552) / 2
    assert spots["worse"] < middle < spots["better"]


# --- letters and scales -------------------------------------------------------------------------------


def test_words_break_at_spaces_and_after_hyphens_only():
    assert lettering.wrap("Schmalkalden-Meiningen", 100) == ["Schmalkalden-", "Meiningen"]
    assert lettering.wrap(LONG, 112, bold=True) == ["Landkreis", "Mecklenburgische", "Seenplatte"]
    assert lettering.wrap("12,4\u00a0% der Kinder", 30)[0] == "12,4\u00a0%"
    assert lettering.wrap("", 100) == []


def test_labels_move_no_further_than_they_must():
    assert lettering.spread([10, 50], [20, 20], 0, 100) == [10, 50]
    assert lettering.spread([50, 50], [20, 20], 0, 100) == [40, 60]
    assert lettering.spread([0, 0], [20, 20], 0, 100) == [10, 30]
    assert lettering.spread([60, 50], [20, 20], 0, 100) == [65, 45]


@pytest.mark.parametrize(
    ("low", "high", "zero", "expected"),
    [
        (9.7, 18.1, True, [0, 5, 10, 15, 20]),
        (70635, 98785, False, [65000, 70000, 75000, 80000, 85000, 90000, 95000, 100000]),
        (5, 5, True, [0, 1, 2, 3, 4, 5]),
        (-3, 5, True, [-4, -2, 0, 2, 4, 6]),
    ],
)
def test_axes_have_round_steps(low, high, zero, expected):
    assert scales.value_axis(low, high, zero=zero).tolist() == expected


def test_axis_labels_have_the_decimals_of_their_step_and_one_unit():
    assert scales.tick_labels(np.array([0, 0.5, 1]), "%") == ["0,0", "0,5", "1,0\u00a0%"]
    assert scales.tick_labels(np.array([0, 5000]), "Personen") == ["0", "5.000"]


def test_analysts_get_the_house_colours_in_their_own_charts():
    from kreisbericht.charts import style

    settings_ = style.theme_rc()
    assert settings_["axes.prop_cycle"].by_key()["color"][0] == "#0B4A6F"
    assert math.isclose(settings_["figure.figsize"][0], 10)


def test_gaps_in_small_multiples_are_explained():
    table = pd.DataFrame({HOME: years(2018, 5, np.nan, 6, 7), "Gotha": years(2018, 4, 5, 6, 7)})
    drawn = charts.small_multiples(table, home=HOME)
    assert [len(line) for line in segments(drawn, "home")] == [2]
    assert any("Lücke: kein Wert" in text for text, _ in words(drawn))
