"""Adversarial losses: pure functions of raw scores.

`real` and `fake` are the scores D(x) and D(G(z)) of any shape, before any sigmoid; every loss is
a mean over all their elements. A discriminator's loss is the sum of its real and its fake half.
Under replicas it is the mean over a replica's share, and the engine averages the shares; a mean
that enters a loss is that of the whole batch.
With s the sigmoid, log s(x) = -softplus(-x) and log(1 - s(x)) = -softplus(x).
Computed in float32 whatever the scores are: float16 has no square of 256.
"""

from keras import ops

from keras_gans.engine.backend import backend


def float32(scores):
    return ops.cast(scores, "float32")


def targets(label_smoothing):
    """What a discriminator wants of scores of real and of generated images: 1 and 0, smoothed."""
    pair = isinstance(label_smoothing, (tuple, list))
    on_real, on_fake = label_smoothing if pair else (label_smoothing, 0.0)
    return 1.0 - on_real, on_fake


def cross_entropy(scores, target):
    """-target log s(scores) - (1 - target) log(1 - s(scores))."""
    return ops.mean(target * ops.softplus(-scores) + (1.0 - target) * ops.softplus(scores))


def minimax_discriminator(real, fake, label_smoothing=0.0):
    """-E[log s(real)] - E[log(1 - s(fake))].

    Args:
        real: Scores of real images, float tensor of any shape.
        fake: Scores of generated images, float tensor of any shape.
        label_smoothing: Float in [0, 1): the target of reals is `1 - label_smoothing`
            (one-sided; Salimans et al. 2016, arXiv:1606.03498, section 3.4). Or a pair of them
            `(a, b)`: the target of reals is 1 - a, that of generated images b (two-sided).

    Returns:
        Scalar.

    References:
        Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """
    real, fake = float32(real), float32(fake)
    of_real, of_fake = targets(label_smoothing)
    return cross_entropy(real, of_real) + cross_entropy(fake, of_fake)


def minimax_generator(fake, real=None):
    """E[log(1 - s(fake))], which saturates while the discriminator wins.

    References:
        Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """
    fake = float32(fake)
    return -ops.mean(ops.softplus(fake))


def non_saturating_discriminator(real, fake, label_smoothing=0.0):
    """-E[log s(real)] - E[log(1 - s(fake))], as `minimax_discriminator`."""
    return minimax_discriminator(real, fake, label_smoothing)


def non_saturating_generator(fake, real=None):
    """-E[log s(fake)].

    References:
        Goodfellow et al. 2014, arXiv:1406.2661, section 3, below equation 1.
    """
    fake = float32(fake)
    return ops.mean(ops.softplus(-fake))


def least_squares_discriminator(real, fake, label_smoothing=0.0):
    """1/2 E[(real - 1)^2] + 1/2 E[fake^2].

    References:
        Mao et al. 2017, arXiv:1611.04076, equation 9 (a = 0, b = c = 1).
    """
    real, fake = float32(real), float32(fake)
    of_real, of_fake = targets(label_smoothing)
    on_real, on_fake = ops.square(real - of_real), ops.square(fake - of_fake)
    return 0.5 * ops.mean(on_real) + 0.5 * ops.mean(on_fake)


def least_squares_generator(fake, real=None):
    """1/2 E[(fake - 1)^2].

    References:
        Mao et al. 2017, arXiv:1611.04076, equation 9.
    """
    fake = float32(fake)
    return 0.5 * ops.mean(ops.square(fake - 1.0))


def hinge_discriminator(real, fake):
    """E[max(0, 1 - real)] + E[max(0, 1 + fake)].

    References:
        Lim and Ye 2017, arXiv:1705.02894; Miyato et al. 2018, arXiv:1802.05957, equation 16.
    """
    real, fake = float32(real), float32(fake)
    return ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 + fake))


def hinge_generator(fake, real=None):
    """-E[fake].

    References:
        Miyato et al. 2018, arXiv:1802.05957, equation 17.
    """
    fake = float32(fake)
    return -ops.mean(fake)


def wasserstein_discriminator(real, fake):
    """E[fake] - E[real]: the critic's; it needs a Lipschitz constraint, such as a penalty.

    References:
        Arjovsky et al. 2017, arXiv:1701.07875, equation 2.
    """
    real, fake = float32(real), float32(fake)
    return ops.mean(fake) - ops.mean(real)


def wasserstein_generator(fake, real=None):
    """-E[fake].

    References:
        Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1.
    """
    fake = float32(fake)
    return -ops.mean(fake)


def relativistic_discriminator(real, fake):
    """-E[log s(real - fake)] over pairs of a real and a generated image.

    References:
        Jolicoeur-Martineau 2018, arXiv:1807.00734, equation 3.
    """
    real, fake = float32(real), float32(fake)
    return ops.mean(ops.softplus(fake - real))


def relativistic_generator(fake, real):
    """-E[log s(fake - real)] over pairs of a real and a generated image.

    References:
        Jolicoeur-Martineau 2018, arXiv:1807.00734, equation 4.
    """
    real, fake = float32(real), float32(fake)
    return ops.mean(ops.softplus(real - fake))


def relativistic_average_discriminator(real, fake):
    """-E[log s(real - E[fake])] - E[log(1 - s(fake - E[real]))].

    References:
        Jolicoeur-Martineau 2018, arXiv:1807.00734, section 4.2 (RaSGAN).
    """
    real, fake = float32(real), float32(fake)
    real_mean, fake_mean = backend.replica_mean(real), backend.replica_mean(fake)
    return ops.mean(ops.softplus(fake_mean - real)) + ops.mean(ops.softplus(fake - real_mean))


def relativistic_average_generator(fake, real):
    """-E[log s(fake - E[real])] - E[log(1 - s(real - E[fake]))].

    References:
        Jolicoeur-Martineau 2018, arXiv:1807.00734, section 4.2 (RaSGAN).
    """
    real, fake = float32(real), float32(fake)
    real_mean, fake_mean = backend.replica_mean(real), backend.replica_mean(fake)
    return ops.mean(ops.softplus(real_mean - fake)) + ops.mean(ops.softplus(real - fake_mean))
