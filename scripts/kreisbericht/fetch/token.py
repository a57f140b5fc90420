"""Access to a database: token or user and password, from the environment or the system's key store.

Nothing in here prints or stores them; every text form shows ``***``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from kreisbericht.errors import ParameterError
from kreisbericht.fetch.services import Service

KEYRING = "kreisbericht"
HIDDEN = "***"


@dataclass(frozen=True, repr=False)
class Credentials:
    """Token, or user and password, or both; a token reads only, jobs need user and password."""

    token: str = ""
    user: str = ""
    password: str = ""

    def headers(self, *, as_user: bool = False) -> dict[str, str]:
        """The two headers of a request; a token travels as user with an empty password."""
        if self.token and not (as_user and self.user):
            return {"username": self.token, "password": ""}
        return {"username": self.user, "password": self.password}

    def hide(self, text: str) -> str:
        """``text`` without any of the secrets."""
        for secret in sorted((self.token, self.user, self.password), key=len, reverse=True):
            text = text.replace(secret, HIDDEN) if secret else text
        return text

    def __repr__(self) -> str:
        return f"Credentials({HIDDEN})"


def find_credentials(service: Service) -> Credentials:
    """Access to a database.

    Returns
    -------
    Credentials
        From ``KREISBERICHT_TOKEN_<KEY>`` or ``KREISBERICHT_KENNUNG_<KEY>`` and ``KREISBERICHT_PASSWORT_<KEY>``;
        what is not set there from the key store (service ``kreisbericht``).

    Raises
    ------
    ParameterError
        If there is none, or it cannot travel in a header; the message says where to get one and how to set it.
    """
    token, user, password = (_look_up(service, kind) for kind in ("TOKEN", "KENNUNG", "PASSWORT"))
    if bool(user) != bool(password):
        missing = "PASSWORT" if user else "KENNUNG"
        raise ParameterError(
            f"{service.name}: {service.variable(missing)} fehlt; Kennung und Passwort werden nur zusammen gebraucht. "
            "Es wurde nichts verändert."
        )
    if not token and not user:
        raise ParameterError(missing_access(service))
    return Credentials(token, user, password)


def has_credentials(service: Service) -> bool:
    """Whether some access is set, without looking at it."""
    return any(_look_up(service, kind) for kind in ("TOKEN", "KENNUNG"))


def missing_access(service: Service) -> str:
    """How to get an access and how to set it, in German."""
    return (
        f"{service.name}: Es ist kein Zugang hinterlegt.\n"
        f"  1. Kostenlos registrieren: {service.register_url}\n"
        "  2. Nach der Anmeldung unter 'Webservice-Schnittstelle (API)' das persönliche Token kopieren.\n"
        f"  3. Einmal hinterlegen:  .venv/bin/keyring set {KEYRING} {service.key}\n"
        f"     oder für diese Sitzung:  export {service.variable('TOKEN')}=…\n"
        "  Wo es kein Token gibt, und für sehr große Tabellen: Kennung und Passwort als "
        f"{KEYRING} {service.key}-kennung und {service.key}-passwort\n"
        f"  (oder {service.variable('KENNUNG')} und {service.variable('PASSWORT')}).\n"
        "Es wurde nichts verändert."
    )


def _look_up(service: Service, kind: str) -> str:
    entry = service.key if kind == "TOKEN" else f"{service.key}-{kind.lower()}"
    value = (os.environ.get(service.variable(kind)) or _from_keyring(entry)).strip()
    if not all(32 <= ord(sign) < 256 and ord(sign) != 127 for sign in value) or (kind == "TOKEN" and " " in value):
        raise ParameterError(
            f"{service.name}: Der hinterlegte Zugang ({kind}) enthält Leerzeichen, Zeilenumbrüche oder Zeichen, die "
            "nicht übertragen werden können. Bitte noch einmal kopieren und hinterlegen. Es wurde nichts verändert."
        )
    return value


def _from_keyring(entry: str) -> str:
    """Entry of the key store; '' where there is no store (a server, a container) or no entry."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING, entry) or ""
    except KeyringError:
        return ""
