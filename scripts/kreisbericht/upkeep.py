"""The site as a whole: drafts and published versions move in, lists follow, leftovers go.

Every change of the site happens under one lock, and each folder appears by one rename. A run that is killed leaves at
most hidden folders and a list that is one edition behind; the next run of any command mends both. Not in here: making
a book (``render``) and what publishing demands (``publish``).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from kreisbericht.addresses import SUMS, draft_folder, edition_folder, published_versions, version_folder
from kreisbericht.editions import Edition, version_key
from kreisbericht.errors import RenderError
from kreisbericht.paths import replace_directory, site_dir
from kreisbericht.storage import locked, remove_leftovers, sync_tree_to_disk, temporary_sibling

_HALF_WRITTEN = re.compile(r"^\..+\.[a-z0-9_]{8}$")  # temporary files of paths.write_atomically


def place_draft(fresh: Path, ags: str, edition: Edition, report: str, *, lists: bool = True) -> Path:
    """Move a finished draft to its address, never onto a published version; returns where it lies now.

    Without ``lists`` the lists of the site stay behind until :func:`refresh_lists`.
    """
    from kreisbericht.assemble.site import write_site

    site = site_dir()
    with locked(site):
        # Chosen under the lock: a version may have been published while this draft was made.
        target = draft_folder(ags, edition, report)
        replace_directory(fresh, target)
        if lists:
            write_site(site)
    return target


def refresh_lists() -> None:
    """Bring the lists of the site up to date with what lies in it."""
    from kreisbericht.assemble.site import write_site

    with locked(site_dir()):
        write_site(site_dir())


def place_version(fresh: Path, ags: str, edition: Edition, report: str) -> Path:
    """Make a finished version live by one rename; then its edition's address and the lists follow.

    Raises
    ------
    RenderError
        If the version is there already; nothing is changed.
    """
    from kreisbericht.assemble.site import write_site

    site, target = site_dir(), version_folder(ags, edition, report)
    sync_tree_to_disk(fresh)
    with locked(site):
        if target.exists():
            raise RenderError(refuse_twice(edition, target))
        fresh.rename(target)
        point_address(edition_folder(ags, edition, report), published_versions(ags, edition, report)[-1])
        write_site(site)
    return target


def refuse_twice(edition: Edition, target: Path) -> str:
    """Message for a version that is published already."""
    return (
        f"Version {edition.version} ist schon veröffentlicht ({target}) und wird nie mehr verändert. Für eine "
        f"Berichtigung bitte in {edition.profile.name} eine neue Version eintragen (z. B. "
        f"{next_version(edition.version)}) und die Änderung in data/errata.csv festhalten; es wurde nichts verändert."
    )


def next_version(version: str) -> str:
    """The version after this one: '2025.2' after '2025.1'."""
    *first, last = version.split(".")
    return ".".join([*first, str(int(last) + 1)])


def point_address(address: Path, version: Path) -> bool:
    """Let an edition's stable address show a published version; True if it did not yet.

    The files are hard links (copies where the disk knows none), so the two cannot differ.
    """
    if (address / SUMS).is_file() and (address / SUMS).read_bytes() == (version / SUMS).read_bytes():
        return False
    fresh = temporary_sibling(address)
    shutil.copytree(version, fresh, dirs_exist_ok=True, copy_function=_link)
    replace_directory(fresh, address)
    return True


def tend_site(ags: str) -> None:
    """Mend what a killed run left for one district: temporary folders, an address or a list that is behind."""
    from kreisbericht.assemble.site import is_behind, write_site

    site = site_dir()
    if not (site / ags).is_dir():
        return
    with locked(site):
        remove_leftovers(site / ags)
        for folder in (site, site / "assets"):
            for path in folder.glob(".*"):
                if path.is_file() and _HALF_WRITTEN.match(path.name):
                    path.unlink(missing_ok=True)
        behind = [_mend_address(site / ags, name) for name in _addresses(site / ags)]
        if any(behind) or is_behind(site, ags):
            write_site(site)


def _addresses(folder: Path) -> dict[str, Path]:
    """Stable addresses of a district with the newest version each should show."""
    found: dict[str, tuple[tuple[int, ...], Path]] = {}
    for sums in folder.glob(f"[!.]*/{SUMS}"):
        facts = json.loads((sums.parent / "ausgabe.json").read_text(encoding="utf-8"))
        suffix = sums.parent.name.removeprefix(facts["version"])
        if not sums.parent.name.startswith(facts["version"]):
            continue  # an address itself
        name, key = f"{facts['id']}{suffix}", version_key(facts["version"])
        found[name] = max(found.get(name, (key, sums.parent)), (key, sums.parent))
    return {name: version for name, (_, version) in found.items()}


def _mend_address(folder: Path, name: str) -> bool:
    return point_address(folder / name, _addresses(folder)[name])


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
