"""Which variable of a layer is its kernel, and which axes of it are outputs of the layer."""

import math

from keras import layers, ops

TRANSPOSED = (layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose)
DEPTHWISE = (layers.DepthwiseConv1D, layers.DepthwiseConv2D)


def kernel_of(layer):
    """The variable by which a built layer multiplies: its kernel, or the rows of an Embedding.

    Args:
        layer: `keras.layers.Layer`, built.

    Raises:
        ValueError: A layer that has none, or several.
    """
    name = "embeddings" if isinstance(layer, layers.Embedding) else "kernel"
    kernel = getattr(layer, name, None)
    if kernel is None:
        raise ValueError(
            "Normalizing weights takes a layer with one kernel, or an Embedding; "
            f"{type(layer).__name__} has none. Wrap each layer that has one by itself."
        )
    return kernel


def output_axes(layer):
    """Axes of a layer's kernel that count its outputs: filters, units.

    A transposed convolution keeps them before its inputs; in a depthwise one each channel has
    filters of its own.
    """
    if isinstance(layer, TRANSPOSED):
        return (-2,)
    return (-2, -1) if isinstance(layer, DEPTHWISE) else (-1,)


def input_axes(layer):
    """The other axes of its kernel, over which an output is summed."""
    rank, outputs = len(kernel_of(layer).shape), output_axes(layer)
    return tuple(axis for axis in range(-rank, 0) if axis not in outputs)


def number_of_outputs(layer):
    """How many outputs its kernel has."""
    return math.prod(kernel_of(layer).shape[axis] for axis in output_axes(layer))


def as_matrix(layer, kernel):
    """A kernel of that layer in two axes, of which the last counts the outputs."""
    axes = (*input_axes(layer), *output_axes(layer))
    kernel = ops.transpose(kernel, [len(axes) + axis for axis in axes])
    return ops.reshape(kernel, (-1, number_of_outputs(layer)))
