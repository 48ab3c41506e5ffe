"""How well an autoencoder gives images back, and how far its latents are from N(0, 1).

All are sums over the numbers of an image and means over images. Under replicas it is the mean over
a replica's share, and the engine averages the shares. Computed in float32 whatever the images are.
"""

import dataclasses
import math

import keras
from keras import ops

from keras_gans.latents.sources import mean_of_sums

EPSILON = 1e-7  # Next to 1, float32 has steps of 6e-8.


def squared_error(images, made):
    """E[|x - y|^2].

    Args:
        images: Images x, float tensor `(n, ...)`.
        made: Their reconstructions y, float tensor `(n, ...)`.

    Returns:
        float32 scalar.

    References:
        Vincent et al. 2010, "Stacked Denoising Autoencoders", section 2.2.
    """
    return mean_of_sums(ops.square(ops.cast(images, "float32") - ops.cast(made, "float32")))


def bernoulli(images, made):
    """-E[log p(x|z)] in nats, with p(x|z) = y^x (1 - y)^(1 - x) for each number: cross-entropy.

    A probability is held 1e-7 away from 0 and 1, so that a number costs 16.1 nats at most. There
    the gradient is zero: of a sigmoid at its ends it would be, too.

    Args:
        images: Images x, float tensor `(n, ...)` in [0, 1].
        made: Probabilities y, float tensor `(n, ...)` in [0, 1]; float32, of a sigmoid.

    Returns:
        float32 scalar.

    References:
        Kingma and Welling 2014, arXiv:1312.6114, equation 11.
    """
    x = ops.cast(images, "float32")
    y = ops.clip(ops.cast(made, "float32"), EPSILON, 1 - EPSILON)
    return mean_of_sums(-x * ops.log(y) - (1 - x) * ops.log1p(-y))


@keras.saving.register_keras_serializable(package="keras_gans")
@dataclasses.dataclass(frozen=True)
class Gaussian:
    """-E[log p(x|z)] in nats, with p(x|z) = N(y, sigma^2) for each number.

    That is |x - y|^2 / (2 sigma^2) and a constant: the smaller sigma, the more a reconstruction
    weighs against the divergence of the latents.

    Args:
        sigma: Float > 0.

    Raises:
        ValueError: Another sigma.

    Example:

    ```python
    VariationalAutoencoder(encoder, generator, latent_dim=32, likelihood=Gaussian(0.1))
    ```

    References:
        Kingma and Welling 2014, arXiv:1312.6114, equation 12, sigma not learnt.
    """

    sigma: float = 1.0

    def __post_init__(self):
        if not 0 < self.sigma < math.inf:
            raise ValueError(f"sigma is a deviation above 0; it was {self.sigma!r}.")

    def __call__(self, images, made):
        constant = math.prod(made.shape[1:]) * math.log(self.sigma * math.sqrt(2 * math.pi))
        return squared_error(images, made) / (2 * self.sigma**2) + constant

    def get_config(self):
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def normal_divergence(means, log_variances):
    """KL(N(m, s^2) || N(0, 1)) = 1/2 sum(m^2 + s^2 - 1 - log s^2) in nats, a mean over images.

    Args:
        means: m, float tensor `(n, latent_dim)`.
        log_variances: log s^2, float tensor `(n, latent_dim)`.

    Returns:
        float32 scalar.

    References:
        Kingma and Welling 2014, arXiv:1312.6114, appendix B.
    """
    m, log_s2 = ops.cast(means, "float32"), ops.cast(log_variances, "float32")
    return 0.5 * mean_of_sums(ops.square(m) + ops.expm1(log_s2) - log_s2)


RECONSTRUCTIONS = {function.__name__: function for function in (squared_error, bernoulli)}


def get_reconstruction(identifier, samples):
    """The loss of reconstructions of that name ("squared_error", "bernoulli"); functions pass.

    Args:
        identifier: String, or a function `(images, made) -> scalar`.
        samples: The kind of samples that it is for, see `keras_gans.samples`.

    Raises:
        ValueError: An unknown name, or "bernoulli" for numbers that are no probabilities.
    """
    loss = identifier if callable(identifier) else RECONSTRUCTIONS.get(identifier)
    if loss is None:
        known = ", ".join(RECONSTRUCTIONS)
        raise ValueError(f"Unknown loss of reconstructions {identifier!r}; known are {known}.")
    if loss is bernoulli and samples.range != (0, 1):
        raise ValueError(
            'The loss of reconstructions is "bernoulli", for numbers in [0, 1], and those of '
            f"{samples!r} are not: let the generator end in a sigmoid and pass "
            'samples=keras_gans.samples.Images(range=(0, 1)), or take "squared_error".'
        )
    return loss


def reconstruction_identifier(loss):
    """The name of a loss of this module; other functions in serialized form."""
    if loss in RECONSTRUCTIONS.values():
        return loss.__name__
    return keras.saving.serialize_keras_object(loss)
