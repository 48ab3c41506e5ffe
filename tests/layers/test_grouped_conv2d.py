"""Convolutions in groups, by products of matrices."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.layers import GroupedConv2D
from keras_gans.losses import r1

MAPS = np.random.default_rng(0).standard_normal((2, 5, 4, 6), dtype="float32")


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


def group_by_group(maps, kernel, groups):
    """Each group convolved by itself, in float64."""
    outputs = []
    height, width = maps.shape[1:3]
    rows, columns = kernel.shape[:2]
    sides = (rows // 2, rows // 2), (columns // 2, columns // 2)
    padded = np.pad(maps.astype("float64"), ((0, 0), *sides, (0, 0)))
    parts = np.split(padded, groups, axis=-1), np.split(kernel, groups, axis=-1)
    for part, own in zip(*parts, strict=True):
        outputs.append(
            sum(
                part[:, i : i + height, j : j + width] @ own[i, j].astype("float64")
                for i in range(rows)
                for j in range(columns)
            )
        )
    return np.concatenate(outputs, axis=-1)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
@pytest.mark.parametrize("kernel_size", [3, (1, 5)])
def test_each_group_is_convolved_by_itself(groups, kernel_size):
    layer = GroupedConv2D(12, kernel_size, groups, use_bias=False)
    made = numbers(layer(MAPS))
    expected = group_by_group(MAPS, numbers(layer.kernel), groups)
    np.testing.assert_allclose(made, expected, rtol=1e-4, atol=1e-5)


def test_it_is_keras_s_convolution_in_groups():
    ours, theirs = GroupedConv2D(4, 3, 2), keras.layers.Conv2D(4, 3, padding="same", groups=2)
    made = numbers(ours(MAPS))
    theirs.build(MAPS.shape)
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(made, numbers(theirs(MAPS)), rtol=1e-4, atol=1e-5)


def test_the_gradient_of_a_penalty_is_that_of_finite_differences():
    keras.utils.set_random_seed(0)
    layer = GroupedConv2D(4, 3, 2, kernel_initializer=keras.initializers.RandomNormal(0, 0.5))
    layer.build(MAPS.shape)

    def scores(images, training=True):
        return ops.sum(ops.square(layer(images)), axis=(1, 2, 3))

    def penalty():
        value = r1(scores, ops.convert_to_tensor(MAPS))
        return value, value

    value, (gradient,) = backend.gradients(penalty, [layer.kernel])
    kernel = numbers(layer.kernel)
    direction = np.random.default_rng(2).standard_normal(kernel.shape, dtype="float32")
    matrix = jacobian(layer, MAPS.shape[1:])
    layer.kernel.assign(direction)
    change = jacobian(layer, MAPS.shape[1:])

    def expected(step):
        """|d |M' x|^2 / d x|^2 / 2 with the matrix M of that kernel."""
        x, m = MAPS.reshape(2, -1).astype("float64"), matrix + step * change
        return 0.5 * np.mean(np.sum((2 * x @ m @ m.T) ** 2, axis=1))

    assert float(numbers(value)) == pytest.approx(expected(0), rel=1e-4)
    slope = (expected(1e-4) - expected(-1e-4)) / 2e-4
    assert np.sum(numbers(gradient) * direction) == pytest.approx(slope, rel=1e-3)


def jacobian(layer, shape):
    """The matrix of the layer's linear function, without its bias."""
    size = int(np.prod(shape))
    units = np.eye(size, dtype="float32").reshape(size, *shape)
    return numbers(layer(units)).reshape(size, -1).astype("float64")


def test_batches_have_any_size_and_precision_is_that_of_the_policy():
    images = keras.Input((5, 4, 6))
    network = keras.Model(images, GroupedConv2D(4, 3, 2, dtype="mixed_bfloat16")(images))
    assert network.output_shape == (None, 5, 4, 4)
    for n in (1, 2):
        made = network(MAPS[:n])
        assert made.shape == (n, 5, 4, 4)
        assert keras.backend.standardize_dtype(made.dtype) == "bfloat16"
    copy = keras.Model.from_config(network.get_config())
    copy.set_weights(network.get_weights())
    np.testing.assert_array_equal(*(numbers(ops.cast(m(MAPS), "float32")) for m in (network, copy)))


@pytest.mark.parametrize(
    "arguments", [{"strides": 2}, {"dilation_rate": 2}, {"padding": "valid"}, {"kernel_size": 4}]
)
def test_what_it_does_not_compute_is_told(arguments):
    with pytest.raises(ValueError, match="kernels of odd sides"):
        GroupedConv2D(4, **{"kernel_size": 3, "groups": 2, **arguments})
