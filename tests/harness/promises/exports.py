"""For models that are exported: what runs without Keras makes what the model makes."""

import numpy as np
import pytest

from tests.backends import written_once


class Exports:
    """Its `requests` say what signatures are fed, and what must come."""

    @written_once
    def test_an_export_makes_what_the_model_makes(self, tmp_path):
        tf = pytest.importorskip("tensorflow", reason="exports are written by TensorFlow")
        model = self.build()
        path = model.export(tmp_path / "saved_model")
        signatures = tf.saved_model.load(str(path)).signatures
        for n in (1, 3):
            for name, (inputs, expected) in self.requests(model, n).items():
                given = {key: tf.constant(value) for key, value in inputs.items()}
                (made,) = signatures[name](**given).values()
                assert made.dtype == expected.dtype
                assert made.shape == expected.shape
                # Within a grey level.
                assert np.abs(made.numpy().astype(int) - expected).max() <= 1, name
