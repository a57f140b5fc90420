"""Digests of answers: the same for equal tables, series, dataclasses, containers and plain values, in any process.

Not in here: digests of files (``stamps``).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kreisbericht.paths import ROOT

LENGTH = 32  # hexadecimal digits
KEPT_ROWS = 5000  # longer tables are not kept a second time
_PLAIN = frozenset({str, int, float, bool, type(None)})


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


def can_be_kept(answer: Any) -> bool:
    """Whether :func:`copy_answer` can give the same answer again, whatever was done to the first."""
    if type(answer) is list:
        return all(map(_is_fixed, answer))
    return _is_fixed(answer) or (_is_table(answer) and len(answer) <= KEPT_ROWS)


def copy_answer(answer: Any) -> Any:
    """The answer as its own asker may change it."""
    if type(answer) is list or _is_table(answer):
        return answer.copy()
    return answer


def _is_fixed(value: Any) -> bool:
    parameters = getattr(type(value), "__dataclass_params__", None)
    return type(value) in _PLAIN or bool(parameters and parameters.frozen)


def _is_table(value: Any) -> bool:
    """Whether it is a DataFrame or Series, without importing pandas."""
    return hasattr(value, "dtypes") and hasattr(value, "index")


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
        _feed_all(digest, [getattr(value, name) for name in _names(type(value))])
    elif _is_table(value):
        _feed_table(digest, value)
    elif hasattr(value, "dtype") and hasattr(value, "tolist"):
        _feed_array(digest, value)
    elif isinstance(value, Mapping):
        _feed_all(digest, (part for pair in value.items() for part in pair))
    elif isinstance(value, (set, frozenset)):
        _feed_all(digest, sorted(value))
    elif isinstance(value, (list, tuple)) or (
        isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray))
    ):
        _feed_all(digest, value)
    else:
        raise TypeError(f"no fingerprint of {type(value).__name__}")


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(entry.name for entry in dataclasses.fields(kind))


def _feed_all(digest: Any, values: Iterable[Any]) -> None:
    values = values if isinstance(values, (list, tuple)) else list(values)
    if all(type(value) in _PLAIN for value in values):  # at once; the text of each says its type too
        digest.update(repr(values if type(values) is list else list(values)).encode())
    else:
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
