"""Writes the table of papers, models and results: `python -m docs.table`.

Which paper, class and preset belong together is read from docstrings, which program trains them
from the programs, and what was measured from results.json, whose numbers are those of benchmarks/.
The table comes between two marks in docs/models.md, and in the README where it has these marks.
"""

import inspect
import json
import re
import sys
from pathlib import Path

import keras_gans
from keras_gans import models, presets
from keras_gans_cli.commands import TRAINED

ROOT = Path(__file__).parent.parent
RESULTS = json.loads((ROOT / "docs" / "results.json").read_text())
MARKS = "<!-- table: python -m docs.table -->", "<!-- end of the table -->"
HEADER = (
    "| paper | class | preset | `keras-gans train` | published | measured here |\n"
    "|---|---|---|---|---|---|"
)
BUILT = re.compile(r"[Cc]ompiled\s+`keras_gans\.(?:models\.)?(\w+)`")
PAPER = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


def rows():
    """A dict for each preset, and for each model that no preset builds, by papers."""
    recipes = {name: getattr(presets, name) for name in presets.__all__}
    told = [
        row_of(name, recipe)
        for name, recipe in recipes.items()
        if BUILT.search(inspect.getdoc(recipe))
    ]
    classes = {row["class"] for row in told}
    for name in keras_gans.__all__:
        value = getattr(keras_gans, name)
        final = inspect.isclass(value) and value.__module__.startswith(models.__name__)
        if final and name not in classes:
            told.append({**row_of(name, value), "class": name, "preset": None})
    return sorted(told, key=lambda row: (row["paper"], row["name"]))


def row_of(name, value):
    text = inspect.getdoc(value)
    built = BUILT.search(text)
    built = built[1] if built else name
    first = text.split("\n\n")[0]
    module = inspect.getdoc(inspect.getmodule(value))
    paper = next(
        PAPER.search(source)[1]
        for source in (first, text, module, inspect.getdoc(getattr(models, built)))
        if PAPER.search(source)
    )
    commands = commands_of(name, built)
    return {"name": name, "paper": paper, "class": built, "preset": name, "commands": commands}


def commands_of(preset, cls):
    """The programs whose source names the preset; else those that build the class themselves."""
    found = {"preset": [], "class": []}
    for command, (program, _) in TRAINED.items():
        source = (ROOT / "keras_gans_cli" / f"{program}.py").read_text()
        source = source.partition("\nimport ")[2]  # Without what it says of itself, and its name.
        source = re.sub(r"command_of\(.*\)", "", source)
        if re.search(rf'presets\.{preset}\b|"{preset}"|import {preset}\b', source):
            found["preset"].append(command)
        elif cls.lower() == preset.replace("_", "").lower() and re.search(rf"\b{cls}\(", source):
            found["class"].append(command)
    return found["preset"] or found["class"]


def table(benchmarks="../benchmarks"):
    """The table as Markdown; `benchmarks` is that folder as seen from the page."""
    lines = []
    for row in rows():
        result = RESULTS.get(row["name"], {})
        measured = "not measured"
        if "measured" in result:
            measured = f"[{result['measured']}]({benchmarks}/{result['page']}.md)"
        cells = (
            f"[{row['paper']}](https://arxiv.org/abs/{row['paper']})",
            f"`{row['class']}`",
            f"`{row['preset']}`" if row["preset"] else "",
            ", ".join(f"`{command}`" for command in row["commands"]),
            PAPER.sub(r"[\g<0>](https://arxiv.org/abs/\1)", result.get("published", "")),
            measured,
        )
        lines.append("| " + " | ".join(cell or "\N{EM DASH}" for cell in cells) + " |")
    return "\n".join([HEADER, *lines])


def with_table(text, benchmarks):
    """A page with the table of now between its marks."""
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return "\n\n".join((before + MARKS[0], table(benchmarks), MARKS[1])) + after


def main():
    for path, benchmarks in (
        (ROOT / "docs/models.md", "../benchmarks"),
        (ROOT / "README.md", "benchmarks"),
    ):
        text = path.read_text()
        if MARKS[0] in text:
            path.write_text(with_table(text, benchmarks))


if __name__ == "__main__":
    sys.exit(main())
