"""MyGAN: what it brings, in a line."""

import keras
from keras import ops

from keras_gans import losses, models


@keras.saving.register_keras_serializable(package="my_gan")
class MyGAN(models.LatentModel):
    """Title of the paper, arXiv:0000.00000.

    For every training iteration (its algorithm; `train_step` follows it line by line):

        sample minibatches of noise z and of examples x
        update the discriminator by the gradient of -log D(x) - log(1 - D(G(z)))
        sample a minibatch of noise z
        update the generator by the gradient of -log D(G(z))

    Args:
        generator: `keras.Model` from latents to images in [-1, 1].
        discriminator: `keras.Model` from images in [-1, 1] to raw scores, no sigmoid.
        latent_dim: Integer.
        **options: Of `keras_gans.models.LatentModel`: `ema_decay`, `augment`, `seed`, ...
    """

    def __init__(self, generator, discriminator, latent_dim=None, **options):
        super().__init__(generator, latent_dim, **options)
        self.check_discriminator(discriminator)
        # Every argument is kept under its name: that is how it comes into `.keras` files.
        self.discriminator = discriminator
        # What `fit` logs: a loss for each player, and whatever `observe` is told.
        self.track("discriminator_loss", "generator_loss")

    @property
    def players(self):
        """In the order of their moves, each with the networks that move with it."""
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def default_optimizer(self, player):
        """What `compile()` gives a player that it is told nothing of."""
        return keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999)

    def train_step(self, data):
        batch = self.batch(data)  # Its `samples`, and the labels that networks may read.
        # `minimize` moves one player and nobody else; `fake` draws latents and generates.
        self.minimize("discriminator", lambda: self.discriminator_loss(batch, self.fake(batch)))
        self.minimize("generator", lambda: self.generator_loss(batch, self.fake(batch)))
        self.end_step(batch)
        return self.logs()

    # Losses are `keras.ops` of tensors, and so the same on TensorFlow, JAX and PyTorch. A dict of
    # terms is a loss, too: their sum is made small, and those that `track` names are logged.

    def discriminator_loss(self, batch, fake, training=True):
        real_scores = self.score(batch, batch.samples, training)
        fake_scores = self.score(batch, ops.stop_gradient(fake), training)
        return losses.non_saturating_discriminator(real_scores, fake_scores)

    def generator_loss(self, batch, fake, training=True):
        return losses.non_saturating_generator(self.score(batch, fake, training))

    def score(self, batch, samples, training):
        """D's raw scores; it is told the labels of the batch where it has an input for them."""
        return self.run(self.discriminator, samples, batch.conditions, training=training)

    def test_step(self, data):
        """`evaluate`: the losses, which move nobody, and the metrics given to `compile`."""
        batch = self.batch(data)
        fake = self.imagined(batch)
        self.observe_losses(
            discriminator=self.discriminator_loss(batch, fake, training=False),
            generator=self.generator_loss(batch, fake, training=False),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()
