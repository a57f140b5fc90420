"""How many tasks this machine runs at once and how much memory they may take.

Not in here: the order of the tasks (``scheduling``).
"""

from __future__ import annotations

import os
import re

from kreisbericht.errors import ParameterError

UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}
KERNEL_BYTES = 230_000_000
"""What a notebook's kernel takes if no earlier run has shown it."""
HELPER_BYTES = 200_000_000
"""What the processes that live over the whole run take: the one kernels are forked from and the one for assemblies."""
ASSEMBLY_BYTES = 1_400_000_000
"""What the assembly of a whole book takes if no earlier run has shown it."""


def count_cores() -> int:
    """Processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def parse_memory(text: str) -> int:
    """'2GB', '800 MB' or '1,5G' in bytes.

    Raises
    ------
    ParameterError
        If it is no amount of memory.
    """
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*([KMGT]?)i?B?\s*", text, re.IGNORECASE)
    size = float(found[1].replace(",", ".")) * UNITS[found[2].upper()] if found else 0
    if size < UNITS["M"]:
        raise ParameterError(
            f"Arbeitsspeicher '{text}' ist keine Angabe, mit der sich rechnen lässt. Möglich sind zum Beispiel "
            "2GB oder 1500MB. Es wurde nichts gerendert."
        )
    return int(size)


def own_memory() -> int:
    """Memory of this process and its children now [bytes]; shared pages count once where the system says so."""
    import psutil

    me = psutil.Process()
    total = 0
    for process in [me, *me.children(recursive=True)]:
        try:
            total += getattr(process.memory_full_info(), "pss", 0) or process.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return total
