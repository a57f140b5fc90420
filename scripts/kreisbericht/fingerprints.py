"""Digests of answers: the same for equal tables, series, dataclasses, containers and plain values, in any process.

Not in here: digests of files (``stamps``).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kreisbericht.paths import ROOT

LENGTH = 32  # hexadecimal digits


def fingerprint(answer: Any) -> str:
    """Digest of a value.

    Raises
    ------
    TypeError
        For a value of a kind that has no fingerprint.
    """
    digest = hashlib.sha256()
    _feed(digest, answer)
    return digest.hexdigest()[:LENGTH]


def _feed(digest: Any, value: Any) -> None:
    digest.update(f"{type(value).__name__}:".encode())
    if value is None or isinstance(value, (str, int, float, bool, dt.date)):
        digest.update(f"{value!r};".encode())
    elif isinstance(value, Path):
        shown = value.relative_to(ROOT) if value.is_relative_to(ROOT) else value
        digest.update(f"{shown};".encode())
    elif isinstance(value, BaseException):
        digest.update(f"{value};".encode())
    elif dataclasses.is_dataclass(value):
        _feed_all(digest, (getattr(value, entry.name) for entry in dataclasses.fields(value)))
    elif hasattr(value, "dtypes") and hasattr(value, "index"):  # DataFrame or Series, without importing pandas
        _feed_table(digest, value)
    elif hasattr(value, "dtype") and hasattr(value, "tolist"):
        _feed_array(digest, value)
    elif isinstance(value, Mapping):
        _feed_all(digest, (part for pair in value.items() for part in pair))
    elif isinstance(value, (set, frozenset)):
        _feed_all(digest, sorted(value))
    elif isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        _feed_all(digest, value)
    else:
        raise TypeError(f"no fingerprint of {type(value).__name__}")


def _feed_all(digest: Any, values: Iterable[Any]) -> None:
    for value in values:
        _feed(digest, value)
    digest.update(b"/")


def _feed_table(digest: Any, table: Any) -> None:
    if hasattr(table, "columns"):
        _feed_all(digest, map(str, table.columns))
        columns = [table.iloc[:, place] for place in range(table.shape[1])]
    else:
        digest.update(f"{table.name};".encode())
        columns = [table]
    for column in (table.index, *columns):
        _feed_array(digest, column.to_numpy())


def _feed_array(digest: Any, array: Any) -> None:
    digest.update(f"{array.dtype}{getattr(array, 'shape', '')};".encode())
    if array.dtype == object or array.dtype.kind in "OUST":
        digest.update("\x1f".join(map(repr, array.tolist())).encode())
    else:
        digest.update(array.tobytes())
