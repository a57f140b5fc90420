"""The three databases with the GENESIS interface: addresses, table codes, what each allows."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from kreisbericht.errors import ParameterError, nearest


@dataclass(frozen=True)
class Service:
    """One database.

    Parameters
    ----------
    key
        Name on the command line and in variables, e.g. ``regionaldatenbank``.
    base_url
        Ends with ``/rest/2020/``; ``KREISBERICHT_URL_<KEY>`` names another one.
    codes
        Pattern of its table codes, without anchors.
    has_jobs
        Whether large tables can be ordered for later.
    regions
        ``regionalvariable`` to send, by the ending of the table code; the first fit counts.
    """

    key: str
    name: str
    base_url: str
    register_url: str
    codes: str
    has_jobs: bool = True
    regions: tuple[tuple[str, str], ...] = ()

    def variable(self, kind: str) -> str:
        """Name of an environment variable: ``KREISBERICHT_<kind>_<KEY>``."""
        return f"KREISBERICHT_{kind}_{self.key.upper()}"

    def address(self) -> str:
        """Base address in force, with a slash at the end; ParameterError where it would send a token in clear."""
        url = os.environ.get(self.variable("URL"), self.base_url).rstrip("/") + "/"
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ParameterError(
                f"{self.variable('URL')}: '{url}' beginnt nicht mit https://. Der Zugang würde unverschlüsselt "
                "übertragen. Bitte die Adresse berichtigen oder die Variable löschen. Es wurde nichts verändert."
            )
        return url

    def region_variable(self, code: str) -> str:
        """Regional variable to ask for, '' where the table has its depth in its code."""
        return next((variable for ending, variable in self.regions if code.endswith(ending)), "")


# Codes: CorrelAid/pystatis and Regionaldatenbank, "Tabellenaufbau". GEOLK4: districts as of 15 May 2022 (Zensus 2022).
SERVICES = {
    service.key: service
    for service in (
        Service(
            "regionaldatenbank",
            "Regionaldatenbank Deutschland",
            "https://www.regionalstatistik.de/genesisws/rest/2020/",
            "https://www.regionalstatistik.de/datenbank/online/",
            r"\d{5}-(?:\d{2}-\d{2}-\d(?:-B)?|[A-Z]-\d{2,3})|AI[0-9A-Z-]*\d",
            regions=(("-4-B", "KREISE"), ("-5-B", "GEMEIN")),
        ),
        Service(
            "destatis",
            "GENESIS-Online (Destatis)",
            "https://genesis.destatis.de/genesisWS/rest/2020/",
            "https://genesis.destatis.de/datenbank/online/",
            r"\d{5}-\d{4}",
        ),
        Service(
            "zensus",
            "Zensusdatenbank",
            "https://ergebnisse.zensus2022.de/api/rest/2020/",
            "https://ergebnisse.zensus2022.de/datenbank/online/",
            r"\d{4}[A-Z]-\d{4}",
            has_jobs=False,
            regions=(("", "GEOLK4"),),
        ),
    )
}


def find_service(key: str | None) -> Service | None:
    """Database of that key, None for None; ParameterError with the known ones."""
    if key is None or key in SERVICES:
        return SERVICES.get(key)
    raise ParameterError(
        f"--quelle {key}: unbekannt.{nearest(key, SERVICES)} Bekannt sind: {', '.join(SERVICES)}. "
        "Es wurde nichts verändert."
    )


def service_of(code: str) -> Service | None:
    """Database a table code belongs to, None where it is no table code."""
    return next((service for service in SERVICES.values() if re.fullmatch(service.codes, code)), None)


def find_codes(text: str) -> list[str]:
    """Table codes named in a text (``12411-0018; 12411-02-03-4``), in order."""
    found = (word.strip(".,;()") for word in text.split())
    return [word for word in found if service_of(word)]
