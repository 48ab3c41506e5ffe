"""The shipped extractor and the ways to name another."""

import gzip
import pathlib
import socket

import keras
import numpy as np
import pytest

import keras_gans.metrics
from keras_gans.metrics import (
    FrechetDistance,
    cifar10_classifier,
    cifar10_extractor,
    fashion_mnist_classifier,
    fashion_mnist_extractor,
    get_extractor,
)

METRICS = pathlib.Path(keras_gans.metrics.__file__).parent
EMBEDDED = METRICS.parent / "data" / "fashion_mnist"

# What the shipped extractor gave for `synthetic_images`, on all three backends alike.
EXPECTED_SUMS = [41.90156, 16.69161, 19.25503, 35.13806]
EXPECTED_FEATURES = [
    [0.0, 0.0, 0.24353, 0.0, 1.72824, 0.0, 1.85948, 1.05823],
    [0.0, 0.0, 1.29208, 0.0, 1.38661, 0.0, 0.0, 0.50150],
    [0.0, 0.0, 1.11255, 0.0, 1.26154, 0.57189, 1.31140, 0.99050],
    [0.0, 0.0, 4.75444, 0.0, 0.0, 0.32251, 0.0, 1.57380],
]
# Likewise, of the extractor for colour and `synthetic_photographs`.
COLOUR_SUMS = [25.08148, 28.50537, 23.10602, 22.62845]
COLOUR_FEATURES = [
    [0.31052, 0.62263, 0.81063, 0.34772, 0.34869, 0.27698, 0.24768, 0.39890],
    [0.49580, 0.54994, 0.60069, 0.57089, 0.45317, 0.0, 0.16987, 0.13946],
    [0.50250, 0.34800, 0.64773, 0.67940, 0.36856, 0.0, 0.29042, 0.28903],
    [1.29502, 0.26514, 0.20100, 0.0, 0.0, 0.0, 0.22809, 0.0],
]


def read_idx(name, items):
    """The first items of an embedded IDX file."""
    path = EMBEDDED / name
    if not path.is_file():
        pytest.skip(f"The package has no {name}.")
    content = gzip.decompress(path.read_bytes())
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)[:items]


def synthetic_images():
    """Black, white, a ramp and a disc."""
    y, x = np.mgrid[-1:1:28j, -1:1:28j]
    disc = np.where(x**2 + y**2 < 0.5, 1.0, -1.0)
    return np.stack([np.full_like(x, -1), np.ones_like(x), x, disc])[..., None].astype("float32")


def test_shipped_extractor_gives_64_features_that_nothing_trains():
    extractor = fashion_mnist_extractor()
    assert extractor.name == "fashion_mnist"
    assert extractor.input_shape == (None, 28, 28, 1)
    assert extractor.output_shape == (None, 64)
    assert extractor.trainable_variables == []
    assert (METRICS / "fashion_mnist_classifier.keras").stat().st_size < 500_000


def test_shipped_extractor_gives_the_same_features_on_every_backend():
    features = np.asarray(fashion_mnist_extractor().predict(synthetic_images(), verbose=0))
    np.testing.assert_allclose(features.sum(axis=1), EXPECTED_SUMS, rtol=1e-4)
    np.testing.assert_allclose(features[:, :8], EXPECTED_FEATURES, rtol=1e-4, atol=1e-4)
    called = keras.ops.convert_to_numpy(fashion_mnist_extractor()(synthetic_images()))
    np.testing.assert_allclose(called, features, rtol=1e-4, atol=1e-4)


def synthetic_photographs():
    """Black, red, a ramp from green to blue, and a white disc."""
    y, x = np.mgrid[-1:1:32j, -1:1:32j]
    one = np.ones_like(x)
    disc = np.where(x**2 + y**2 < 0.5, 1.0, -1.0)
    photographs = [(-one, -one, -one), (one, -one, -one), (-one, x, -x), (disc, disc, disc)]
    return np.stack(photographs).transpose(0, 2, 3, 1).astype("float32")


def test_the_extractor_for_colour_gives_64_features_that_nothing_trains():
    extractor = cifar10_extractor()
    assert extractor.name == "cifar10"
    assert (extractor.input_shape, extractor.output_shape) == ((None, 32, 32, 3), (None, 64))
    assert extractor.trainable_variables == []
    assert get_extractor("cifar10").output_shape == (None, 64)
    assert cifar10_classifier().output_shape == (None, 10)
    assert (METRICS / "cifar10_classifier.keras").stat().st_size < 2_000_000


def test_the_extractor_for_colour_gives_the_same_features_on_every_backend():
    features = np.asarray(cifar10_extractor().predict(synthetic_photographs(), verbose=0))
    np.testing.assert_allclose(features.sum(axis=1), COLOUR_SUMS, rtol=1e-4)
    np.testing.assert_allclose(features[:, :8], COLOUR_FEATURES, rtol=1e-4, atol=1e-4)


def test_mixed_precision_elsewhere_changes_neither_features_nor_distance():
    images = synthetic_images()
    expected = FrechetDistance().compare(images, images * np.float32(0.7))
    keras.config.set_dtype_policy("mixed_bfloat16")
    features = np.asarray(fashion_mnist_extractor().predict(images, verbose=0))
    np.testing.assert_allclose(features.sum(axis=1), EXPECTED_SUMS, rtol=1e-4)
    score = FrechetDistance().compare(images, images * np.float32(0.7))
    assert score == pytest.approx(expected, rel=1e-5)


def test_shipped_classifier_tells_test_images_apart():
    images, labels = (
        read_idx(f"t10k-{name}-ubyte.gz", 1000) for name in ("images-idx3", "labels-idx1")
    )
    classifier = fashion_mnist_classifier()
    logits = classifier.predict(images[..., None] / np.float32(127.5) - 1, verbose=0)
    assert np.mean(logits.argmax(axis=-1) == labels) >= 0.9


def test_distance_orders_real_blurred_and_noise():
    images = read_idx("t10k-images-idx3-ubyte.gz", 1000)[..., None]
    real, other = images[:500], images[500:]
    shifted = [
        np.roll(other.astype("float32"), shift, axis) for shift in (-1, 0, 1) for axis in (1, 2)
    ]
    blurred = np.mean(shifted, axis=0).astype("uint8")
    noise = np.random.default_rng(0).integers(0, 256, other.shape, "uint8")
    metric = FrechetDistance()
    metric.set_reference(real)
    scores = [metric.compare(None, fake) for fake in (other, blurred, noise)]
    assert 0 < 3 * scores[0] < scores[1] < scores[2] / 3


def test_a_model_is_taken_as_it_is():
    extractor = fashion_mnist_extractor()
    assert get_extractor(extractor) is extractor


def test_a_path_is_loaded(tmp_path):
    extractor = fashion_mnist_extractor()
    extractor.save(tmp_path / "extractor.keras")
    for path in (tmp_path / "extractor.keras", str(tmp_path / "extractor.keras")):
        assert get_extractor(path).output_shape == (None, 64)
    metric = FrechetDistance(path)
    assert metric.get_config()["extractor"] == path
    assert (
        metric.protocol()["extractor_weights"] == FrechetDistance().protocol()["extractor_weights"]
    )


def test_a_path_is_loaded_safely(tmp_path):
    images = keras.Input((2, 2, 1))
    pooled = keras.layers.Lambda(lambda x: x[:, 0, 0])(images)
    keras.Model(images, pooled).save(tmp_path / "unsafe.keras")
    with pytest.raises(ValueError, match="safe_mode"):
        get_extractor(tmp_path / "unsafe.keras")


def test_what_is_no_extractor_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'no extractor at "inception": expected "fashion_'):
        get_extractor("inception")
    (tmp_path / "weights.h5").touch()
    with pytest.raises(ValueError, match=r"from a \.keras file, not from"):
        get_extractor(tmp_path / "weights.h5")
    with pytest.raises(TypeError, match=r"the path of a \.keras file or a keras\.Model, not 3"):
        get_extractor(3)


def test_models_of_other_shapes_are_refused_in_a_sentence():
    images, vector = keras.Input((8, 8, 3)), keras.Input((4,))
    maps = keras.layers.Conv2D(2, 3)(images)
    pooled = keras.layers.GlobalAveragePooling2D()(maps)
    cases = [
        (keras.Model(images, maps), "add global pooling"),
        (keras.Model(images, [pooled, pooled]), r"must give features \[n, d\]"),
        (keras.Model(vector, keras.layers.Dense(2)(vector)), "must take one batch of images"),
        (keras.Model([images, vector], pooled), "must take one batch of images"),
        (type("Subclassed", (keras.Model,), {})(), "no fixed input and output shape"),
    ]
    for model, sentence in cases:
        with pytest.raises(ValueError, match=sentence):
            get_extractor(model)


def test_nothing_needs_the_network(monkeypatch):
    def refuse(*arguments, **keywords):
        raise OSError("A socket was opened.")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    images = np.zeros((3, 28, 28, 1), "uint8")
    assert FrechetDistance().compare(images, images) == 0


def test_the_home_folder_is_found_and_a_remote_file_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    fashion_mnist_extractor().save(tmp_path / "extractor.keras")
    assert get_extractor("~/extractor.keras").output_shape == (None, 64)
    with pytest.raises(ValueError, match="An extractor must lie on this machine"):
        get_extractor("gs://bucket/extractor.keras")
