"""Colours that can be read, fonts that are there, the same bytes each time."""

import itertools
import re

import pytest

from kreisbericht import fonts
from kreisbericht import tokens as t

TEXT = ["ink", "ink_2", "ink_3", "home", "link"]
RATINGS = ["better", "similar", "worse"]
MARKS = ["land", "bund", "other", "cat_1", "cat_2", "cat_3", "cat_4", "edge"]


def test_black_on_white_has_the_greatest_contrast():
    assert t.contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert t.contrast_ratio("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)  # WCAG's own example of AA grey


@pytest.mark.parametrize("theme", t.THEMES)
def test_text_can_be_read_on_each_ground_of_each_theme(theme):
    tones = t.colours(theme)
    pairs = [(ink, ground) for ink in TEXT for ground in ("paper", "paper_warm", "home_tint")]
    pairs += [(rating, "paper") for rating in RATINGS]
    pairs += [("draft_ink", "draft_bg"), ("final_ink", "final_bg"), ("cover_ink", "cover"), ("cover_ink_2", "cover")]
    pairs += [("ink", "seq_1"), ("ink", "seq_2"), ("ink", "seq_3"), ("paper", "seq_4"), ("paper", "seq_5")]
    low = {pair: round(t.contrast_ratio(tones[pair[0]], tones[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", t.THEMES)
def test_marks_stand_out_from_the_paper_in_each_theme(theme):
    tones = t.colours(theme)
    low = {mark: t.contrast_ratio(tones[mark], tones["paper"]) for mark in MARKS}
    assert {mark: ratio for mark, ratio in low.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", t.THEMES)
def test_map_steps_move_steadily_away_from_the_paper(theme):
    tones = t.colours(theme)
    steps = [t.contrast_ratio(tones[f"seq_{k}"], tones["paper"]) for k in range(1, 6)]
    assert all(b > a * 1.2 for a, b in itertools.pairwise(steps))


def test_every_theme_names_the_same_colours():
    assert len({frozenset(t.colours(theme)) for theme in t.THEMES}) == 1


def test_page_style_has_every_theme_and_a_switch_by_hand():
    css = t.css_variables()
    assert css.count("{") == css.count("}")
    assert "--home:#0b4a6f" in css
    assert re.search(r"prefers-color-scheme:dark\)\{:root:not\(\[data-theme=hell\]\)\{color-scheme:dark;", css)
    assert ":root[data-theme=dunkel]{color-scheme:dark;" in css
    assert css.index("prefers-contrast:more") < css.index("@media print")


def test_an_unknown_chart_size_is_refused():
    with pytest.raises(ValueError, match="full, half or phone"):
        t.chart_width("wide")


def test_the_fonts_of_the_book_are_installed():
    assert all(file.is_file() for file in fonts.font_files())


def test_webfonts_are_small_complete_and_the_same_bytes_each_time(tmp_path, monkeypatch):
    from fontTools.ttLib import TTFont

    monkeypatch.setattr(fonts, "WEB_STYLES", ("Regular",))  # one style shows it; six take seconds
    runs = []
    for run in ("a", "b"):
        monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path / f"build_{run}"))
        runs.append({file.name: file.read_bytes() for file in fonts.write_webfonts(tmp_path / run)})
    assert runs[0] == runs[1]
    assert {"SourceSansPro-Regular.woff2", "SourceSerifPro-Regular.woff2", "OFL-Source-Sans.txt"} <= set(runs[0])
    font = tmp_path / "a" / "SourceSansPro-Regular.woff2"
    assert font.stat().st_size < 30_000
    assert set(map(ord, "äöüÄÖÜßẞ–…„“−\u00a0\u202f€éłčş0123456789")) <= set(TTFont(font).getBestCmap())
