"""A model with a single player, written outside the package: an autoencoder."""

import keras
from keras import layers, ops

from keras_gans.data import to_uint8
from keras_gans.engine import AdversarialModel
from tests.harness import Case, Harness, images


@keras.saving.register_keras_serializable(package="tests")
class Autoencoder(AdversarialModel):
    """Two networks that move together."""

    def __init__(self, encoder, decoder, **options):
        super().__init__(**options)
        self.encoder, self.decoder = encoder, decoder
        self.track("autoencoder_loss")

    @property
    def players(self):
        return {"autoencoder": [self.encoder, self.decoder]}

    @property
    def image_shape(self):
        return self.encoder.input_shape[1:]

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3)

    def call(self, images, training=False):
        return self.decoder(self.encoder(images, training=training), training=training)

    def error(self, images, made):
        return ops.mean(ops.square(images - made))

    def train_step(self, data):
        images = self.images(data)
        self.minimize("autoencoder", lambda: self.error(images, self(images, training=True)))
        return self.logs()

    def test_step(self, data):
        images = self.images(data)
        made = self(images)
        self.observe_losses(autoencoder=self.error(images, made))
        self.update_scores(images, made)
        return self.logs()


class TestAutoencoder(Case, Harness):
    players = ("autoencoder",)
    logs = ()
    package = __name__

    def build(self, **arguments):
        encoder = [keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(6, activation="relu")]
        decoder = [
            keras.Input((6,)),
            layers.BatchNormalization(),
            layers.Dropout(0.3, seed=1),
            layers.Dense(16, activation="tanh"),
            layers.Reshape((4, 4, 1), dtype="float32"),
        ]
        networks = [keras.Sequential(network) for network in (encoder, decoder)]
        return Autoencoder(*networks, seed=3, **arguments)

    def arrays(self, n=10):
        return (images(n, (4, 4, 1)),)

    def inputs(self, n=3):
        return self.arrays(n)[0].astype("float32") / 127.5 - 1

    def infer(self, model, n=3, seed=0):
        return to_uint8(model.predict(self.inputs(n), verbose=0))
