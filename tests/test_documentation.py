"""The pages of docs/ have every name, model and command, and no number that was not measured."""

import json
import re
from pathlib import Path

import keras_gans
from docs import api, docstrings, table
from keras_gans_cli.commands import COMMANDS, TRAINED
from tests.backends import shown_on_tensorflow
from tests.public_signatures import FILE

ROOT = Path(__file__).parent.parent
PAGES = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
once = shown_on_tensorflow("pages are the same on every backend")


@once
def test_the_table_is_that_of_the_docstrings():
    text = PAGES["models.md"]
    assert table.with_table(text, "../benchmarks") == text, "python -m docs.table"


@once
def test_what_the_table_says_is_measured_stands_on_the_page_that_it_names():
    for name, result in table.RESULTS.items():
        if "measured" in result:
            page = (ROOT / "benchmarks" / f"{result['page']}.md").read_text()
            numbers = re.findall(r"\d+\.\d+%?", result["measured"])
            assert numbers
            assert not [number for number in numbers if number not in page], name


@once
def test_results_are_of_rows_of_the_table():
    assert {*table.RESULTS} <= {row["name"] for row in table.rows()}


@once
def test_the_reference_has_every_public_name():
    told = set()
    for name, text in api.pages():
        told |= {f"{name}.{data}" for data in re.findall(r"py:data:: (\w+)", text)}
        told |= {*re.findall(r"{py:obj}`([\w.]+) <", text)}
        told |= {*re.findall(r"auto(?:class|function):: ([\w.]+)", text)}
        for cls, members in re.findall(r"autoclass:: ([\w.]+)\n.*\n   :members: (.*)", text):
            told |= {f"{cls}.{member}" for member in members.split(", ")}
    named = {re.match(r"[\w.]+", line)[0] for line in FILE.read_text().splitlines()}
    assert named <= told


@once
def test_every_algorithm_stands_on_a_page():
    told = re.findall(r"{algorithm} (\w+)", "".join(PAGES.values()))
    models = {row["class"] for row in table.rows()}
    assert sorted(told) == sorted(models)


@once
def test_every_command_on_a_page_is_one():
    text = "".join(PAGES.values())
    trained = {*re.findall(r"keras-gans train ([\w-]+)", text)}
    commands = {*re.findall(r"keras-gans ([a-z][\w-]*)", text)} - {"train"}
    assert trained == {*TRAINED}
    assert commands <= {*COMMANDS}


@once
def test_results_are_sorted_by_name():
    names = [*json.loads((ROOT / "docs" / "results.json").read_text())]
    assert names == sorted(names, key=str.lower)


@once
def test_markdown_becomes_what_sphinx_reads():
    text = """A sum of `Result`s and `x`, |x|, arXiv:1406.2661.

For each step:

    update D by |x|

Args:
    x: One of
        * a;
        * b.

Example:

```python
f(`x`)
```"""
    made = docstrings.converted(text.splitlines())
    link = "`arXiv:1406.2661 <https://arxiv.org/abs/1406.2661>`__"
    assert made[0] == rf"A sum of ``Result``\ s and ``x``, \|x\|, {link}."
    assert made[2:5] == ["For each step::", "", "    update D by |x|"]
    assert made[6:11] == ["Args:", "    x: One of", "", "        * a;", "        * b."]
    assert made[12:17] == [".. rubric:: Example", "", ".. code-block:: python", "", "   f(`x`)"]


def test_models_are_the_final_ones():
    assert "AdversarialModel" not in {row["class"] for row in table.rows()}
    assert keras_gans.GAN.__name__ in {row["class"] for row in table.rows()}
