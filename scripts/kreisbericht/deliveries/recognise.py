"""Which family a file belongs to: decided by its content, never by its name."""

from __future__ import annotations

from pathlib import Path

from kreisbericht.deliveries.ba import find_ba_sheets, parse_ba
from kreisbericht.deliveries.ffcsv import is_ffcsv, parse_ffcsv
from kreisbericht.deliveries.genesis_table import is_genesis_table, parse_genesis_table
from kreisbericht.deliveries.gisd import is_gisd, parse_gisd
from kreisbericht.deliveries.inkar import is_inkar_csv, is_inkar_workbook, parse_inkar
from kreisbericht.deliveries.model import FAMILY_NAMES, Delivery
from kreisbericht.deliveries.source import UNTOUCHED, Source, read_source
from kreisbericht.deliveries.templates import is_template, parse_template
from kreisbericht.deliveries.zensus import find_zensus_sheets, parse_zensus
from kreisbericht.errors import DataError

TEXT_FAMILIES = (
    (is_genesis_table, parse_genesis_table),
    (is_ffcsv, parse_ffcsv),
    (is_gisd, parse_gisd),
    (is_inkar_csv, parse_inkar),
)
WORKBOOK_FAMILIES = (
    (is_template, parse_template),
    (is_inkar_workbook, parse_inkar),
    (find_zensus_sheets, parse_zensus),
    (find_ba_sheets, parse_ba),
)


def read_delivery(path: Path) -> Delivery:
    """Recognise and read one delivery.

    Raises
    ------
    DataError
        If no family fits, or the file breaks a rule of its family.
    ParameterError
        If there is no such file.
    """
    source = read_source(path)
    families = TEXT_FAMILIES if source.workbook is None else WORKBOOK_FAMILIES
    for fits, parse in families:
        if fits(source.text if source.workbook is None else source):
            return parse(source)
    raise DataError(
        f"{path.name}: Diese Tabelle kennt der Import nicht ({_opening(source)}). "
        f"Gelesen werden: {'; '.join(FAMILY_NAMES.values())}. "
        "Bitte aus der Datenbank als 'CSV' oder 'Flat File' in deutscher Sprache ausgeben; "
        f"für eigene Zahlen die Vorlagen in data/eigene/vorlagen benutzen. {UNTOUCHED}"
    )


def _opening(source: Source) -> str:
    if source.workbook is not None:
        return "Blätter: " + ", ".join(source.workbook.sheet_names[:5])
    return f"erste Zeile: '{source.text.splitlines()[0][:60].strip()}'"
