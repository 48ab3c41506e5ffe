"""Translator: a generator of images from images, as inference runs it."""

import math

import keras
import numpy as np
from keras import ops

from keras_gans.data import to_float
from keras_gans.endpoints import Endpoint
from keras_gans.engine.keras_internals import layers_of
from keras_gans.engine.scope import RecordingScope
from keras_gans.samples import Images
from keras_gans.typing import Tensor


class Translator(keras.Model):
    """Runs a generator on images of any size that its layers take.

    It has no weights of its own and nothing that it runs changes any.

    Args:
        generator: Functional `keras.Model` from images to images.
        noise: Bool. Whether dropout stays on and batch normalization takes the statistics of each
            image by itself, as in training at batch size 1.
        scale: Integer, how many times as large as images their translations are, where known.
    """

    def __init__(self, generator: keras.Model, noise: bool = False, scale: int | None = None):
        super().__init__(name=f"{generator.name}_translator")
        self.scale = scale_of(generator) if scale is None else scale
        self.generator = open_sides(generator)
        self.noise = noise
        self._sides_taken = {}
        self.noise_seed = self.add_weight(
            shape=(), dtype="int32", initializer="zeros", trainable=False, name="noise_seed"
        )
        self.built = True

    def call(self, images, training=False):
        return self.translate(to_float(images), self.noise_seed.value)

    def translate(self, images: Tensor, seed: int) -> np.ndarray:
        """Floats in [-1, 1] for floats in [-1, 1]; `seed` is a scalar integer tensor."""
        if not self.noise:
            return self.generator(images, training=False)

        def translate_one(image):
            with RecordingScope(self._seeded(seed)):
                return self.generator(image[None], training=True)[0]

        return ops.map(translate_one, images)

    def endpoint(self, method, sides):
        """What it offers those outside: an `Endpoint` from images to images.

        Args:
            method: See `Endpoint`.
            sides: Likewise.
        """

        remedy = self.remedy()

        def translate(images, seed=0):
            return {"images": self.translate(images, seed)}

        def keeps_sides(inputs, outputs):
            # Layers that halve the sides round up: nobody shall get a larger image than was sent.
            before, after = (ops.shape(images["images"])[1:3] for images in (inputs, outputs))
            return ops.all(ops.equal(ops.stack(after), ops.stack(before) * self.scale))

        return Endpoint(
            translate,
            {"images": Images().spec(self.generator.input_shape[1:])},
            {"images": Images().spec(self.generator.output_shape[1:])},
            networks=[self.generator],
            method=method,
            samples=Images(),
            sides=sides,
            check=(keeps_sides, "The generator cannot translate images of this size: " + remedy),
        )

    def _seeded(self, seed):
        """What the random states of all layers read as: each layer draws from its own."""
        states = [
            layer.seed_generator.state
            for layer in layers_of(self.generator)
            if getattr(layer, "seed_generator", None) is not None
        ]
        return [
            (state, ops.cast(ops.stack([seed * len(states) + i, 0]), state.dtype))
            for i, state in enumerate(states)
        ]

    def sides_taken(self, image_shape):
        """The least `(height, width)` that the generator takes images of that shape in.

        Args:
            image_shape: `(height, width, channels)`.

        Returns:
            Their own sides, or multiples of `factor`.

        Raises:
            ValueError: The generator takes neither.
        """
        height, width, channels = image_shape
        if image_shape not in self._sides_taken:
            multiples = tuple(-(-side // self.factor) * self.factor for side in (height, width))
            taken = [s for s in ((height, width), multiples) if self._takes((*s, channels))]
            if not taken:
                raise ValueError(
                    f"{self.generator.name} cannot translate images of shape {image_shape}: "
                    f"{self.remedy()}"
                )
            self._sides_taken[image_shape] = taken[0]
        return self._sides_taken[image_shape]

    def _takes(self, image_shape):
        # Without noise it is one pass through the layers, which every backend can trace.
        plain = Translator(self.generator, scale=self.scale) if self.noise else self
        images = keras.KerasTensor((1, *image_shape), dtype="float32")
        try:
            sides = plain.compute_output_spec(images).shape[1:3]
        except Exception:  # What the layers of a backend raise has no common class.
            return False
        return sides == tuple(side * self.scale for side in image_shape[:2])

    @property
    def factor(self):
        """What the strides of the generator's layers divide the sides of images by."""
        return math.prod(
            layer.strides[0]
            for layer in layers_of(self.generator)
            if hasattr(layer, "strides") and not isinstance(layer, keras.layers.Conv2DTranspose)
        )

    def remedy(self):
        """What to do with images of a size that the generator does not take: a sentence."""
        if self.factor > 1:
            return (
                f"it divides their sides by {self.factor}. Resize or crop them to multiples of "
                f"{self.factor}."
            )
        return "its layers take the size of training only. Resize or crop them to that."


def scale_of(generator):
    """How many times as large as its images the translations of a generator are."""
    side, larger = generator.input_shape[1], generator.output_shape[1]
    if side is None:
        # Every U-Net takes 256 pixels: it halves them 8 times at most.
        side = 256
        images = keras.KerasTensor((1, side, side, generator.input_shape[-1]), dtype="float32")
        larger = generator.compute_output_spec(images).shape[1]
    return larger // side


def open_sides(network):
    """The same layers as a network that takes images of any size; itself where that is fixed."""
    _, height, width, channels = network.input_shape
    if height is None and width is None:
        return network
    try:
        opened = keras.models.clone_model(
            network,
            input_tensors=keras.Input((None, None, channels)),
            clone_function=lambda layer: layer,
        )
        larger = keras.KerasTensor((1, 2 * height, 2 * width, channels))
        made = opened.compute_output_spec(larger).shape
    except Exception:  # A layer that needs the size: what backends raise has no common class.
        return network
    # A dense layer and one that reshapes take any size, and make images of one.
    return network if made[1:3] == network.output_shape[1:3] else opened
