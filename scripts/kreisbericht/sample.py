"""The sample district (*Musterkreis*, key 99999): which keys are invented, and the one folder they live in.

No Land of Germany has the key 99, so every key that begins with it is invented: the sample district, its planning areas
and municipalities, and the invented Land and neighbours it is compared with. ``regions`` and ``store`` read such keys
from :func:`sample_dir` only, and all other keys never from there. Not in here: the figures (``sample_figures``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kreisbericht.paths import data_dir

DISTRICT = "99999"
PREFIX = "99"
WORD = "Musterdaten"
NOTICE = "Musterdaten: Der Kreis, seine Orte und alle seine Zahlen sind frei erfunden."
CREDIT = "Musterdaten, frei erfunden"
NO_LICENCE = "keine, frei erfunden"


def is_sample(ags: str) -> bool:
    """Whether a key (2, 5, 8 or 9 digits) belongs to the sample district or its invented surroundings."""
    return ags.startswith(PREFIX)


def sample_dir() -> Path:
    """Folder of everything invented."""
    return data_dir() / "eigene" / "muster"


def split_keys(keys: Iterable[str]) -> tuple[list[str], list[str]]:
    """Real keys and invented keys, each in the order given."""
    keys = list(keys)
    return [key for key in keys if not is_sample(key)], [key for key in keys if is_sample(key)]
