"""The papermill engine ``kreisbericht``: limits in time, no half-written results, no timing in the file.

Works through papermill's own command line too (``papermill --engine kreisbericht in.ipynb out.ipynb``).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager

from kreisbericht.errors import RenderError
from kreisbericht.paths import build_dir, write_atomically

CELL_SECONDS = 120
NOTEBOOK_SECONDS = 600
INJECTED = "injected-parameters"


class ReportClient(PapermillNotebookClient):
    """Runs the cells; a failure raises instead of being written into the output."""

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, index)
            self.execute_cell(cell, index)
            self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)


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
            raise _explain(error, manager.nb, source) from None
        finally:
            manager.cleanup_pbar()
        return strip_traces(manager.nb)

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, *, cell_seconds=CELL_SECONDS, notebook_seconds=NOTEBOOK_SECONDS, folder=None,
        environment=None, log_output=False, **options,
    ):  # fmt: skip
        """Run all cells in a kernel of its own, in ``folder``, with ``environment`` added to this process's."""
        deadline = time.monotonic() + notebook_seconds
        sockets = tempfile.TemporaryDirectory(prefix="kb-", ignore_cleanup_errors=True)
        client = ReportClient(
            nb_man,
            km=_kernel_manager(kernel_name, Path(sockets.name)),
            kernel_name=kernel_name,
            record_timing=False,
            timeout_func=lambda cell: max(1, min(cell_seconds, deadline - time.monotonic())),
            startup_timeout=60,
            resources={"metadata": {"path": str(folder)}} if folder else {},
            log_output=log_output,
            shutdown_kernel="immediate",
        )
        client.owns_km = True  # else nbclient leaves a kernel it was given running
        with sockets:
            return client.execute(env={**os.environ, **(environment or {})})


def strip_traces(nb) -> nbformat.NotebookNode:
    """Remove what differs from run to run (times, paths) and hide the injected cell."""
    nb.metadata.pop("papermill", None)
    nb.metadata["language_info"] = {"name": "python"}
    for cell in nb.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        tags = cell.metadata.get("tags", [])
        if INJECTED in tags:
            cell.id = INJECTED
            cell.metadata["tags"] = [*tags, "remove-cell"]
            cell.metadata["jupyter"] = {"source_hidden": True}
    return nb


def _kernel_manager(kernel_name: str, folder: Path) -> AsyncKernelManager:
    # TCP ports are chosen before they are bound and collide when notebooks start together; files do not. Their path
    # is given in full, since the kernel works in another folder, and short, since a socket's path may have 107 bytes.
    transport = "tcp" if sys.platform == "win32" else "ipc"
    return AsyncKernelManager(kernel_name=kernel_name, transport=transport, connection_file=str(folder / "k.json"))


def _explain(error: Exception, nb, source: Path) -> RenderError:
    """German message for a failed run; keeps the failed notebook aside."""
    aside = build_dir() / "gescheitert" / source.name
    write_atomically(aside, nbformat.writes(strip_traces(nb)))
    kept = f"Das abgebrochene Notebook liegt unter {_shown(aside)}; die letzte gute Fassung ist unverändert."
    number, line = _failed_cell(nb)
    where = f"{source.name}, Zelle {number}" + (f" ({line})" if line else "")
    if isinstance(error, CellTimeoutError):
        return RenderError(f"{where}: Die Zelle überschreitet das Zeitlimit und wurde abgebrochen. {kept}")
    if isinstance(error, CellExecutionError):
        own = error.ename in ("DataError", "ParameterError", "RenderError")
        cause = error.evalue if own else f"{error.ename}: {error.evalue}"
        return RenderError(f"{where}: {cause.rstrip('.')}. {kept}")
    if isinstance(error, DeadKernelError) or "Kernel" in str(error) or "kernel" in str(error):
        return RenderError(
            f"{where}: Der Rechenprozess des Notebooks (Kernel) ist abgestürzt, vermutlich fehlte Speicher oder eine "
            f"Bibliothek brach ab. {kept}"
        )
    raise error


def _failed_cell(nb) -> tuple[int, str]:
    """Number of the cell in the source notebook (the injected cell does not count) and its first line."""
    ran = [i for i, cell in enumerate(nb.cells) if cell.cell_type == "code" and cell.get("execution_count")]
    broken = [i for i, c in enumerate(nb.cells) if any(o.output_type == "error" for o in c.get("outputs", []))]
    code = [i for i, cell in enumerate(nb.cells) if cell.cell_type == "code"]
    index = broken[0] if broken else next((i for i in code if i not in ran), code[-1] if code else 0)
    injected = any(INJECTED in cell.metadata.get("tags", []) for cell in nb.cells[: index + 1])
    source = nb.cells[index].source.strip() if nb.cells else ""
    return index + 1 - injected, source.split("\n")[0][:60]


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
