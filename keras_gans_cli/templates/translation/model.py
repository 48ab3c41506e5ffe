"""MyGAN: what it brings, in a line."""

import keras
from keras import ops

from keras_gans import losses, models


@keras.saving.register_keras_serializable(package="my_gan")
class MyGAN(models.TranslationModel):
    """Title of the paper, arXiv:0000.00000.

    For every batch of pairs (x, y) (its algorithm; `train_step` follows it line by line):

        update the discriminator by the gradient of -log D(x, y) - log(1 - D(x, G(x)))
        update the generator by the gradient of -log D(x, G(x)) + lambda |y - G(x)|

    Args:
        generator: `keras.Model` from images to images in [-1, 1].
        discriminator: `keras.Model` from the channels of both images to raw scores, no sigmoid.
        l1_weight: Float >= 0, lambda.
        **options: Of `keras_gans.models.TranslationModel`: `augment`, `seed`, ...
    """

    def __init__(self, generator, discriminator, l1_weight=100.0, **options):
        super().__init__(**options)
        # Every argument is kept under its name: that is how it comes into `.keras` files.
        self.generator = generator
        self.discriminator = discriminator
        self.l1_weight = l1_weight
        # What `fit` logs: a loss for each player, its terms, and whatever `observe` is told.
        self.track("discriminator_loss", "generator_loss", "adversarial", "l1")

    @property
    def players(self):
        """In the order of their moves, each with the networks that move with it."""
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    @property
    def generators(self):
        """The directions of `translate`; a model that also goes back has two."""
        return {"source_to_target": self.generator}

    def default_optimizer(self, player):
        """What `compile()` gives a player that it is told nothing of."""
        return keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999)

    def train_step(self, data):
        source, target = self.pair(data)
        # `minimize` moves one player and nobody else.
        self.minimize(
            "discriminator",
            lambda: self.discriminator_loss(source, target, self.generator(source, training=True)),
        )
        self.minimize(
            "generator",
            lambda: self.generator_terms(source, target, self.generator(source, training=True)),
        )
        self.end_step(source)
        return self.logs()

    # Losses are `keras.ops` of tensors, and so the same on TensorFlow, JAX and PyTorch. A dict of
    # terms is a loss, too: their sum is made small, and those that `track` names are logged.

    def discriminator_loss(self, source, target, fake, training=True):
        real_scores = self.score(source, target, training)
        fake_scores = self.score(source, ops.stop_gradient(fake), training)
        return losses.non_saturating_discriminator(real_scores, fake_scores)

    def generator_terms(self, source, target, fake, training=True):
        return {
            "adversarial": losses.non_saturating_generator(self.score(source, fake, training)),
            "l1": self.l1_weight * ops.mean(ops.abs(target - fake)),
        }

    def score(self, source, image, training):
        """D's raw scores of `image` as a translation of `source`."""
        seen = ops.concatenate([source, image], axis=-1)
        return self.discriminator(seen, training=training)

    def test_step(self, data):
        """`evaluate`: the losses, which move nobody, and the metrics given to `compile`."""
        source, target = self.pair(data)
        fake = self(source)
        self.observe_losses(
            discriminator=self.discriminator_loss(source, target, fake, training=False),
            generator=self.generator_terms(source, target, fake, training=False),
        )
        self.update_scores(target, fake)
        return self.logs()
