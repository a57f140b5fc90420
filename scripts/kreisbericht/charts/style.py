"""The house theme for analysts' own matplotlib and seaborn charts.

``use_theme()`` once in a notebook, then draw as usual: same colours, faces and rules as the house charts.
"""

from __future__ import annotations

from typing import Any

from matplotlib import font_manager

from kreisbericht import fonts
from kreisbericht.charts.lettering import sizes
from kreisbericht.tokens import chart_width, colours, load_tokens


def theme_rc(*, theme: str = "light", size: str = "full") -> dict[str, Any]:
    """matplotlib settings from the tokens.

    Parameters
    ----------
    theme
        ``light``, ``dark``, ``contrast`` or ``contrast_dark``.
    size
        Chart size that sets the width; the height is 300 px.
    """
    from cycler import cycler

    tones, text = colours(theme), sizes()
    hidden = dict.fromkeys(("axes.spines.top", "axes.spines.right", "axes.spines.left", "legend.frameon"), False)
    return hidden | {
        "figure.figsize": (chart_width(size) / 72, 300 / 72), "figure.dpi": 96, "figure.facecolor": tones["paper"],
        "savefig.facecolor": tones["paper"], "svg.fonttype": "path", "svg.hashsalt": "kreisbericht",
        "font.family": load_tokens()["type"]["sans"], "font.size": text["label"], "text.color": tones["ink"],
        "axes.facecolor": tones["paper"], "axes.edgecolor": tones["ink_3"], "axes.labelcolor": tones["ink_2"],
        "axes.titlesize": text["title"], "axes.titleweight": "semibold", "axes.titlelocation": "left",
        "axes.labelsize": text["label"], "axes.linewidth": 1.1, "axes.axisbelow": True,
        "axes.grid": True, "axes.grid.axis": "y", "grid.color": tones["grid"], "grid.linewidth": 0.9,
        "axes.prop_cycle": cycler(color=[tones[f"cat_{i}"] for i in range(1, 5)]),
        "xtick.color": tones["ink_3"], "ytick.color": tones["ink_3"], "ytick.major.size": 0, "xtick.major.size": 4,
        "xtick.labelsize": text["tick"], "ytick.labelsize": text["tick"], "lines.linewidth": 2,
        "lines.solid_capstyle": "round", "patch.edgecolor": tones["paper"], "legend.fontsize": text["tick"],
    }  # fmt: skip


def register_fonts() -> None:
    """Make Source Sans known to matplotlib under its name."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for file in fonts.font_files():
        if str(file) not in known:
            font_manager.fontManager.addfont(str(file))


def use_theme(*, theme: str = "light", size: str = "full") -> None:
    """Set seaborn and matplotlib to the house theme for the rest of the session."""
    import seaborn as sns

    register_fonts()
    sns.set_theme(style="ticks", rc=theme_rc(theme=theme, size=size))
