"""The model that CONTRIBUTING.md writes is one that works."""

import re
import textwrap
from pathlib import Path

import keras
import numpy as np

from tests.backends import shown_on_tensorflow

TEXT = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text()
BLOCKS = re.findall(r"^ *```python\n(.*?)^ *```", TEXT, re.DOTALL | re.MULTILINE)


@shown_on_tensorflow("what CONTRIBUTING.md says is the same on every backend")
def test_its_blocks_run_one_after_another(tmp_path):
    rng = np.random.default_rng(0)
    names = {
        "images": rng.integers(0, 256, (8, 32, 32, 1), dtype="uint8"),
        "labels": rng.integers(0, 10, 8),
    }
    for i, block in enumerate(BLOCKS):
        exec(compile(textwrap.dedent(block), f"CONTRIBUTING.md, block {i + 1}", "exec"), names)
    model = names["model"]
    assert set(model.evaluate(names["images"], names["labels"], verbose=0, return_dict=True)) == {
        "discriminator_loss",
        "generator_loss",
        "loss",
    }
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    same = (m.generate(labels=[0, 1, 2], seed=1) for m in (model, loaded))
    np.testing.assert_array_equal(*same)
