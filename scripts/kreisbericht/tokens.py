"""Colours, type and sizes: one file, read by the charts, the page style and the printed book.

``colours()`` for drawing, ``css_variables()`` for the page; Typst reads ``tokens.json`` itself.
Themes: ``light``, ``dark``, ``contrast`` and ``contrast_dark`` (both for ``prefers-contrast: more``).
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from kreisbericht import lineage
from kreisbericht.paths import ROOT

THEMES = ("light", "dark", "contrast", "contrast_dark")
_CSS_NAMES = {"paper_warm": "warm", "home_tint": "tint"}


def tokens_file() -> Path:
    """``_extensions/kreisbericht/tokens.json``."""
    return ROOT / "_extensions" / "kreisbericht" / "tokens.json"


def load_tokens() -> dict[str, Any]:
    """All tokens as written in the file. Treat as read-only."""
    return _read_tokens(*lineage.stamp(tokens_file()))


@functools.lru_cache(maxsize=1)
def _read_tokens(path: Path, _mtime: int, _size: int) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@lineage.remembered
def colours(theme: str = "light") -> dict[str, str]:
    """Colours of a theme by flat name: ``home``, ``ink_2``, ``cat_1`` … ``cat_4``, ``seq_1`` … ``seq_5``."""
    flat: dict[str, str] = {}
    for name, value in load_tokens()["colour"][theme].items():
        if isinstance(value, list):
            flat |= {f"{name}_{i}": colour for i, colour in enumerate(value, 1)}
        else:
            flat[name] = value
    return flat


def rating_word(rating: str) -> str:
    """German word of a rating: ``better`` → ``günstiger``."""
    return load_tokens()["rating"][rating]["word"]


def chart_width(size: str) -> int:
    """Width of a chart size in px: ``full`` 720, ``half`` 348, ``phone`` 336.

    Raises
    ------
    ValueError
        For an unknown size.
    """
    sizes = load_tokens()["chart"]
    if size not in ("full", "half", "phone"):
        raise ValueError(f"size must be full, half or phone, not {size!r}")
    return sizes[size]["screen_px"]


def css_variables() -> str:
    """Custom properties of all themes, for the head of the page style.

    ``--home``, ``--ink2``, ``--warm``, ``--tint``, ``--seq1`` … The reader's system decides; ``data-theme="hell"`` or
    ``"dunkel"`` on the root element overrides it. Each block sets ``color-scheme`` too, and pictures of charts follow
    that property, so the same switch turns them.
    """
    light, dark, contrast, contrast_dark = (_declarations(theme) for theme in THEMES)
    by_system, by_hand = ":root:not([data-theme=hell])", ":root[data-theme=dunkel]"
    return "\n".join(
        [
            f":root{{{light}}}",
            f"@media (prefers-color-scheme:dark){{{by_system}{{{dark}}}}}",
            f"{by_hand}{{{dark}}}",
            f"@media (prefers-contrast:more){{:root{{{contrast}}}}}",
            f"@media (prefers-contrast:more) and (prefers-color-scheme:dark){{{by_system}{{{contrast_dark}}}}}",
            f"@media (prefers-contrast:more){{{by_hand}{{{contrast_dark}}}}}",
            f"@media print{{:root,{by_system},{by_hand}{{{light}}}}}",
            "",
        ]
    )


def _declarations(theme: str) -> str:
    scheme = "dark" if theme in ("dark", "contrast_dark") else "light"
    variables = "".join(f"--{_css_name(name)}:{value.lower()};" for name, value in colours(theme).items())
    return f"color-scheme:{scheme};{variables}"


def _css_name(token: str) -> str:
    return _CSS_NAMES.get(token, token.replace("_ink", "-ink").replace("_bg", "-bg").replace("_", ""))


def contrast_ratio(first: str, second: str) -> float:
    """Contrast of two colours by WCAG 2 (1 to 21)."""
    dark, light = sorted(_luminance(colour) for colour in (first, second))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    def linear(v: float) -> float:
        return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
