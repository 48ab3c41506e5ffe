"""ProgressiveGAN: a GAN that grows while it trains."""

import functools
from typing import Any

import keras
from keras import ops

from keras_gans import losses
from keras_gans.engine.backend import backend
from keras_gans.engine.batches import Batch
from keras_gans.layers import Blend
from keras_gans.models.growing_model import GrowingModel
from keras_gans.networks.progressive import enlarged, reduced
from keras_gans.schedules import HalfLife
from keras_gans.typing import Number


@keras.saving.register_keras_serializable(package="keras_gans")
class ProgressiveGAN(GrowingModel):
    """Progressive growing of GANs, arXiv:1710.10196.

    For every minibatch x of images:

        reduce x to the resolution r of the moment
        x <- (1 - alpha) up(down(x)) + alpha x
        update D by the gradient of
            E[D(G(z))] - E[D(x)] + 10 E[(|grad D(x~)| - 1)^2] + 0.001 E[D(x)^2]
        update G by the gradient of - E[D(G(z))]
        add the number of images to those seen, on which r and alpha depend

    One `fit` on full images grows through all resolutions: images come as large and as many at
    once as the resolution of the moment has them, and every step is one update of both players.
    Which layers run follows from the images seen; the train step is traced anew once for each
    resolution and at no other time. The optimizers forget their moments, and that they corrected
    their bias, where a fade begins and where it ends, those of the old layers too, as in the
    authors' code; a learning-rate schedule goes on. Metrics compare full images with generated
    ones enlarged.

    Args:
        generator: `keras.Model` such as `progressive_generator`.
        discriminator: `keras.Model` such as `progressive_discriminator`.
        latent_dim: Integer.
        fade_images: Integer, images over which a resolution fades in. The paper has 800,000, the
            authors' code 600,000.
        stabilise_images: Integer, images that are trained at each resolution without a fade.
        minibatches: Dict from resolutions to images in a train step, on all devices together. A
            resolution that is left out has the number of the next smaller one. `None` for the
            authors' numbers for one GPU; for eight they have {4: 512, 8: 256, 16: 128, 32: 64,
            64: 32}.
        rate_factors: Dict from resolutions to factors of the learning rates; the authors have
            {1024: 1.5}. Those of schedules are multiplied likewise.
        penalty_weight: Float, of the gradient penalty.
        drift_weight: Float, of D(x)^2.
        ema_decay: See `LatentModel`.
        **options: `latents`, `samples`, `augment`, `seed` and `name`, see `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or a number out of its range.

    Example:

    ```python
    model = ProgressiveGAN(
        progressive_generator((64, 64, 3)), progressive_discriminator((64, 64, 3)), 512
    )
    model.compile()
    model.fit(images, epochs=60)
    model.generate(16, resolution=32)
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int | None = None,
        penalty_weight: float = 10.0,
        drift_weight: float = 1e-3,
        ema_decay: Number | HalfLife | None = 0.999,
        **options: Any,
    ):
        super().__init__(generator, latent_dim, ema_decay=ema_decay, **options)
        self.check_discriminator(discriminator)
        self.discriminator = discriminator
        self.penalty_weight = penalty_weight
        self.drift_weight = drift_weight
        self.penalty_seed = self.seed_generator("penalty")
        self.blend = Blend(dtype="float32")
        self.track("discriminator_loss", "generator_loss", "real_score", "fake_score")
        self.track("adversarial", "penalty", "drift")

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99, epsilon=1e-8)

    def train_step(self, data):
        alpha = self.alpha()
        batch = self.batch(data)
        batch = Batch(self.faded(batch.samples, alpha), batch.conditions)
        fake = self.forward_once("generator", lambda: self.fake(batch, alpha))
        self.minimize("discriminator", lambda: self.discriminator_terms(batch, fake.output, alpha))
        self.minimize("generator", lambda x: self.generator_loss(batch, x, alpha), through=fake)
        self.end_step(batch)
        return self.logs()

    def faded(self, images, alpha):
        """Images at the resolution of the moment, blended with the one below."""
        images = backend.of_side(images, self.resolution)
        images = reduced(images, images.shape[1] // self.resolution)
        if self.level == 0:
            return images
        return self.blend(enlarged(reduced(images, 2), 2), images, alpha=alpha)

    def boundary(self, given):
        return None  # A critic's scores have no bounds and no middle.

    def fake(self, batch, alpha):
        """As many generated images as there are real ones."""
        latents = self.sample_latents(batch.samples)
        return self.of_moment(self.generator, latents, batch, alpha, training=True)

    def of_moment(self, network, x, batch, alpha, training):
        """What the layers of the moment make of x, under the conditions of a batch."""
        return self.run(
            network, x, batch.conditions, level=self.level, alpha=alpha, training=training
        )

    def discriminator_terms(self, batch, fake, alpha, training=True):
        """The critic's loss, its penalty and its drift from zero."""
        seen = functools.partial(self.augmented, training=training)  # Also by the penalty.

        def scores(images, training=training):
            return self.of_moment(self.discriminator, seen(images), batch, alpha, training)

        real_scores, fake_scores = scores(batch.samples), scores(fake)
        self.adapt_augment(real_scores, training)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(fake_scores))
        seed = self.penalty_seed if training else self.evaluation_seed
        penalty = losses.gradient_penalty(scores, batch.samples, fake, seed=seed)
        return {
            "adversarial": losses.wasserstein_discriminator(real_scores, fake_scores),
            "penalty": self.penalty_weight * penalty,
            "drift": self.drift_weight * ops.mean(ops.square(real_scores)),
        }

    def generator_loss(self, batch, fake, alpha, training=True):
        seen = self.augmented(fake, training)
        scores = self.of_moment(self.discriminator, seen, batch, alpha, training)
        return losses.wasserstein_generator(scores)

    def test_step(self, data):
        batch, alpha = self.batch(data), self.alpha()
        real, fake = batch.samples, self.imagined(batch)
        batch = Batch(self.faded(real, alpha), batch.conditions)
        self.observe_losses(
            discriminator=self.discriminator_terms(batch, fake, alpha, training=False),
            generator=self.generator_loss(batch, fake, alpha, training=False),
        )
        self.update_scores(real, enlarged(fake, real.shape[1] // fake.shape[1]))
        return self.logs()
