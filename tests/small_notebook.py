"""Build a notebook from strings."""

from __future__ import annotations

PARAMETERS = 'ags: str = "16065"  # Kreis\nberichtsjahr: int = 2025  # Jahr\nvergleich: list = []'


def notebook(
    *code: str, parameters: str | None = PARAMETERS, title: str = "# Kapitel {#sec-kapitel}\n\nEine Frage?"
) -> dict:
    """A notebook of one Markdown cell, the parameters cell and one cell per string."""
    cells = [{"cell_type": "markdown", "id": "titel", "metadata": {}, "source": title}]
    if parameters is not None:
        cells.append(_code(parameters, "parameter", tags=["parameters"]))
    cells += [_code(source, f"zelle-{i}") for i, source in enumerate(code)]
    spec = {"name": "kreisbericht", "display_name": "kreisbericht (Python)", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


def _code(source: str, name: str, tags: list[str] | None = None) -> dict:
    metadata = {"tags": tags} if tags else {}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
