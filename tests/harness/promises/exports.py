"""For models that are exported: what runs without Keras makes what the model makes."""

import numpy as np
import pytest

from tests.backends import written_once


class Exports:
    """Its `requests` say what signatures are fed and what must come: an array or a dict of them."""

    @written_once
    def test_an_export_makes_what_the_model_makes(self, tmp_path):
        tf = pytest.importorskip("tensorflow", reason="exports are written by TensorFlow")
        model = self.build()
        path = model.export(tmp_path / "saved_model")
        signatures = tf.saved_model.load(str(path)).signatures
        for n in (1, 3):
            for name, (inputs, expected) in self.requests(model, n).items():
                given = {key: tf.constant(value) for key, value in inputs.items()}
                made = {key: made.numpy() for key, made in signatures[name](**given).items()}
                if not isinstance(expected, dict):
                    expected = dict.fromkeys(made, expected)
                assert made.keys() == expected.keys(), name
                for key, array in expected.items():
                    assert_alike(made[key], array, f"{key} of {name}")


def assert_alike(made, expected, name):
    assert made.dtype == expected.dtype, name
    assert made.shape == expected.shape, name
    if made.dtype == np.uint8:
        assert np.abs(made.astype(int) - expected).max() <= 1, name  # Within a grey level.
    else:
        np.testing.assert_allclose(made, expected, rtol=1e-4, atol=1e-5, err_msg=name)
