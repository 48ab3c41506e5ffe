"""Half precision trains as float32 does."""

import keras
import numpy as np
import pytest

from tests.harness.arrays import state_of

BACKEND = keras.backend.backend()


def float16_convolves_to_one_channel():
    """Whether PyTorch moves such a kernel of Keras: not on processors without float16.

    There it refuses the gradient's layout ("grad_weight must be contiguous").
    """
    import torch

    kernel = torch.ones(4, 4, 8, 1, dtype=torch.float16, requires_grad=True)
    maps = torch.ones(1, 4, 4, 8, dtype=torch.float16)
    made = torch.nn.functional.conv2d(maps.permute(0, 3, 1, 2), kernel.permute(3, 2, 0, 1))
    try:
        made.sum().backward()
    except RuntimeError:
        return False
    return True


class Precision:
    def trained_in(self, policy):
        """All weights before and after, the logs and the number of steps."""
        keras.config.set_dtype_policy(policy)
        keras.utils.set_random_seed(1)
        model = self.build()
        for layer in model._flatten_layers():
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0  # In half precision it draws another mask.
        optimizers = {f"{player}_optimizer": keras.optimizers.SGD(0.02) for player in model.players}
        if policy == "mixed_float16":
            # The scale that Keras begins with overflows once or twice before it fits.
            optimizers = {
                player: keras.optimizers.LossScaleOptimizer(optimizer, initial_scale=256.0)
                for player, optimizer in optimizers.items()
            }
        model.compile(**optimizers)
        weights = model.trainable_variables
        before = state_of(weights)
        history = self.fit(model, n=20, epochs=4)
        after = state_of(weights)
        keras.config.set_dtype_policy("float32")
        flat = [np.concatenate([np.ravel(w) for w in state]) for state in (before, after)]
        return *flat, history, int(model.optimizer.iterations)

    @pytest.fixture(scope="class")
    @classmethod
    def in_float32(cls):
        return cls().trained_in("float32")

    @pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
    def test_twenty_steps_in_half_precision_stay_near_those_in_float32(self, policy, in_float32):
        if (BACKEND, policy) == ("torch", "mixed_float16") and (
            self.convolves_to_one_channel and not float16_convolves_to_one_channel()
        ):
            pytest.skip("PyTorch moves no kernel to one channel in float16 on this processor")
        begun, ended, expected_history, expected_steps = in_float32
        before, after, history, steps = self.trained_in(policy)
        assert steps == expected_steps == 20
        np.testing.assert_array_equal(before, begun)
        error = np.linalg.norm(after - ended) / np.linalg.norm(ended - begun)
        assert error < self.half_precision[policy]
        for name, values in history.items():
            np.testing.assert_allclose(
                values, expected_history[name], rtol=self.half_precision_of_logs, atol=0.02
            )
