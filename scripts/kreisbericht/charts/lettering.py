"""Width of text, line breaks and labels that keep their distance, in pixels.

Widths come from the font's advance widths without kerning: up to 2 % too wide, never too narrow.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

from kreisbericht import fonts, lineage
from kreisbericht.tokens import load_tokens

CAP_MIDDLE = 0.33  # of the font size: from the baseline up to the middle of a capital of Source Sans
_BREAK_AFTER = re.compile(r"(?<=[-/])(?=\w)|\s+")


@lineage.remembered
def sizes() -> dict[str, float]:
    """Text sizes of charts [px]: tick, label, value, subtitle, title, source."""
    return load_tokens()["type"]["chart_px"]


@functools.cache
def font(size: float, bold: bool = False) -> FontProperties:
    """Source Sans by file, so that no search and no global registry is needed."""
    return FontProperties(fname=str(fonts.font_file("Sans", "Semibold" if bold else "Regular")), size=size)


@functools.cache
def _face(bold: bool) -> FT2Font:
    face = FT2Font(str(fonts.font_file("Sans", "Semibold" if bold else "Regular")))
    face.set_size(100, 72)
    return face


@functools.cache
def _advance(char: str, bold: bool) -> float:
    return _face(bold).load_char(ord(char), LoadFlags.NO_HINTING).linearHoriAdvance / 6553600


def measure(text: str, size: float | None = None, *, bold: bool = False) -> float:
    """Width of one line of text [px]."""
    return sum(_advance(char, bold) for char in text) * (size or sizes()["label"])


def widest(texts: Sequence[str], size: float | None = None, *, bold: bool = False) -> float:
    """Width of the longest of several lines [px]; 0 for none."""
    return max((measure(text, size, bold=bold) for text in texts), default=0.0)


def wrap(text: str, width: float, size: float | None = None, *, bold: bool = False) -> list[str]:
    """Lines no wider than ``width`` where the words allow; breaks at spaces and after hyphens.

    ``Schmalkalden-Meiningen`` becomes ``Schmalkalden-`` and ``Meiningen``; a word that is too long stays whole.
    """
    lines: list[str] = []
    line = ""
    for word, glue in _pieces(text):
        trial = line + glue + word if line else word
        if line and measure(trial, size, bold=bold) > width:
            lines.append(line)
            trial = word
        line = trial
    return [*lines, line] if line else lines


def _pieces(text: str) -> list[tuple[str, str]]:
    """Words with the glue before them: a space, or nothing after a hyphen. No-break spaces do not break."""
    pieces, end = [], 0
    glue = ""
    for cut in _BREAK_AFTER.finditer(text.replace("\u00a0", "\u2060").replace("\u202f", "\u2061")):
        pieces.append((text[end : cut.start()], glue))
        glue, end = " " if cut.group() else "", cut.end()
    return [*pieces, (text[end:], glue)]


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres of labels that do not overlap, as near to the wanted ones as least squares allows, in order.

    Parameters
    ----------
    wanted
        Wanted centres [px].
    heights
        Heights of the labels [px], same order.
    low, high
        Range that the labels should stay in; with too many labels they overrun both ends evenly.
    """
    order = np.argsort(wanted, kind="stable")
    tall = np.asarray(heights, float)[order]
    offsets = np.concatenate([[0.0], np.cumsum((tall[:-1] + tall[1:]) / 2)])
    start = _isotonic(np.asarray(wanted, float)[order] - offsets)
    first, last = low + tall[0] / 2, high - tall[-1] / 2 - offsets[-1]
    start = np.clip(start, first, last) if first <= last else np.full(len(start), (first + last) / 2)
    placed = np.empty(len(start))
    placed[order] = start + offsets
    return placed.tolist()


def _isotonic(values: np.ndarray) -> np.ndarray:
    """Nearest non-decreasing sequence (pool adjacent violators)."""
    blocks: list[list[float]] = []
    for value in values:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, count = blocks.pop()
            before, n = blocks.pop()
            blocks.append([(mean * count + before * n) / (count + n), count + n])
    return np.concatenate([np.full(int(count), mean) for mean, count in blocks])
