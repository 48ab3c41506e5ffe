"""TranslationModel: an adversarial model that turns images into images."""

import dataclasses
import functools
import types
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.data import PairedDataset, check_images, first_batch, to_float, to_uint8
from keras_gans.engine.adversarial_model import AdversarialModel
from keras_gans.engine.backend import backend
from keras_gans.engine.chunks import in_chunks
from keras_gans.engine.data_order import as_numpy
from keras_gans.models.translator import Translator
from keras_gans.samples import Images
from keras_gans.specs import Spec
from keras_gans.typing import FilePath, ImageArray


class TranslationModel(AdversarialModel):
    """What every model that translates images from one domain to another has in common.

    A subclass names its `generators`. Training takes batches of two images, `(a, b)`.

    Args:
        noise_at_inference: Bool, see `Translator`.
        augment: See `AdversarialModel`.
        seed: Likewise.
        name: Name of the model.
    """

    dataset_class = PairedDataset  # What `fit(a, b)` makes of two arrays.
    samples = Images()

    def __init__(
        self,
        *,
        noise_at_inference: bool = False,
        augment: keras.layers.Layer | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(augment=augment, seed=seed, name=name)
        self.noise_at_inference = noise_at_inference
        # Kept where Keras does not look: translators have no weights of their own.
        self._translators = types.SimpleNamespace(made={})

    @property
    def generators(self):
        """Dict from each direction to its generator; the first direction is the usual one."""
        raise NotImplementedError(f"{type(self).__name__} must name its `generators`.")

    @property
    def image_shapes(self):
        """Shapes of the two images of a batch; None where a side is open."""
        generator = next(iter(self.generators.values()))
        return generator.input_shape[1:], generator.output_shape[1:]

    def pair(self, data):
        """Both images of a batch as floats; `uint8` is scaled to [-1, 1] here, on the device."""
        a, b = backend.with_a_share(tuple(data[:2]))
        return to_float(a), to_float(b)

    def names_of_images(self, name):
        return ("images a", "images b") if name == "x" else (f"{name}[0]", f"{name}[1]")

    def check_first_batch(self, x, y, batch_size, name="x"):
        if y is None:
            first, x = first_batch(x, batch_size, whole=True)
            if first is None:
                return x, None
            if not isinstance(first, (tuple, list)) or len(first) < 2:
                kind = f"a dict of {', '.join(first)}" if isinstance(first, dict) else "one"
                raise ValueError(
                    f"{type(self).__name__} trains on two images at a time: fit(a, b) with two "
                    "arrays, or a data set of batches (a, b) as keras_gans.data.paired(...) and "
                    f"unpaired(...) make them; there was {kind}. A tf.data.Dataset is given such "
                    "batches by its `.map`."
                )
        else:
            first = [first_batch(part, batch_size)[0] for part in (x, y)]
        names = self.names_of_images(name)
        for name, batch, shape in zip(names, first, self.image_shapes, strict=False):
            check_images(batch, shape, name=name)
        return x, None

    def in_seeded_order(self, x, y, batch_size, shuffle):
        if y is None or not isinstance(shuffle, bool):
            return x, y
        a, b = as_numpy(x), as_numpy(y)
        return self.dataset_class(a, b, batch_size or 32, shuffle=shuffle, seed=self.seed), None

    def translator(self, direction=None):
        """The `Translator` of a direction, by default the first.

        Raises:
            ValueError: An unknown direction.
        """
        direction = next(iter(self.generators)) if direction is None else direction
        if direction not in self.generators:
            raise ValueError(
                f"{type(self).__name__} translates {' and '.join(self.generators)}; the direction "
                f"was {direction!r}."
            )
        made = self._translators.made
        if direction not in made:
            with backend.strategy_scope(self):
                made[direction] = Translator(self.generators[direction], self.noise_at_inference)
        return made[direction]

    def call(self, images, training=False):
        """The first direction's translation, as floats in [-1, 1]; inference only."""
        return self.translator()(images)

    def translate(
        self, images: ImageArray, direction: str | None = None, seed: int = 0, batch_size: int = 16
    ) -> np.ndarray:
        """Translate images.

        Sides that the generator cannot divide are padded by reflection, on the right and below,
        and what comes of that is cut off.

        Args:
            images: uint8 array `(n, height, width, channels)` in [0, 255], or floats in [-1, 1];
                of any size where the generator is convolutional.
            direction: One of `generators`; by default the first.
            seed: Integer, of the noise where there is `noise_at_inference`.
            batch_size: Integer >= 1, images at a time.

        Returns:
            uint8 array `(n, height, width, channels)`, larger where the generator enlarges.

        Raises:
            ValueError: An unknown direction, or images that its generator does not take.

        Example:

        ```python
        translated = model.translate(images)
        ```
        """
        images = np.asarray(images)
        translator = self.translator(direction)
        if images.ndim != 4 or images.size:
            check_images(images, (None, None, translator.generator.input_shape[-1]), name="images")
        height, width = (side * translator.scale for side in images.shape[1:3])
        if not len(images):
            return np.zeros((0, height, width, translator.generator.output_shape[-1]), "uint8")
        sides = zip(images.shape[1:3], translator.sides_taken(images.shape[1:]), strict=True)
        margins = [(0, 0), *((0, taken - side) for side, taken in sides), (0, 0)]
        backend.before_inference(self)
        translator.noise_seed.assign(seed)

        def translated(chunk):
            # Under a strategy every replica translates the whole chunk: Keras joins the outputs.
            floats = translator.predict_on_batch(np.pad(chunk, margins, mode="reflect"))
            return to_uint8(floats[: len(chunk), :height, :width])

        return in_chunks(translated, images, batch_size)

    def endpoints(self, weights="averaged"):
        """What the model offers those outside: dict from names to `Endpoint`s.

        Each direction, and with `noise_at_inference` each `<direction>_from_seed`, too.

        Args:
            weights: Ignored: there are no averaged ones.
        """
        endpoints = {}
        for direction in self.generators:
            endpoint = self.translator(direction).endpoint(
                functools.partial(self.translate, direction=direction), self.image_shapes[0][:2]
            )
            endpoints[direction] = endpoint
            if self.noise_at_inference:
                inputs = {**endpoint.inputs, "seed": Spec("seed", (), "int64")}
                endpoints[f"{direction}_from_seed"] = dataclasses.replace(endpoint, inputs=inputs)
        return endpoints

    def export(self, filepath: FilePath, format: str = "tf_saved_model", **options: Any) -> Path:
        """Write all directions, to be run without Keras; see `keras_gans.serving.export`.

        Args:
            filepath: What to create.
            format: As there.
            **options: As there.
        """
        from keras_gans.serving import export

        return export(self, filepath, format, **options)
