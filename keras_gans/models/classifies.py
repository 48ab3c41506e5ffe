"""Classifying: what a model tells users of images, where one of its networks tells classes."""

import functools

import keras
import numpy as np
from keras import ops

from keras_gans.endpoints import Endpoint
from keras_gans.engine.backend import backend
from keras_gans.engine.chunks import in_chunks
from keras_gans.specs import Spec


class Classifies:
    """What a model does for users that tells the classes of samples, outside the train step.

    A model names its `served_classifier`, and adds `classify_endpoint` to its endpoints.
    """

    def served_classifier(self, weights="averaged"):
        """The network that tells classes: from samples to a dict in which are their "logits".

        Args:
            weights: "averaged" for those of `classify`, "raw" for those that are trained.
        """
        raise NotImplementedError(f"{type(self).__name__} must name its `served_classifier`.")

    def classify(self, images, batch_size=64):
        """Tell the classes of images.

        Args:
            images: uint8 array `(n, height, width, channels)` in [0, 255], or floats as networks
                have them, in [-1, 1]; of other kinds of samples what `fit` takes.
            batch_size: Integer >= 1, images at a time.

        Returns:
            int32 array `(n,)`: the id of the likeliest class of each.

        Raises:
            ValueError: Images that the network does not take, or another `batch_size`.

        Example:

        ```python
        ids = model.classify(images)
        names = [model.class_names[i] for i in ids]
        ```
        """
        return self.told(images, batch_size)["labels"]

    def told(self, images, batch_size=64):
        """The classes of images and how likely each class is: what `classify` is exported as.

        Args:
            images: As in `classify`.
            batch_size: Likewise.

        Returns:
            Dict of "labels", int32 `(n,)`, and "probabilities", float32 `(n, classes)`, whose rows
            sum to 1.

        Raises:
            ValueError: As in `classify`.
        """
        images = np.asarray(images)
        if images.shape != (0, *self.image_shape):
            self.samples.check(images, self.image_shape, self.samples.name)
        backend.before_inference(self)

        def probabilities(chunk):
            # Under a strategy every replica runs the whole chunk, and Keras joins their outputs.
            floats = ops.convert_to_numpy(self.samples.to_floats(chunk))
            return self._telling.predict_on_batch(floats)[: len(chunk)]

        likely = in_chunks(probabilities, images, batch_size)
        return {"labels": likely.argmax(-1).astype("int32"), "probabilities": likely}

    @functools.cached_property
    def _telling(self):
        # Kept where Keras does not look: it has no weights of its own.
        with backend.strategy_scope(self):
            samples = keras.Input(self.image_shape, name=self.samples.name)
            return keras.Model(samples, class_probabilities(self.served_classifier(), samples))

    def classify_endpoint(self, weights="averaged"):
        """What the model offers those outside: an `Endpoint` from images to their classes.

        Args:
            weights: As in `served_classifier`.
        """
        network, name = self.served_classifier(weights), self.samples.name
        classes = network.output["logits"].shape[-1]

        def classify(**tensors):
            likely = class_probabilities(network, tensors[name])
            return {"labels": ops.argmax(likely, axis=-1), "probabilities": likely}

        return Endpoint(
            classify,
            inputs={name: self.samples.spec(self.image_shape)},
            outputs={
                "labels": Spec("labels", (), "int32", 0, classes - 1, self.class_names or ()),
                "probabilities": Spec("vector", (classes,), "float32"),
            },
            networks=[network],
            method=self.told,
            samples=self.samples,
        )


def class_probabilities(network, samples):
    """How likely each class is to a network of "logits": float32 `(n, classes)`."""
    logits = network(samples, training=False)["logits"]
    return ops.softmax(ops.cast(logits, "float32"), axis=-1)
