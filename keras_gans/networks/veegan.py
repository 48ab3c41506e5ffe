"""The networks of VEEGAN for points of a plane.

Beside the generator of Unrolled GAN's ring, `unrolled_toy_generator`: an encoder and a judge of
pairs of the same make, two hidden layers of 128 with tanh. Srivastava et al. 2017,
arXiv:1705.07761, names no layers for its toys.
"""

import keras
from keras import layers

from keras_gans.networks.toys import discriminator, orthogonal, tanh_layers


def veegan_toy_encoder(latent_dim=2, width=128, dim=2):
    """Build the encoder of VEEGAN's toys, the paper's reconstructor.

    Args:
        latent_dim: Integer.
        width: Integer, units of a hidden layer.
        dim: Integer, coordinates of a point.

    Returns:
        `keras.Model` from points `(n, dim)` to float32 latents `(n, latent_dim)`.

    Example:

    ```python
    encoder = veegan_toy_encoder()
    ```
    """
    points = keras.Input((dim,), name="points")
    x = layers.Dense(latent_dim, **orthogonal())(tanh_layers(points, width))
    latents = layers.Activation("linear", dtype="float32", name="latents")(x)
    return keras.Model(points, latents, name="encoder")


def veegan_toy_discriminator(latent_dim=2, width=128, dim=2):
    """Build the discriminator of VEEGAN's toys.

    Args:
        latent_dim: Integer.
        width: Integer, units of a hidden layer.
        dim: Integer, coordinates of a point.

    Returns:
        `keras.Model` from `points` `(n, dim)` and their `latents` `(n, latent_dim)` to raw float32
        scores `(n, 1)`.
    """
    points = keras.Input((dim,), name="points")
    latents = keras.Input((latent_dim,), name="latents")
    x = tanh_layers(layers.Concatenate()([points, latents]), width)
    return discriminator([points, latents], layers.Dense(1, **orthogonal())(x))
