"""Descent: rows of numbers that move down the gradients of their own errors, compiled."""

import math

import keras
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.engine.scope import RecordingScope


class Descent(keras.Model):
    """Adam on the inputs of networks whose weights stay what they are.

    `predict_on_batch({"moved": ..., "beside": ...})` returns a dict of `moved` after all steps
    and of its `errors`. The learning rate falls to zero along half a cosine.

    Args:
        errors: Function of `keras.ops` from `moved`, float32 `(n, d)`, and `beside`, whatever
            stands beside it, to float32 `(n,)`, the error of each row.
        networks: List of the `keras.Model`s that the function runs.
        steps: Integer >= 0.
        learning_rate: Float > 0, that of the first step.
        low: Float array `(d,)`, below which nothing moves; -inf where there is no bound.
        high: Likewise.
    """

    def __init__(self, errors, networks, steps, learning_rate, low, high):
        super().__init__(dtype="float32")
        self.errors, self.networks = errors, networks
        self.steps, self.learning_rate = steps, learning_rate
        self.low, self.high = low, high
        self.built = True  # The networks are.

    def call(self, inputs):
        beside = inputs["beside"]

        def step(i, state):
            moved, momentum, velocity = state
            gradient = backend.input_gradient(lambda x: self.errors(x, beside), moved)
            momentum = 0.9 * momentum + 0.1 * gradient
            velocity = 0.999 * velocity + 0.001 * ops.square(gradient)
            i = ops.cast(i, "float32")
            rate = self.learning_rate * (1 + ops.cos(i * (math.pi / self.steps))) / 2
            mean, square = momentum / (1 - 0.9 ** (i + 1)), velocity / (1 - 0.999 ** (i + 1))
            return self.within(moved - rate * mean / (ops.sqrt(square) + 1e-8)), momentum, velocity

        moved = self.within(inputs["moved"])
        if self.steps:
            still = ops.zeros_like(moved)
            moved, *_ = ops.fori_loop(0, self.steps, step, (moved, still, still))
        with RecordingScope():  # What the networks assign is dropped, as in the steps.
            return {"moved": moved, "errors": self.errors(moved, beside)}

    def within(self, moved):
        return ops.minimum(ops.maximum(moved, self.low), self.high)
