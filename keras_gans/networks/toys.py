"""The networks of the toy experiments of three papers: points of a plane, dense layers.

| | generator | discriminator |
|---|---:|---:|
| PacGAN, Lin et al. 2018, arXiv:1712.04086 | 484,802 | 405,201 |
| Unrolled GAN, Metz et al. 2017, arXiv:1611.02163 | 49,666 | 17,025 |
| WGAN-GP, Gulrajani et al. 2017, arXiv:1704.00028 | 527,874 | 527,361 |

Points have no range: the last layer is linear.
"""

import keras
from keras import layers

from keras_gans.layers import BatchNormalization, Maxout, Pack
from keras_gans.networks.blocks import normal
from keras_gans.networks.dcgan import raw


def pacgan_toy_generator(latent_dim=2, width=400, dim=2):
    """Build the generator of PacGAN's toys: four hidden layers with batch normalization and ReLU.

    Args:
        latent_dim: Integer.
        width: Integer, units of a hidden layer.
        dim: Integer, coordinates of a point.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 points `(n, dim)`.

    Example:

    ```python
    generator = pacgan_toy_generator()
    ```
    """
    latents = x = keras.Input((latent_dim,), name="latents")
    for _ in range(4):
        x = layers.Dense(width, use_bias=False, kernel_initializer=normal())(x)
        x = layers.ReLU()(BatchNormalization(momentum=0.95, epsilon=1e-4)(x))
    return generator(latents, layers.Dense(dim, kernel_initializer=normal())(x))


def pacgan_toy_discriminator(pack=1, width=200, dim=2):
    """Build the discriminator of PacGAN's toys: three hidden layers, maxout of five pieces.

    Args:
        pack: Integer, how many points it judges together; see `keras_gans.layers.Pack`. With 2, 3
            and 4 it has 407,201, 409,201 and 411,201 weights.
        width: Integer, units of a hidden layer.
        dim: Integer, coordinates of a point.

    Returns:
        `keras.Model` from points `(n, dim)` to raw float32 scores `(n // pack, 1)`.
    """
    points = keras.Input((dim,), name="points")
    x = Pack(pack)(points) if pack > 1 else points
    for _ in range(3):
        x = Maxout(5)(layers.Dense(5 * width, kernel_initializer=normal())(x))
    return discriminator(points, layers.Dense(1, kernel_initializer=normal())(x))


def unrolled_toy_generator(latent_dim=256, width=128, dim=2):
    """Build the generator of Unrolled GAN's ring: two hidden layers with tanh.

    Args:
        latent_dim: Integer.
        width: Integer, units of a hidden layer.
        dim: Integer, coordinates of a point.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 points `(n, dim)`.
    """
    latents = keras.Input((latent_dim,), name="latents")
    return generator(latents, layers.Dense(dim, **orthogonal())(tanh_layers(latents, width)))


def unrolled_toy_discriminator(width=128, dim=2):
    """Build the discriminator of Unrolled GAN's ring: two hidden layers with tanh.

    Args:
        width: Integer, units of a hidden layer.
        dim: Integer, coordinates of a point.

    Returns:
        `keras.Model` from points `(n, dim)` to raw float32 scores `(n, 1)`.
    """
    points = keras.Input((dim,), name="points")
    return discriminator(points, layers.Dense(1, **orthogonal())(tanh_layers(points, width)))


def wgan_gp_toy_generator(latent_dim=2, width=512, dim=2):
    """Build the generator of WGAN-GP's toys: three hidden layers with ReLU, no normalization.

    Args:
        latent_dim: Integer.
        width: Integer, units of a hidden layer.
        dim: Integer, coordinates of a point.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 points `(n, dim)`.
    """
    latents = keras.Input((latent_dim,), name="latents")
    return generator(latents, layers.Dense(dim)(relu_layers(latents, width)))


def wgan_gp_toy_discriminator(width=512, dim=2):
    """Build the critic of WGAN-GP's toys: three hidden layers with ReLU, no normalization.

    Args:
        width: Integer, units of a hidden layer.
        dim: Integer, coordinates of a point.

    Returns:
        `keras.Model` from points `(n, dim)` to raw float32 scores `(n, 1)`.
    """
    points = keras.Input((dim,), name="points")
    return discriminator(points, layers.Dense(1)(relu_layers(points, width)))


def tanh_layers(x, width):
    for _ in range(2):
        x = layers.Dense(width, "tanh", **orthogonal())(x)
    return x


def orthogonal():
    return {"kernel_initializer": keras.initializers.Orthogonal(1.4)}


def relu_layers(x, width):
    for _ in range(3):
        x = layers.Dense(width, "relu", kernel_initializer="he_uniform")(x)
    return x


def generator(latents, x):
    points = layers.Activation("linear", dtype="float32", name="points")(x)
    return keras.Model(latents, points, name="generator")


def discriminator(points, x):
    return keras.Model(points, raw(x), name="discriminator")
