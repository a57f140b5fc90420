"""The pen writes what matplotlib would, and a swarm keeps its dots apart."""

import io
import itertools

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.path import Path

from kreisbericht.charts import Canvas, svg
from kreisbericht.charts.lettering import CAP_MIDDLE, font
from kreisbericht.charts.swarm import swarm_places

HEIGHT = 200
RINGS = [np.array([(10, 10), (60, 12), (55, 70.125), (10, 10)]), np.array([(20, 20), (30, 40), (40, 22), (20, 20)])]
TONES = svg.palette()


@pytest.fixture
def drawn_by_matplotlib():
    """Draws into a figure of the canvas's size and gives the finished SVG."""

    def draw(add):
        figure = Figure(figsize=(10, HEIGHT / 72), dpi=72, facecolor=TONES["paper"])
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 720), ylim=(HEIGHT, 0))
        axes.axis("off")
        add(axes)
        buffer = io.StringIO()
        with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "kreisbericht", "path.simplify": False}):
            FigureCanvasSVG(figure).print_svg(buffer, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        return svg.finish(buffer.getvalue(), title="", alt="")

    return draw


def collect(kind, shapes, **style):
    return lambda axes: axes.add_collection(kind(shapes, clip_on=False, **style), autolim=False)


@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("words", ["Kyffhäuserkreis", "1.234,5\u00a0%", "AVfi Tafel ffl", "$x_1$ <&>", "–0,3"])
def test_a_text_is_set_as_matplotlib_sets_it(drawn_by_matplotlib, words, align):
    canvas = Canvas("full", HEIGHT)
    canvas.text(300.3, 40.7, words, size=12.5, bold=True, colour="ink", align=align)
    style = {"fontproperties": font(12.5, True), "ha": align, "parse_math": False, "color": TONES["ink"]}
    at = (300.3, 40.7 + CAP_MIDDLE * 12.5)
    assert canvas.svg() == drawn_by_matplotlib(lambda axes: axes.text(*at, words, va="baseline", **style))


def test_lines_are_drawn_as_matplotlib_draws_them(drawn_by_matplotlib):
    lines = [np.array([(1, 2), (3.14159, 4), (5, 0.005)]), np.array([(100, 50), (200, 50.5)])]
    canvas = Canvas("full", HEIGHT)
    canvas.lines(lines, ["home", "land"], 1.6, dash=(4, 2.2), cap="round")
    style = {"colors": [TONES["home"], TONES["land"]], "linewidths": 1.6, "linestyles": (0, (4, 2.2))}
    expected = collect(LineCollection, lines, capstyle="round", joinstyle="round", **style)
    assert canvas.svg() == drawn_by_matplotlib(expected)


@pytest.mark.parametrize(
    ("colour", "edge", "hatched"),
    [("seq_2", "paper", False), ("none", "ink", False), ("seq_5", "none", False), ("paper", "ink_3", True)],
)
def test_areas_are_drawn_as_matplotlib_draws_them(drawn_by_matplotlib, colour, edge, hatched):
    tones = TONES | {"none": "none"}
    canvas = Canvas("full", HEIGHT)
    canvas.areas([RINGS], colour, edge=edge, width=1.1, hatched=hatched)
    outline = Path.make_compound_path(*(Path(ring, closed=True) for ring in RINGS))
    style = {"facecolors": tones[colour], "edgecolors": tones[edge], "linewidths": 1.1}
    style |= {"hatch": "//"} if hatched else {}
    assert canvas.svg() == drawn_by_matplotlib(collect(PathCollection, [outline], **style))


def test_boxes_are_drawn_as_matplotlib_draws_them(drawn_by_matplotlib):
    canvas = Canvas("full", HEIGHT)
    canvas.boxes([(0, 10, 720, 17.5), (5, 50, 20.25, 4)], ["home_tint", "home"])
    corners = [[(0, 10), (720, 10), (720, 27.5), (0, 27.5)], [(5, 50), (25.25, 50), (25.25, 54), (5, 54)]]
    faces = [TONES["home_tint"], TONES["home"]]
    expected = collect(PolyCollection, corners, facecolors=faces, edgecolors="none", linewidths=0)
    assert canvas.svg() == drawn_by_matplotlib(expected)


@pytest.mark.parametrize("marker", ["o", "D", "s"])
def test_markers_are_drawn_as_matplotlib_draws_them(drawn_by_matplotlib, marker):
    points = [(10, 20), (33.333333, 44.4)]
    canvas = Canvas("full", HEIGHT)
    canvas.dots(points, "bund", 6.4, marker=marker)
    style = {"color": TONES["bund"], "ms": 6.4, "mec": TONES["paper"], "mew": 1.4, "ls": "none", "clip_on": False}
    assert canvas.svg() == drawn_by_matplotlib(lambda axes: axes.plot(*zip(*points, strict=True), marker, **style))


def test_what_lies_higher_is_written_later_whatever_the_order_of_the_calls():
    canvas = Canvas("full", HEIGHT)
    canvas.line([(0, 1), (2, 3)], "home", 2, z=5)
    canvas.line([(0, 1), (2, 3)], "land", 2, z=1)
    picture = canvas.svg()
    assert picture.index('class="s-land"') < picture.index('class="s-home"')


@settings(deadline=None)
@given(st.lists(st.floats(0, 300, allow_subnormal=False), min_size=1, max_size=60))
def test_dots_of_a_swarm_do_not_overlap_and_stay_at_their_value(along):
    across = swarm_places(np.array(along), 4.0, 500.0, 400.0)
    spots = list(zip(along, across.tolist(), strict=True))
    gaps = [np.hypot(a[0] - b[0], a[1] - b[1]) for a, b in itertools.combinations(spots, 2)]
    assert all(gap >= 4 - 1e-6 for gap in gaps)
    assert 500.0 in across


def test_a_crowd_that_does_not_fit_overlaps_evenly_and_leaves_the_others_alone():
    across = swarm_places(np.array([0.0] * 50 + [80.0, 81.0]), 4.0, 30.0, 10.0)
    crowd = np.sort(across[:50])
    assert np.abs(across - 30).max() == 10
    assert np.diff(crowd).max() < 1  # no two heaps at the borders, no hole between
    assert abs(across[50] - across[51]) > 3.8
