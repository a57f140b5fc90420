"""A local server that speaks the GENESIS REST interface as documented and recorded, with faults on order.

Shapes and texts of the replies follow recorded ones of Regionaldatenbank and GENESIS-Online (2026) and the
"Webservices" introduction of the Statistisches Bundesamt.
"""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

TOKEN = "58b3e6d032aa4f0c9d1e77"
USER, PASSWORD = "sozialplanung@example.org", "geheim-7!"
COPYRIGHT = "© Statistische Ämter des Bundes und der Länder, Deutschland, 2026."
HEADER = (
    "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;1_variable_label;"
    "1_variable_attribute_code;1_variable_attribute_label;value;value_unit;value_variable_code;value_variable_label"
)

Answer = Callable[["Handler", dict[str, str]], None]


def flat_file(*rows: tuple[str, int, str], statistic: str = "12411", variable: str = "BEVSTD") -> bytes:
    """Flat file from (ags, year, value)."""
    lines = [
        f"{statistic};Fortschreibung;STAG;Stichtag;{year}-12-31;KREISE;Kreise;{ags};Gebiet {ags};{value};Anzahl;"
        f"{variable};Bevölkerungsstand"
        for ags, year, value in rows
    ]
    return "\n".join(["\ufeff" + HEADER, *lines, ""]).encode("utf-8")


def packed(content: bytes) -> bytes:
    """The way the databases send flat files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("12411-01-01-4_1773174974558_de_flat.csv", content)
    return file.getvalue()


def data(content: bytes, kind: str = "text/csv") -> Answer:
    return lambda handler, fields: handler.reply(200, content, {"Content-Type": kind})


def status(code: int, text: str, kind: str = "Information", *, http: int = 200, **extra: object) -> Answer:
    """A reply with the nested status block."""
    content = {"Ident": {}, "Status": {"Code": code, "Content": text, "Type": kind}, "Object": None, **extra}
    return lambda handler, fields: handler.reply_json(http, content | {"Parameter": fields, "Copyright": COPYRIGHT})


def flat_status(code: int, text: str, *, http: int) -> Answer:
    """A reply that is a bare status block, as for refused access."""
    return lambda handler, fields: handler.reply_json(http, {"Code": code, "Content": text, "Type": "ERROR"})


def http_error(code: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, fields: handler.reply(code, b"", named)


def half(content: bytes, *, kept: bytes | None = None) -> Answer:
    """Announces more than it sends: half, or what is to be kept."""
    kept = content[: len(content) // 2] if kept is None else kept
    return lambda handler, fields: handler.reply(200, kept, {}, announced=len(content))


def broken_chunks(content: bytes) -> Answer:
    """Sends in chunks without saying how much, and hangs up before the last one."""

    def answer(handler: Handler, fields: dict[str, str]) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n40\r\nabc")
        handler.close_connection = True

    return answer


def silence(seconds: float) -> Answer:
    return lambda handler, fields: time.sleep(seconds)


TOO_LARGE = status(
    98,
    "Die Tabelle ist zu gross, um im Dialog abgerufen zu werden. Bitte nutzen sie den Webservice mit dem Parameter "
    "job=true (REST) um eine Verarbeitung im Hintergrund zu starten.",
    "Fehler",
)
NO_OBJECTS = status(104, "Es gibt keine Objekte zum angegebenen Selektionskriterium", List=None)
WRONG_ACCESS = flat_status(
    2,
    "Ein Fehler ist aufgetreten. (Bitte prüfen und korrigieren Sie Ihren Nutzernamen bzw.\n das Passwort.)",
    http=404,
)
NOT_ALLOWED = flat_status(
    15,
    "Sie sind nicht berechtigt diesen Service aufzurufen oder der Header Ihres Requests enthält nicht alle "
    "notwendigen Angaben, sodass Ihre Zugangsdaten nicht erkannt werden.",
    http=401,
)
SYSTEM_ERROR = flat_status(
    2, "Ein Fehler ist aufgetreten. (Die Aktion wurde wegen eines unerwarteten Systemfehlers abgebrochen.)", http=404
)


class Handler(BaseHTTPRequestHandler):
    """One request; what is answered stands in the server."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        fields = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        endpoint = self.path.partition("/rest/2020/")[2]
        access = (self.headers.get("username"), self.headers.get("password"))
        self.server.book.calls.append((endpoint, fields, access))
        if endpoint == "data/tablefile" and access not in self.server.book.known:
            WRONG_ACCESS(self, fields)
            return
        self.server.book.answer(self, endpoint, fields, access)

    def do_GET(self) -> None:
        self.server.book.calls.append(("GET", {}, (self.headers.get("username"), self.headers.get("password"))))
        self.reply(405, b"", {})

    def reply(self, code: int, body: bytes, headers: dict[str, str], announced: int | None = None) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if announced is None else announced))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def reply_json(self, code: int, content: dict) -> None:
        self.reply(code, json.dumps(content, ensure_ascii=False).encode(), {"Content-Type": "application/json"})

    def log_message(self, *_: object) -> None:
        pass


class GenesisServer:
    """Server with a book of answers.

    ``tables[code]`` lists the answers to successive requests (the last one stays); ``jobs[name]`` is
    [polls until ready, state meanwhile, content]; ``calls`` is what was asked: (endpoint, fields, (user, password)).
    """

    def __init__(self) -> None:
        self.tables: dict[str, list[Answer]] = {}
        self.jobs: dict[str, list] = {}
        self.known = {(TOKEN, ""), (USER, PASSWORD)}
        self.calls: list[tuple[str, dict[str, str], tuple]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.book = self
        self.url = f"http://127.0.0.1:{self._server.server_port}/genesisws/rest/2020/"

    def __enter__(self) -> GenesisServer:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, endpoint: str) -> list[dict[str, str]]:
        """Fields of all requests to an endpoint."""
        return [fields for name, fields, _ in self.calls if name == endpoint]

    def answer(self, handler: Handler, endpoint: str, fields: dict[str, str], access: tuple) -> None:
        if endpoint == "helloworld/logincheck":
            done = "Sie wurden erfolgreich an- und abgemeldet! Bei mehr als 3 parallelen Requests wurden länger als 15 "
            wrong = (
                "Ein Fehler ist aufgetreten. (Bitte prüfen und korrigieren Sie Ihren Nutzernamen bzw. das Passwort.)"
            )
            handler.reply_json(200, {"Status": done if access in self.known else wrong, "Username": access[0]})
        elif endpoint == "data/tablefile":
            answers = self.tables.get(fields["name"], [NO_OBJECTS])
            (answers.pop(0) if len(answers) > 1 else answers[0])(handler, fields)
        else:
            self._answer_job(handler, endpoint, fields)

    def _answer_job(self, handler: Handler, endpoint: str, fields: dict[str, str]) -> None:
        name = (fields.get("selection") or fields.get("name")).strip("*")
        job = self.jobs.get(name)
        if job is None or (endpoint == "catalogue/results" and job[0] > 0):
            if job:
                job[0] -= 1
            NO_OBJECTS(handler, fields)
        elif endpoint == "data/resultfile":
            data(job[2], "application/zip")(handler, fields)
        else:
            entry = {"Code": name, "Content": "Bevölkerung", "State": job[1]}
            status(0, "erfolgreich", List=[entry])(handler, fields)


def accept_job(name: str) -> Answer:
    """Order taken, as recorded."""
    text = "Der Bearbeitungsauftrag wurde erstellt. Die Tabelle kann in Kürze als Ergebnis mit folgendem Namen "
    return status(99, f"{text}abgerufen werden: {name}")
