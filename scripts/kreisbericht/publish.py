"""Publish an edition: render into a fresh folder, check, describe, and make it live by one rename.

A published version never changes again. Until the rename nothing is to be seen of the new one, and the old ones are
never touched. Not in here: the rules of the site's folders (``addresses``, ``upkeep``).
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from kreisbericht import archive, manifest, paths, snapshot
from kreisbericht.addresses import edition_folder, published_versions, read_facts, report_suffix, version_folder
from kreisbericht.assemble.edition import refuse_findings
from kreisbericht.check.book import check_pages
from kreisbericht.check.pdf import check_pdf
from kreisbericht.display import Progress
from kreisbericht.editions import STATUS, Edition, list_editions, read_edition, version_key
from kreisbericht.errors import DataError, ParameterError, RenderError
from kreisbericht.numbers import format_number
from kreisbericht.regions import Region
from kreisbericht.render import choose_assembler, render_book
from kreisbericht.staging import Place
from kreisbericht.storage import explain_storage, locked, remove_leftovers, temporary_sibling
from kreisbericht.upkeep import next_version, place_version, refuse_twice, tend_site

MOST_NAMED = 3  # examples in a message
LARGE = 8_000_000  # size of a PDF from which on a warning is due [bytes]


@dataclass(frozen=True)
class Published:
    """A version that is live now: its own folder, its edition's address, and what to look at."""

    folder: Path
    address: Path
    archive: Path
    warnings: list[str]


def publish_edition(
    region: Region,
    edition: Edition,
    *,
    report: str = "gesamt",
    assembler: str = "auto",
    jobs: int = 2,
    unsaved: bool = False,
    progress: Progress = print,
) -> Published:
    """Publish one version of an edition for one district.

    Parameters
    ----------
    unsaved
        Publish although files are changed that Git does not have; the manifest names them.

    Raises
    ------
    ParameterError
        If the version is no new one, or an earlier one is to be corrected without an entry in ``errata.csv``.
    DataError
        If the data package has errors.
    RenderError
        If rendering or a check fails, sources change meanwhile, another run publishes, or the disk fails. The site is
        as before in every case.
    """
    tool = choose_assembler(assembler)
    with explain_storage(f"Ausgabe {edition.version}"), _alone(region, edition):
        tend_site(region.ags)
        _refuse_version(region, edition, report)
        commit = manifest.read_commit(paths.ROOT)
        _refuse_unsaved(commit, unsaved)
        progress("Die Daten werden geprüft")
        _refuse_bad_data()
        before = _inputs(edition)
        with _workplace(region, edition, report) as (place, name):
            result = render_book(
                region, edition, report=report, assembler=tool, jobs=jobs, progress=progress, place=place
            )
            describe_book(place, region, edition, report=report, tool=tool, commit=commit, name=name)
            progress("Die fertige Ausgabe wird geprüft")
            warnings = [*result.warnings, *_check_book(place.target)]
            if _inputs(edition) != before or read_edition(edition.profile) != edition:
                raise RenderError(_CHANGED.format(version=edition.version))
            folder = place_version(place.target, region.ags, edition, report)
    zipped = next((folder / manifest.ARCHIVE).glob("*.zip"))
    return Published(folder, edition_folder(region.ags, edition, report), zipped, warnings)


_CHANGED = (
    "Ausgabe {version}: Während des Veröffentlichens hat sich eine Quelle geändert (Daten, Kapitel, Notebook oder "
    "Profil). Bitte die Bearbeitung abschließen und erneut veröffentlichen; die bisherigen Ausgaben sind unverändert."
)


def describe_book(
    place: Place, region: Region, edition: Edition, *, report: str, tool: str, commit: manifest.Commit, name: str
) -> None:
    """Add data, metadata, manifest, checksums and archive to a rendered book in ``place.target``."""
    stage = place.build / f"{edition.id}{report_suffix(report)}"
    meta = yaml.safe_load((stage / "_quarto.yml").read_text(encoding="utf-8"))
    state = snapshot.take_snapshot(region, edition, report)
    snapshot.write_snapshot(state, place.target)
    chapters = stage / "chapters" / "daten"
    archive.write_data(place.target, state, chapters)
    stems = [stem for stem, chapter in state["kapitel"].items() if chapter["art"] == "daten"]
    lineage = manifest.describe_lineage(chapters, stems)
    indicators = manifest.describe_indicators(
        [*state["indikatoren"], *(entry for cell in lineage for entry in cell["indikatoren"])]
    )
    used = {key: indicators[key]["lizenz"] for key in state["indikatoren"] if key in indicators}
    archive.write_metadata(place.target, meta, edition, state, sorted(set(used.values()) - {""}))
    content = {
        "format": 1, "ausgabe": read_facts(place.target), "bericht": report,
        "quelle": {"commit": commit.id, "nicht_gesichert": sorted(commit.changed)},
        "umgebung": manifest.describe_environment(tool),
        "parameter": {"ags": region.ags, "berichtsjahr": edition.berichtsjahr, "ausgabe": edition.id,
                      "datenstand": str(edition.datenstand)},
        "eingaben": manifest.hash_inputs(paths.ROOT, edition.profile),
        "indikatoren": indicators, "herkunft": lineage,
    }  # fmt: skip
    manifest.write_manifest(place.target, content)
    manifest.write_sums(place.target)
    archive.write_zip(place.target, name, f"{region.ags}/{edition.version}{report_suffix(report)}")


def _refuse_version(region: Region, edition: Edition, report: str) -> None:
    """A version may be published once; a further one of an edition needs a higher number and a reason."""
    target = version_folder(region.ags, edition, report)
    if target.exists() and edition.version not in {e.id for e in list_editions(paths.ROOT)}:
        raise ParameterError(refuse_twice(edition, target))
    if edition.version in {e.id for e in list_editions(paths.ROOT)}:
        raise ParameterError(
            f"{edition.profile.name}: Die Version '{edition.version}' heißt wie eine Ausgabe; ihre Adresse wäre nicht "
            f"eindeutig. Bitte z. B. '{edition.id}.1' eintragen. Es wurde nichts verändert."
        )
    earlier = published_versions(region.ags, edition, report)
    if not earlier:
        return
    last = read_facts(earlier[-1])
    if version_key(edition.version) < version_key(last["version"]):
        raise ParameterError(
            f"Version {edition.version} ist älter als die veröffentlichte {last['version']}. Bitte in "
            f"{edition.profile.name} {next_version(last['version'])} eintragen; es wurde nichts verändert."
        )
    advanced = list(STATUS).index(edition.status) > list(STATUS).index(last["status"])
    if not advanced and not _has_errata(edition, region):
        raise ParameterError(
            f"Version {edition.version} berichtigt die veröffentlichte {last['version']}, aber in data/errata.csv "
            f"steht nicht, was. Bitte dort eine Zeile mit ausgabe '{edition.id}' und version '{edition.version}' "
            "eintragen; es wurde nichts verändert."
        )


def _has_errata(edition: Edition, region: Region) -> bool:
    file = paths.data_dir() / "errata.csv"
    if not file.is_file():
        return False
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [(row["ausgabe"], row["version"], row["ags"]) for row in csv.DictReader(opened)]
    return any((edition.id, edition.version, ags) in rows for ags in ("", region.ags))


def _refuse_unsaved(commit: manifest.Commit, unsaved: bool) -> None:
    if not commit.changed or unsaved:
        return
    named = ", ".join(commit.changed[:MOST_NAMED]) + (" …" if len(commit.changed) > MOST_NAMED else "")
    raise ParameterError(
        f"{len(commit.changed)} Dateien sind geändert, aber noch nicht in Git gesichert: {named}. Eine veröffentlichte "
        "Ausgabe soll sich aus ihrem Commit wieder herstellen lassen. Bitte zuerst 'git add' und 'git commit' aufrufen "
        "oder --ungesichert angeben; es wurde nichts verändert."
    )


def _refuse_bad_data() -> None:
    from kreisbericht.appendix.quality import load_quality

    errors = [str(finding) for finding in load_quality()[0] if finding.severity == "fehler"]
    if errors:
        raise DataError(
            f"Die Daten haben {len(errors)} Fehler: {' '.join(errors[:MOST_NAMED])} Bitte mit scripts/check_data.py "
            "ansehen und berichtigen; die bisherigen Ausgaben sind unverändert."
        )


def _check_book(folder: Path) -> list[str]:
    """Refuse a book with faults in pages or PDF; returns warnings on its size."""
    files = sorted(folder.glob("*.pdf"))
    findings = check_pages(folder)
    findings += [f"{f.name}: {finding}" for f in files for finding in check_pdf(f, max_megabytes=float("inf"))]
    refuse_findings(findings)
    large = [path for path in files if path.stat().st_size > LARGE]
    return [f"{path.name} hat {format_number(path.stat().st_size / 1e6, 1)} MB, viel für E-Mails." for path in large]


def _inputs(edition: Edition) -> tuple[dict[str, str], str]:
    return manifest.hash_inputs(paths.ROOT, edition.profile), manifest.hash_own_data()


@contextmanager
def _alone(region: Region, edition: Edition) -> Iterator[None]:
    busy = (
        f"Für {region.label} wird gerade schon eine Ausgabe veröffentlicht. Bitte warten, bis der Lauf fertig ist; "
        f"Ausgabe {edition.version} wurde nicht begonnen, die bisherigen Ausgaben sind unverändert."
    )
    with locked(paths.site_dir() / region.ags, busy):
        yield


@contextmanager
def _workplace(region: Region, edition: Edition, report: str) -> Iterator[tuple[Place, str]]:
    """A staging folder made from nothing, a hidden target beside the version's folder, and the archive's name."""
    version = version_folder(region.ags, edition, report)
    base = paths.build_dir() / "veroeffentlichen" / region.ags
    if base.is_dir():
        remove_leftovers(base)
    build = temporary_sibling(base / version.name)
    target = temporary_sibling(version)
    try:
        yield Place(build, target), f"sozialbericht-{region.ags}-{version.name}"
    finally:
        shutil.rmtree(build, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
