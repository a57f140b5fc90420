"""The Jupyter kernel ``kreisbericht``: this environment's Python, found by JupyterLab and by the runner."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kreisbericht.paths import write_atomically

KERNEL = "kreisbericht"


def install_kernel() -> Path:
    """Write the kernel specification into this environment if it is missing or points elsewhere."""
    file = Path(sys.prefix) / "share" / "jupyter" / "kernels" / KERNEL / "kernel.json"
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "kreisbericht (Python)",
        "language": "python",
        "metadata": {"debugger": False},
    }
    content = json.dumps(spec, indent=2) + "\n"
    if not file.is_file() or file.read_text(encoding="utf-8") != content:
        write_atomically(file, content)
    return file
