"""Strict parameters of a notebook: what its cell tagged ``parameters`` declares is all that may be given.

papermill only logs an unknown name and loses ``int | None``; a planner would never see it. Here both are errors.
"""

from __future__ import annotations

import ast
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kreisbericht.errors import ParameterError, nearest

TAG = "parameters"
TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "float": (float, int), "bool": (bool,), "list": (list, tuple), "dict": (dict,),
    "None": (type(None),),
}  # fmt: skip
GERMAN = {"str": "Text", "int": "ganze Zahl", "float": "Zahl", "bool": "True oder False", "list": "Liste",
          "dict": "Zuordnung", "None": "None"}  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: ``annotation`` as written, '' if none; ``default`` the literal's value."""

    name: str
    annotation: str
    default: Any

    @property
    def kinds(self) -> list[str]:
        """Names of the allowed basic types, e.g. ``['int', 'None']``."""
        words = self.annotation.replace("Optional[", "None | ").replace("]", "").split("|")
        kinds = [word.strip().partition("[")[0] for word in words if word.strip()]
        return kinds or [type(self.default).__name__]


def declared_parameters(notebook: dict, name: str) -> list[Parameter]:
    """Parameters of the one cell tagged ``parameters``.

    Raises
    ------
    ParameterError
        If there is no such cell or more than one, or a line in it is not ``name: type = literal``.
    """
    cells = [c for c in notebook["cells"] if TAG in (c.get("metadata") or {}).get("tags", [])]
    if len(cells) != 1:
        found = "keine Zelle" if not cells else f"{len(cells)} Zellen"
        raise ParameterError(
            f"{name}: {found} mit der Markierung '{TAG}', genau eine ist nötig. Sie nennt Kreis und Berichtsjahr. "
            "Es wurde nichts gerendert."
        )
    source = cells[0]["source"]
    tree = ast.parse(source if isinstance(source, str) else "".join(source))
    return [_declaration(statement, name) for statement in tree.body]


def check_parameters(notebook: dict, given: dict[str, Any], name: str) -> dict[str, Any]:
    """Defaults of the notebook overlaid with ``given``, every name and type checked.

    Raises
    ------
    ParameterError
        For an unknown name (with the nearest known one), a wrong type, a district or date that does not exist.
    """
    declared = {parameter.name: parameter for parameter in declared_parameters(notebook, name)}
    for key, value in given.items():
        if key not in declared:
            raise ParameterError(
                f"{name}: Den Parameter '{key}' gibt es nicht.{nearest(key, declared)} "
                f"Vorhanden: {', '.join(declared)}. Es wurde nichts gerendert."
            )
        _check_type(declared[key], value, name)
    values = {key: parameter.default for key, parameter in declared.items()} | given
    _check_meaning(values, name)
    return values


def read_notebook(path: Path) -> dict:
    """The notebook's JSON.

    Raises
    ------
    ParameterError
        If the file is not a notebook.
    """
    import json

    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"]
    except (ValueError, KeyError, TypeError) as error:
        raise ParameterError(
            f"{path.name}: Die Datei ist kein lesbares Notebook ({error}). Vermutlich ist sie unvollständig "
            "gespeichert; bitte aus der Versionsverwaltung wiederherstellen. Es wurde nichts gerendert."
        ) from error
    return notebook


def _declaration(statement: ast.stmt, name: str) -> Parameter:
    try:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            default = ast.literal_eval(statement.value)
            return Parameter(statement.target.id, ast.unparse(statement.annotation), default)
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            return Parameter(statement.targets[0].id, "", ast.literal_eval(statement.value))
    except (ValueError, TypeError, AttributeError):
        pass
    raise ParameterError(
        f"{name}, Parameterzelle, Zeile {statement.lineno}: '{ast.unparse(statement)[:60]}' ist keine einfache "
        "Zuweisung (name: typ = wert). Berechnungen gehören in eine andere Zelle."
    )


def _check_type(parameter: Parameter, value: Any, name: str) -> None:
    kinds = [kind for kind in parameter.kinds if kind in TYPES]
    fits = any(_is_kind(value, kind) for kind in kinds)
    if kinds and not fits:
        wanted = " oder ".join(GERMAN[kind] for kind in kinds)
        hint = f" Gemeint ist vielleicht '{value:05d}'?" if parameter.name == "ags" and isinstance(value, int) else ""
        raise ParameterError(
            f"{name}: Der Parameter '{parameter.name}' ist {value!r} ({type(value).__name__}), erwartet wird: {wanted}."
            f"{hint} Es wurde nichts gerendert."
        )


def _is_kind(value: Any, kind: str) -> bool:
    if isinstance(value, bool):  # a bool is an int to Python, never to a planner
        return kind == "bool"
    return isinstance(value, TYPES[kind])


def _check_meaning(values: dict[str, Any], name: str) -> None:
    from kreisbericht.regions import find_region

    for key in (values.get("ags"), *(values.get("vergleich") or ())):
        if key is not None:
            find_region(key, level="kreis")
    if "datenstand" in values:
        try:
            dt.date.fromisoformat(str(values["datenstand"]))
        except ValueError:
            raise ParameterError(
                f"{name}: Das Datum '{values['datenstand']}' (datenstand) gibt es nicht, erwartet JJJJ-MM-TT. "
                "Es wurde nichts gerendert."
            ) from None
