"""What a chapter is made with beside the project: interpreter, packages, and the environment variables that matter.

Not in here: the project's own library (``library``).
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from pathlib import Path

from kreisbericht import paths

VARIABLES = ("LANG", "LANGUAGE", "TZ", "SOURCE_DATE_EPOCH", "MATPLOTLIBRC", "MPLBACKEND", "MPLCONFIGDIR")
PREFIXES = ("LC_",)


def describe_surroundings() -> str:
    """Digest of interpreter, system, packages and environment."""
    words = [sys.implementation.cache_tag, platform.python_version(), platform.system(), platform.machine()]
    words += installed_packages(pinned_packages())
    words += [f"{name}={os.environ[name]}" for name in sorted(os.environ) if _matters(name)]
    requirements = paths.ROOT / "requirements.txt"
    words.append(requirements.read_text(encoding="utf-8") if requirements.is_file() else "")
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def pinned_packages() -> set[str]:
    """Normalised names in ``requirements.txt``."""
    file = paths.ROOT / "requirements.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {_normalise(match[0]) for line in lines if (match := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line))}


def installed_packages(names: set[str]) -> list[str]:
    """``name-version`` of these packages as installed, sorted; no metadata is read, only the names of their folders."""
    found = set()
    for place in sys.path:
        folder = Path(place or ".")
        for entry in folder.iterdir() if folder.is_dir() else ():
            name, _, rest = entry.name.partition("-")
            if rest.endswith(".dist-info") and _normalise(name) in names:
                found.add(f"{_normalise(name)}-{rest.removesuffix('.dist-info')}")
    return sorted(found)


def _normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _matters(name: str) -> bool:
    return name in VARIABLES or name.startswith(PREFIXES)
