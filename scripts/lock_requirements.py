"""Compile requirements.txt and tests/requirements.txt from pyproject.toml: every package, pinned."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Compiled from pyproject.toml by `make lock`; do not edit by hand.\n"


def main() -> None:
    runtime = resolve(".")
    tests = {name: pin for name, pin in resolve(".[test,cluster]").items() if name not in runtime}
    write("requirements.txt", [*runtime.values(), "-e ."])
    write("tests/requirements.txt", ["-r ../requirements.txt", *tests.values()])


def resolve(target: str) -> dict[str, str]:
    """Pins pip would install for ``target`` into an empty environment, by lower-case name."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--ignore-installed",
        "--quiet",
        "--report",
        "-",
        target,
    ]
    report = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout)
    found = {item["metadata"]["name"]: item["metadata"]["version"] for item in report["install"]}
    found.pop("kreisbericht", None)
    return {
        name.lower(): f"{name.lower()}=={version}"
        for name, version in sorted(found.items(), key=lambda p: p[0].lower())
    }


def write(name: str, lines: list[str]) -> None:
    target = ROOT / name
    fresh = target.with_suffix(".neu")
    fresh.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    fresh.replace(target)


if __name__ == "__main__":
    main()
