"""DenoisingAutoencoder: clean images from corrupted ones."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import losses
from keras_gans.engine.keras_internals import random_states
from keras_gans.engine.scope import RecordingScope
from keras_gans.models.encoding_model import EncodingModel
from keras_gans.typing import Tensor


@keras.saving.register_keras_serializable(package="keras_gans")
class DenoisingAutoencoder(EncodingModel):
    """The denoising autoencoder of Vincent et al. 2008 and 2010, surveyed in arXiv:2003.05991.

    For every training iteration:

        sample a minibatch of examples x
        corrupt them: x' ~ q(x'|x)
        update encoder f and decoder g by the gradient of L(x, g(f(x')))

    `evaluate` and validation corrupt, too, from the stream of evaluations: the same numbers at
    every call, so that the losses of epochs compare. What `encode` and `reconstruct` are given is
    taken as it is: images to be restored are corrupted already, by the world or by `corrupt`.
    Nothing makes its codes look like draws from N(0, 1), of which `generate` makes images, see
    `Autoencoder`.

    Args:
        encoder: `keras.Model` from images to codes `(n, latent_dim)`.
        generator: `keras.Model` from codes to images: the decoder.
        latent_dim: Integer, the numbers of a code.
        corruption: Layer that corrupts images where `training` is true, with an argument `seed`:
            `keras_gans.layers.MaskingNoise`, `keras_gans.layers.SaltAndPepper`,
            `keras.layers.GaussianNoise`.
        loss: As of `Autoencoder`.
        **options: `latents`, `samples`, `ema_decay`, `seed` and `name`, see `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, a corruption that is no such layer, or a loss
            that is unknown or not for such samples.

    Example:

    ```python
    encoder, decoder = dense_autoencoder((28, 28, 1), latent_dim=64)
    pixels = keras_gans.samples.Images(range=(0, 1))
    model = DenoisingAutoencoder(encoder, decoder, 64, MaskingNoise(0.5), samples=pixels)
    model.compile()
    model.fit(images, batch_size=128, epochs=10)
    model.reconstruct(model.corrupt(images[:8]))
    ```

    References:
        Vincent et al. 2010, "Stacked Denoising Autoencoders: Learning Useful Representations in a
        Deep Network with a Local Denoising Criterion", sections 3 and 4.
    """

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        latent_dim: int | None = None,
        corruption: keras.layers.Layer | None = None,
        loss: str | Callable[[Tensor, Tensor], Tensor] = "squared_error",
        **options: Any,
    ):
        super().__init__(encoder, generator, latent_dim, **options)
        if not isinstance(corruption, keras.layers.Layer) or not hasattr(corruption, "seed"):
            raise ValueError(
                "corruption is a layer with a seed that corrupts images in training, such as "
                f"keras_gans.layers.MaskingNoise(0.5); it was {corruption!r}."
            )
        self.corruption = corruption
        self.reconstruction_loss = losses.get_reconstruction(loss, self.samples)
        self.track("autoencoder_loss")

    @property
    def players(self):
        return {"autoencoder": [self.encoder, self.generator]}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3)

    def train_step(self, data):
        batch = self.batch(data)
        corrupted = self.corruption(batch.samples, training=True)
        self.minimize(
            "autoencoder",
            lambda: self.error(batch, self.restored(corrupted, batch.conditions, training=True)),
        )
        self.end_step(batch)
        return self.logs()

    def error(self, batch, restored):
        """The loss of reconstructions, by the samples as they were."""
        return self.reconstruction_loss(batch.samples, restored)

    def test_step(self, data):
        batch = self.batch(data)
        corrupted = self.corrupted_from(self.evaluation_seed, batch.samples)
        restored = self.restored(corrupted, batch.conditions, training=False)
        self.observe_losses(autoencoder=self.error(batch, restored))
        self.update_scores(batch.samples, restored)
        return self.logs()

    def corrupted_from(self, seed_generator, samples):
        """Corrupted samples by draws of that generator: the layer's own stays where it is."""
        states = random_states(self.corruption)
        with RecordingScope([(state, seed_generator.next()) for state in states]):
            return self.corruption(samples, training=True)

    def corrupt(self, images, seed=0):
        """Samples as the encoder is shown them in training.

        Args:
            images: uint8 array `(n, height, width, channels)`; of other kinds what `fit` takes.
            seed: Integer >= 0: the same seed corrupts the same numbers. Training draws from a
                stream of its own and is not disturbed.

        Returns:
            uint8 array of the shape of `images`; of other kinds what these are to users.

        Raises:
            ValueError: Samples of another shape.
        """
        images = np.asarray(images)
        self.samples.check(images, self.image_shape, self.samples.name)
        layer = type(self.corruption).from_config({**self.corruption.get_config(), "seed": seed})
        corrupted = layer(self.samples.to_floats(images), training=True)
        return self.samples.to_outside(ops.convert_to_numpy(corrupted))

    def get_config(self):
        return super().get_config(loss=losses.reconstruction_identifier(self.reconstruction_loss))
