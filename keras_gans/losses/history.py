"""Historical averaging: a player stays near the mean of what its weights have been."""

from keras import ops

from keras_gans.losses.adversarial import float32


def historical_averaging(weights, averages):
    """|theta - 1/t sum_i theta_i|^2 over all weights of a player.

    Args:
        weights: List of float tensors or variables, theta.
        averages: List of as many, the means of their past values; held constant.

    Returns:
        float32 scalar.

    References:
        Salimans et al. 2016, arXiv:1606.03498, section 3.3.
    """
    pairs = zip(weights, averages, strict=True)
    return sum(
        ops.sum(ops.square(float32(weight) - ops.stop_gradient(float32(average))))
        for weight, average in pairs
    )
