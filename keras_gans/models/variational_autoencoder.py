"""VariationalAutoencoder: an autoencoder whose latents are those that it generates from."""

from collections.abc import Callable
from typing import Any

import keras

from keras_gans import losses
from keras_gans.latents import Normal, only_or_all
from keras_gans.models.encoding_model import EncodingModel, drawn
from keras_gans.typing import Tensor


@keras.saving.register_keras_serializable(package="keras_gans")
class VariationalAutoencoder(EncodingModel):
    """Auto-encoding variational Bayes, arXiv:1312.6114.

    Algorithm 1, for every training iteration:

        sample a minibatch of examples x and of noise e ~ N(0, 1)
        z = m(x) + s(x) e, where the encoder gives m and log s^2
        update encoder and decoder by the gradient of
            -log p(x|z) + beta KL(N(m(x), s(x)^2) || N(0, 1))

    With `beta=1` that is the negative evidence lower bound; another one is the beta-VAE of Higgins
    et al. 2017. The logs have both terms, `reconstruction` and `divergence`, the latter times
    `beta`, in nats per image. The latents of `encode` are the means. What `evaluate` scores by the
    metrics of `compile` are samples, as of every model that generates.

    Args:
        encoder: `keras.Model` from images to `{"means": ..., "log_variances": ...}`, each
            `(n, latent_dim)`.
        generator: `keras.Model` from latents to the mean image: the decoder. It ends in a sigmoid
            for `likelihood="bernoulli"`.
        latent_dim: Integer.
        likelihood: "bernoulli" for images in [0, 1], `keras_gans.losses.Gaussian(sigma)` for any,
            or a function of images and mean images to -log p(x|z).
        beta: Float >= 0, the weight of the divergence.
        **options: `samples`, `ema_decay`, `seed` and `name`, see `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, other latents than those of N(0, 1), or a
            likelihood that is unknown or not for such samples.

    Example:

    ```python
    encoder, decoder = dense_variational_autoencoder((28, 28, 1), latent_dim=2)
    pixels = keras_gans.samples.Images(range=(0, 1))
    model = VariationalAutoencoder(encoder, decoder, latent_dim=2, samples=pixels)
    model.compile()
    model.fit(images, batch_size=128, epochs=10)
    model.generate(16)
    ```
    """

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        latent_dim: int | None = None,
        likelihood: str | Callable[[Tensor, Tensor], Tensor] = "bernoulli",
        beta: float = 1.0,
        **options: Any,
    ):
        super().__init__(encoder, generator, latent_dim, **options)
        if [type(source) for source in self.latents.values()] != [Normal]:
            raise ValueError(
                "The latents of a VariationalAutoencoder are those of one N(0, 1): give "
                f"latent_dim; latents was {only_or_all(self.latents)!r}."
            )
        if not beta >= 0:
            raise ValueError(f"beta is the weight of the divergence, 0 or more; it was {beta!r}.")
        self.likelihood = losses.get_reconstruction(likelihood, self.samples)
        self.beta = beta
        self.track("autoencoder_loss", "reconstruction", "divergence")

    def latents_of(self, outputs):
        if not isinstance(outputs, dict) or {"means", "log_variances"} - outputs.keys():
            raise ValueError(
                "The encoder of a VariationalAutoencoder returns a dict of means and "
                f"log_variances; it returns {outputs!r}."
            )
        return outputs["means"]

    @property
    def players(self):
        return {"autoencoder": [self.encoder, self.generator]}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3)  # The paper's is Adagrad.

    def train_step(self, data):
        batch = self.batch(data)
        noise = self.sample_latents(batch.samples)
        self.minimize("autoencoder", lambda: self.terms(batch, noise, training=True))
        self.end_step(batch)
        return self.logs()

    def terms(self, batch, noise, training):
        """Both terms of the loss for one draw of noise."""
        encoder, generator = self.coders(training)
        outputs = self.run(encoder, batch.samples, batch.conditions, training=training)
        made = self.run(generator, drawn(outputs, noise), batch.conditions, training=training)
        divergence = losses.normal_divergence(outputs["means"], outputs["log_variances"])
        return {
            "reconstruction": self.likelihood(batch.samples, made),
            "divergence": self.beta * divergence,
        }

    def test_step(self, data):
        batch = self.batch(data)
        noise = self.sample_latents(batch.samples, seed=self.evaluation_seed)
        self.observe_losses(autoencoder=self.terms(batch, noise, training=False))
        self.update_scores(batch.samples, self.imagined(batch))
        return self.logs()

    def get_config(self):
        return super().get_config(likelihood=losses.reconstruction_identifier(self.likelihood))
