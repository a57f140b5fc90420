"""A file as it comes in: limits, checksum, encoding, zip and workbook containers. Nothing about its content."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from kreisbericht.errors import DataError, ParameterError

MAX_FILE_BYTES = 40_000_000
MAX_UNPACKED_BYTES = 150_000_000
MAX_RATIO = 200  # unpacked to packed; honest workbooks stay under 40
UNTOUCHED = "Es wurde nichts verändert."

_MOJIBAKE = re.compile("Ã[\x80-\xbf¤¶¼Ÿ„–œ]|â€[“”™š]|\ufffd")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')


@dataclass(frozen=True)
class Source:
    """A readable file: ``text`` (decoded) or ``workbook`` is set, never both."""

    path: Path
    sha256: str
    content: bytes
    text: str | None = None
    workbook: CalamineWorkbook | None = None

    def sheet(self, name: str) -> list[list]:
        """Cells of one sheet, row and column positions as in the workbook; refuses formulas."""
        self._refuse_formulas(name)
        return self.workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)

    def _refuse_formulas(self, name: str) -> None:
        if not self.content.startswith(b"PK"):
            return
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            part = archive.read(_sheet_part(archive, name))
        found = _FORMULA.search(part)
        if not found:
            return
        cells = _CELL.findall(part[: found.start()])
        column, row = (cells[-1][0].decode(), cells[-1][1].decode()) if cells else ("?", "?")
        raise DataError(
            f"{self.path.name}: Blatt '{name}', Zeile {row}, Spalte {column}: Die Zelle enthält eine Formel. "
            "Ihr Ergebnis hängt vom Programm ab, das sie zuletzt gerechnet hat. "
            f"Bitte in der Tabellenkalkulation als Werte einfügen und neu speichern. {UNTOUCHED}"
        )


def read_source(path: Path) -> Source:
    """Read a delivery within the limits.

    Parameters
    ----------
    path
        CSV, Excel (.xls, .xlsx) or a zip with exactly one CSV; the name does not matter.

    Raises
    ------
    ParameterError
        If there is no such file.
    DataError
        If it is empty, too large, damaged, a zip bomb, or neither text nor workbook.
    """
    if not path.is_file():
        raise ParameterError(f"{path}: Die Datei gibt es nicht. {UNTOUCHED}")
    size = path.stat().st_size
    if size == 0:
        raise DataError(f"{path.name}: Die Datei ist leer (0 Byte). Bitte neu herunterladen. {UNTOUCHED}")
    if size > MAX_FILE_BYTES:
        raise DataError(
            f"{path.name}: Die Datei hat {size / 1e6:.0f} MB, gelesen werden höchstens {MAX_FILE_BYTES / 1e6:.0f} MB. "
            f"Bitte in der Datenbank nach Jahren oder Merkmalen einschränken und in Teilen laden. {UNTOUCHED}"
        )
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(b"PK"):
        return _open_zip(path, content, digest)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return Source(path, digest, content, workbook=_open_workbook(path, content))
    return Source(path, digest, content, text=decode(content, path.name))


def decode(content: bytes, name: str) -> str:
    """Text of a CSV: UTF-8 (with or without BOM), UTF-16 with BOM, else CP1252; refuses text damaged before."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    if "\x00" in text or content.startswith((b"%PDF", b"<")):
        raise DataError(f"{name}: Das ist keine Text- oder Excel-Tabelle (Anfang: {content[:12]!r}). {UNTOUCHED}")
    broken = _MOJIBAKE.search(text)
    if broken:
        row = text.count("\n", 0, broken.start()) + 1
        column = text.count(";", text.rfind("\n", 0, broken.start()) + 1, broken.start()) + 1
        around = text[max(0, broken.start() - 10) : broken.end() + 10].split("\n")[0]
        raise DataError(
            f"{name}: Zeile {row}, Spalte {column}: falsche Zeichenkodierung ('{around.strip()}'). "
            "Vermutlich wurde die Datei mit falscher Kodierung geöffnet und wieder gespeichert. "
            f"Bitte die Originaldatei neu laden und nicht zwischendurch speichern. {UNTOUCHED}"
        )
    return text


def _open_zip(path: Path, content: bytes, digest: str) -> Source:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _refuse_bomb(path, members, len(content))
            names = {info.filename for info in members}
            if "xl/workbook.xml" in names:
                _check_members(archive, members)
                return Source(path, digest, content, workbook=_open_workbook(path, content))
            tables = [name for name in names if name.lower().endswith((".csv", ".txt"))]
            if len(tables) != 1:
                raise DataError(
                    f"{path.name}: Das Zip-Archiv enthält {len(tables)} CSV-Dateien, erwartet wird genau eine. "
                    f"Bitte auspacken und die Dateien einzeln angeben. {UNTOUCHED}"
                )
            return Source(path, digest, content, text=decode(archive.read(tables[0]), path.name))
    except (zipfile.BadZipFile, EOFError, zipfile.zlib.error, NotImplementedError, RuntimeError) as error:
        raise _damaged(path, error) from error


def _refuse_bomb(path: Path, members: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(info.file_size for info in members)
    if (
        unpacked > MAX_UNPACKED_BYTES
        or (unpacked > 10_000_000 and unpacked / packed > MAX_RATIO)
        or len(members) > 2000
    ):
        raise DataError(
            f"{path.name}: Das Archiv würde ausgepackt {unpacked / 1e6:.0f} MB in {len(members)} Teilen ergeben "
            f"(gepackt {packed / 1e6:.2f} MB). Das ist keine amtliche Lieferung und wird nicht geöffnet. {UNTOUCHED}"
        )


def _check_members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Read every part once: sizes in the directory may lie, the checksum then does not fit."""
    for info in members:
        with archive.open(info) as part:
            while part.read(1 << 20):
                pass


def _open_workbook(path: Path, content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path.name}: Die Datei ist beschädigt oder abgeschnitten und lässt sich nicht öffnen ({error}). "
        f"Bitte neu herunterladen; eine mit Kennwort geschützte Datei vorher freigeben. {UNTOUCHED}"
    )


def _sheet_part(archive: zipfile.ZipFile, name: str) -> str:
    """Path of a sheet's XML inside the workbook."""
    workbook = archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    targets = {}
    for tag in re.findall(r"<Relationship\b[^>]*>", relations):
        targets[re.search(r'\bId="([^"]*)"', tag)[1]] = re.search(r'\bTarget="([^"]*)"', tag)[1]
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", workbook):
        title = re.search(r'\bname="([^"]*)"', tag)[1]
        if _unescape(title) == name:
            target = targets[re.search(r'\br:id="([^"]*)"', tag)[1]]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise DataError(f"Das Blatt '{name}' fehlt in der Arbeitsmappe. {UNTOUCHED}")


def _unescape(text: str) -> str:
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(code, sign)
    return text
