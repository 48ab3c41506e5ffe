"""The comparison of objectives on toys: what is run in which order, and what is written down."""

import json
import sys

import numpy as np
import pytest

from benchmarks import objectives
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("models and losses are tested on every backend by themselves")


@pytest.fixture
def tiny(monkeypatch):
    for name, value in {"WIDTH": 4, "BATCH": 5, "SAMPLES": 40, "XLA": False}.items():
        monkeypatch.setattr(objectives, name, value)


def test_every_row_has_a_seed_before_one_has_two():
    runs = objectives.order(["best", "hinge"], seeds=2)
    rows = [(row, toy) for row in ("best", "hinge") for toy in objectives.TOYS]
    assert runs == [(*row, seed) for seed in (0, 1) for row in rows]


def test_rows_of_every_kind_build_a_model(tiny):
    for row in ("best", "wgan", "began", "unrolled", "veegan", "pack_3", "feature_matching", "kl"):
        model, batch = objectives.build(row, "grid", seed=0, steps=10)
        assert batch % objectives.BATCH == 0
        assert model.image_shape == (2,)


def test_no_seed_trains_on_the_data_of_another(monkeypatch):
    drawn, toy = [], objectives.toy_of("ring")

    class Watched:
        modes, std = toy.modes, toy.std

        def __call__(self, n, seed):
            drawn.append(toy(n, seed).tobytes())
            return np.zeros((n, 2))

    class Model:
        def fit(self, points, **arguments):
            pass

        def generate(self, number, **arguments):
            return np.zeros((number, 2), "float32")

    monkeypatch.setattr(objectives, "toy_of", lambda name: Watched())
    monkeypatch.setattr(objectives, "build", lambda *arguments: (Model(), 1))
    for seed in range(5):
        objectives.train("hinge", "ring", seed, steps=objectives.STEPS)
    assert len(drawn) == len({x[:80] for x in drawn}) == 5 * 5


def test_the_command_writes_tables_and_pictures_and_goes_on(tiny, monkeypatch, tmp_path):
    output = tmp_path / "table.md"
    command = f"objectives --run {tmp_path / 'runs'} --output {output} --steps 200 --seeds 1 --rows"
    monkeypatch.setattr(sys, "argv", [*command.split(), "non_saturating"])
    objectives.main()
    (record,) = [json.loads(x.read_text()) for x in (tmp_path / "runs").glob("*grid_0.json")]
    assert record["steps"] == 200
    assert 0 <= record["high_quality"] <= 1
    assert (tmp_path / "table_ring.png").exists()
    assert "\n| non-saturating | 1 | 200 | " in output.read_text()
    # What is there is not trained again.
    monkeypatch.setattr(objectives, "train", None)
    objectives.main()


def test_a_diverged_run_is_counted_and_its_mean_is_that_of_the_others(tmp_path):
    for seed, (found, diverged) in enumerate([(25.0, False), (0.0, True)]):
        record = {
            "modes": found,
            "high_quality": 0.5,
            "reverse_kl": None if diverged else 0.25,
            "diverged": diverged,
            "steps": 10,
            "milliseconds": 2.0,
        }
        (tmp_path / f"hinge_grid_{seed}.json").write_text(json.dumps(record))
    (row,) = objectives.table(tmp_path, "grid")[2:]
    assert row == "| hinge | 2 | 10 | 12.5 ± 12.5 | 50.0 ± 0.0 % | 0.250 | 1 | 500 |  |"
    assert objectives.spread([np.nan, None][1:], "{:.1f}") == ""
