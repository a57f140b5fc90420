"""Source Sans and Source Serif from their PyPI packages: files for charts and Typst, subset woff2 for the page.

Nothing is downloaded and no font package is imported; only their folders are looked up.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import io
from pathlib import Path

from kreisbericht.errors import RenderError
from kreisbericht.paths import build_dir, write_atomically

PACKAGES = {"Sans": "font_source_sans_pro", "Serif": "font_source_serif_pro"}
WEB_STYLES = ("Regular", "Semibold", "It")
PRINT_STYLES = (*WEB_STYLES, "SemiboldIt", "Bold", "BoldIt")
LICENCE = "SIL Open Font License 1.1, © 2010–2019 Adobe"
# Basic Latin to Latin Extended-B (all European names), spaces, dashes, quotes, arrows, minus, shapes of the ratings.
WEB_CHARACTERS = (
    *range(0x20, 0x7F), *range(0xA0, 0x250), 0x2C6, 0x2DA, 0x2DC, 0x1E9E, *range(0x2000, 0x2023), 0x2026, 0x202F,
    0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x2080, 0x2081, 0x2082, 0x2083, 0x20AC, 0x2116, 0x2122,
    *range(0x2190, 0x2194), 0x2197, 0x2198, 0x2212, 0x2215, 0x2248, 0x2260, 0x2264, 0x2265, 0x25A0, 0x25A1, 0x25B2,
    0x25C6, 0x25CB, 0x25CF, 0x2713,
)  # fmt: skip
WEB_FEATURES = ["ccmp", "locl", "mark", "kern", "liga", "calt", "lnum", "tnum", "pnum", "sups"]


@functools.cache
def font_folder(family: str) -> Path:
    """Folder of the TTF files of ``Sans`` or ``Serif``.

    Raises
    ------
    RenderError
        If the font package is not installed.
    """
    package = PACKAGES[family]
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise RenderError(
            f"Die Schrift Source {family} fehlt (Paket {package.replace('_', '-')}).\n"
            "Bitte die Umgebung neu einrichten: pip install -r requirements.txt. Es wurde nichts verändert."
        )
    root = Path(found.submodule_search_locations[0])
    return next(root.rglob(f"Source{family}Pro-Regular.ttf")).parent


def font_file(family: str = "Sans", style: str = "Regular") -> Path:
    """One TTF file: family ``Sans`` or ``Serif``; style ``Regular``, ``Semibold``, ``It``, ``SemiboldIt``, ``Bold``."""
    return font_folder(family) / f"Source{family}Pro-{style}.ttf"


def font_files() -> list[Path]:
    """All TTF files that the printed book and the charts use."""
    return [font_file(family, style) for family in PACKAGES for style in PRINT_STYLES]


def write_webfonts(folder: Path) -> list[Path]:
    """Write the six subset woff2 files and both licences to ``folder``; same bytes on every machine and day.

    Returns
    -------
    The files written: ``SourceSansPro-Regular.woff2`` … and ``OFL-Source-Sans.txt``, ``OFL-Source-Serif.txt``.
    """
    written = []
    for family in PACKAGES:
        for style in WEB_STYLES:
            target = folder / f"Source{family}Pro-{style}.woff2"
            write_atomically(target, _cached_subset(font_file(family, style)))
            written.append(target)
        licence = folder / f"OFL-Source-{family}.txt"
        write_atomically(licence, next(font_folder(family).parent.rglob("LICENSE.txt")).read_bytes())
        written.append(licence)
    return written


def _cached_subset(source: Path) -> bytes:
    """Subset from the build cache, made on first use; the key names the input, the characters and the tool."""
    tool = importlib.metadata.version("fonttools") + importlib.metadata.version("brotli")
    key = hashlib.sha256(
        source.read_bytes() + repr((WEB_CHARACTERS, WEB_FEATURES)).encode() + tool.encode()
    ).hexdigest()[:16]
    cached = build_dir() / "fonts" / f"{source.stem}.{key}.woff2"
    if not cached.exists():
        write_atomically(cached, _subset(source))
    return cached.read_bytes()


def _subset(source: Path) -> bytes:
    from fontTools import subset

    options = subset.Options(flavor="woff2", layout_features=WEB_FEATURES, hinting=False, notdef_outline=True)
    options.drop_tables += ["FFTM", "DSIG"]
    font = subset.load_font(str(source), options, lazy=False)
    font.recalcTimestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=WEB_CHARACTERS)
    subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    return buffer.getvalue()
