"""BiGAN, also known as ALI: an encoder and a generator against a judge of pairs."""

from typing import Any

import keras
from keras import ops

from keras_gans import losses
from keras_gans.models.encoding_model import EncodingModel, drawn


@keras.saving.register_keras_serializable(package="keras_gans")
class BiGAN(EncodingModel):
    """BiGAN, arXiv:1605.09782, and adversarially learned inference (ALI), arXiv:1606.00704.

    The discriminator sees pairs of an image and its latents, and tells (x, E(x)) from (G(z), z).
    Where it can not, E and G are each other's inverse. For every training iteration:

        sample minibatches of noise z and of examples x
        draw ^z ~ q(z | x): ^z = E(x), or ^z = mu(x) + sigma(x) * epsilon with epsilon ~ N(0, 1)
        make ^x = G(z)
        update the discriminator by the gradient of -log D(x, ^z) - log(1 - D(^x, z))
        update encoder and generator by the gradient of -log(1 - D(x, ^z)) - log D(^x, z)

    which is algorithm 1 of ALI, and for an encoder without noise the "inverse" objective of
    BiGAN's section 3.4. Both moves see the same minibatches, the same ^z and the same ^x. Encoder
    and generator minimize what the discriminator does, with its labels flipped in both terms; so
    do they with other losses than this, of which only the discriminator's half is used.

    Args:
        encoder: `keras.Model` from images to latents `(n, latent_dim)`; or to a dict of the
            `means` and the `log_variances` of a normal distribution of them, each of that shape,
            from which training draws. `encode` gives the means.
        generator: `keras.Model` from latents to images.
        discriminator: `keras.Model` from pairs to raw scores of any shape, no sigmoid; its inputs
            are named `images` and `latents`, or as the sources of latents are. All three networks
            may read conditions, such as `labels`, beside; see `LatentModel`.
        latent_dim: Integer; or leave it out and give `latents`.
        loss: Name for `keras_gans.losses.get`, or an `AdversarialLoss`.
        **options: `latents`, `samples`, `ema_decay`, `augment`, `seed` and `name`, see
            `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or an unknown loss.

    Example:

    ```python
    shape = (28, 28, 1)
    model = BiGAN(
        bigan_encoder(shape),
        bigan_generator(shape),
        bigan_discriminator(shape),
        latents=Uniform(50),
        samples=Images((0, 1)),
    )
    model.compile()
    model.fit(images, batch_size=128, epochs=40)
    latents = model.encode(images[:2])
    walk = model.generate(latents=model.interpolate(*latents, steps=8))
    ```
    """

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int | None = None,
        loss: str | losses.AdversarialLoss = "non_saturating",
        **options: Any,
    ):
        super().__init__(encoder, generator, latent_dim, **options)
        self.check_pairs(discriminator)
        self.check_discriminator(discriminator)
        self.discriminator = discriminator
        self.adversarial_loss = losses.get_of_scores(loss)
        self.encoder_seed = self.seed_generator("encoder")
        self.track("discriminator_loss", "generator_loss", "real_score", "fake_score")

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.encoder, self.generator]}

    def default_optimizer(self, player):
        # Of arXiv:1605.09782, for all its networks.
        return keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        batch = self.batch(data)
        latents = self.sample_latents(batch.samples)
        made = self.forward_once("generator", lambda: self.made(batch, latents))

        def scores(made):
            return self.scores(batch, latents, *made)

        self.minimize("discriminator", lambda: self.discriminator_loss(*scores(made.output)))
        self.minimize("generator", lambda made: self.generator_loss(*scores(made)), through=made)
        self.end_step(batch)
        return self.logs()

    def made(self, batch, latents):
        """What the players of the pairs make in training: latents of the samples, and samples."""
        encoded = self.run(self.encoder, batch.samples, batch.conditions, training=True)
        generated = self.run(self.generator, latents, batch.conditions, training=True)
        return self.drawn(encoded, self.encoder_seed), generated

    def drawn(self, encoded, seed):
        """Latents from what the encoder returns, drawn where that is a distribution."""
        if not is_distribution(encoded):
            return encoded
        return drawn(encoded, keras.random.normal(ops.shape(encoded["means"]), seed=seed))

    def latents_of(self, outputs):
        return outputs["means"] if is_distribution(outputs) else outputs

    def scores(self, batch, latents, encoded, generated, training=True):
        """Scores of the pairs (x, E(x)) and (G(z), z)."""

        def score(samples, latents):
            seen = self.augmented(samples, training)
            pair = {self.samples.name: seen, **self.latents_by_name(latents)}
            return self.run(self.discriminator, pair, batch.conditions, training=training)

        return score(batch.samples, encoded), score(generated, latents)

    def discriminator_loss(self, real, fake, training=True):
        self.adapt_augment(real, training)
        self.observe(real_score=ops.mean(real), fake_score=ops.mean(fake))
        return self.adversarial_loss.discriminator_loss(real, fake)

    def generator_loss(self, real, fake):
        """The loss of encoder and generator: that of the discriminator, its labels flipped."""
        return self.adversarial_loss.discriminator(fake, real)

    def test_step(self, data):
        batch = self.batch(data)
        latents = self.sample_latents(batch.samples, seed=self.evaluation_seed)
        encoder, generator = self.coders(training=False)
        encoded = self.run(encoder, batch.samples, batch.conditions, training=False)
        encoded = self.drawn(encoded, self.evaluation_seed)
        fake = self.run(generator, latents, batch.conditions, training=False)
        scores = self.scores(batch, latents, encoded, fake, training=False)
        self.observe_losses(
            discriminator=self.discriminator_loss(*scores, training=False),
            generator=self.generator_loss(*scores),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()

    def get_config(self):
        return super().get_config(loss=self.adversarial_loss)


def is_distribution(outputs):
    """Whether an encoder has returned a normal distribution of latents."""
    return isinstance(outputs, dict) and outputs.keys() == {"means", "log_variances"}
