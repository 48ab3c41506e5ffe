"""TranslationModel: an adversarial model that turns images into images."""

import types

import numpy as np
from keras import ops

from keras_gans.data import PairedDataset, check_images, first_batch, to_float, to_uint8
from keras_gans.engine.adversarial_model import AdversarialModel
from keras_gans.engine.backend import backend
from keras_gans.engine.translator import Translator


class TranslationModel(AdversarialModel):
    """What every model that translates images from one domain to another has in common.

    A subclass names its `generators`. Training takes batches of two images, `(a, b)`.

    Args:
        noise_at_inference: Bool, see `Translator`.
        seed: See `AdversarialModel`.
        name: Name of the model.
    """

    dataset_class = PairedDataset  # What `fit(a, b)` makes of two arrays.

    def __init__(self, *, noise_at_inference=False, seed=None, name=None):
        super().__init__(seed=seed, name=name)
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

    def check_first_batch(self, x, y, batch_size):
        if y is None:
            first, x = first_batch(x, batch_size, whole=True)
            if first is None:
                return x
            if not isinstance(first, (tuple, list)) or len(first) < 2:
                raise ValueError(
                    f"{type(self).__name__} trains on two images at a time: fit(a, b) with two "
                    "arrays, or a data set of batches (a, b) as keras_gans.data.paired(...) and "
                    "unpaired(...) make them; there was one."
                )
        else:
            first = [first_batch(part, batch_size)[0] for part in (x, y)]
        for name, batch, shape in zip("ab", first, self.image_shapes, strict=False):
            check_images(batch, shape, name=f"images {name}")
        return x

    def in_seeded_order(self, x, y, batch_size, shuffle):
        if y is None or not isinstance(shuffle, bool):
            return x, y
        a, b = (ops.convert_to_numpy(part) for part in (x, y))
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

    def translate(self, images, direction=None, seed=0, batch_size=16):
        """Translate images.

        Args:
            images: uint8 array `(n, height, width, channels)` in [0, 255], or floats in [-1, 1];
                of any size that the generator's layers take.
            direction: One of `generators`; by default the first.
            seed: Integer, of the noise where there is `noise_at_inference`.
            batch_size: Integer, images at a time.

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
        channels = translator.generator.input_shape[-1]
        if images.ndim != 4 or images.size:
            check_images(images, (None, None, channels), name="images")
            translator.check_size(images.shape[1:])
        if not len(images):
            sides = (side * translator.scale for side in images.shape[1:3])
            return np.zeros((0, *sides, translator.generator.output_shape[-1]), "uint8")
        backend.before_inference(self)
        translator.noise_seed.assign(seed)
        # The last chunk is filled up, so that one batch size is one trace.
        padding = -len(images) % batch_size if len(images) > batch_size else 0
        padded = np.concatenate([images, np.repeat(images[:1], padding, axis=0)])
        translated = []
        for start in range(0, len(images), batch_size):
            floats = ops.convert_to_numpy(to_float(padded[start : start + batch_size]))
            # Under a strategy every replica translates the whole chunk: Keras joins the outputs.
            translated.append(to_uint8(translator.predict_on_batch(floats)[: len(floats)]))
        return np.concatenate(translated)[: len(images)]

    def export(self, filepath, format="tf_saved_model", **options):
        """Write all directions, to be run without Keras; see `keras_gans.serving.export`.

        Args:
            filepath: What to create.
            format: As there.
            **options: As there.
        """
        from keras_gans.serving import export

        return export(self, filepath, format, **options)
