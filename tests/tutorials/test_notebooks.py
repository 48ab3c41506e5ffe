"""The tutorials as notebooks: the same words, the same code, and pictures below the cells."""

import ast
import re

import nbclient
import nbformat
import pytest

from tests.backends import shown_on_tensorflow
from tests.tutorials.test_tutorials import AS_A_NOTEBOOK, FIGURES, every_tutorial
from tutorials.notebooks.__main__ import TUTORIALS, main, notebook_of


def pictures(cell):
    """The PNGs below a cell."""
    return [
        out.data["image/png"]
        for out in cell.get("outputs", ())
        if "image/png" in out.get("data", ())
    ]


@every_tutorial
def test_a_notebook_has_the_words_and_the_code_of_its_script(path):
    source = path.read_text()
    notebook = notebook_of(source)
    nbformat.validate(notebook)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown" and "code" in kinds
    told = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    statements = ast.parse(source).body
    strings = [s for s in statements if isinstance(getattr(s, "value", None), ast.Constant)]
    strings = [s for s in strings if isinstance(s, ast.Expr)]
    assert told == [string.value.value.strip() for string in strings]
    written = re.sub(r"(?m)^ *plt\.(close\(figure\)|switch_backend\(\"Agg\"\))\n", "", source)
    for block in code:
        assert re.sub(r"parse_args\(\[\]\).*", "parse_args()", block) in written
    left = ast.parse("\n".join(code)).body
    assert len(left) == len(ast.parse(written).body) - len(told)


@every_tutorial
def test_the_options_of_a_notebook_are_not_those_of_its_kernel(path):
    for arguments, parsed in (((), "parse_args([])"), (["--quick"], 'parse_args(["--quick"])')):
        code = "".join(cell.source for cell in notebook_of(path.read_text(), arguments).cells)
        assert code.count(parsed) == 1 and "parse_args()" not in code


def test_one_command_writes_them_all_and_the_same_again(tmp_path, capsys):
    for folder in ("a", "b"):
        main([str(tmp_path / folder), "--quick"])
    assert f"{len(TUTORIALS)} notebooks are in" in capsys.readouterr().out
    for path in TUTORIALS:
        one, other = (tmp_path / folder / f"{path.stem}.ipynb" for folder in ("a", "b"))
        assert one.read_bytes() == other.read_bytes()
        assert '--quick\\"])' in one.read_text()


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The second tutorial as a kernel leaves it, and the folder it ran in."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = notebook_of(AS_A_NOTEBOOK.read_text(), ["--quick"])
    resources = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(notebook, timeout=300, resources=resources).execute()
    return notebook, folder


@shown_on_tensorflow("a notebook shows what a script makes, which every backend does")
def test_a_notebook_shows_its_figures_and_saves_them(executed):
    notebook, folder = executed
    saved = folder / "runs" / "tutorials" / AS_A_NOTEBOOK.stem
    assert {figure.name for figure in saved.glob("*.png")} == FIGURES[AS_A_NOTEBOOK.stem]
    shown = [cell for cell in notebook.cells if "savefig(" in cell.source]
    assert len(shown) == len(FIGURES[AS_A_NOTEBOOK.stem])
    assert all(pictures(cell) for cell in shown)


@shown_on_tensorflow("as above")
def test_a_training_shows_its_newest_grid_and_its_progress(executed):
    (cell,) = (cell for cell in executed[0].cells if "SampleGrid(" in cell.source)
    assert len(pictures(cell)) == 1
    assert "Epoch 4/4" in "".join(out.get("text", "") for out in cell.outputs)
