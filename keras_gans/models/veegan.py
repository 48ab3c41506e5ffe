"""VEEGAN: an encoder that gives the generator its latents back, by Srivastava et al. 2017."""

from typing import Any

import keras
from keras import ops

from keras_gans import losses
from keras_gans.models.encoding_model import EncodingModel


@keras.saving.register_keras_serializable(package="keras_gans")
class VEEGAN(EncodingModel):
    """VEEGAN, arXiv:1705.07761.

    The encoder, the paper's reconstructor F, maps samples to latents. The discriminator sees pairs
    of latents and a sample, and tells (F(x), x) from (z, G(z)). A generator that leaves a mode out
    is found out by its latents: F spreads what is missing over other latents than what is there.
    Algorithm 1, for every training iteration:

        sample minibatches of noise z and of examples x
        make ^x = G(z) and ^z = F(x)
        update the encoder by the gradient of |z - F(^x)|^2
        update the generator by the gradient of -D(z, ^x) + |z - F(^x)|^2
        update the discriminator by the gradient of -log s(D(^z, x)) - log(1 - s(D(z, ^x)))

    with s the sigmoid. All three gradients are taken before any of them moves. D has the sign
    of all scores here, high for real pairs: it is the negative of the paper's, which estimates
    log q(z, ^x) / p(^z, x). Latents are compared, never samples; a squared distance is what
    a normal distribution of them asks for.

    Args:
        encoder: `keras.Model` from images to latents `(n, latent_dim)`.
        generator: `keras.Model` from latents to images.
        discriminator: `keras.Model` from pairs to raw scores of any shape, no sigmoid; its inputs
            are named `images` (or `points`) and `latents`. All three networks may read
            conditions, such as `labels`, beside; see `LatentModel`.
        latent_dim: Integer; or leave it out and give `latents`, one source.
        **options: `latents`, `samples`, `ema_decay`, `augment`, `seed` and `name`, see
            `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or latents that are no floats of one source.

    Example:

    ```python
    model = keras_gans.presets.veegan()  # Networks for points of a plane.
    model.fit(keras_gans.data.ring(100_000), batch_size=512, epochs=10)
    model.encode(keras_gans.data.ring(4))
    ```
    """

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int | None = None,
        **options: Any,
    ):
        super().__init__(encoder, generator, latent_dim, **options)
        self.check_pairs(discriminator)
        self.check_discriminator(discriminator)
        sources = [*self.latents.values()]
        if len(sources) > 1 or "int" in sources[0].spec.dtype:
            raise ValueError(
                "VEEGAN compares latents by their squared distance: give it one source, of floats; "
                f"it was given {', '.join(map(str, sources))}."
            )
        self.discriminator = discriminator
        self.track("discriminator_loss", "generator_loss", "adversarial", "reconstruction")
        self.track("real_score", "fake_score")

    @property
    def players(self):
        return {"generator": [self.encoder, self.generator], "discriminator": [self.discriminator]}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        batch = self.batch(data)
        latents = self.sample_latents(batch.samples)
        made = self.forward_once("generator", lambda: self.made(batch, latents))

        # Encoder and generator are one player: the first term does not depend on the encoder.
        self.minimize(
            "generator", lambda made: self.generator_terms(batch, latents, *made), through=made
        )
        self.minimize(
            "discriminator", lambda: self.discriminator_loss(batch, latents, *made.output)
        )
        self.end_step(batch)
        return self.logs()

    def made(self, batch, latents, training=True):
        """The latents F(x), the samples G(z), and the latents F(G(z))."""
        encoder, generator = self.coders(training)

        def encoded(samples):
            return self.run(encoder, samples, batch.conditions, training=training)

        fake = self.run(generator, latents, batch.conditions, training=training)
        return encoded(batch.samples), fake, encoded(fake)

    def score(self, samples, latents, batch, training):
        seen = self.augmented(samples, training)
        pair = {self.samples.name: seen, **self.latents_by_name(latents)}
        return self.run(self.discriminator, pair, batch.conditions, training=training)

    def discriminator_loss(self, batch, latents, encoded, fake, _, training=True):
        real_scores = self.score(batch.samples, encoded, batch, training)
        fake_scores = self.score(fake, latents, batch, training)
        self.adapt_augment(real_scores, training)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(fake_scores))
        return losses.minimax_discriminator(real_scores, fake_scores)

    def generator_terms(self, batch, latents, _, fake, again, training=True):
        scores = self.score(fake, latents, batch, training)
        return {
            "adversarial": losses.wasserstein_generator(scores),  # -E[D].
            "reconstruction": losses.squared_error(latents, again),
        }

    def test_step(self, data):
        batch = self.batch(data)
        latents = self.sample_latents(batch.samples, seed=self.evaluation_seed)
        made = self.made(batch, latents, training=False)
        self.observe_losses(
            generator=self.generator_terms(batch, latents, *made, training=False),
            discriminator=self.discriminator_loss(batch, latents, *made, training=False),
        )
        self.update_scores(batch.samples, made[1])
        return self.logs()
