"""Adversarial losses of f-divergences: Nowozin et al. 2016, arXiv:1606.00709.

A discriminator of raw scores v bounds the divergence of the data from the generator by

    F = E[g_f(v(x))] - E[f*(g_f(v(G(z))))]    (equation 7)

with the output activation g_f and the conjugate f* of table 2, written as one expression
each. It maximizes F. The generator's half of F is -E[f*(g_f(v))]; where the discriminator wins, its
gradient vanishes (that of the reverse KL is constant, Pearson's changes its sign). So the generator
maximizes E[g_f(v)] in its place, section 3.2. The GAN of the tables is the loss "non_saturating"
so, and "minimax" by the equation.

Where a divergence has an exponential, that is continued by its tangent from e^10 on, which float16
has, too, so that values and gradients stay finite; up to there it is the paper's. Scores are
treated as in `adversarial`.
"""

import math

from keras import ops

from keras_gans.losses.adversarial import float32

LINEAR_FROM = 10.0


def exp(x):
    """e^x, continued by its tangent."""
    return ops.exp(ops.minimum(x, LINEAR_FROM)) * (1.0 + ops.relu(x - LINEAR_FROM))


def kl_discriminator(real, fake):
    """E[exp(fake - 1)] - E[real]: g_f(v) = v, f*(t) = exp(t - 1).

    Args:
        real: Scores of real images, float tensor of any shape.
        fake: Scores of generated images, float tensor of any shape.

    Returns:
        float32 scalar, minus the bound of KL(data || generator).

    References:
        Nowozin et al. 2016, arXiv:1606.00709, equation 7 and table 2.
    """
    return ops.mean(exp(float32(fake) - 1.0)) - ops.mean(float32(real))


def kl_generator(fake, real=None):
    """-E[fake].

    References:
        Nowozin et al. 2016, arXiv:1606.00709, section 3.2.
    """
    return -ops.mean(float32(fake))


def reverse_kl_discriminator(real, fake):
    """E[exp(-real)] + E[fake - 1]: g_f(v) = -exp(-v), f*(t) = -1 - log(-t).

    References:
        Nowozin et al. 2016, arXiv:1606.00709, equation 7 and table 2.
    """
    return ops.mean(exp(-float32(real))) + ops.mean(float32(fake)) - 1.0


def reverse_kl_generator(fake, real=None):
    """E[exp(-fake)].

    References:
        Nowozin et al. 2016, arXiv:1606.00709, section 3.2.
    """
    return ops.mean(exp(-float32(fake)))


def pearson_discriminator(real, fake):
    """E[fake^2 / 4 + fake] - E[real]: g_f(v) = v, f*(t) = t^2 / 4 + t.

    References:
        Nowozin et al. 2016, arXiv:1606.00709, equation 7 and table 2.
    """
    fake = float32(fake)
    return ops.mean(0.25 * ops.square(fake) + fake) - ops.mean(float32(real))


def pearson_generator(fake, real=None):
    """-E[fake].

    References:
        Nowozin et al. 2016, arXiv:1606.00709, section 3.2.
    """
    return -ops.mean(float32(fake))


def squared_hellinger_discriminator(real, fake):
    """E[exp(-real)] + E[exp(fake)] - 2: g_f(v) = 1 - exp(-v), f*(t) = t / (1 - t).

    References:
        Nowozin et al. 2016, arXiv:1606.00709, equation 7 and table 2.
    """
    return ops.mean(exp(-float32(real))) + ops.mean(exp(float32(fake))) - 2.0


def squared_hellinger_generator(fake, real=None):
    """E[exp(-fake)] - 1.

    References:
        Nowozin et al. 2016, arXiv:1606.00709, section 3.2.
    """
    return ops.mean(exp(-float32(fake))) - 1.0


def jensen_shannon_discriminator(real, fake):
    """-E[log s(real)] - E[log(1 - s(fake))] - log 4, s the sigmoid.

    That is g_f(v) = log 2 - log(1 + exp(-v)) and f*(t) = -log(2 - exp(t)).

    References:
        Nowozin et al. 2016, arXiv:1606.00709, equation 7 and table 2.
    """
    on_real, on_fake = ops.softplus(-float32(real)), ops.softplus(float32(fake))
    return ops.mean(on_real) + ops.mean(on_fake) - math.log(4)


def jensen_shannon_generator(fake, real=None):
    """-E[log s(fake)] - log 2, s the sigmoid.

    References:
        Nowozin et al. 2016, arXiv:1606.00709, section 3.2.
    """
    return ops.mean(ops.softplus(-float32(fake))) - math.log(2)
