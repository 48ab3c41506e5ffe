"""What the suites of JAX and PyTorch leave out."""

import keras
import pytest


def shown_on_tensorflow(reason):
    """Marks a test of what is the same on every backend, and takes long: once is enough."""
    return pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason=reason)


counted_once = shown_on_tensorflow("a network has as many parameters on every backend")
written_once = shown_on_tensorflow(
    "one process of TensorFlow writes the files for every backend: see test_second_process"
)
programs_once = shown_on_tensorflow(
    "what programs share runs on every backend in test_dcgan, and the models in their own tests"
)
