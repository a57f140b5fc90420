"""The kernel specification: this environment's Python, found by JupyterLab and by the runner."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from kreisbericht.paths import write_atomically

KERNEL = "kreisbericht"
PROVISIONERS = "jupyter_client.kernel_provisioners"
# One thread a kernel: kernels with several BLAS threads each only get in each other's way.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def install_kernel() -> Path:
    """Write the kernel specification into this environment if it is missing or points elsewhere."""
    file = Path(sys.prefix) / "share" / "jupyter" / "kernels" / KERNEL / "kernel.json"
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "kreisbericht (Python)",
        "language": "python",
        "env": ENVIRONMENT,
        "metadata": {"debugger": False},
    }
    # An environment older than this provisioner still starts ordinary kernels; a name nobody knows would start none.
    if _is_registered():
        spec["metadata"]["kernel_provisioner"] = {"provisioner_name": KERNEL}
    content = json.dumps(spec, indent=2) + "\n"
    if not file.is_file() or file.read_text(encoding="utf-8") != content:
        write_atomically(file, content)
    return file


def warm_kernels(environment: Mapping[str, str]) -> None:
    """Begin to warm up for kernels that get ``environment`` on top of this process's; returns at once."""
    from kreisbericht.kernels.forks import warm

    if not _is_registered():
        return
    warm(sys.executable, {**os.environ, **environment, **ENVIRONMENT})


@cache
def _is_registered() -> bool:
    return bool(entry_points(group=PROVISIONERS, name=KERNEL))
