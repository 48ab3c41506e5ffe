"""The networks of InfoGAN for MNIST.

Chen et al. 2016, arXiv:1606.03657, table 1, as the authors' program builds them. At 28x28x1, for 62
numbers of noise, ten categories and two continuous codes, the generator has 6,652,481 trainable
parameters, and the discriminator with the head of Q 6,692,173; that is 6,558,144 of the body that
they share, 1,025 of the score and 133,004 of Q. The authors' have 258 more, which are the standard
deviations of the two continuous codes: computed there, and not used.
"""

import math

import keras
from keras import layers, ops

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.networks.blocks import batch_norm, normal
from keras_gans.networks.dcgan import raw


def infogan_generator(image_shape, latents, width=64):
    """Build the generator of InfoGAN.

    Args:
        image_shape: Tuple `(height, width, channels)`, sides multiples of 4: 28, or 32.
        latents: Dict of sources of `keras_gans.latents` by name, codes among them.
        width: Integer, channels of the layer before the last.

    Returns:
        `keras.Model` from latents by those names to float32 images in [0, 1]. Ids go in as one-hot
        codes.

    Raises:
        ValueError: Sides that cannot be halved twice.

    Example:

    ```python
    latents = {"noise": Uniform(62), "category": Categorical(10), "style": Uniform(2)}
    generator = infogan_generator((28, 28, 1), latents)
    ```
    """
    height, breadth, channels = quarters(image_shape)
    inputs = [
        keras.Input(source.shape, dtype=source.spec.dtype, name=name)
        for name, source in latents.items()
    ]
    vectors = [numbers_of(x, source) for x, source in zip(inputs, latents.values(), strict=True)]
    x = layers.Concatenate()(vectors) if len(vectors) > 1 else vectors[0]
    for units in (16 * width, height * breadth * 2 * width):
        x = layers.ReLU()(batch_norm()(dense(units)(x)))
    x = layers.Reshape((height, breadth, 2 * width))(x)
    x = layers.Conv2DTranspose(width, 4, **halving())(x)
    x = layers.ReLU()(batch_norm()(x))
    x = layers.Conv2DTranspose(channels, 4, **halving())(x)
    x = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], x, name="infogan_generator")


def infogan_discriminator(image_shape, codes, width=64):
    """Build the discriminator of InfoGAN, with the head of Q on its body.

    Args:
        image_shape: As for `infogan_generator`.
        codes: Dict of the sources that it recognizes, by name.
        width: Integer, channels of the first layer.

    Returns:
        `keras.Model` from images in [0, 1] to a dict of float32 tensors: raw "scores" `(n, 1)`, and
        for each code logits or means, `(n, *predicted_shape)` of its source.

    Raises:
        ValueError: Sides that cannot be halved twice.
    """
    quarters(image_shape)
    images = keras.Input(image_shape, name="images")
    x = leaky(layers.Conv2D(width, 4, **halving())(images))
    x = leaky(batch_norm()(layers.Conv2D(2 * width, 4, **halving())(x)))
    body = leaky(batch_norm()(dense(16 * width)(layers.Flatten()(x))))
    q = leaky(batch_norm()(dense(2 * width)(body)))
    predictions = {
        name: layers.Reshape(source.predicted_shape, dtype="float32")(
            dense(math.prod(source.predicted_shape))(q)
        )
        for name, source in codes.items()
    }
    outputs = {"scores": raw(dense(1)(body)), **predictions}
    return keras.Model(images, outputs, name="infogan_discriminator")


def numbers_of(latents, source):
    """Latents as vectors of numbers, ids one-hot."""
    if "int" in source.spec.dtype:
        return layers.Flatten()(ops.one_hot(latents, source.classes))
    return latents


def dense(units):
    return layers.Dense(units, kernel_initializer=normal())


def halving():
    """Arguments of a convolution that halves the sides, or of a transposed one that doubles."""
    return {"strides": 2, "padding": "same", "kernel_initializer": normal()}


def leaky(x):
    return layers.LeakyReLU(0.01)(x)


def quarters(image_shape):
    """Height and width of the coarsest maps, and the channels of images."""
    height, width, channels = checked_shape(image_shape)
    if height % 4 or width % 4:
        raise ValueError(
            "InfoGAN's networks halve images twice, so that sides are multiples of 4; image_shape "
            f"is {tuple(image_shape)}. Resize the images, for instance to 28 or 32."
        )
    return height // 4, width // 4, channels
