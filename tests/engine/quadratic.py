"""A model whose losses can be computed by hand."""

import keras
import numpy as np

from keras_gans.engine import AdversarialModel


class Quadratic(AdversarialModel):
    """One player, one weight w, loss (w - mean(x))^2 + 0.5: every number is known."""

    def __init__(self, regularizer=None, initial=0.0, **kwargs):
        super().__init__(**kwargs)
        self.network = keras.Sequential(
            [
                keras.Input((1,)),
                keras.layers.Dense(
                    1,
                    use_bias=False,
                    kernel_initializer=keras.initializers.Constant(initial),
                    kernel_regularizer=regularizer,
                ),
            ]
        )
        self.image_shape = (1,)
        self.track("generator_loss", "distance", "offset")

    @property
    def players(self):
        return {"generator": [self.network]}

    def default_optimizer(self, player):
        return keras.optimizers.SGD(0.1)

    def train_step(self, data):
        x = self.images(data)

        def terms():
            w = keras.ops.mean(self.network(keras.ops.ones_like(x)))
            return {"distance": (w - keras.ops.mean(x)) ** 2, "offset": 0.5}

        self.minimize("generator", terms)
        return self.logs()

    @property
    def w(self):
        return float(np.squeeze(self.network.get_weights()[0]))


def batch(*values):
    return np.array(values, "float32")[:, None]
