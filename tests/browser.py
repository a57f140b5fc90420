"""One way to a browser for all tests: find Chromium, start it quietly, serve a folder, note what goes wrong."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-default-apps", "--disable-sync", "--no-first-run", "--no-pings",
]  # fmt: skip
LOCAL = {"127.0.0.1", "localhost", ""}
NO_CHROMIUM = "needs Chromium, and neither the system nor Playwright has one: see the end of 'make test's set-up"


def find_chromium() -> str | None:
    """Path of an installed Chromium: ``CHROMIUM``, the search path, or the one Playwright brought; None if none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next((path for path in map(shutil.which, PROGRAMS) if path), None) or _playwrights_own()


@contextlib.contextmanager
def open_browser(*options: str) -> Iterator:
    """A running headless Chromium (Playwright's ``Browser``); the test is skipped where there is none.

    ``options`` are further ones of its command line.

    Only one may be open in a process at a time, as Playwright's synchronous interface allows no second one.
    """
    from playwright.sync_api import sync_playwright

    program = find_chromium()
    if not program:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=[*QUIET, *options], headless=True)
        yield browser
        browser.close()


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on this machine; gives its address without a slash at the end."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Watch:
    """Notes every console error, exception, failed answer and request to another host of a page."""

    findings: list[str] = field(default_factory=list)

    def attach(self, page) -> Watch:
        page.on("console", lambda m: m.type == "error" and self._note("console", m.text))
        page.on("pageerror", lambda error: self._note("exception", str(error)))
        # Going to the next page breaks off what the last one still loads: that is no failure.
        page.on("requestfailed", lambda r: "ABORTED" in r.failure or self._note("failed", f"{r.url[:200]} {r.failure}"))
        page.on("response", lambda r: r.status >= 400 and self._note("answer", f"{r.status} {r.url[:200]}"))
        page.on("request", lambda r: self._note_foreign(r.url))
        return self

    def take(self) -> list[str]:
        """The findings so far; the list starts anew."""
        taken, self.findings = self.findings, []
        return taken

    def _note_foreign(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL:
            self._note("other host", address[:200])

    def _note(self, kind: str, what: str) -> None:
        self.findings.append(f"{kind}: {what}")


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path = driver.chromium.executable_path
    return path if Path(path).exists() else None
