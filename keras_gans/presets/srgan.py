"""SRGAN and ESRGAN: Ledig et al. 2017, arXiv:1609.04802; Wang et al. 2018, arXiv:1809.00219."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.models import SRGAN
from keras_gans.networks import (
    rrdb_generator,
    srgan_discriminator,
    srresnet,
    vgg19_features,
)


@seeded
def srgan(scale=4, patch_size=96, generator=None, features="vgg19", width=64, seed=None):
    """A compiled SRGAN with the paper's numbers.

    The features of VGG19 after the ReLU of its last convolution, times 1 / 12.75, by their mean
    squared difference; 1e-3 times the non-saturating loss; Adam with learning rate 1e-4 and epsilon
    1e-8. The paper trains with a batch size of 16, for 1e5 steps with that rate and for 1e5 with a
    tenth of it.

    Args:
        scale: Integer, 2, 3, 4 or 8.
        patch_size: Integer, side of the large patches; divisible by 16.
        generator: The generator of the first stage, trained by the mean squared error:
            `srresnet(scale)` after `compile` and `fit`. `None` for an untrained one.
        features: "vgg19", whose weights are downloaded; or a `keras.Model` from images in [-1, 1]
            to features, as `vgg19_features(weights=...)` makes one from a file.
        width: Integer, channels of the networks' first layers.
        seed: Integer >= 0 for the initial weights, or `None` to draw them from Keras's streams
            (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.SRGAN`.

    Raises:
        OSError: The weights of VGG19 are not there and cannot be downloaded.

    Example:

    ```python
    dataset = keras_gans.data.super_resolution("photos/", scale=4, patch_size=96)
    generator = keras_gans.networks.srresnet(scale=4)
    generator.compile(keras.optimizers.Adam(1e-4), loss="mean_squared_error")
    generator.fit(dataset.as_floats(), epochs=100)
    model = keras_gans.presets.srgan(generator=generator)
    model.fit(dataset, epochs=20)
    ```
    """
    model = SRGAN(
        srresnet(scale, width=width) if generator is None else generator,
        srgan_discriminator((patch_size, patch_size, 3), width),
        vgg19_features() if features == "vgg19" else features,
        loss="non_saturating",
        adversarial_weight=1e-3,
        distance="l2",
        seed=seed,
        name="srgan",
    )
    compile_with_adam(model, beta_2=0.999)
    return model


@seeded
def esrgan(scale=4, patch_size=128, generator=None, features="vgg19", width=64, seed=None):
    """A compiled ESRGAN, arXiv:1809.00219, with the numbers of the authors' code.

    Residual-in-residual dense blocks; features of VGG19 before the ReLU, by their mean absolute
    difference; Adam with learning rate 1e-4, beta_2 0.99 and epsilon 1e-8. The authors halve the
    rate after 50, 100, 200 and 300 thousand of 400 thousand steps of batch size 16.

    Their 5e-3 weighs half the sum of the relativistic terms, and their 1e-2 the differences of
    pixels in [0, 1]: 2.5e-3 times the sum, and 5e-3 times the differences in [-1, 1], are the same.
    Their features are of torchvision's weights. Those of Keras were trained on another range
    (Caffe's), and weigh otherwise: compare `feature` with `pixel` and `adversarial` in the log, and
    pass `vgg19_features(activation=False, scale=...)` to choose the balance.

    Args:
        scale: As in `srgan`.
        patch_size: As in `srgan`.
        generator: As in `srgan`; the authors train the first stage by the mean absolute error.
        features: As in `srgan`; before the ReLU that is
            `vgg19_features(activation=False, scale=1.0, weights=...)`.
        width: As in `srgan`.
        seed: As in `srgan`.

    Returns:
        A compiled `keras_gans.models.SRGAN`.

    Raises:
        OSError: The weights of VGG19 are not there and cannot be downloaded.

    Example:

    ```python
    model = keras_gans.presets.esrgan(scale=4)
    model.fit(keras_gans.data.super_resolution("photos/", patch_size=128), epochs=20)
    ```
    """
    if features == "vgg19":
        features = vgg19_features(activation=False, scale=1.0)
    model = SRGAN(
        rrdb_generator(scale, width=width) if generator is None else generator,
        srgan_discriminator((patch_size, patch_size, 3), width),
        features,
        loss="relativistic_average",
        pixel_weight=5e-3,
        adversarial_weight=2.5e-3,
        distance="l1",
        seed=seed,
        name="esrgan",
    )
    compile_with_adam(model, beta_2=0.99)
    return model


def compile_with_adam(model, beta_2):
    optimizers = (
        keras.optimizers.Adam(1e-4, beta_1=0.9, beta_2=beta_2, epsilon=1e-8) for _ in model.players
    )
    model.compile(*optimizers)
