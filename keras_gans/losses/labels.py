"""Labels of a discriminator that are wrong now and then."""

import keras
from keras import ops


def flip_labels(real, fake, probability, seed):
    """Take a random share of images for the other kind, in the eyes of any loss.

    The scores of a real and of a generated image are swapped: a loss of the discriminator then
    sees "generated" where it was real and the other way round.

    Args:
        real: Scores of real images, float tensor `(n, ...)`.
        fake: Scores of generated images, of the same shape.
        probability: Float in [0, 1] or a scalar tensor: the share of pairs that are swapped.
        seed: Integer or `keras.random.SeedGenerator`; under JAX's jit it must be a generator.

    Returns:
        `(real, fake)`, for a loss of the discriminator.

    Example:

    ```python
    loss = losses.hinge_discriminator(*losses.flip_labels(real, fake, 0.05, seed=0))
    ```

    References:
        Chintala et al. 2016, "How to train a GAN?", item 6.
    """
    shape = (ops.shape(real)[0], *[1] * (len(real.shape) - 1))
    flipped = keras.random.uniform(shape, seed=seed) < probability
    return ops.where(flipped, fake, real), ops.where(flipped, real, fake)
