"""Calls of pandoc, and a walk over its syntax tree (JSON form).

Not in here: what a node means for the book.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from kreisbericht.assemble.fragments import recall
from kreisbericht.errors import RenderError

READER = "markdown+autolink_bare_uris-tex_math_single_backslash"
"""The Markdown our chapters are written in; the same extensions as Quarto's reader where they matter."""


@cache
def pandoc_path() -> str:
    """Path of the pandoc that came with the requirements (wheel ``pypandoc_binary``)."""
    import pypandoc

    return pypandoc.get_pandoc_path()


def run_pandoc(arguments: list[str], text: str, *, reads: Sequence[Path] = ()) -> str:
    """What pandoc prints for ``text``; from an earlier run (``fragments``) where it is the same.

    ``reads`` are files that the filters open because the text names them.

    Raises
    ------
    RenderError
        With pandoc's own words if it fails.
    """
    return recall(arguments, text, reads, lambda: _call(arguments, text))


def _call(arguments: list[str], text: str) -> str:
    done = subprocess.run([pandoc_path(), *arguments], input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip()
        raise RenderError(f"pandoc bricht ab: {words}. Die letzte gute Ausgabe ist unverändert.")
    return done.stdout.decode()


def parse_markdown(text: str) -> dict:
    """Markdown to pandoc's syntax tree (``{'blocks': […], 'meta': {…}, …}``)."""
    return json.loads(run_pandoc(["-f", READER, "-t", "json"], text))


def walk(node: object, visit: Callable[[dict], object]) -> object:
    """Rebuild a tree bottom-up: ``visit(element)`` returns a replacement element, a list to splice in, or None to keep.

    ``element`` is a dict with ``t``; the tree is changed in place.
    """
    if isinstance(node, list):
        result: list = []
        for child in node:
            new = walk(child, visit)
            if isinstance(child, dict) and "t" in child and isinstance(new, list):
                result.extend(new)
            else:
                result.append(new)
        node[:] = result
        return node
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, (list, dict)):
                node[key] = walk(value, visit)
        if "t" in node:
            new = visit(node)
            return node if new is None else new
    return node


_INNER = frozenset({list, dict})


def elements(node: object, *kinds: str) -> Iterator[dict]:
    """All elements of the given kinds, in document order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if found.get("t") in kinds:
                yield found
            found = found.get("c") if "t" in found else list(found.values())  # most are words, whose content is text
        if isinstance(found, list):
            waiting += [child for child in reversed(found) if child and type(child) in _INNER]
        elif isinstance(found, dict):
            waiting.append(found)


def plain(node: object) -> str:
    """The words of a piece of tree, without notes."""
    if isinstance(node, list):
        return "".join(plain(child) for child in node)
    if not isinstance(node, dict):
        return ""
    kind, content = node.get("t"), node.get("c")
    match kind:
        case "Str" | "Code" | "Math" | "RawInline":
            words = content if isinstance(content, str) else content[1]
        case "Space" | "SoftBreak" | "LineBreak":
            words = " "
        case "Note":
            words = ""
        case "Quoted":
            single = content[0]["t"] == "SingleQuote"
            words = f"‚{plain(content[1])}‘" if single else f"„{plain(content[1])}“"
        case "Link" | "Image" | "Span" | "Cite":
            words = plain(content[1])
        case _:
            words = plain(content)
    return words


def attribute(attr: list, name: str) -> str | None:
    """Value of a key in pandoc's ``[id, classes, key-values]``, or None."""
    return next((value for key, value in attr[2] if key == name), None)


def set_attribute(attr: list, name: str, value: str) -> None:
    """Set a key in pandoc's ``[id, classes, key-values]``."""
    attr[2] = [[key, old] for key, old in attr[2] if key != name] + [[name, value]]


def text_inlines(text: str) -> list[dict]:
    """Plain words as inline elements."""
    inlines: list[dict] = []
    for i, word in enumerate(text.split(" ")):
        inlines += [{"t": "Space"}] if i else []
        inlines += [{"t": "Str", "c": word}] if word else []
    return inlines
