"""From images of any size, value type and colour to the features of one extractor."""

import keras
import numpy as np
from keras import ops

from keras_gans.data.streams import BATCH_BYTES, stream_images
from keras_gans.metrics.resizes import MATRICES, resize_exactly
from keras_gans.metrics.values import check_images, floats_of

# What protocols say of each.
RESIZES = {
    **{name: f"{name}, antialiased" for name in ("bilinear", "bicubic", "lanczos3", "lanczos5")},
    "legacy": "legacy: bilinear of TensorFlow 1, not antialiased",
    "clean": "clean: bicubic of Pillow, antialiased",
}
# ITU-R BT.601, the weights that most software uses to turn RGB into grey.
_LUMA = (0.299, 0.587, 0.114)


class ImageFeatures:
    """One function from images to features, for graphs and for arrays.

    It is a plain object on purpose: Keras neither tracks nor saves what hangs on it, so the
    extractor's weights belong to nobody who computes features with it.

    Args:
        extractor: keras.Model from images [n, height, width, channels] in [-1, 1] to features
            [n, d]. Where its height and width are None, images keep their size.
        resize: How images that have another size are resized: "bilinear", "bicubic", "lanczos3" or
            "lanczos5", antialiased by the backend (the last two not on PyTorch); or exactly as
            published scores did it, "legacy" or "clean": see `resizes.resize_exactly`.

    Raises:
        ValueError: Unknown `resize`.

    Example:
        >>> features = ImageFeatures(fashion_mnist_extractor())
        >>> features(np.zeros((2, 32, 32, 3), "uint8")).shape
        (2, 64)
    """

    def __init__(self, extractor, resize="bilinear"):
        if resize not in RESIZES:
            raise ValueError(f"`resize` is one of {', '.join(RESIZES)}, not {resize!r}.")
        self.extractor = extractor
        self.resize = resize
        self._compiled = {}  # By the shape of images, which exact resizes have to know.

    def __call__(self, images):
        """Features of a batch, eager or inside a compiled function.

        Args:
            images: uint8 in [0, 255] or floats in [-1, 1], [n, height, width, channels], grey (1)
                or RGB (3), or with as many channels as the extractor takes.

        Returns:
            Float tensor [n, d], cut off from gradients.

        Raises:
            TypeError: Neither uint8 nor floats.
            ValueError: Not a batch of grey or RGB images.
        """
        return _features(self.extractor, self.resize, images)

    def batches(self, images, batch_size):
        """Features of a numpy array, batch by batch, through one compiled function.

        Args:
            images: As in `__call__`, a numpy array of any length.
            batch_size: Images at a time. The last batch is filled up, so that every batch has
                one shape and is traced once.

        Yields:
            float64 arrays [b, d] with b <= batch_size.

        Raises:
            TypeError: Neither uint8 nor floats.
            ValueError: Not a batch of grey or RGB images, or floats outside [-1, 1].
        """
        check_images(images)
        batch_size = min(batch_size, max(len(images), 1))
        for start in range(0, len(images), batch_size):
            yield self._of_batch(images[start : start + batch_size], batch_size)

    def _of_batch(self, batch, size):
        missing = size - len(batch)
        filled = np.concatenate([batch, np.repeat(batch[-1:], missing, axis=0)])
        shape = filled.shape[1:]
        if shape not in self._compiled:
            self._compiled[shape] = _Compiled(self.extractor, self.resize)
        features = self._compiled[shape].predict_on_batch(filled)
        return features[: len(batch)].astype("float64")

    def stream(self, source, batch_size):
        """Features of images from anywhere, batch by batch.

        Args:
            source: A numpy array; or a folder, an archive or an iterable of batches, as
                `stream_images` takes them. Files have the size that they have, and become RGB.
            batch_size: Images at a time.

        Yields:
            float64 arrays [b, d].

        Raises:
            TypeError, ValueError: As of `batches`.
            FileNotFoundError, NotADirectoryError: As of `read_folder`.
        """
        for images in stream_images(source, batch_size):
            if isinstance(images, list):
                yield self.of_list(images, batch_size)
            else:
                yield from self.batches(images, batch_size)

    def of_list(self, images, batch_size):
        """Features of at most `batch_size` uint8 images [height, width, 3], of any sizes."""
        shape = self.extractor.input_shape[1:]
        large = images[0].nbytes * batch_size > BATCH_BYTES
        if large or len({image.shape for image in images}) > 1:
            if None in shape[:2]:
                features = [self(ops.convert_to_tensor(image[None])) for image in images]
                return np.concatenate([*map(ops.convert_to_numpy, features)]).astype("float64")
            # One by one: for each size of photographs a function would be compiled.
            images = [
                ops.convert_to_numpy(adapt(image[None], shape, self.resize))[0] for image in images
            ]
        return self._of_batch(np.stack(images), batch_size)


class _Compiled(keras.Model):
    """Lends `ImageFeatures` the compiled prediction function that every backend's model has."""

    def __init__(self, extractor, resize):
        # float32: under a global mixed policy the images must not be rounded on their way.
        super().__init__(name="image_features", dtype="float32")
        self.extractor = extractor
        self.resize = resize
        # Only JAX gains from it: XLA slows TensorFlow's convolutions down on a CPU.
        self.jit_compile = keras.backend.backend() == "jax"

    def call(self, images, training=False):
        return _features(self.extractor, self.resize, images)


def _features(extractor, resize, images):
    images = ops.stop_gradient(ops.convert_to_tensor(images))
    images = adapt(images, extractor.input_shape[1:], resize)
    return ops.stop_gradient(extractor(images, training=False))


def adapt(images, shape, resize):
    """Images as an extractor takes them: float32 in [-1, 1], [n, *shape].

    Args:
        images: uint8 in [0, 255] or floats in [-1, 1], [n, height, width, channels].
        shape: (height, width, channels), None for what may stay as it is.
        resize: One of `RESIZES`.
    """
    (images,) = floats_of(images)
    if len(images.shape) != 4:
        raise ValueError(
            f"Images are [n, height, width, channels], not of shape {tuple(images.shape)}."
        )
    height, width, channels = shape
    images = _with_channels(images, channels)
    if height is None or width is None or tuple(images.shape[1:3]) == (height, width):
        return images
    if resize in MATRICES:
        return resize_exactly(images, (height, width), resize)
    return ops.image.resize(
        images, (height, width), resize, antialias=True, data_format="channels_last"
    )


def _with_channels(images, channels):
    given = images.shape[-1]
    if channels is None and given in (1, 3):
        return images
    if channels == given:
        return images
    if given == 3 and channels == 1:
        return ops.sum(images * ops.convert_to_tensor(_LUMA, "float32"), axis=-1, keepdims=True)
    if given == 1 and channels == 3:
        return ops.repeat(images, 3, axis=-1)
    hint = " Drop the alpha channel of RGBA images: images[..., :3]." if given == 4 else ""
    raise ValueError(
        f"Images have 1 (grey) or 3 (RGB) channels, not {given}, for an extractor that takes "
        f"{channels or 'any'}.{hint}"
    )
