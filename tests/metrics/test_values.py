"""What metrics are given: uint8 or floats in [-1, 1], the same scores, and nothing else.

The numbers of the pair below, on TensorFlow 2.21, which reads uint8 by itself:

    tf.image.psnr(REAL, FAKE, 255)
    tf.image.ssim(REAL, FAKE, 255)
    weights = np.array([0.0448, 0.2856]); weights /= weights.sum()
    tf.image.ssim_multiscale(REAL, FAKE, 255, power_factors=list(weights))
    np.abs(REAL.astype(float) - FAKE).mean() / 255
"""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import metrics
from keras_gans.metrics.values import check_images, floats_of

RNG = np.random.default_rng(0)
REAL = RNG.integers(0, 256, (1, 24, 24, 3), "uint8")
FAKE = np.clip(REAL + RNG.integers(-20, 21, REAL.shape), 0, 255).astype("uint8")


def feature_distance():
    images = keras.Input((None, None, 3))
    maps = keras.layers.Conv2D(4, 3, kernel_initializer=keras.initializers.HeNormal(0))(images)
    return metrics.FeatureDistance(keras.Model(images, maps))


PAIRS = {
    "psnr": (metrics.PeakSignalToNoiseRatio, 26.98345),
    "ssim": (metrics.StructuralSimilarity, 0.98895526),
    "ms_ssim": (lambda: metrics.MultiScaleStructuralSimilarity(2), 0.99032617),
    "l1": (metrics.L1Distance, 0.038298838),
    "features": (feature_distance, None),
}
SETS = {
    "frechet": lambda: metrics.FrechetDistance(),
    "swd": lambda: metrics.SlicedWassersteinDistance((24, 24, 3), patches_per_image=8),
    "similarity": metrics.SampleSimilarity,
}


def number(result):
    result = result["swd"] if isinstance(result, dict) else result
    return float(ops.convert_to_numpy(result))


def floats(images):
    return (images / 127.5 - 1.0).astype("float32")


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_of_bytes_and_of_floats_have_the_scores_of_an_independent_program(name):
    make, expected = PAIRS[name]
    expected = number(make()(floats(REAL), floats(FAKE))) if expected is None else expected
    assert expected != 0
    tensor = ops.convert_to_tensor
    for pair in (
        (REAL, FAKE),
        (tensor(REAL), tensor(FAKE)),
        (floats(REAL), floats(FAKE)),
        (REAL, floats(FAKE)),  # As a network makes them, beside a file's.
    ):
        assert number(make()(*pair)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("name", SETS)
def test_sets_of_bytes_and_of_floats_have_one_score(name):
    real, fake = RNG.integers(0, 256, (2, 6, 24, 24, 3), "uint8")
    fake //= 2
    expected = SETS[name]().compare(real, fake)
    assert number(expected) > 0
    score = SETS[name]().compare(floats(real), floats(fake))
    assert number(score) == pytest.approx(number(expected), rel=1e-3)


WRONG = {
    "in [0, 255]": (lambda x: x.astype("float32"), ValueError, r"range from 0 to 255\. Pass uint8"),
    "in [0, 1]": (lambda x: x / 255, ValueError, r"range from 0 to 1\. .*images \* 2 - 1"),
    "whole numbers": (lambda x: x.astype("int32"), TypeError, "uint8 .* or floats .*, not int32"),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("name", [*PAIRS, *SETS])
def test_other_values_are_refused_in_a_sentence(name, kind):
    convert, error, sentence = WRONG[kind]
    metric = PAIRS[name][0]() if name in PAIRS else SETS[name]()
    pair = [convert(images) for images in (REAL, FAKE)]
    with pytest.raises(error, match=sentence):
        metric.update_state(*pair)
    if name in SETS:
        with pytest.raises(error, match=sentence):
            metric.compare(*pair)


def test_bright_images_may_lie_above_grey_and_dark_ones_in_the_wrong_range_are_told():
    with pytest.warns(UserWarning, match=r"from 0\.2 to 0\.8\..* if they lie in \[0, 1\]"):
        check_images(np.array([0.2, 0.8]))
    check_images(np.array([0.2, 0.8]), np.array([-0.1]))  # One side shows the range.
    check_images(np.zeros((1, 4, 4, 1)))
    check_images(np.array([-1.005, 1.005]))


def test_what_a_network_makes_may_overshoot():
    (images,) = floats_of(ops.convert_to_tensor([-1.2, 1.5]))
    np.testing.assert_allclose(ops.convert_to_numpy(images), [-1.2, 1.5], rtol=1e-6)


@pytest.mark.parametrize("name", [*PAIRS, *SETS])
def test_nothing_has_no_score(name):
    metric = PAIRS[name][0]() if name in PAIRS else SETS[name]()
    assert np.isnan(number(metric.result()))


@pytest.mark.parametrize("name", ["frechet", "similarity"])
def test_one_image_has_no_score_where_a_score_needs_two(name):
    metric = SETS[name]()
    assert np.isnan(metric.compare(REAL, FAKE))
    metric.reset_state()
    metric.update_state(REAL, FAKE)
    assert np.isnan(number(metric.result()))


def test_weights_of_samples_count():
    real, fake = np.concatenate([REAL, REAL]), np.concatenate([FAKE, REAL])
    metric = feature_distance()
    single = number(metric(REAL, FAKE))
    metric.reset_state()
    assert number(metric(real, fake, sample_weight=[1, 3])) == pytest.approx(single / 4, rel=1e-5)
