"""The zygote: a process that has imported what notebooks import, and forks kernels on request.

It never has a second thread, a ZeroMQ context or an event loop, for these do not survive a fork; if one appears the
process ends, and ordinary kernels are started instead. It ends with its client.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pkgutil
import select
import socket
import sys
from importlib import import_module
from pathlib import Path

from kreisbericht.errors import ReportError
from kreisbericht.kernels import processes
from kreisbericht.kernels.guardian import guard
from kreisbericht.kernels.newborn import become_kernel
from kreisbericht.kernels.requests import Request, receive_request

WARM = (  # beside the library; most of it is imported by every kernel, the rest by the first chart or table
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "encodings.idna", "encodings.latin_1", "encodings.utf_8_sig", "ipykernel.debugger",
    "ipykernel.zmqshell", "ipykernel_launcher", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    "matplotlib.pyplot", "multiprocessing", "pandas.core.methods.to_dict", "pandas.core.reshape.reshape",
    "pandas.io.formats.csvs", "psutil", "seaborn", "sqlite3", "stringprep", "tornado.platform.asyncio",
    "tornado.queues", "zmq.utils.garbage",
)  # fmt: skip
LIBRARY = ("changes", "chapter", "check.data", "compare", "daycare", "projection", "snapshot", "table_schemas")
PACKAGES = ("appendix", "charts", "strategy")
UNFIT = 3


def main(descriptor: str, package: str) -> None:
    """Import, then fork on request until the client at the other end of ``descriptor`` is gone.

    ``package`` is the folder of the library that the client knows; another one is not what it asked for.
    """
    control = socket.socket(fileno=int(descriptor))
    control.set_inheritable(False)
    sys.argv = [""]
    warm_up()
    if not is_single() or Path(__file__).resolve().parents[1] != Path(package):
        sys.exit(UNFIT)
    processes.adopt_orphans()
    request = serve(control)
    if request is None:
        os._exit(0)  # nothing to tidy up, and tidying takes long
    become_kernel(request)  # for this process is a kernel now


def warm_up() -> None:
    """Import what notebooks need; what is not installed is left out."""
    for name in (*_library_modules(), *WARM):
        with contextlib.suppress(ImportError):
            import_module(name)
    with contextlib.suppress(ReportError, OSError):
        _read_ahead()
    gc.collect()
    gc.freeze()  # a collection in a child would else copy every page of the shared memory


def _read_ahead() -> None:
    """Parse what every chapter reads; a kernel notes the same files as read and looks whether they have changed."""
    from kreisbericht import catalogue, regions
    from kreisbericht.charts import pen

    catalogue.load_catalogue()
    regions.load_regions()
    regions.find_region("00")
    pen.learn_letters()


def _library_modules() -> list[str]:
    packages = [import_module(f"kreisbericht.{name}") for name in PACKAGES]
    inner = [f"{one.__name__}.{found.name}" for one in packages for found in pkgutil.iter_modules(one.__path__)]
    return [*(f"kreisbericht.{name}" for name in LIBRARY), *inner]


def is_single() -> bool:
    """Whether this process has no thread beside its main one, Python's or a library's."""
    return len(list(Path(f"/proc/{os.getpid()}/task").iterdir())) == 1


def serve(control: socket.socket) -> Request | None:
    """Answer requests; None when the client is gone, in a new kernel the request that it is to fulfil."""
    wake = processes.wake_on_children()
    guardians: set[int] = set()
    while True:
        ready, _, _ = select.select([control, wake], [], [])
        if wake in ready:
            wake.recv(4096)
            guardians -= set(processes.reap_children())
            processes.end_children(spare=guardians)  # what a kernel left behind whose guardian was killed
        if control in ready:
            request = receive_request(control)
            if request is None:
                return None
            if (child := os.fork()) == 0:
                control.close()
                wake.close()
                processes.forget_signals()
                return guard(request)
            guardians.add(child)
            request.close()
