"""The distance in the features of a network, against numpy."""

import keras
import numpy as np
import pytest

from benchmarks.parity import perceptual_network, perceptual_pairs, said
from keras_gans.metrics import FeatureDistance
from tests.backends import shown_on_tensorflow
from tests.data.test_weight_files import write


def extractor(outputs=1):
    keras.utils.set_random_seed(0)
    images = keras.Input((None, None, 3))
    maps = [keras.layers.Conv2D(4, 3, strides=i + 1)(images) for i in range(outputs)]
    return keras.Model(images, maps if outputs > 1 else maps[0])


def pairs(n=3):
    return np.random.default_rng(0).uniform(-1, 1, (2, n, 8, 8, 3)).astype("float32")


@pytest.mark.parametrize("outputs", [1, 2])
def test_it_is_the_equation(outputs):
    network, (real, fake) = extractor(outputs), pairs()
    maps = [network.predict(images, verbose=0) for images in (real, fake)]
    maps = [x if outputs > 1 else [x] for x in maps]
    expected = []
    for a, b in zip(*maps, strict=True):
        a, b = (
            x.astype("float64") / np.linalg.norm(x.astype("float64"), axis=-1, keepdims=True)
            for x in (a, b)
        )
        expected.append(((a - b) ** 2).sum(axis=-1).mean())
    metric = FeatureDistance(network)
    metric.update_state(real[:2], fake[:2])
    metric.update_state(real[2:], fake[2:])
    assert float(metric.result()) == pytest.approx(np.mean(expected), rel=1e-4)
    metric.reset_state()
    assert float(metric(real, real)) == 0.0


def test_a_copy_from_its_configuration_has_the_same_network():
    metric = FeatureDistance(extractor())
    copy = FeatureDistance.from_config(metric.get_config())
    copy.extractor.set_weights(metric.extractor.get_weights())
    real, fake = pairs()
    assert float(copy(real, fake)) == pytest.approx(float(metric(real, fake)), rel=1e-6)


def test_half_precision_features_are_compared_in_float32():
    images = keras.Input((None, None, 3))
    halves = keras.layers.Rescaling(400.0, dtype="float16")(images)  # 400^2 is beyond float16.
    wholes = keras.layers.Rescaling(400.0, dtype="float32")(images)
    half, whole = (FeatureDistance(keras.Model(images, maps)) for maps in (halves, wholes))
    real, fake = pairs()
    assert float(half(real, fake)) == pytest.approx(float(whole(real, fake)), rel=1e-3)


WEIGHTS = [np.float32([0.5, 0.0, 2.0, 1.0]), np.float32([0.1, 0.2, 0.3, 3.0])]


def test_with_weights_it_is_equation_1_of_zhang_et_al():
    network, (real, fake) = extractor(outputs=2), pairs()
    expected = 0
    for w, a, b in zip(
        WEIGHTS, *(network.predict(x, verbose=0) for x in (real, fake)), strict=True
    ):
        a, b = (x / np.linalg.norm(x, axis=-1, keepdims=True) for x in np.float64([a, b]))
        # The equation's w are the square roots of what files hold.
        expected += (np.linalg.norm(np.sqrt(w) * (a - b), axis=-1) ** 2).mean(axis=(1, 2))
    metric = FeatureDistance(network, weights=WEIGHTS)
    assert float(metric(real, fake)) == pytest.approx(expected.mean(), rel=1e-5)
    copy = FeatureDistance.from_config(metric.get_config())
    copy.extractor.set_weights(network.get_weights())
    assert float(copy(real, fake)) == float(metric.result())


@pytest.mark.parametrize(("file", "form"), [("x.pth", "lin{}.model.1.weight"), ("x.npz", "lin{}")])
def test_weights_are_read_from_the_files_of_the_authors_and_of_numpy(file, form, tmp_path):
    arrays = {form.format(i): w.reshape(1, -1, 1, 1) for i, w in reversed([*enumerate(WEIGHTS)])}
    write(tmp_path / file, {**arrays, "other": np.zeros(2)})
    metric = FeatureDistance(extractor(outputs=2), weights=tmp_path / file)
    np.testing.assert_array_equal(metric.channel_weights, WEIGHTS)


def test_weights_that_do_not_fit_and_files_without_any_are_told(tmp_path):
    with pytest.raises(ValueError, match=r"weights of \[4, 3\] channels, .* have \[4, 4\]"):
        FeatureDistance(extractor(outputs=2), weights=[np.ones(4), np.ones(3)])
    np.savez(tmp_path / "x.npz", lin1=np.ones(4))
    with pytest.raises(ValueError, match="holds no weights of channels"):
        FeatureDistance(extractor(), weights=tmp_path / "x.npz")


@shown_on_tensorflow("equation 1 is tested on each backend")
def test_with_weights_it_is_what_lpips_computes():
    shift, scale, kernels, weights = perceptual_network()
    images = keras.Input((None, None, 3))
    x = keras.layers.Normalization(mean=shift, variance=np.square(scale))(images)
    maps = []
    for kernel in kernels:
        layer = keras.layers.Conv2D(len(kernel), 3, activation="relu", use_bias=False)
        maps.append(x := layer(x))
        layer.set_weights([kernel.transpose(2, 3, 1, 0)])
    metric = FeatureDistance(keras.Model(images, maps), weights=weights)
    distances = [float(metric(a[None], b[None])) for a, b in zip(*perceptual_pairs(), strict=True)]
    means = np.cumsum(said("lpips")["distances"]) / np.arange(1, len(distances) + 1)
    np.testing.assert_allclose(distances, means, rtol=1e-5)
