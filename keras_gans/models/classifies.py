"""Classifying: what a model tells users of images, where one of its networks tells classes."""

import numpy as np
from keras import ops

from keras_gans.endpoints import Endpoint
from keras_gans.models.reads import Reads
from keras_gans.specs import Spec
from keras_gans.typing import ImageArray


class Classifies(Reads):
    """What a model does for users that tells the classes of samples, outside the train step.

    A model names its `served_classifier`, and adds `classify_endpoint` to its endpoints.
    """

    def served_classifier(self, weights="averaged"):
        """The network that tells classes: from samples to a dict in which are their "logits".

        Args:
            weights: "averaged" for those of `classify`, "raw" for those that are trained.
        """
        raise NotImplementedError(f"{type(self).__name__} must name its `served_classifier`.")

    def classify(self, images: ImageArray, batch_size: int = 64) -> np.ndarray:
        """Tell the classes of images.

        Args:
            images: uint8 array `(n, height, width, channels)` in [0, 255], or floats as networks
                have them, in `model.samples.range`; of other kinds of samples what `fit` takes.
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
        network = self.served_classifier()
        return self.read_samples("classify", network, told, images, batch_size, {})

    def classify_endpoint(self, weights="averaged"):
        """What the model offers those outside: an `Endpoint` from images to their classes.

        Args:
            weights: As in `served_classifier`.
        """
        network, name = self.served_classifier(weights), self.samples.name
        classes = network.output["logits"].shape[-1]

        def classify(**tensors):
            return told(network(tensors[name], training=False))

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


def told(outputs):
    """What users are told where a network returns "logits" among others."""
    likely = ops.softmax(ops.cast(outputs["logits"], "float32"), axis=-1)
    return {"labels": ops.cast(ops.argmax(likely, axis=-1), "int32"), "probabilities": likely}
