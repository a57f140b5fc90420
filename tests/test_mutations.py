"""No stale chapter survives: after random edits an incremental render and one from nothing give the same bytes.

``KREISBERICHT_MUTATIONEN=200 pytest -m "" tests/test_mutations.py`` makes as many edits; ``KREISBERICHT_SAAT`` chooses
others.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import yaml

from tests.book_project import Project, copy_small

EDITS = int(os.environ.get("KREISBERICHT_MUTATIONEN", "15"))
SEED = int(os.environ.get("KREISBERICHT_SAAT", "1"))
TOGETHER = 5  # edits between two renders from nothing, each followed by an incremental one
EXTRA_CELLS = {
    "kinderarmut": [
        'chapter.map("kinderarmut_u15")',
        'chapter.ranking("kinderarmut_u15")',
        'chapter.assessment("kinderarmut")',
    ],
    "bevoelkerung": ['chapter.municipality_map("bevoelkerungsdichte")', 'chapter.reading_aid("bevoelkerungsdichte")'],
}
MODULES = (
    "sentences",
    "tables",
    "language",
    "titles",
    "numbers",
    "charts/trend_plot",
    "charts/ranking",
    "store",
    "scope",
)


def make_book(target: Path) -> Project:
    """The small book with maps, rankings, assessments, and the chapter on recommendations."""
    project = copy_small(target)
    for stem, calls in EXTRA_CELLS.items():
        file = project.root / "notebooks" / "armut" / f"{stem}.ipynb"
        content = json.loads(file.read_text(encoding="utf-8"))
        pattern = content["cells"][-1]
        for number, call in enumerate(calls):
            content["cells"].append({**pattern, "id": f"mehr-{number}", "source": call})
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return project


def edit_value(project: Project, dice: random.Random) -> str:
    """Another value somewhere in the figures of an indicator."""
    names = ["sozialleistungen/kinderarmut_u15", "bevoelkerung/bevoelkerung", "bevoelkerung/bevoelkerungsdichte"]
    files = [file for name in names if (file := project.root / "data" / "werte" / f"{name}.csv").is_file()]
    file = dice.choice(files)
    lines = file.read_text(encoding="utf-8").split("\n")
    near = [i for i, line in enumerate(lines) if line.startswith(("16", "00"))]
    place = dice.choice(near if dice.random() < 0.7 else range(1, len(lines) - 1))
    cells = lines[place].split(",")
    cells[2] = f"{float(cells[2] or 7) * dice.choice([0.9, 1.1]):.2f}"
    cells[3] = ""
    lines[place] = ",".join(cells)
    file.write_text("\n".join(lines), encoding="utf-8")
    return f"{file.name}, line {place + 1}"


def edit_table(name: str, column: str, change: Callable[[str], str]) -> Callable[[Project, random.Random], str]:
    """An edit of one cell of a small table below ``data/``."""

    def edit(project: Project, dice: random.Random) -> str:
        file = project.root / "data" / name
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        known = [row for row in rows if row[column]]
        used = [row for row in known if row.get("id", "").startswith(("kinderarmut_u15", "bevoelkerung"))]
        row = dice.choice(used if used and dice.random() < 0.7 else known)
        row[column] = change(row[column])
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        file.write_text(text.getvalue(), encoding="utf-8")
        return f"{name}, {column} of {next(iter(row.values()))}"

    return edit


def edit_function(project: Project, dice: random.Random) -> str:
    """Another word in the text that a function of the library prints."""
    file = project.root / "scripts" / "kreisbericht" / f"{dice.choice(MODULES)}.py"
    text = file.read_text(encoding="utf-8")
    pairs = [(" waren ", " sind "), (" sind ", " waren "), ("Abweichungen", "Unterschiede"), ("enthält", "zeigt"),
             ("return ", "return  "), ("wurde ", "ist "), ("0.5", "0.6")]  # fmt: skip
    fitting = [pair for pair in pairs if pair[0] in text]
    old, new = dice.choice(fitting)
    place = dice.choice([found.start() for found in re.finditer(re.escape(old), text)])
    file.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    return f"{file.name}: {old!r} → {new!r}"


def edit_constant(project: Project, dice: random.Random) -> str:
    """Another number of years in the tables, another default of a view."""
    file = project.root / "scripts" / "kreisbericht" / "tables.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^YEARS = \d+", f"YEARS = {dice.randint(4, 9)}", text, flags=re.M), encoding="utf-8")
    return "tables.YEARS"


def edit_parameter(project: Project, dice: random.Random) -> str:
    """Another default in a parameter cell: a district to compare with."""
    file = dice.choice(sorted((project.root / "notebooks").glob("*/*.ipynb")))
    ags = dice.choice(["16061", "16062", "16066", "16067"])
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"vergleich: list = \[[^\]]*\]", rf"vergleich: list = ['{ags}']", text), encoding="utf-8")
    return f"{file.name}: vergleich {ags}"


def edit_package(project: Project, dice: random.Random) -> str:
    """Another version in the list of pinned packages."""
    file = project.root / "requirements.txt"
    text = file.read_text(encoding="utf-8")
    pin = dice.choice(re.findall(r"^[\w.-]+==[\w.]+", text, re.M))
    file.write_text(text.replace(pin, f"{pin}.1"), encoding="utf-8")
    return f"requirements.txt: {pin}"


def edit_style(project: Project, dice: random.Random) -> str:
    """A line in a filter, a template, a style or the tokens."""
    extension = project.root / "_extensions" / "kreisbericht"
    which = dice.choice(["html.lua", "typst.lua", "html/frame.css", "html/templates", "tokens.json"])
    if which == "html/templates":
        file = dice.choice(sorted((extension / which).glob("*.html")))
        text = file.read_text(encoding="utf-8").replace("</main>", f"<!-- {dice.random()} --></main>")
    elif which == "tokens.json":
        file = extension / which
        text = re.sub(r'"home": "#[0-9A-Fa-f]{6}"', f'"home": "#1F4E{dice.randint(16, 99)}"', file.read_text("utf-8"))
    else:
        file = extension / which
        mark = {"html.lua": "--", "typst.lua": "--", "html/frame.css": "/*"}[which]
        end = " */" if mark == "/*" else ""
        text = file.read_text(encoding="utf-8") + f"\n{mark} {dice.random()}{end}\n"
    file.write_text(text, encoding="utf-8")
    return f"{file.relative_to(extension)}"


def edit_text(project: Project, dice: random.Random) -> str:
    """A sentence in a written chapter or in the planner's assessment, which may not have been there before."""
    name = dice.choice(["chapters/strategie.qmd", "chapters/methoden.qmd", "chapters/einordnung/2025/kinderarmut.md"])
    file = project.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"\n\nEin Satz mit der Zahl {dice.randint(1, 10**6)}.\n")
    return name


def edit_boundary(project: Project, dice: random.Random) -> str:
    """One corner of a district or municipality elsewhere."""
    file = project.root / "data" / "geo" / dice.choice(["kreise_16.json", "gemeinden_16065.json"])
    content = json.loads(file.read_text(encoding="utf-8"))
    ring = dice.choice(list(content["ringe"].values()))[0]
    flat = ring if isinstance(ring[0], int) else ring[0]
    flat[2] += dice.choice([-3, 3])
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file.name


def edit_edition(project: Project, dice: random.Random) -> str:
    """Another cut-off day in the profile of the edition."""
    file = project.root / "_quarto-2025.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["ausgabe"]["datenstand"] = f"2026-09-{dice.randint(10, 28)}"
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return "datenstand"


EDITORS: tuple[Callable[[Project, random.Random], str], ...] = (
    edit_value, edit_value, edit_function, edit_constant, edit_parameter, edit_package, edit_style, edit_text,
    edit_boundary, edit_edition,
    edit_table("indikatoren.csv", "bezeichnung", lambda text: f"{text}, neu"),
    edit_table("indikatoren.csv", "kurz", lambda text: f"{text} (neu)"),
    edit_table("kleine_zahlen.csv", "mindestbasis", lambda text: str(int(float(text)) + 50)),
    edit_table("brueche.csv", "ereignis", lambda text: f"{text} neu"),
    edit_table("strategie/empfehlungsregeln.csv", "empfehlung", lambda text: f"{text} Neu."),
    edit_table("gebiete.csv", "name", lambda text: f"{text}x" if len(text) > 4 else text),
    edit_table("glossar.csv", "erklaerung", lambda text: f"{text} Neu."),
)  # fmt: skip


def render(project: Project) -> dict[str, str]:
    """Render; the digest of each file of the finished book. The same project folder, so the same paths."""
    done = project.render()
    assert done.returncode == 0, done.stdout + done.stderr
    return project.fingerprint()


def test_incremental_and_clean_renders_give_the_same_bytes(tmp_path):
    dice, project, told = random.Random(SEED), make_book(tmp_path / "projekt"), []
    last, seen = render(project), 0
    order = [EDITORS[number % len(EDITORS)] for number in range(EDITS)]
    dice.shuffle(order)
    for start in range(0, EDITS, TOGETHER):
        for edit in order[start : start + TOGETHER]:
            told.append(edit(project, dice))
            after_edits = render(project)
            seen += after_edits != last
            last = after_edits
        shutil.rmtree(project.root / "_build")
        shutil.rmtree(project.root / "_site")
        from_nothing = last = render(project)
        different = sorted(name for name in after_edits.keys() | from_nothing.keys()
                           if after_edits.get(name) != from_nothing.get(name))  # fmt: skip
        assert not different, f"after {told[start:]}: {different}"
    assert seen * 4 >= EDITS, f"hardly any edit can be seen in the book: {told}"
