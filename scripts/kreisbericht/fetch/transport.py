"""One request over the network: POST, received whole or not at all.

Access travels in the headers ``username`` and ``password``, never in an address, a log or a message. Redirects are not
followed: they would carry the access to another host. The system's own certificates and proxy settings hold.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from kreisbericht.deliveries.source import MAX_FILE_BYTES, UNTOUCHED
from kreisbericht.fetch.answers import FetchError, PassingTrouble, Reply, TableTooLarge
from kreisbericht.fetch.services import Service
from kreisbericht.fetch.token import Credentials


@dataclass(frozen=True)
class Manners:
    """Limits of a client, all in seconds but ``attempts``."""

    pace: float = 3.0
    """Least time between two requests."""
    timeout: float = 300.0
    """Longest silence of the server."""
    whole: float = 900.0
    """Longest time for one answer."""
    attempts: int = 5
    first_pause: float = 2.0
    longest_pause: float = 600.0
    job_pause: float = 5.0
    job_limit: float = 3000.0


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Hands a redirect back as a reply."""

    def redirect_request(self, *_: object) -> None:
        return None


class Transport:
    """Sends single requests to one database."""

    def __init__(
        self, service: Service, credentials: Credentials, manners: Manners, clock: Callable[[], float]
    ) -> None:
        self._service, self._credentials, self._manners, self._clock = service, credentials, manners, clock
        self._address = service.address()
        self._opener = urllib.request.build_opener(_StayHere)

    def send(self, endpoint: str, fields: dict[str, str], as_user: bool) -> Reply:
        """One request; PassingTrouble where the network fails or the answer stops half-way."""
        request = urllib.request.Request(
            self._address + endpoint,
            data=urllib.parse.urlencode(fields).encode("ascii"),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": "kreisbericht",
                **self._credentials.headers(as_user=as_user),
            },
            method="POST",
        )
        try:
            with self._open(request) as response:
                return self._receive(response)
        except ssl.SSLCertVerificationError:
            raise FetchError(
                f"{self._service.name}: Das Zertifikat der Gegenstelle wird nicht anerkannt. Vermutlich prüft ein "
                f"Proxy der Verwaltung die Verbindung; bitte bei der IT nach dessen Zertifikat fragen. {UNTOUCHED}"
            ) from None
        except (OSError, http.client.HTTPException) as error:
            raise PassingTrouble(_name_trouble(error)) from None

    def _open(self, request: urllib.request.Request) -> http.client.HTTPResponse | urllib.error.HTTPError:
        """The reply, whatever its HTTP status; both kinds read alike."""
        try:
            return self._opener.open(request, timeout=self._manners.timeout)
        except urllib.error.HTTPError as reply:
            return reply
        except urllib.error.URLError as error:
            raise error.reason if isinstance(error.reason, OSError) else error from None

    def _receive(self, response: http.client.HTTPResponse | urllib.error.HTTPError) -> Reply:
        """Read an answer to its announced end, within size and time."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        started, parts, size = self._clock(), [], 0
        while part := response.read(1 << 16):
            parts.append(part)
            size += len(part)
            if size > MAX_FILE_BYTES:
                raise TableTooLarge(
                    f"{self._service.name}: Die Antwort ist größer als {MAX_FILE_BYTES / 1e6:.0f} MB. {UNTOUCHED}",
                    job_possible=False,
                )
            if self._clock() - started > self._manners.whole:
                raise PassingTrouble(f"Antwort nach {self._manners.whole:.0f} s noch nicht vollständig")
        announced = headers.get("content-length", "")
        if announced.isdigit() and size != int(announced):
            raise PassingTrouble(f"Antwort unvollständig: {size} von {announced} Byte")
        return Reply(response.status, headers, b"".join(parts))


def _name_trouble(error: object) -> str:
    """German name of a network failure; never the text of the exception, which may quote a header."""
    if isinstance(error, TimeoutError):
        return "keine Antwort in der Wartezeit"
    if isinstance(error, http.client.IncompleteRead):
        return "Antwort bricht ab"
    if isinstance(error, ConnectionError):
        return "Verbindung abgelehnt oder abgebrochen"
    return f"Verbindungsfehler ({type(error).__name__})"
