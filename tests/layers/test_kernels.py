"""What is a layer's kernel, and which of its axes count outputs."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.layers.kernels import as_matrix, input_axes, kernel_of, number_of_outputs

# A layer, what it takes, its kernel's shape, and which of these axes a sum for an output runs over.
LAYERS = {
    "dense": (layers.Dense(4), (2, 3), (3, 4), (-2,)),
    "convolution": (layers.Conv2D(4, 2), (2, 5, 5, 3), (2, 2, 3, 4), (-4, -3, -2)),
    "in time": (layers.Conv1D(4, 2), (2, 5, 3), (2, 3, 4), (-3, -2)),
    "transposed": (layers.Conv2DTranspose(4, 2), (2, 5, 5, 3), (2, 2, 4, 3), (-4, -3, -1)),
    "depthwise": (
        layers.DepthwiseConv2D(2, depth_multiplier=2),
        (2, 5, 5, 3),
        (2, 2, 3, 2),
        (-4, -3),
    ),
    "embedding": (layers.Embedding(5, 4), (2, 3), (5, 4), (-2,)),
}
OUTPUTS = dict.fromkeys(LAYERS, 4) | {"depthwise": 6}


@pytest.mark.parametrize("name", LAYERS)
def test_an_output_is_a_column(name):
    layer, shape, kernel_shape, summed = LAYERS[name]
    layer.build(shape)
    assert tuple(kernel_of(layer).shape) == kernel_shape
    assert input_axes(layer) == summed
    assert number_of_outputs(layer) == OUTPUTS[name]
    kernel = np.random.default_rng(0).normal(size=kernel_shape).astype("float32")
    columns = keras.ops.convert_to_numpy(as_matrix(layer, keras.ops.convert_to_tensor(kernel)))
    lengths = np.sqrt((kernel**2).sum(summed)).ravel()
    np.testing.assert_allclose(np.linalg.norm(columns, axis=0), lengths, rtol=1e-5)


@pytest.mark.parametrize("layer", [layers.SeparableConv2D(4, 3), layers.Flatten()])
def test_a_layer_without_one_kernel_is_refused(layer):
    layer.build((2, 5, 5, 3))
    with pytest.raises(ValueError, match=f"one kernel, or an Embedding; {type(layer).__name__}"):
        kernel_of(layer)
