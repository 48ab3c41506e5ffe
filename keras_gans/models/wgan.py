"""WGAN: a critic with clipped weights, by Arjovsky et al. 2017."""

from typing import Any

import keras
from keras import ops

from keras_gans import losses
from keras_gans.engine.chunks import check_whole_number
from keras_gans.models.latent_model import LatentModel
from keras_gans.schedules import is_schedule


@keras.saving.register_keras_serializable(package="keras_gans")
class WGAN(LatentModel):
    """Wasserstein GAN, arXiv:1701.07875.

    The discriminator, called critic there, has scores without bounds, whose distance between real
    and generated samples estimates the Wasserstein distance of the two distributions, up to a
    factor; the logs have it with the other sign, as the discriminator's loss. What bounds its
    slope is that its weights are clipped. Algorithm 1, for every training iteration:

        for t = 0, ..., n_critic do
            sample a batch from the real data x and one of noise z
            update the critic f_w by the gradient of mean f_w(x) - mean f_w(g(z)), upwards
            w <- clip(w, -c, c)
        end for
        sample a batch of noise z
        update the generator by the gradient of -mean f_w(g(z))

    All weights of the critic that move are clipped, factors and offsets of normalizations among
    them; those of frozen layers stay as they are. With a penalty on the critic's slope in the
    place of clipping it is `GAN(loss="wasserstein", penalty="gradient_penalty")`.

    Args:
        generator: `keras.Model` from latents `(n, latent_dim)` to images in [-1, 1].
        discriminator: `keras.Model` from images to raw scores of any shape, no sigmoid.
        latent_dim: Integer; or leave it out and give `latents`.
        clip: Float c > 0.
        discriminator_steps: Integer n_critic >= 1. A batch of `fit` is cut into as many that
            share no image; give `fit` so many times the minibatch as its `batch_size`. Or a
            schedule of it, see `GAN`.
        **options: `latents`, `samples`, `ema_decay`, `augment`, `seed` and `name`, see
            `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or a number out of its range.

    Example:

    ```python
    shape = (32, 32, 1)
    model = WGAN(dcgan_generator(shape), dcgan_discriminator(shape), latent_dim=100)
    model.compile()
    model.fit(images, batch_size=5 * 64, epochs=10)
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int | None = None,
        clip: float = 0.01,
        discriminator_steps: int | keras.optimizers.schedules.LearningRateSchedule = 5,
        **options: Any,
    ):
        super().__init__(generator, latent_dim, **options)
        self.check_discriminator(discriminator)
        if not clip > 0:
            raise ValueError(f"clip must be above 0; it was {clip!r}.")
        if not is_schedule(discriminator_steps):
            check_whole_number("discriminator_steps", discriminator_steps, 1)
        self.discriminator = discriminator
        self.clip = clip
        self.discriminator_steps = discriminator_steps
        self.track("discriminator_loss", "generator_loss", "real_score", "fake_score")

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def default_optimizer(self, player):
        # Of the paper: with momentum training was unstable. Lua Torch's and PyTorch's defaults:
        # they add 1e-8 to the root, where Keras adds its epsilon to the square.
        return keras.optimizers.RMSprop(5e-5, rho=0.99, epsilon=1e-16)

    def train_step(self, data):
        batch = self.batch(data)
        for part in self.split(batch, self.discriminator_steps):
            self.minimize("discriminator", lambda: self.discriminator_loss(part, self.fake(part)))
            self.clip_weights()
        due = self.due(self.discriminator_steps)
        self.minimize("generator", lambda: self.generator_loss(part, self.fake(part)), when=due)
        self.end_step(batch)
        return self.logs()

    def clip_weights(self):
        """w <- clip(w, -c, c) for each weight that the discriminator moves."""
        for variable in self.optimizer.moved_variables("discriminator"):
            variable.assign(ops.clip(variable, -self.clip, self.clip))

    def boundary(self, given):
        return None  # A critic's scores have no bounds and no middle.

    def scores(self, samples, batch, training):
        seen = self.augmented(samples, training)
        return self.run(self.discriminator, seen, batch.conditions, training=training)

    def discriminator_loss(self, batch, fake, training=True):
        real_scores = self.scores(batch.samples, batch, training)
        fake_scores = self.scores(ops.stop_gradient(fake), batch, training)
        self.adapt_augment(real_scores, training)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(fake_scores))
        return losses.wasserstein_discriminator(real_scores, fake_scores)

    def generator_loss(self, batch, fake, training=True):
        return losses.wasserstein_generator(self.scores(fake, batch, training))

    def test_step(self, data):
        batch = self.batch(data)
        fake = self.imagined(batch)
        self.observe_losses(
            discriminator=self.discriminator_loss(batch, fake, training=False),
            generator=self.generator_loss(batch, fake, training=False),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()
