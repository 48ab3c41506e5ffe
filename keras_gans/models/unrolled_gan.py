"""UnrolledGAN: a generator that sees its discriminator's next steps, by Metz et al. 2017."""

from typing import Any

import keras
from keras import ops

from keras_gans import losses
from keras_gans.engine.chunks import check_whole_number
from keras_gans.models.latent_model import LatentModel


@keras.saving.register_keras_serializable(package="keras_gans")
class UnrolledGAN(LatentModel):
    """Unrolled GAN, arXiv:1611.02163.

    The generator is judged by the discriminator as it would be some steps later, and its gradient
    sees through these steps: it learns what the discriminator would answer to it. With f the
    discriminator's gain, for every training iteration (equations 7 to 10):

        sample minibatches of noise z and of examples x
        update the discriminator w by the gradient of f(G, w), upwards
        w_0 = w
        for k = 0, ..., K - 1: w_k+1 = w_k + eta df(G, w_k) / dw_k
        update the generator by the gradient of f(G, w_K(G, w)), downwards

    Both moves and all steps between see the same minibatches, as in the authors' notebook. The
    steps between are the paper's plain gradient steps of rate eta, and the discriminator does not
    make them. (The notebook unrolls Adam, with the moments of the discriminator's own.
    Its steps are as long as its rate in each weight, whatever the gradient: eta is no such number,
    and its best one depends on the networks.)

    With K = 0 it is `GAN(loss="minimax")`. f contains the scores of real samples, too: they do
    not depend on the generator, but what the discriminator makes of its samples changes them.

    Args:
        generator: `keras.Model` from latents `(n, latent_dim)` to images in [-1, 1].
        discriminator: `keras.Model` from images to raw scores of any shape, no sigmoid.
        latent_dim: Integer; or leave it out and give `latents`.
        unrolled_steps: Integer K >= 0. Each costs about two steps of the discriminator, and the
            memory for its gradient's gradient.
        unrolled_rate: Float eta >= 0.
        loss: Name for `keras_gans.losses.get`, or an `AdversarialLoss`, of which only the
            discriminator's half is used: -f.
        **options: `latents`, `samples`, `ema_decay`, `augment`, `seed` and `name`, see
            `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, an unknown loss, or a number out of its
            range.

    Example:

    ```python
    model = UnrolledGAN(unrolled_toy_generator(), unrolled_toy_discriminator(), latent_dim=256)
    model.compile()
    model.fit(keras_gans.data.ring(100_000), batch_size=512, epochs=10)
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int | None = None,
        unrolled_steps: int = 5,
        unrolled_rate: float = 0.1,
        loss: str | losses.AdversarialLoss = "minimax",
        **options: Any,
    ):
        super().__init__(generator, latent_dim, **options)
        self.check_discriminator(discriminator)
        check_whole_number("unrolled_steps", unrolled_steps, 0)
        if not unrolled_rate >= 0:
            raise ValueError(f"unrolled_rate is 0 or more; it was {unrolled_rate!r}.")
        self.discriminator = discriminator
        self.unrolled_steps = unrolled_steps
        self.unrolled_rate = unrolled_rate
        self.adversarial_loss = losses.get_of_scores(loss)
        self.track("discriminator_loss", "generator_loss", "real_score", "fake_score")

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def default_optimizer(self, player):
        # Of the authors' notebook, for its ring.
        rate = {"discriminator": 1e-4, "generator": 1e-3}[player]
        return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        batch = self.batch(data)
        fake = self.forward_once("generator", lambda: self.fake(batch))
        self.minimize("discriminator", lambda: self.discriminator_loss(batch, fake.output))
        self.minimize("generator", lambda fake: self.generator_loss(batch, fake), through=fake)
        self.end_step(batch)
        return self.logs()

    def scores(self, batch, fake, training=True):
        """Scores of real and of generated samples."""
        seen = [self.augmented(samples, training) for samples in (batch.samples, fake)]
        return [
            self.run(self.discriminator, samples, batch.conditions, training=training)
            for samples in seen
        ]

    def discriminator_loss(self, batch, fake, training=True):
        real_scores, fake_scores = self.scores(batch, ops.stop_gradient(fake), training)
        self.adapt_augment(real_scores, training)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(fake_scores))
        return self.adversarial_loss.discriminator_loss(real_scores, fake_scores)

    def generator_loss(self, batch, fake, training=True):
        """f, of the discriminator that is K steps ahead."""

        def loss():
            return self.adversarial_loss.discriminator_loss(*self.scores(batch, fake, training))

        with self.unrolled("discriminator", loss, self.unrolled_steps, self.unrolled_rate):
            return -loss()

    def test_step(self, data):
        batch = self.batch(data)
        fake = self.imagined(batch)
        self.observe_losses(
            discriminator=self.discriminator_loss(batch, fake, training=False),
            generator=self.generator_loss(batch, fake, training=False),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()

    def get_config(self):
        return super().get_config(loss=self.adversarial_loss)
