"""Two devices on one processor, which stand for two GPUs."""

import contextlib
import functools

import keras
import numpy as np

from keras_gans.layers import ImagePool, MaskingNoise, MinibatchStddev
from tests.harness.arrays import changed, images_for, state_of

BACKEND = keras.backend.backend()
REPLICAS = 2


@functools.cache
def two_replicas():
    """One strategy for all tests: TensorFlow numbers its collective operations per process."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


@contextlib.contextmanager
def two_devices():
    if BACKEND == "tensorflow":
        with two_replicas().scope():
            yield
    else:
        devices = keras.distribution.list_devices("cpu")[:REPLICAS]
        assert len(devices) == REPLICAS
        with keras.distribution.DataParallel(devices=devices).scope():
            yield


def latents_of(sources, like):
    """Latents that follow from the images: the same image brings the same noise on any device."""
    flat = keras.ops.reshape(like, (-1, int(np.prod(like.shape[1:]))))
    drawn = {}
    for name, source in sources.items():
        if "int" in source.spec.dtype:
            bright = flat[:, : int(np.prod(source.shape))] > 0
            drawn[name] = keras.ops.reshape(keras.ops.cast(bright, "int32"), (-1, *source.shape))
        else:
            matrix = np.random.default_rng(1).normal(size=(flat.shape[1], *source.shape))
            matrix = keras.ops.convert_to_tensor(matrix / np.sqrt(flat.shape[1]), "float32")
            drawn[name] = keras.ops.matmul(flat, matrix)
    return drawn if len(drawn) > 1 else next(iter(drawn.values()))


def without_chance(model, optimizer, run_eagerly=False):
    """Compile a model in which an image's part does not depend on where in the batch it is."""
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Dropout | MaskingNoise):
            layer.rate = 0.0
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        if isinstance(layer, MinibatchStddev):
            layer.group_size = 1
        if isinstance(layer, ImagePool):
            object.__setattr__(layer, "call", lambda images: images)
    if sources := getattr(model, "latents", None):
        object.__setattr__(
            model, "sample_latents", lambda like, seed=None: latents_of(sources, like)
        )
    if hasattr(model, "drawn"):  # Around what an encoder returns.
        object.__setattr__(model, "drawn", lambda encoded, seed: model.latents_of(encoded))
    optimizers = {f"{player}_optimizer": optimizer() for player in model.players}
    model.compile(**optimizers, run_eagerly=run_eagerly)
    return model


def as_replicas_cut_it(array, parts, batch_size):
    """The order in which one device's minibatches are those of the replicas taken together."""
    if BACKEND != "tensorflow" or parts == 1:
        return array
    share = batch_size // REPLICAS // parts
    cut = array.reshape(-1, REPLICAS, parts, share, *array.shape[1:])
    return cut.swapaxes(1, 2).reshape(array.shape)


def sgd():
    return keras.optimizers.SGD(0.1)


def one_array(model, n):
    return (images_for(model, n),)


def assert_devices_do_not_matter(
    build, arrays=one_array, optimizer=sgd, steps=1, tolerance=1e-6, eager=False
):
    """What a model learns on two devices is what it learns on one.

    Args:
        build: Function that returns a model that is not compiled.
        arrays: Function from a model and a number of samples to the arrays of `fit`.
        optimizer: Function that returns an optimizer.
        steps: Integer, train steps.
        tolerance: Float, the largest difference between weights.
        eager: Bool. Whether steps run uncompiled.

    Returns:
        The model of one device, that of two, and the arrays.
    """
    one = without_chance(build(), optimizer, eager)
    with two_devices():
        two = without_chance(build(), optimizer, eager)
        two.set_weights(one.get_weights())
    parts = getattr(one, "discriminator_steps", 1)
    batch_size = 8 if 8 % (REPLICAS * parts) == 0 else 2 * REPLICAS * parts
    given = arrays(one, batch_size * steps)
    arguments = {"batch_size": batch_size, "shuffle": False, "verbose": 0}
    ordered = [as_replicas_cut_it(array, parts, batch_size) for array in given]
    before = state_of(one.trainable_variables)
    left = one.fit(*ordered, **arguments).history
    assert changed(before, state_of(one.trainable_variables))
    with two_devices():
        right = two.fit(*given, **arguments).history
        weights = state_of(two.trainable_variables)
    for variable, value in zip(one.trainable_variables, weights, strict=True):
        np.testing.assert_allclose(
            value, state_of([variable])[0], rtol=0, atol=tolerance, err_msg=variable.path
        )
    assert left.keys() == right.keys()
    for name in left:
        np.testing.assert_allclose(left[name], right[name], rtol=1e-5, atol=1e-6, err_msg=name)
    return one, two, given
