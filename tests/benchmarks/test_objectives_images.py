"""Objectives on images, as the command trains them."""

import json
import sys

import pytest

from benchmarks import objectives_images
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("models and losses are tested on every backend by themselves")


@pytest.mark.parametrize(
    ("row", "loss", "times", "penalties"),
    [
        ("relativistic_r1_r2", "relativistic", 1, ["r1", "r2"]),
        ("non_saturating_r1", "non_saturating", 1, ["r1"]),
        ("wgan_gp", "wasserstein", 5, ["gradient_penalty"]),
        ("pack_2", "non_saturating", 2, []),
    ],
)
def test_every_row_builds_the_model_that_it_names(row, loss, times, penalties):
    model, batch = objectives_images.build(row, seed=0, width=2)
    assert batch == 32 * times
    assert [p.name for p in model.penalties] == penalties
    assert model.get_config()["loss"]["config"]["name"] == loss


def test_the_command_writes_what_runs_came_to(monkeypatch, tmp_path):
    record = {"distance": 3.21, "precision": 0.5, "recall": 0.25, "steps": 1565, "seconds": 61.2}
    (tmp_path / "pack_2_0.json").write_text(json.dumps(record))
    output = tmp_path / "table.md"
    command = f"images --run {tmp_path} --output {output} --rows pack_2"
    monkeypatch.setattr(sys, "argv", command.split())
    objectives_images.main()
    line = "| non-saturating, packs of 2 | 1,565 | 61 | 3.2 | 0.50 | 0.25 |"
    assert line in output.read_text()
