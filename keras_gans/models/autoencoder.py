"""Autoencoder: images through a narrow code and back."""

from collections.abc import Callable
from typing import Any

import keras

from keras_gans import losses
from keras_gans.models.encoding_model import EncodingModel
from keras_gans.typing import Tensor


@keras.saving.register_keras_serializable(package="keras_gans")
class Autoencoder(EncodingModel):
    """The deep autoencoder of Hinton and Salakhutdinov 2006, surveyed in arXiv:2003.05991.

    For every training iteration:

        sample a minibatch of examples x
        update encoder f and decoder g by the gradient of L(x, g(f(x)))

    All layers are trained at once, without the paper's layer-wise training before it. Nothing makes
    its codes look like draws from N(0, 1): of such draws `generate` makes what the decoder makes of
    codes that it may never have seen. `VariationalAutoencoder` is for samples. What `evaluate`
    scores by the metrics of `compile` are reconstructions.

    Args:
        encoder: `keras.Model` from images to codes `(n, latent_dim)`.
        generator: `keras.Model` from codes to images: the decoder.
        latent_dim: Integer, the numbers of a code.
        loss: "squared_error", "bernoulli" (cross-entropy, for images in [0, 1]), or a function of
            images and their reconstructions, see `keras_gans.losses`.
        **options: `latents`, `samples`, `ema_decay`, `seed` and `name`, see `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or a loss that is unknown or not for such
            samples.

    Example:

    ```python
    encoder, decoder = dense_autoencoder((28, 28, 1), latent_dim=30)
    pixels = keras_gans.samples.Images(range=(0, 1))
    model = Autoencoder(encoder, decoder, latent_dim=30, samples=pixels)
    model.compile()
    model.fit(images, batch_size=128, epochs=10)
    model.reconstruct(images[:8])
    ```
    """

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        latent_dim: int | None = None,
        loss: str | Callable[[Tensor, Tensor], Tensor] = "squared_error",
        **options: Any,
    ):
        super().__init__(encoder, generator, latent_dim, **options)
        self.reconstruction_loss = losses.get_reconstruction(loss, self.samples)
        self.track("autoencoder_loss")

    @property
    def players(self):
        return {"autoencoder": [self.encoder, self.generator]}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3)  # The paper descends by conjugate gradients.

    def train_step(self, data):
        batch = self.batch(data)
        self.minimize(
            "autoencoder", lambda: self.error(batch, self.restored(*batch, training=True))
        )
        self.end_step(batch)
        return self.logs()

    def error(self, batch, restored):
        """The loss of reconstructions."""
        return self.reconstruction_loss(batch.samples, restored)

    def test_step(self, data):
        batch = self.batch(data)
        restored = self.restored(*batch, training=False)
        self.observe_losses(autoencoder=self.error(batch, restored))
        self.update_scores(batch.samples, restored)
        return self.logs()

    def get_config(self):
        return super().get_config(loss=losses.reconstruction_identifier(self.reconstruction_loss))
