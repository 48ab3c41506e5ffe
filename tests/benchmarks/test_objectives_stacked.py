"""Modes of stacked images, counted by the command."""

import json
import sys

import pytest

from benchmarks import objectives_stacked
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("models and metrics are tested on every backend by themselves")


@pytest.mark.parametrize("row", ["non_saturating", "pack_2", "relativistic_r1_r2"])
def test_every_row_builds_a_model_of_stacks(row):
    model, batch = objectives_stacked.build(row, seed=0, width=2)
    assert model.image_shape == (28, 28, 3)
    assert batch == (128 if row == "pack_2" else 64)


def test_the_command_counts_what_real_stacks_have_and_goes_on(monkeypatch, tmp_path):
    output = tmp_path / "table.md"
    command = f"stacked --run {tmp_path} --output {output} --images 300 --rows real"
    monkeypatch.setattr(sys, "argv", command.split())
    objectives_stacked.main()
    record = json.loads((tmp_path / "real_0.json").read_text())
    assert record["modes"] > 200
    assert f"| stacks of real images |  |  | {record['modes']:.0f} |" in output.read_text()
    monkeypatch.setattr(objectives_stacked, "train", None)
    objectives_stacked.main()
