"""Batches over several devices: what cannot be shared out is refused before training."""

import keras

from keras_gans.data import ImageDataset
from keras_gans.engine.backend import backend


def check_devices(model, x, batch_size=None, **arguments):
    """Raise a sentence where a batch of `fit` leaves a device without its share.

    A replica of TensorFlow without an image has losses of NaN, which the sum over the replicas
    carries into every weight; JAX cannot cut a batch into unequal parts. Where the number of
    images is not known (generators, most `tf.data` sets), the train step itself refuses.

    Args:
        model: The model, with its strategy.
        x: What `fit` takes, or a tuple of both its `x` and `y`.
        batch_size: That of `fit`.
        **arguments: The further ones of `fit`, of which those on validation and on
            `steps_per_epoch` matter.

    Raises:
        ValueError: A batch that cannot be shared out, or a `keras.distribution` that this
            backend would ignore.
    """
    if keras.distribution.distribution() is not None and not backend.KERAS_DISTRIBUTES:
        raise ValueError(
            f"keras.distribution works on JAX; on {keras.backend.backend()!r} Keras would ignore "
            "it and use one device. Unset it by `keras.distribution.set_distribution(None)`; on "
            "TensorFlow build and compile the model in a `tf.distribute` scope instead."
        )
    devices = backend.num_devices(model)
    if devices == 1:
        return
    held_out = arguments.get("validation_data")
    validation_batch_size = arguments.get("validation_batch_size") or batch_size
    sets = {}
    if arguments.get("steps_per_epoch") is None:  # Else the last batch may never come.
        sets["x"] = _batch_sizes(x, batch_size)
    if arguments.get("validation_steps") is None and held_out is not None:
        held_out = held_out[0] if isinstance(held_out, (tuple, list)) else held_out
        sets["validation_data"] = _batch_sizes(held_out, validation_batch_size)
    for name, sizes in sets.items():
        for size in sizes:
            _check_size(name, size, devices)


def _check_size(name, size, devices):
    if backend.KERAS_DISTRIBUTES and size % devices:
        problem = f"{size} images, which {devices} devices cannot share equally, as JAX needs"
    elif size < devices:
        problem = (
            f"{size} images for {devices} replicas: one would get none, and its losses of NaN "
            "would end in all weights"
        )
    else:
        return
    raise ValueError(
        f"A batch of `{name}` would hold {problem}. Choose a batch size (it counts the images of "
        f"all {devices} together; a model that grows has `minibatches`) that leaves no such batch, "
        "or leave the last one out, as `keras_gans.data.images(..., drop_remainder=True)` does."
    )


def _batch_sizes(x, batch_size):
    """The sizes of the batches of the images, none where unknown."""
    if isinstance(x, ImageDataset):
        return x.batch_sizes
    if hasattr(x, "element_spec"):  # A tf.data.Dataset knows a size that is always the same.
        size = keras.tree.flatten(x.element_spec)[0].shape[0]
        return set() if size is None else {size}
    lengths = [len(part) for part in keras.tree.flatten(x) if hasattr(part, "shape")]
    if not lengths:
        return set()
    # Of unpaired images, the smaller collection repeats.
    n, batch_size = max(lengths), batch_size or 32
    return {min(n, batch_size), n % batch_size or batch_size} if n else set()
