"""VEEGAN on points of a plane: Srivastava et al. 2017, arXiv:1705.07761."""

from keras_gans.engine.seeds import seeded
from keras_gans.models import VEEGAN
from keras_gans.networks import (
    unrolled_toy_generator,
    veegan_toy_discriminator,
    veegan_toy_encoder,
)


@seeded
def veegan(latent_dim=2, width=128, dim=2, seed=None):
    """A compiled VEEGAN for points of a plane.

    The algorithm is the paper's; layers and rates of its toys it does not name. Here they are
    those of Unrolled GAN's ring, Adam with a learning rate of 1e-3 and beta_1 0.5, for all
    networks.

    Args:
        latent_dim: Integer.
        width: Integer, units of the networks' hidden layers.
        dim: Integer, coordinates of a point.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.VEEGAN`.

    Example:

    ```python
    points = keras_gans.data.grid(100_000)
    model = keras_gans.presets.veegan()
    model.fit(points, batch_size=512, epochs=50)
    latents = model.encode(points[:4])
    ```
    """
    model = VEEGAN(
        veegan_toy_encoder(latent_dim, width, dim),
        unrolled_toy_generator(latent_dim, width, dim),
        veegan_toy_discriminator(latent_dim, width, dim),
        latent_dim,
        seed=seed,
        name="veegan",
    )
    model.compile()
    return model
