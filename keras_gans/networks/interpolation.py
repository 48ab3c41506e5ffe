"""Network interpolation: between two networks of one architecture."""

import keras


def interpolate(first, second, alpha):
    """A network whose weights lie between those of two others.

    Between a generator that was trained for PSNR and what SRGAN made of it, `alpha` trades
    smoothness for detail without training again.

    Args:
        first: Functional or sequential `keras.Model`.
        second: Another one of the same architecture, best trained from the weights of `first`.
        alpha: Float: 0 gives `first`, 1 gives `second`.

    Returns:
        A new `keras.Model` with the weights `(1 - alpha) * first + alpha * second`.

    Raises:
        ValueError: Networks whose weights have different shapes.

    Example:

    ```python
    generator = keras_gans.networks.interpolate(first_stage, model.generator, alpha=0.8)
    ```

    References:
        Wang et al. 2018, arXiv:1809.00219, section 3.4.
    """
    pairs = list(zip(first.get_weights(), second.get_weights(), strict=False))
    if len(first.weights) != len(second.weights) or any(a.shape != b.shape for a, b in pairs):
        raise ValueError(
            f"{first.name} and {second.name} have weights of different shapes: only networks of "
            "one architecture can be interpolated."
        )
    network = keras.models.clone_model(first)
    network.set_weights([(1.0 - alpha) * a + alpha * b for a, b in pairs])
    return network
