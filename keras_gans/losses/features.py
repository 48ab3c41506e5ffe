"""Feature matching: the generator's loss is a distance of the discriminator's mean features."""

from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.losses.adversarial import float32


def feature_matching(fake, real):
    """|E[f(x)] - E[f(G(z))]|^2, a mean over the activations f, as in the authors' programs.

    The discriminator's features of real images are constants to the generator. The expectations
    are over the images of the whole batch.

    Args:
        fake: Features of generated images, float tensor `(n, ...)`.
        real: Features of real images, float tensor `(m, ...)`.

    Returns:
        float32 scalar.

    References:
        Salimans et al. 2016, arXiv:1606.03498, section 3.1, where it is a sum over activations.
    """
    return ops.mean(ops.square(mean_difference(fake, real)))


def absolute_feature_matching(fake, real):
    """|E[f(x)] - E[f(G(z))]|, a mean over activations: that of the authors' colour images.

    Args:
        fake: Features of generated images, float tensor `(n, ...)`.
        real: Features of real images, float tensor `(m, ...)`.

    Returns:
        float32 scalar.

    References:
        The programs of Salimans et al. 2016, arXiv:1606.03498, for CIFAR-10 and SVHN.
    """
    return ops.mean(ops.abs(mean_difference(fake, real)))


def mean_difference(fake, real):
    return ops.stop_gradient(batch_mean(float32(real))) - batch_mean(float32(fake))


def batch_mean(features):
    """The mean over the images of the whole batch, all replicas' shares of it together."""
    number = ops.cast(ops.shape(features)[0], "float32")
    return backend.replica_sum(ops.sum(features, axis=0)) / backend.replica_sum(number)
