"""The papermill engine ``kreisbericht``: limits in time, no half-written results, no timing in the file.

Works through papermill's own command line too (``papermill --engine kreisbericht in.ipynb out.ipynb``).
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager

from kreisbericht.failures import Trouble, explain_failure, strip_traces
from kreisbericht.kernels.guardian import MEMORY_VARIABLE

CELL_SECONDS = 120
NOTEBOOK_SECONDS = 600
MEMORY_MB = 1500  # of a kernel and all it starts
OUTPUT_BYTES = 10_000_000  # of a whole notebook


class ReportClient(PapermillNotebookClient):
    """Runs the cells; a failure raises instead of being written into the output."""

    printed = 0  # bytes of output so far
    trouble = Trouble()

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, index)
            self.execute_cell(cell, index)
            if self.trouble.reason:  # noticed after the cell's last word
                raise DeadKernelError("Kernel ended")
            self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)

    def process_message(self, msg, cell, cell_index):
        """Take an output; one too many ends the kernel, whose end is then noticed as any other."""
        if msg["msg_type"] in ("stream", "display_data", "execute_result"):
            self.printed += len(str(msg["content"]))
            if self.printed > OUTPUT_BYTES:
                if not self.trouble.reason:
                    self.trouble = Trouble("ausgabe", cell=cell_index)
                    self._stop = asyncio.ensure_future(self._end_kernel())
                return None
        return super().process_message(msg, cell, cell_index)

    async def _async_handle_timeout(self, timeout, cell=None):
        self.trouble = Trouble("zeit", await self._ask_stack())
        return await super()._async_handle_timeout(timeout, cell)

    async def _end_kernel(self) -> None:
        provisioner = self.km.provisioner
        self.trouble = replace(self.trouble, stack=await self._ask_stack())
        await provisioner.kill()

    async def _ask_stack(self) -> str:
        forked = getattr(self.km.provisioner, "forked", None)
        return await forked.stack() if forked else ""


class ReportEngine(NBClientEngine):
    """Executes a notebook in memory and hands it back only when every cell succeeded."""

    @classmethod
    def execute_notebook(cls, nb, kernel_name, output_path=None, progress_bar=True, **options):
        """Run ``nb``; see :meth:`papermill.engines.Engine.execute_notebook`.

        Raises
        ------
        RenderError
            If a cell raises, runs over its limit, or the kernel dies; the failed notebook is kept under
            ``_build/gescheitert`` and ``output_path`` is not touched.
        """
        source = Path(options.get("input_path") or "Notebook.ipynb")
        options.pop("autosave_cell_every", None)
        manager = NotebookExecutionManager(nb, output_path=None, progress_bar=progress_bar, autosave_cell_every=0)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, **options)
        except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
            raise explain_failure(error, manager.nb, source, getattr(error, "trouble", Trouble())) from None
        finally:
            manager.cleanup_pbar()
        return strip_traces(manager.nb)

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, *, cell_seconds=CELL_SECONDS, notebook_seconds=NOTEBOOK_SECONDS,
        memory_mb=MEMORY_MB, folder=None, environment=None, log_output=False, **options,
    ):  # fmt: skip
        """Run all cells in a kernel of its own, in ``folder``, with ``environment`` added to this process's."""
        deadline = time.monotonic() + notebook_seconds
        sockets = tempfile.TemporaryDirectory(prefix="kb-", ignore_cleanup_errors=True)
        manager = _kernel_manager(kernel_name, Path(sockets.name))
        client = ReportClient(
            nb_man,
            km=manager,
            kernel_name=kernel_name,
            record_timing=False,
            timeout_func=lambda cell: max(1, min(cell_seconds, deadline - time.monotonic())),
            startup_timeout=60,
            resources={"metadata": {"path": str(folder)}} if folder else {},
            log_output=log_output,
            shutdown_kernel="immediate",
            extra_arguments=["--HistoryManager.enabled=False"],
        )
        client.owns_km = True  # else nbclient leaves a kernel it was given running
        bounds = {MEMORY_VARIABLE: os.environ.get(MEMORY_VARIABLE, str(memory_mb))}
        with sockets:
            try:
                return client.execute(env={**os.environ, **bounds, **(environment or {})})
            except Exception as error:
                error.trouble = client.trouble.or_of(manager.provisioner)
                raise


class PromptClient(AsyncKernelClient):
    """Talks to a kernel that its own process started: no heartbeat, no questions, and ready as soon as it answers."""

    def start_channels(self, shell=True, iopub=True, stdin=False, hb=False, control=True) -> None:
        super().start_channels(shell=shell, iopub=iopub, stdin=False, hb=False, control=control)

    async def wait_for_ready(self, timeout=None) -> None:
        """Return when the kernel answers on both channels; Jupyter's own waits 0.2 s more for what might still come."""
        limit = time.monotonic() + (timeout or 60)
        while not await self._is_heard():
            if not await self.parent.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > limit:
                raise RuntimeError("Kernel didn't respond in time")

    async def _is_heard(self) -> bool:
        asked, state = self.kernel_info(), ""
        try:
            while (await self.shell_channel.get_msg(timeout=1))["parent_header"].get("msg_id") != asked:
                pass
            while state != "idle":
                message = await self.iopub_channel.get_msg(timeout=0.2)
                if message["parent_header"].get("msg_id") == asked:
                    state = message["content"].get("execution_state", "")
        except Empty:
            return False
        return True


def _kernel_manager(kernel_name: str, folder: Path) -> AsyncKernelManager:
    # TCP ports are chosen before they are bound and collide when notebooks start together; files do not. Their path
    # is given in full, since the kernel works in another folder, and short, since a socket's path may have 107 bytes.
    transport = "tcp" if sys.platform == "win32" else "ipc"
    manager = AsyncKernelManager(
        kernel_name=kernel_name, transport=transport, connection_file=str(folder / "k.json"),
        client_factory=PromptClient,
    )  # fmt: skip
    manager.context.reconnect_ivl = 5  # ms between attempts to reach a kernel that is not there yet
    return manager
