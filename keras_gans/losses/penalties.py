"""Penalties on a discriminator: pure functions, the weight not inside.

Norms are computed in float32, whatever the precision of the networks, and can be differentiated.
What the discriminator assigns while it is differentiated (batch statistics, random states) is
dropped: a penalty looks, it does not touch.

On TensorFlow normalizations of Keras have a wrong second derivative (`tf.nn.moments` stops the
gradient of its mean). Inside `engine.input_gradient` they have the right one: take it for a penalty
of your own, too. The layer normalization of critics, with a gain for each channel as in WGAN-GP, is
`keras.layers.GroupNormalization(1)`.
"""

import math

import keras
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.engine.scope import RecordingScope


def squared_gradient_norms(discriminator, images):
    """|d sum(D(x)) / d x|^2 of every image.

    Args:
        discriminator: Function `(images, training=True) -> raw scores` of any shape.
        images: float tensor of shape `(n, ...)`.

    Returns:
        float32 tensor of shape `(n,)`.
    """
    images = ops.cast(images, "float32")
    gradient = backend.input_gradient(lambda x: discriminator(x, training=True), images)
    gradient = ops.cast(gradient, "float32")
    return ops.sum(ops.square(gradient), axis=list(range(1, len(gradient.shape))))


def gradient_norms(discriminator, images, epsilon):
    """|d sum(D(x)) / d x| of every image, with `epsilon` under the root."""
    return ops.sqrt(squared_gradient_norms(discriminator, images) + epsilon)


def interpolates(real, fake, seed):
    """x = real + alpha * (fake - real), one alpha ~ U(0, 1) per image."""
    real, fake = ops.cast(real, "float32"), ops.cast(fake, "float32")
    shape = (ops.shape(real)[0], *[1] * (len(real.shape) - 1))
    alpha = keras.random.uniform(shape, seed=seed)
    return ops.stop_gradient(real + alpha * (fake - real))


def gradient_penalty(discriminator, real, fake, seed=None, target=1.0, epsilon=1e-12):
    """E[(|grad D(x)| - target)^2] on points x between real and generated images.

    Args:
        discriminator: Function `(images, training=True) -> raw scores` of any shape.
        real: float tensor of shape `(n, ...)`.
        fake: float tensor of the same shape.
        seed: Integer or `keras.random.SeedGenerator`: draws one alpha ~ U(0, 1) per image, and
            x = real + alpha * (fake - real). Under JAX's jit it must be a seed generator.
        target: Float, the wanted norm.
        epsilon: Float under the square root, whose gradient at zero would be infinite.

    Returns:
        float32 scalar.

    References:
        Gulrajani et al. 2017, arXiv:1704.00028, equation 3 and algorithm 1.
    """
    norms = gradient_norms(discriminator, interpolates(real, fake, seed), epsilon)
    return ops.mean(ops.square(norms - target))


def one_sided_gradient_penalty(discriminator, real, fake, seed=None, epsilon=1e-12):
    """E[max(0, |grad D(x)| - 1)^2] on points x between real and generated images.

    Args:
        discriminator: Function `(images, training=True) -> raw scores` of any shape.
        real: float tensor of shape `(n, ...)`.
        fake: float tensor of the same shape.
        seed: As for `gradient_penalty`.
        epsilon: Likewise.

    Returns:
        float32 scalar.

    References:
        Petzka et al. 2018, arXiv:1709.08894, WGAN-LP; Gulrajani et al. 2017, arXiv:1704.00028,
        section 4.
    """
    norms = gradient_norms(discriminator, interpolates(real, fake, seed), epsilon)
    return ops.mean(ops.square(ops.relu(norms - 1.0)))


def zero_centered_gradient_penalty(discriminator, real, fake, seed=None):
    """E[|grad D(x)|^2] on points x between real and generated images.

    Args:
        discriminator: Function `(images, training=True) -> raw scores` of any shape.
        real: float tensor of shape `(n, ...)`.
        fake: float tensor of the same shape.
        seed: As for `gradient_penalty`.

    Returns:
        float32 scalar.

    References:
        Thanh-Tung et al. 2019, arXiv:1902.03984, 0-GP.
    """
    return ops.mean(squared_gradient_norms(discriminator, interpolates(real, fake, seed)))


def dragan(discriminator, real, fake=None, seed=None, epsilon=1e-12):
    """E[(|grad D(x)| - 1)^2] on points x around real images.

    As in the authors' code, x = real + alpha u std / 2 with the standard deviation of all numbers
    of the batch (under replicas, of a replica's share), u ~ U(0, 1) per number and alpha ~ U(0, 1)
    per image: the noise is not centred. The paper's algorithm box has real + N(0, c I).

    Args:
        discriminator: Function `(images, training=True) -> raw scores` of any shape.
        real: float tensor of shape `(n, ...)`.
        fake: Not used.
        seed: As for `gradient_penalty`.
        epsilon: Likewise.

    Returns:
        float32 scalar.

    References:
        Kodali et al. 2017, arXiv:1705.07215, algorithm 1.
    """
    real = ops.cast(real, "float32")
    n, size = ops.shape(real)[0], math.prod(real.shape[1:])
    draws = keras.random.uniform((n, size + 1), seed=seed)
    around = ops.reshape(draws[:, :1] * draws[:, 1:], (-1, *real.shape[1:]))
    points = ops.stop_gradient(real + 0.5 * ops.std(real) * around)
    norms = gradient_norms(discriminator, points, epsilon)
    return ops.mean(ops.square(norms - 1.0))


def r1(discriminator, real, fake=None, seed=None):
    """1/2 E[|grad D(x)|^2] on real images.

    Args:
        discriminator: Function `(images, training=True) -> raw scores` of any shape.
        real: float tensor of shape `(n, ...)`.
        fake: Not used.
        seed: Not used.

    Returns:
        float32 scalar.

    References:
        Mescheder et al. 2018, arXiv:1801.04406, equation 9.
    """
    return 0.5 * ops.mean(squared_gradient_norms(discriminator, real))


def r2(discriminator, real, fake, seed=None):
    """1/2 E[|grad D(x)|^2] on generated images.

    Args:
        discriminator: Function `(images, training=True) -> raw scores` of any shape.
        real: Not used.
        fake: float tensor of shape `(n, ...)`, held constant.
        seed: Not used.

    Returns:
        float32 scalar.

    References:
        Mescheder et al. 2018, arXiv:1801.04406, equation 10.
    """
    fake = ops.stop_gradient(ops.convert_to_tensor(fake))
    return 0.5 * ops.mean(squared_gradient_norms(discriminator, fake))


def drift(discriminator, real, fake=None, seed=None):
    """E[D(x)^2] on real images: scores stay near zero.

    Args:
        discriminator: Function `(images, training=True) -> raw scores` of any shape.
        real: float tensor of shape `(n, ...)`.
        fake: Not used.
        seed: Not used.

    Returns:
        float32 scalar. Its weight in the paper is 0.001.

    References:
        Karras et al. 2018, arXiv:1710.10196, appendix A.1.
    """
    return ops.mean(ops.square(scores_of(discriminator, real)))


def scores_of(discriminator, images):
    """Scores in float32; what the discriminator assigns is dropped."""
    with RecordingScope():
        return ops.cast(discriminator(images, training=True), "float32")


PENALTIES = {
    function.__name__: function
    for function in (
        gradient_penalty,
        r1,
        r2,
        one_sided_gradient_penalty,
        zero_centered_gradient_penalty,
        dragan,
        drift,
    )
}


def get_penalty(identifier):
    """The penalty of that name, that of its function; `None` and functions pass.

    Args:
        identifier: One of "gradient_penalty", "r1", "r2", "one_sided_gradient_penalty",
            "zero_centered_gradient_penalty", "dragan" and "drift"; `None`; or a function
            `(discriminator, real, fake, seed) -> scalar`.

    Raises:
        ValueError: An unknown name.
    """
    if identifier is None or callable(identifier):
        return identifier
    if not isinstance(identifier, str) or identifier not in PENALTIES:
        raise ValueError(f"Unknown penalty {identifier!r}; known are {', '.join(PENALTIES)}.")
    return PENALTIES[identifier]


def penalty_identifier(penalty):
    """The name of a penalty of this module; other functions in serialized form, also of a list."""
    if penalty is None or isinstance(penalty, str):
        return penalty
    if isinstance(penalty, (list, tuple)):
        return [penalty_identifier(one) for one in penalty]
    if penalty in PENALTIES.values():
        return penalty.__name__
    return keras.saving.serialize_keras_object(penalty)
