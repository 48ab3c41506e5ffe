"""R3GAN: Huang et al. 2024, arXiv:2501.05441."""

import dataclasses

from keras_gans.engine.seeds import seeded
from keras_gans.layers import AdaptiveAugment
from keras_gans.losses import Penalty
from keras_gans.models import GAN
from keras_gans.networks import r3gan_discriminator, r3gan_generator
from keras_gans.optimizers import ScheduledAdam
from keras_gans.schedules import Cosine, HalfLife


@dataclasses.dataclass(frozen=True)
class Recipe:
    """The numbers of the paper that differ from one data set to another."""

    gamma: float  # Weight of both penalties in the beginning; a tenth of it in the end.
    half_life: float  # Of the averaged generator in the end, in images.
    augment: float  # Probability of each transformation in the end.
    burn_in: float  # Images in which all numbers move.
    batch_size: int
    width: int | None = None  # Of all resolutions; `None` for the networks' own.
    group_width: int = 16


RECIPES = {
    "stacked_mnist": Recipe(1.0, 0.5e6, 0.0, 2e6, 512),
    "cifar10": Recipe(0.05, 5e6, 0.55, 20e6, 512),
    "ffhq256": Recipe(150.0, 0.5e6, 0.3, 20e6, 256),
    "ffhq64": Recipe(2.0, 0.5e6, 0.3, 20e6, 256),
    "imagenet32": Recipe(0.5, 50e6, 0.5, 200e6, 4096, width=1536, group_width=32),
    "imagenet64": Recipe(1.0, 50e6, 0.4, 200e6, 4096, width=1536, group_width=32),
}


@seeded
def r3gan(
    image_shape,
    recipe="cifar10",
    labels=None,
    latent_dim=64,
    widths=None,
    group_width=None,
    blocks=2,
    burn_in=None,
    batch_size=None,
    seed=None,
):
    """A compiled R3GAN with the numbers of the paper for one of its data sets.

    Relativistic losses, R1 and R2 with one weight gamma, Adam without a first moment, an averaged
    generator. In the first images of a run, its burn-in, these go from one value to another along
    half a cosine:

        the learning rate of both players, from 2e-4 to 5e-5
        beta_2 of both, from 0.9 to 0.99
        gamma, from that of the recipe to a tenth
        the half-life of the average, from 0 images to that of the recipe
        the probability of each transformation of what the discriminator sees, from 0 to that of
            the recipe, which for Stacked MNIST has none

    The authors train ten to a thousand million images. Beside what
    `keras_gans.layers.AdaptiveAugment` does to images they cut pieces out, and they change colours
    with half of the probability.

    It is for accelerators: on two processor cores a step of narrow networks takes seconds, and the
    first one, which compiles, up to a minute.

    Args:
        image_shape: Tuple `(side, side, channels)`; the side is a power of two from 4 on.
        recipe: Name of the data set whose numbers are taken: "stacked_mnist", "cifar10", "ffhq64",
            "ffhq256", "imagenet32" or "imagenet64". Gamma should grow with the images' size and
            with how few there are.
        labels: Integer >= 1, the number of classes, or `None` for networks without labels.
        latent_dim: Integer.
        widths: Integers, channels of each resolution from 4x4 pixels on, in place of the recipe's.
        group_width: Integer, channels of a group of the 3x3 convolutions, likewise.
        blocks: Integer, residual blocks of each resolution.
        burn_in: Integer >= 1, images in which numbers move, likewise.
        batch_size: Integer >= 1, that of `fit`, likewise: optimizers count steps, not images.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.GAN`.

    Raises:
        ValueError: An unknown recipe, or a shape or widths that the networks cannot build.

    Example, narrow and short enough to end on a processor:

    ```python
    model = keras_gans.presets.r3gan(
        (32, 32, 1), "stacked_mnist", widths=[16] * 4, burn_in=4_000, batch_size=16
    )
    model.fit(images[:2000], batch_size=16, epochs=2)  # uint8 (n, 32, 32, 1)
    ```
    """
    if recipe not in RECIPES:
        raise ValueError(f"The recipes of R3GAN are {', '.join(RECIPES)}; it was {recipe!r}.")
    numbers = RECIPES[recipe]
    burn_in, batch_size = burn_in or numbers.burn_in, batch_size or numbers.batch_size
    group_width = group_width or numbers.group_width
    if widths is None and numbers.width is not None:
        widths = [numbers.width] * (image_shape[0].bit_length() - 2)
    gamma = Cosine(numbers.gamma, numbers.gamma / 10, images=burn_in)
    model = GAN(
        r3gan_generator(image_shape, labels, latent_dim, widths, group_width, blocks),
        r3gan_discriminator(image_shape, labels, widths, group_width, blocks),
        latent_dim,
        loss="relativistic",
        penalty=[Penalty("r1", gamma), Penalty("r2", gamma)],
        augment=AdaptiveAugment(Cosine(0.0, numbers.augment, images=burn_in))
        if numbers.augment
        else None,
        ema_decay=HalfLife(Cosine(0.0, numbers.half_life, images=burn_in)),
        seed=seed,
        name="r3gan",
    )
    steps = burn_in / batch_size

    def adam():
        rate, beta_2 = Cosine(2e-4, 5e-5, steps=steps), Cosine(0.9, 0.99, steps=steps)
        return ScheduledAdam(rate, beta_1=0.0, beta_2=beta_2, epsilon=1e-8)

    model.compile(adam(), adam())
    return model
