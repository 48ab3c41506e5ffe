"""What every score of features promises: its state, its arrays, its configuration, its protocol."""

import json

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.metrics.feature_metric import FeatureMetric
from tests.harness import dense_gan, images_for
from tests.harness.devices import two_devices


@keras.saving.register_keras_serializable("test_feature_metric")
class MeanDistance(FeatureMetric):
    prefix = "mean_distance"

    def score_of(self, real, fake):
        return float(np.linalg.norm(real.mean(0, "float64") - fake.mean(0, "float64")))


@keras.saving.register_keras_serializable("test_feature_metric")
class Moments(FeatureMetric):
    """Of generated images alone, and of several values."""

    prefix = "moments"
    values = ("mean", "std")
    mode = "max"
    needs_real = False

    def __init__(self, extractor, power=1, **options):
        super().__init__(extractor, **options)
        self.power = power

    def score_of(self, real, fake):
        assert real is None
        return {"std": fake.std() ** self.power, "mean": fake.mean() ** self.power}

    def settings(self):
        return {"power": self.power}

    def get_config(self):
        return {**super().get_config(), "power": self.power}


def pixels(size=2, channels=1):
    images = keras.Input((size, size, channels))
    return keras.Model(images, keras.layers.Flatten()(images), name="pixels")


RNG = np.random.default_rng(0)
REAL, FAKE = RNG.uniform(-1, 1, (2, 60, 2, 2, 1)).astype("float32")
FAKE = FAKE[:40] * np.float32(0.5) - np.float32(0.2)


def by_hand(real, fake):
    real, fake = (x.reshape(len(x), -1).mean(0, "float64") for x in (real, fake))
    return np.linalg.norm(real - fake)


@pytest.mark.parametrize("convert", [np.asarray, ops.convert_to_tensor])
def test_batches_of_any_size_are_kept_as_arrays_are_compared(convert):
    metric = MeanDistance(pixels())
    assert np.isnan(metric.result())
    for start, end in ((0, 7), (7, 8), (8, 60)):
        metric.update_state(convert(REAL[start:end]), convert(FAKE[start : min(end, 40)]))
    assert metric.result() == pytest.approx(by_hand(REAL, FAKE), rel=1e-6)
    assert metric.result() == pytest.approx(metric.compare(REAL, FAKE, batch_size=32), rel=1e-6)
    metric.reset_state()
    assert np.isnan(metric.result())


def test_a_set_that_is_larger_than_the_capacity_is_told_and_its_first_images_count():
    metric = MeanDistance(pixels(), capacity=30)
    metric.update_state(REAL[:20], FAKE[:20])
    metric.update_state(REAL[20:], FAKE[20:30])
    with pytest.warns(UserWarning, match="score of 30 of 60 real images, the first ones"):
        assert metric.result() == pytest.approx(by_hand(REAL[:30], FAKE[:30]), rel=1e-6)
    assert metric.compare(REAL, FAKE) == pytest.approx(by_hand(REAL, FAKE), rel=1e-6)


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="Keras has one device there.")
def test_replicas_lose_no_image():
    with two_devices():
        model = dense_gan()
        extractor = keras.Sequential([keras.Input(model.image_shape), keras.layers.Flatten()])
        metric = MeanDistance(extractor, capacity=11)
        model.compile(metrics=[metric])
        images = images_for(model)
        for _ in range(2):
            logs = model.evaluate(images, batch_size=4, verbose=0, return_dict=True)
        kept = metric._real.read()
        assert len(metric._fake.read()) == len(images)
    expected = images.reshape(len(images), -1) / 127.5 - 1
    np.testing.assert_allclose(np.sort(kept, 0), np.sort(expected, 0), atol=1e-6)
    assert logs[metric.name] == pytest.approx(metric.result())


def test_several_values_have_names_and_are_logged():
    model = dense_gan()
    extractor = keras.Sequential([keras.Input(model.image_shape), keras.layers.Flatten()])
    model.compile(metrics=[Moments(extractor, name="moments")])
    logs = model.evaluate(images_for(model), verbose=0, return_dict=True)
    assert logs["moments_std"] > 0 and np.isfinite(logs["moments_mean"])
    metric = Moments(pixels())
    assert metric.names == ["moments_pixels_mean", "moments_pixels_std"]
    assert metric.compare(None, FAKE)["moments_pixels_std"] == pytest.approx(FAKE.std())
    assert metric.protocol()["num_real"] == 0


def test_features_take_the_place_of_images():
    metric = MeanDistance(pixels())
    real, fake = metric.features(REAL), metric.features(FAKE)
    assert real.dtype == "float32" and real.shape == (60, 4)
    assert metric.compare(real, fake) == metric.compare(REAL, FAKE)
    metric.set_reference(real)
    assert metric.compare(None, FAKE) == metric.compare(REAL, FAKE)


@pytest.mark.parametrize("side", [FAKE[:0], np.full_like(FAKE, np.nan)])
def test_no_images_and_features_that_are_not_finite_give_nan(side):
    assert np.isnan(MeanDistance(pixels()).compare(REAL, side))
    assert all(np.isnan(x) for x in Moments(pixels()).compare(None, side).values())


def test_configuration_and_protocol_hold_what_the_score_depends_on():
    metric = Moments(pixels(), power=2, resize="bicubic", capacity=50)
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))
    restored = keras.saving.deserialize_keras_object(config)
    own = {"power": 2, "resize": "bicubic", "capacity": 50, "name": None, "dtype": None}
    assert own.items() <= restored.get_config().items()
    score = metric.compare(None, FAKE)
    protocol = metric.protocol()
    assert protocol["score"] == score and protocol["power"] == 2 and protocol["num_fake"] == 40
    assert json.loads(json.dumps(protocol)) == protocol


@pytest.mark.filterwarnings("ignore:.*few images")
def test_a_measured_score_has_an_interval_and_leaves_what_was_accumulated():
    metric = MeanDistance(pixels())
    metric.update_state(REAL[:9], FAKE[:9])
    before = metric.result()
    result = metric.measure(REAL, FAKE, split="test", weights="averaged", seed=3)
    assert result.value == metric.compare(REAL, FAKE) != before
    low, high = result.interval
    assert low < result.value < high
    assert result == metric.measure(metric.features(REAL), FAKE, "test", "averaged", seed=3)
    assert result.interval != metric.measure(REAL, FAKE, seed=4).interval
    wide = metric.measure(REAL, FAKE, seed=3, level=0.99).interval
    assert wide[0] < low and wide[1] > high
    protocol = dict(result.protocol)
    assert len(protocol.pop("extractor_weights")) == 12
    assert protocol == {
        "metric": "MeanDistance",
        "extractor": "pixels",
        "features": 4,
        "resize": "bilinear, antialiased",
        "num_real": 60,
        "num_fake": 40,
        "split": "test",
        "weights": "averaged",
        "seed": 3,
    }


def test_few_images_are_mentioned_where_a_score_is_measured():
    metric = MeanDistance(pixels())
    with pytest.warns(UserWarning, match=r"few images: num_real is 60, num_fake is 40\. Below 10,"):
        metric.measure(REAL, FAKE)
    with pytest.warns(UserWarning, match="few images: num_fake is 1"):
        assert np.isnan(Moments(pixels()).measure(None, FAKE[:1]).interval).all()
    with pytest.raises(ValueError, match="5 or more halves; `repeats` was 2"):
        metric.measure(REAL, FAKE, repeats=2)


@pytest.mark.filterwarnings("ignore:.*few images")
def test_every_value_has_an_interval():
    result = Moments(pixels()).measure(None, FAKE)
    assert list(result.intervals) == list(result.values) == Moments(pixels()).names
    assert set(result.logs()) == {
        f"moments_pixels_{value}{end}" for value in ("mean", "std") for end in ("", "_low", "_high")
    }


def test_batches_of_a_generator_are_compared_as_arrays_are():
    metric = MeanDistance(pixels())
    parts = (REAL[start : start + 25] for start in (0, 25, 50))
    score = metric.compare(parts, iter([FAKE]))
    assert score == pytest.approx(metric.compare(REAL, FAKE), rel=1e-6)
    assert metric.protocol()["num_real"] == 60
