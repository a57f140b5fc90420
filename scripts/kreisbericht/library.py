"""Which part of the library a notebook can reach, as a digest: what else is changed does not call it into question.

A function is reached if a name, attribute or text in the notebook, or in code reached from it, is its name; modules
are reached through imports. That takes in too much rather than too little: all code that runs on import counts always,
so do functions with a decorator that may register them, and special methods. It needs no kernel, so a forked one that
has more in memory than the notebook asked for makes no difference. Not in here: packages (``surroundings``).
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from kreisbericht.paths import build_dir, write_atomically
from kreisbericht.stamps import Stamps

PACKAGE = Path(__file__).parent
ROOT_NAME = PACKAGE.name
FILE = "bibliothek.json"
VERSION = 1
QUIET = {
    "property", "cached_property", "setter", "staticmethod", "classmethod", "abstractmethod", "lru_cache", "cache",
    "contextmanager", "wraps", "question", "remembered",
}  # fmt: skip
"""Decorators after which a function is still called by its own name only."""

Part = dict  # "digest", "names" (what it mentions), "imports" (modules of the library)


class Library:
    """Code of the library by module, read again where a file has changed."""

    def __init__(self, stamps: Stamps) -> None:
        self.stamps = stamps
        self.file = build_dir() / FILE
        self.kept = _read(self.file)
        self.modules = {_module_name(path): self._load(path) for path in sorted(PACKAGE.rglob("*.py"))}
        self.changed = False

    def digest(self, code: Iterable[str]) -> str:
        """Digest of all that these pieces of notebook code can reach.

        Code that cannot be parsed (magic commands) reaches everything.
        """
        try:
            start = [_describe([ast.parse(source)], "") for source in code]
        except SyntaxError:
            start = [{"digest": "", "names": [], "imports": list(self.modules)}, *self._functions(self.modules)]
        parts = sorted(part["digest"] for part in self._reach(start))
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def _reach(self, start: list[Part]) -> list[Part]:
        names: set[str] = set()
        modules: set[str] = set()
        reached: list[Part] = []
        waiting = list(start)
        while waiting:
            for part in waiting:
                names.update(part["names"])
            found = self._with_parents({name for part in waiting for name in part["imports"]}) - modules
            modules |= found
            reached += waiting
            waiting = [self.modules[name]["frame"] for name in sorted(found)]
            waiting += self._functions(modules, names)
            done = {id(part) for part in reached}
            waiting = [part for part in waiting if id(part) not in done]
        return reached

    def _functions(self, modules: Iterable[str], names: set[str] | None = None) -> list[Part]:
        return [
            part
            for module in modules
            for name, parts in self.modules[module]["functions"].items()
            if names is None or name in names
            for part in parts
        ]

    def _with_parents(self, names: Iterable[str]) -> set[str]:
        """Modules among the names, with the packages they lie in: importing one runs these too."""
        found = set()
        for name in names:
            words = name.split(".")
            found |= {".".join(words[:length]) for length in range(1, len(words) + 1)}
        return found & self.modules.keys()

    def _load(self, path: Path) -> dict:
        key = f"{path.relative_to(PACKAGE)} {self.stamps.digest(path)}"
        if key not in self.kept["module"]:
            self.kept["module"][key] = describe_module(path.read_text(encoding="utf-8"), _module_name(path))
            self.changed = True
        return self.kept["module"][key]

    def save(self) -> None:
        """Keep what was parsed for the next run."""
        if self.changed:
            used = {f"{path.relative_to(PACKAGE)} {self.stamps.digest(path)}" for path in PACKAGE.rglob("*.py")}
            self.kept["module"] = {key: entry for key, entry in self.kept["module"].items() if key in used}
            write_atomically(self.file, json.dumps(self.kept) + "\n")
            self.changed = False


def describe_module(source: str, name: str) -> dict:
    """``frame``: what runs on import; ``functions``: the others by name, several where classes share a name."""
    tree = ast.parse(source)
    package = name if _is_package(name) else name.rpartition(".")[0]
    functions: dict[str, list[Part]] = {}
    for function in list(_find_functions(tree)):
        if _is_called_by_name(function):
            functions.setdefault(function.name, []).append(_describe(function.body, package, f"{name}.{function.name}"))
            function.body = [ast.Pass()]
    return {"frame": _describe([tree], package, name), "functions": functions}


def _find_functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Functions of the module and methods of its classes, not those inside other functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
        elif isinstance(node, (ast.ClassDef, ast.If, ast.Try, ast.With)):
            yield from _find_functions(node)


def _is_called_by_name(function: ast.FunctionDef) -> bool:
    special = function.name.startswith("__") or function.name == "_"
    return not special and all(_last_name(decorator) in QUIET for decorator in function.decorator_list)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _describe(nodes: list[ast.AST], package: str, label: str = "") -> Part:
    names: set[str] = set()
    imports: set[str] = set()
    for node in (inner for outer in nodes for inner in _walk(outer)):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            names.add(node.value)
        elif isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names if alias.asname}  # else its own name is used further on
            imports |= _imported(node, package)
    digest = hashlib.sha256("".join([label, *map(ast.dump, nodes)]).encode()).hexdigest()
    own = sorted(name for name in imports if name.partition(".")[0] == ROOT_NAME)
    return {"digest": digest, "names": sorted(names), "imports": own}


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but the list of a module's public names, which calls none of them."""
    if isinstance(node, ast.Assign) and any(_last_name(target) == "__all__" for target in node.targets):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


def _imported(node: ast.ImportFrom, package: str) -> set[str]:
    base = node.module or ""
    if node.level:
        words = package.split(".")
        base = ".".join([*words[: len(words) - node.level + 1], *([node.module] if node.module else [])])
    return {base, *(f"{base}.{alias.name}" for alias in node.names)}


def _module_name(path: Path) -> str:
    words = [ROOT_NAME, *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(words[:-1] if words[-1] == "__init__" else words)


def _is_package(name: str) -> bool:
    return (PACKAGE.joinpath(*name.split(".")[1:]) / "__init__.py").is_file()


def _read(file: Path) -> dict:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return kept if kept["fassung"] == VERSION else {"fassung": VERSION, "module": {}}
    except (OSError, ValueError, KeyError):
        return {"fassung": VERSION, "module": {}}
