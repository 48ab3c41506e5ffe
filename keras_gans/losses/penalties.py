"""Gradient penalties on a discriminator: pure functions, the weight not inside.

Norms are computed in float32, whatever the precision of the networks, and can be differentiated.
What the discriminator assigns while it is differentiated (batch statistics, random states) is
dropped: a penalty looks, it does not touch.

On TensorFlow normalizations of Keras have a wrong second derivative (`tf.nn.moments` stops the
gradient of its mean). Inside `engine.input_gradient` they have the right one: take it for a penalty
of your own, too.
"""

import keras
from keras import ops

from keras_gans.engine.backend import backend


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
    real, fake = ops.cast(real, "float32"), ops.cast(fake, "float32")
    shape = (ops.shape(real)[0], *[1] * (len(real.shape) - 1))
    alpha = keras.random.uniform(shape, seed=seed)
    between = ops.stop_gradient(real + alpha * (fake - real))
    norms = ops.sqrt(squared_gradient_norms(discriminator, between) + epsilon)
    return ops.mean(ops.square(norms - target))


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


PENALTIES = {function.__name__: function for function in (gradient_penalty, r1, r2)}


def get_penalty(identifier):
    """The penalty of that name ("gradient_penalty", "r1", "r2"); `None` and functions pass.

    Args:
        identifier: String, `None`, or a function `(discriminator, real, fake, seed) -> scalar`.

    Raises:
        ValueError: An unknown name.
    """
    if identifier is None or callable(identifier):
        return identifier
    if identifier not in PENALTIES:
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
