"""Path length regularization: a step of a latent changes images equally much, wherever it is."""

from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.losses.adversarial import float32


def path_length(gradient, mean, decay=0.01):
    """E[(|J^T y| - a)^2], with a the running mean of the lengths |J^T y|.

    As in the authors' code, a is moved before it is compared with, and the length of a latent of
    several layers is the root of a mean over layers. Under replicas a is that of all of them.

    Args:
        gradient: J^T y = d sum(G(w) y) / d w for noise y ~ N(0, 1) / sqrt(pixels of an image),
            float tensor `(n, w_dim)` or `(n, layers, w_dim)`.
        mean: Scalar tensor or variable, a; 0 at first.
        decay: Float, the share by which a moves.

    Returns:
        `(penalty, new mean)`, float32 scalars. The weight of the penalty, 2 in the paper's
        code, is not inside.

    References:
        Karras et al. 2020, arXiv:1912.04958, equation 4.
    """
    squares = ops.sum(ops.square(float32(gradient)), axis=-1)
    squares = ops.mean(ops.reshape(squares, (ops.shape(squares)[0], -1)), axis=1)
    lengths = ops.sqrt(squares + 1e-12)  # The root has no gradient at zero.
    mean = float32(mean)
    new_mean = mean + decay * (backend.replica_mean(lengths) - mean)
    return ops.mean(ops.square(lengths - new_mean)), ops.stop_gradient(new_mean)
