"""The picture of what a generator makes of a plane of latents."""

from statistics import NormalDist

import numpy as np

from keras_gans.latents import Normal

__all__ = ["manifold"]


def manifold(model, side=20, **conditions):
    """A picture of the two-dimensional latents of a model, equally likely steps apart.

    Args:
        model: A `LatentModel` with `latent_dim=2`.
        side: Integer >= 2, samples in a row and in a column.
        **conditions: What the generator reads beside latents, one value for all.

    Returns:
        uint8 array `(height, width, channels)`, as the kind of samples makes it: to the right grows
        the first number of the latents, downwards the second, from the first to the last of `side`
        quantiles of N(0, 1), half a step from its ends.

    Raises:
        ValueError: A model with other latents, or a side below 2.

    Example:

    ```python
    model = keras_gans.presets.variational_autoencoder((28, 28, 1), latent_dim=2)
    model.fit(images, batch_size=100, epochs=20)
    picture = manifold(model)
    ```

    References:
        Kingma and Welling 2014, arXiv:1312.6114, figure 4.
    """
    if [*model.latents.values()] != [Normal(2)]:
        raise ValueError(
            "The manifold is shown of latents of two numbers, N(0, 1); those of "
            f"{model.name} are {model.latents}. Train it with latent_dim=2."
        )
    if side < 2:
        raise ValueError(f"side is a number of samples, 2 or more; it was {side!r}.")
    quantiles = [NormalDist().inv_cdf((i + 0.5) / side) for i in range(side)]
    below, right = np.meshgrid(quantiles, quantiles, indexing="ij")
    latents = np.stack([right, below], axis=-1).reshape(-1, 2)
    return model.samples.picture(model.generate(latents=latents, **conditions), side)
