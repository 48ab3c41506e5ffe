"""DiffAugment against the formulas of its paper, its draws injected."""

import numpy as np
import pytest
from keras import ops

from keras_gans.layers import DiffAugment

RNG = np.random.default_rng(0)


def images(*shape):
    return RNG.uniform(-1, 1, shape).astype("float32")


def applied(policy, pixels, drawn):
    """What one policy makes of images by these draws from U(0, 1), one row for each image."""
    tensors = [ops.convert_to_tensor(np.asarray(x, "float32")) for x in (pixels, drawn)]
    return ops.convert_to_numpy(DiffAugment(policy).transformed(tensors[0], [tensors[1]]))


@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_color_is_brightness_then_saturation_then_contrast(channels):
    x, drawn = images(4, 6, 5, channels), RNG.uniform(size=(4, 3))
    brightness, saturation, contrast = drawn.T.reshape(3, 4, 1, 1, 1)
    expected = x.astype("float64") + (brightness - 0.5)
    mean = expected.mean(3, keepdims=True)
    expected = (expected - mean) * (saturation * 2) + mean
    mean = expected.mean((1, 2, 3), keepdims=True)
    expected = (expected - mean) * (contrast + 0.5) + mean
    np.testing.assert_allclose(applied("color", x, drawn), expected, atol=1e-6)


def test_saturation_leaves_grey_images_as_they_are():
    x = images(3, 4, 4, 1)
    made = applied("color", x, [[0.5, saturation, 0.5] for saturation in (0.0, 0.7, 1.0)])
    np.testing.assert_allclose(made, x, atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(8, 8), (32, 20), (3, 4), (1, 1)])
def test_a_translation_brings_zeros_in(height, width):
    # The authors' code: shift = int(side * 0.125 + 0.5), moves of -shift, ..., shift.
    most = int(height * 0.125 + 0.5), int(width * 0.125 + 0.5)
    moves = [(a, b) for a in (-most[0], 0, most[0]) for b in (-most[1], 0, most[1])]
    x = images(len(moves), height, width, 2)
    drawn = [
        [(m + s + 0.5) / (2 * s + 1) for m, s in zip(move, most, strict=True)] for move in moves
    ]
    expected = np.zeros_like(x)
    for i, (down, right) in enumerate(moves):
        for row, column in np.ndindex(height, width):
            if 0 <= row + down < height and 0 <= column + right < width:
                expected[i, row, column] = x[i, row + down, column + right]
    np.testing.assert_array_equal(applied("translation", x, drawn), expected)


@pytest.mark.parametrize(("height", "width"), [(8, 8), (5, 7), (6, 4), (1, 1)])
def test_a_cutout_is_half_the_sides_and_may_lie_over_the_edge(height, width):
    size = int(height * 0.5 + 0.5), int(width * 0.5 + 0.5)
    places = height + 1 - size[0] % 2, width + 1 - size[1] % 2
    x = images(places[0] * places[1], height, width, 3)
    drawn, expected = [], x.copy()
    for i, offset in enumerate(np.ndindex(places)):
        drawn.append([(o + 0.5) / p for o, p in zip(offset, places, strict=True)])
        rows, columns = (
            np.clip(np.arange(s) + o - s // 2, 0, side - 1)
            for s, o, side in zip(size, offset, (height, width), strict=True)
        )
        expected[i][np.ix_(rows, columns)] = 0
    np.testing.assert_array_equal(applied("cutout", x, drawn), expected)


def test_policies_are_applied_in_their_order():
    x = ops.convert_to_tensor(images(2, 8, 8, 3))
    layer = DiffAugment("cutout", "color")
    hole, tint = layer.draws(2, None)
    made = layer.transformed(x, [hole, tint])
    expected = DiffAugment("color").transformed(
        DiffAugment("cutout").transformed(x, [hole]), [tint]
    )
    np.testing.assert_array_equal(ops.convert_to_numpy(made), ops.convert_to_numpy(expected))
    assert DiffAugment().policy == ("color", "translation", "cutout")


def test_another_policy_is_told():
    with pytest.raises(ValueError, match="of color, translation, cutout; 'colour' is none"):
        DiffAugment("color", "colour")


def test_a_list_of_policies_is_told_to_come_one_by_one():
    with pytest.raises(ValueError, match=r"one by one: DiffAugment\('color', 'cutout'\)"):
        DiffAugment(["color", "cutout"])
