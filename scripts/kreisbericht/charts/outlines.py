"""Path data and glyphs: what matplotlib would write into an SVG, found once per process.

Texts are set by matplotlib's own layout engine (kerning, ligatures); the outline of a glyph and the layout of a text
are kept, since charts repeat names and numbers. Not in here: elements and colours (``pen``).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.font_manager import get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from kreisbericht import fonts

_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_POINTS = {Path.MOVETO: 1, Path.LINETO: 1, Path.CURVE3: 2, Path.CURVE4: 3}
_UNITS = 64  # of an outline or a width in one pixel


class Glyphs(NamedTuple):
    """One line of text at 100 px: the glyphs by name with their transformation, and the width of the whole."""

    placed: list[tuple[str, str]]
    width: float


def exact(value: float) -> str:
    """Six decimals without trailing zeros."""
    return f"{value:f}".rstrip("0").rstrip(".")


def short(value: float) -> str:
    """Two decimals without trailing zeros; strokes need no more."""
    return f"{round(value, 6):.2f}".rstrip("0").rstrip(".")


def line_data(points: Sequence) -> str:
    """Path data of a polyline of n × 2 pixel coordinates."""
    return _join(_spell(points))


def ring_data(rings: Iterable[Sequence], *, whole: bool = False) -> str:
    """Path data of closed rings; the last point of each repeats its first and is written if ``whole``."""
    return "".join(f"{_join(_spell(ring if whole else ring[:-1]))}z" for ring in rings)


def path_data(path: Path, number=short) -> str:
    """Path data of any path; with ``number=exact`` as matplotlib writes it."""
    parts, place = [], 0
    codes = path.codes if path.codes is not None else [Path.MOVETO] + [Path.LINETO] * (len(path.vertices) - 1)
    while place < len(codes):
        code = codes[place]
        if code == Path.CLOSEPOLY:
            parts.append(("z", []))
            place += 1
        else:
            count = _POINTS[code]
            parts.append((_LETTERS[code], [number(v) for v in path.vertices[place : place + count].ravel().tolist()]))
            place += count
    if number is exact:
        return "".join(f"{letter} {' '.join(values)} \n" if values else "z\n" for letter, values in parts)
    return "".join(letter + " ".join(values) for letter, values in parts).replace(" -", "-")


@functools.cache
def marker_path(marker: str, size: float) -> Path:
    """Outline of a marker of matplotlib, ``size`` px across, y downwards."""
    style = MarkerStyle(marker)
    spots = style.get_transform().scale(size).transform(style.get_path().vertices)
    return Path(spots * (1, -1) + 0.0, style.get_path().codes)  # adding it turns -0 into 0


@functools.cache
def joint(marker: str) -> str:
    """How the edges of a marker meet: ``round`` or ``miter``."""
    return str(MarkerStyle(marker).get_joinstyle())


@functools.lru_cache(maxsize=20_000)
def set_text(text: str, bold: bool) -> Glyphs:
    """Glyphs and width of one line of text."""
    face = get_font(str(fonts.font_file("Sans", "Semibold" if bold else "Regular")))
    face.set_size(text_to_path.FONT_SCALE, text_to_path.DPI)
    placed, found, _ = text_to_path.get_glyphs_with_font(face, text, glyph_map=_glyphs, return_new_glyphs_only=True)
    _glyphs.update(found)
    face.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return Glyphs([(name, _shift(x, y)) for name, x, y, _ in placed], face.get_width_height()[0] / _UNITS)


@functools.cache
def glyph_data(name: str) -> str:
    """Outline of a glyph that ``set_text`` has named, in font units."""
    vertices, codes = _glyphs[name]
    return path_data(Path(vertices * _UNITS, codes)) if len(vertices) else ""


_glyphs: dict[str, tuple[np.ndarray, np.ndarray]] = {}


def _shift(x: float, y: float) -> str:
    return f"translate({exact(x)} {exact(y)})" if (x, y) != (0, 0) else ""


def _spell(points: Sequence) -> list[str]:
    numbers = np.asarray(points, float).ravel().round(6).tolist()
    texts = [f"{number:.2f}".rstrip("0").rstrip(".") for number in numbers]
    return [f"{x}{y}" if y[0] == "-" else f"{x} {y}" for x, y in zip(texts[::2], texts[1::2], strict=True)]


def _join(points: list[str]) -> str:
    return f"M{'L'.join(points)}" if points else ""
