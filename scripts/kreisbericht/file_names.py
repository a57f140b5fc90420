"""Names of files that hold wherever the project lies, and states that tell whether a file has changed."""

from __future__ import annotations

import functools
import os
import stat
import sys
import tempfile
from pathlib import Path

from kreisbericht.fingerprints import fingerprint
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.paths import ROOT, build_dir, data_dir, site_dir

SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/var", "/run", "/opt", "/bin", "/snap")
PREFIXES = {form(place) for place in (sys.prefix, sys.base_prefix) for form in (os.path.abspath, os.path.realpath)}

State = list[int] | str | None  # size, times and inode of a file; digest of the names in a folder; None: nothing there


def state_of(path: Path) -> State:
    """Size, times and inode of a file, digest of the names in a folder, None where there is nothing."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return fingerprint(sorted(entry.name for entry in path.iterdir() if not entry.name.startswith(".")))
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def name_file(path: str) -> str:
    """Name of a file that does not depend on where the project lies; '' for what belongs to system or environment."""
    folder = os.environ.get(FOLDER_VARIABLE, "")
    if path[:1] != "/":
        path = str(Path(path).absolute())
    return _name(path, str(data_dir()), str(build_dir()), str(site_dir()), folder)


def find_file(name: str) -> Path:
    """The file of a name."""
    kind, _, rest = name.partition("/")
    place = {"data": data_dir(), "site": site_dir()}.get(kind)
    return place / rest if place else ROOT / name  # an absolute name stays as it is


@functools.lru_cache(maxsize=4096)
def _name(path: str, data: str, build: str, site: str, folder: str) -> str:
    path = str(Path(path))
    made = (*PREFIXES, build, *([str(Path(folder).parent)] if folder else []))
    # The package's own egg-info is part of the environment (``surroundings``); only some kernels read it.
    if _lies_in(path, *made) or "/." in path.removeprefix(str(ROOT)) or ".egg-info" in path or "\0" in path:
        return ""
    for start, place in (("data", str(Path(data).absolute())), ("site", str(Path(site).absolute())), ("", str(ROOT))):
        if _lies_in(path, place):
            rest = path[len(place) :].strip(os.sep)
            return "" if not start and rest.endswith((".py", ".pyc")) else f"{start}/{rest}" if start else rest or "."
    outside = _lies_in(path, *SYSTEM, tempfile.gettempdir())
    return "" if outside or path.endswith((".py", ".pyc", ".zip")) else path


def _lies_in(path: str, *places: str) -> bool:
    return any(path == place or path.startswith(f"{place}{os.sep}") for place in places)
