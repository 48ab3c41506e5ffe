"""Two devices do what one would have done with the same global batch."""

import keras
import numpy as np
import pytest

from tests.harness.arrays import assert_equal
from tests.harness.devices import assert_devices_do_not_matter, two_replicas

BACKEND = keras.backend.backend()
on_tensorflow = pytest.mark.skipif(BACKEND != "tensorflow", reason="tf.distribute is TensorFlow's")


class Replicates:
    @pytest.mark.skipif(BACKEND == "torch", reason="Keras on PyTorch uses one device")
    def test_a_step_on_two_devices_is_the_step_on_one(self, one_alpha):
        assert_devices_do_not_matter(self.build, lambda model, n: self.arrays(n))

    @pytest.fixture(scope="class")
    @classmethod
    def on_two_replicas(cls):
        keras.utils.set_random_seed(0)
        with two_replicas().scope():
            model = cls().compiled(run_eagerly=True)
        return model, cls().fit(model, n=8)

    @on_tensorflow
    def test_two_replicas_train_and_infer(self, on_two_replicas):
        model, history = on_two_replicas
        assert np.isfinite(history["loss"]).all()
        assert self.infer(model, 7).shape[0] == 7


class DrawsLatents:
    """What else those do that draw latents."""

    @on_tensorflow
    def test_two_replicas_draw_different_noise(self, on_two_replicas):
        import tensorflow as tf

        model, _ = on_two_replicas
        given = {"latents": model.draw_latents(7, seed=0), **self.conditions(7)}
        assert_equal(
            [model.generate(**given, batch_size=2)], [model.generate(**given, batch_size=7)]
        )
        like = tf.zeros((2, 1))
        strategy = two_replicas()
        draws = strategy.run(lambda: keras.tree.flatten(model.sample_latents(like)))
        for draw in draws:
            first, second = (np.asarray(part) for part in strategy.experimental_local_results(draw))
            if first.dtype.kind == "f":  # Two ids are the same now and then.
                assert (first != second).all()
