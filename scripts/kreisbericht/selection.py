"""Which districts and formats a command means: keys, names, a whole Land, all."""

from __future__ import annotations

from kreisbericht.errors import ParameterError, nearest
from kreisbericht.regions import Region, districts, find_region, successor_of

FORMATS = ("html", "pdf")


def select_districts(names: list[str]) -> list[Region]:
    """Districts for keys ('16065', '16065,16066'), names ('Gotha'), a Land ('16') or 'alle', each once, as given.

    Raises
    ------
    ParameterError
        For a district or Land that does not exist, with the nearest known names.
    """
    chosen: dict[str, Region] = {}
    for name in [part.strip() for text in names for part in text.split(",") if part.strip()]:
        if name.lower() == "alle":
            found = districts()
        elif name.isdigit() and len(name) == 2:
            found = districts(land=find_region(name, level="land").ags)
        else:
            found = [_district_of_today(name)]
        chosen |= {region.ags: region for region in found}
    return list(chosen.values())


def _district_of_today(name: str) -> Region:
    region = find_region(name, level="kreis")
    if region.valid_to is not None:
        heir = successor_of(region)
        raise ParameterError(
            f"{region.label} ({region.ags}) gibt es seit {region.valid_to + 1} nicht mehr, das Gebiet gehört heute zu: "
            f"{heir.label} ({heir.ags}). Bitte diesen Schlüssel angeben; es wurde nichts gerendert."
        )
    return region


def parse_formats(text: str) -> tuple[str, ...]:
    """'html,pdf' as a tuple in fixed order.

    Raises
    ------
    ParameterError
        For a format that does not exist.
    """
    wanted = [word.strip().lower() for word in text.split(",") if word.strip()]
    for word in wanted:
        if word not in FORMATS:
            raise ParameterError(
                f"Format '{word}' gibt es nicht.{nearest(word, FORMATS)} Möglich: html, pdf. Es wurde nichts gerendert."
            )
    return tuple(name for name in FORMATS if name in wanted) or FORMATS
