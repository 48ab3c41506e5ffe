"""The tutorials run from beginning to end, and what they claim holds."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends import shown_on_tensorflow

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "tutorials").glob("*.py"))
# Not as a script: `test_notebooks.py` executes it.
AS_A_NOTEBOOK = ROOT / "tutorials" / "02_first_images.py"
FIGURES = {
    "01_two_distributions": {
        "density_over_epochs.png",
        "optimal_discriminator.png",
        "value_of_the_game.png",
    },
    "02_first_images": {
        "exported.png",
        "interpolation.png",
        "latent_arithmetic.png",
        "logs.png",
        "real_images.png",
        "samples_over_epochs.png",
    },
    "conditioning": {
        "attributes.png",
        "codes.png",
        "obeyed.png",
        "own_condition.png",
        "walks.png",
        "ways.png",
    },
    "cyclegan": {"collections.png", "curves.png", "other_way.png", "there_and_back.png"},
    "measuring": {
        "best_epoch.png",
        "closest_pairs.png",
        "generators.png",
        "number_of_images.png",
        "which_score_notices_what.png",
    },
    "pix2pix": {"curves.png", "pairs.png", "translations.png"},
    "progressive_growing": {
        "distances.png",
        "generated.png",
        "real_images.png",
        "schedule.png",
    },
    "representations": {
        "arithmetic.png",
        "autoencoders.png",
        "dictionary.png",
        "inversion.png",
        "neighbours.png",
        "plane.png",
        "reconstructions.png",
        "samples.png",
    },
    "serving": {"answers.png"},
    "super_resolution": {"enlarged.png", "nearer_or_sharper.png"},
    "why_gans_fail": {"collapse.png", "remedies.png", "saturation.png"},
}

every_tutorial = pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
others_on_tensorflow = shown_on_tensorflow(
    "the first tutorial shows other backends; tests/harness/ trains every model on them"
)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[others_on_tensorflow] * (path != TUTORIALS[0]))
        for path in TUTORIALS
        if path != AS_A_NOTEBOOK
    ],
)
def test_tutorial_runs_and_draws_its_figures(path, tmp_path):
    finished = subprocess.run(
        [sys.executable, str(path), "--quick", "--output", str(tmp_path / "figures")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
    assert {figure.name for figure in (tmp_path / "figures").glob("*.png")} == FIGURES[path.stem]
    assert [entry.name for entry in tmp_path.iterdir()] == ["figures"]


@every_tutorial
def test_tutorial_ends_with_the_claims_it_has_made(path):
    statements = ast.parse(path.read_text()).body
    trainings = [
        node.lineno
        for node in ast.walk(ast.Module(statements, []))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "fit"
    ]
    assert isinstance(statements[-1], ast.Assert)
    assert statements[-1].lineno > max(trainings)


@every_tutorial
def test_tutorial_tells_what_it_does_between_short_blocks_of_code(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree).startswith("# ")
    narrated = [
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in tree.body
    ]
    assert sum(narrated) >= 8


def test_every_tutorial_states_its_figures():
    assert sorted(FIGURES) == [path.stem for path in TUTORIALS]
