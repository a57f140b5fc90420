"""Where things are, and how a file is written so that nothing is ever half there.

Not in here: what the files contain.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """Folder of the data package; ``KREISBERICHT_DATA`` names another one (tests, a second package)."""
    return Path(os.environ.get("KREISBERICHT_DATA", ROOT / "data"))


def build_dir() -> Path:
    """Cache and staging; deleting it costs time, nothing else."""
    return Path(os.environ.get("KREISBERICHT_BUILD", ROOT / "_build"))


def site_dir() -> Path:
    """The published site: ``<site>/<ags>/<edition>/``."""
    return Path(os.environ.get("KREISBERICHT_SITE", ROOT / "_site"))


def write_atomically(target: Path, content: str | bytes) -> None:
    """Write ``content`` to a temporary file beside ``target``, then rename; the old file stays until then."""
    target.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
