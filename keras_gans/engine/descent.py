"""Descent on the inputs of networks, whose weights stay what they are."""

import math

import keras
import numpy as np
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.engine.scope import RecordingScope


class Descent(keras.Model):
    """Rows of numbers that move down the gradients of their own errors.

    Args:
        errors: Function of `keras.ops` from `moved`, float32 `(n, d)`, and `beside`, a dict of
            whatever stands beside it, to float32 `(n,)`, the error of each row.
        networks: List of the `keras.Model`s that the function runs.
    """

    def __init__(self, errors, networks):
        super().__init__(dtype="float32")
        self.errors, self.networks = errors, networks
        self.built = True  # The networks are.

    def call(self, inputs):
        def total(moved):
            errors = self.errors(moved, inputs["beside"])
            return ops.sum(errors), errors

        # What the networks assign is dropped. PyTorch has no gradients in a prediction, unless
        # they are to be differentiated themselves.
        with RecordingScope(), backend.differentiating_twice():
            errors, (gradients,) = backend.gradient_at(total, [inputs["moved"]])
        return {"errors": errors, "gradients": gradients}

    def descend(self, moved, beside, steps, learning_rate, low, high):
        """Take the steps of Adam, at a learning rate that falls to zero along half a cosine.

        Only the gradients are compiled: inside a compiled loop JAX takes twenty times as long for
        convolutions on a processor.

        Args:
            moved: float32 array `(n, d)`, where they start.
            beside: Dict of arrays.
            steps: Integer >= 0.
            learning_rate: Float > 0, that of the first step.
            low: float32 array `(d,)`, below which nothing moves; -inf where there is no bound.
            high: Likewise.

        Returns:
            `(moved, errors)`: float32 arrays `(n, d)` and `(n,)`, where they are in the end.
        """
        moved = np.clip(moved, low, high)
        momentum = velocity = np.zeros_like(moved)
        for i in range(steps):
            gradients = self.at(moved, beside)["gradients"]
            momentum = 0.9 * momentum + 0.1 * gradients
            velocity = 0.999 * velocity + 0.001 * gradients**2
            mean, square = momentum / (1 - 0.9 ** (i + 1)), velocity / (1 - 0.999 ** (i + 1))
            rate = learning_rate * (1 + math.cos(math.pi * i / steps)) / 2
            moved = np.clip(moved - rate * mean / (np.sqrt(square) + 1e-8), low, high)
        return moved, self.at(moved, beside)["errors"]

    def at(self, moved, beside):
        """A dict of the `errors` and the `gradients` of all rows, as arrays."""
        found = self.predict_on_batch({"moved": moved, "beside": beside})
        # Under a strategy every replica runs all rows, and Keras joins what they make.
        return {name: rows[: len(moved)] for name, rows in found.items()}
