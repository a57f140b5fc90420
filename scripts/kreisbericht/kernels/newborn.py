"""A forked process becomes an ordinary ipykernel: nothing of the zygote's or the client's state is left to see."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import time
from pathlib import Path

from kreisbericht import lineage
from kreisbericht.kernels.guardian import SHOW_STACK
from kreisbericht.kernels.requests import Request


def become_kernel(request: Request) -> None:
    """Take on folder, environment, arguments, output and seeds of a new process, then run ipykernel to its end."""
    _take_output(request)
    os.environ.clear()
    os.environ.update(request.env)
    time.tzset()
    os.chdir(request.folder)
    _write_stacks(request.stack)
    _draw_new_seeds()
    _run_ipykernel(request.arguments)


def _take_output(request: Request) -> None:
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for number, handle in zip((1, 2), request.outputs, strict=True):
        os.dup2(handle, number)
        os.close(handle)


def _write_stacks(handle: int) -> None:
    """Tell the guardian where a kernel crashed, hung or left, so that the message can name the line."""
    faulthandler.enable(file=handle, all_threads=False)
    faulthandler.register(SHOW_STACK, file=handle, all_threads=True)
    kernel, leave = os.getpid(), os._exit

    def leave_with_stack(status: int) -> None:
        if os.getpid() == kernel:  # a child that the notebook forked may leave this way
            faulthandler.dump_traceback(file=handle, all_threads=False)
        leave(status)

    os._exit = leave_with_stack


def _draw_new_seeds() -> None:
    """Python draws a new seed in each fork; numpy has to be asked."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _run_ipykernel(arguments: list[str]) -> None:
    import ipykernel_launcher
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [ipykernel_launcher.__file__, *arguments]
    sys.orig_argv = [sys.executable, "-m", "ipykernel_launcher", *arguments]
    # 1: no thread that looks whether the parent lives, for the system sees to that (PR_SET_PDEATHSIG).
    app = IPKernelApp.instance(parent_handle=1)
    app.initialize()
    logging.getLogger(type(app).__name__).addFilter(_is_told)
    lineage.begin()  # an ordinary kernel does it on import, which has happened here before the kernel was born
    app.start()


def _is_told(record: logging.LogRecord) -> bool:
    """Not the interrupt that clients send before they shut a kernel down: nobody stopped anything."""
    return not record.getMessage().startswith("KeyboardInterrupt caught in kernel")
