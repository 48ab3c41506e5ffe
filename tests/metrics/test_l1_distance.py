import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.metrics import L1Distance
from keras_gans.metrics.l1_distance import l1_distance


def pairs(n=5, shape=(6, 7, 3)):
    return np.random.default_rng(0).uniform(-1, 1, (2, n, *shape)).astype("float32")


def by_hand(real, fake):
    return np.abs(real.astype("float64") - fake).mean(axis=(1, 2, 3)) / 2


def test_each_image_has_the_mean_difference_as_a_share_of_the_range():
    real, fake = pairs()
    distance = ops.convert_to_numpy(l1_distance(real, fake))
    assert distance.dtype == "float32"
    np.testing.assert_allclose(distance, by_hand(real, fake), rtol=1e-5)


def test_black_and_white_are_one_apart_and_equal_images_zero():
    black = -np.ones((2, 4, 4, 1), "float32")
    assert float(L1Distance()(black, -black)) == 1.0
    assert float(L1Distance()(black, black)) == 0.0


def test_batches_of_different_sizes_count_by_their_images():
    real, fake = pairs(7)
    metric = L1Distance()
    for part in (slice(0, 4), slice(4, 5), slice(5, 7)):
        metric.update_state(real[part], fake[part])
    assert float(metric.result()) == pytest.approx(by_hand(real, fake).mean(), rel=1e-5)
    metric.reset_state()
    metric.update_state(real[:1], fake[:1])
    assert float(metric.result()) == pytest.approx(by_hand(real, fake)[0], rel=1e-5)


def test_half_precision_is_compared_in_single_precision():
    real, fake = (images.astype("float16") for images in pairs())
    distance = ops.convert_to_numpy(l1_distance(real, fake))
    np.testing.assert_allclose(distance, by_hand(real, fake), rtol=1e-5)


@pytest.mark.parametrize("name", ["l1_distance", "pixels"])
def test_a_copy_from_its_configuration_is_the_same_metric(name):
    metric = L1Distance(name=name, dtype="float32")
    saved = keras.saving.serialize_keras_object(metric)
    assert saved["registered_name"] == "keras_gans>L1Distance"
    real, fake = pairs()
    for copy in (
        L1Distance.from_config(metric.get_config()),
        keras.saving.deserialize_keras_object(saved),
    ):
        assert (type(copy), copy.name) == (L1Distance, name)
        assert copy.get_config() == metric.get_config()
        assert float(copy(real, fake)) == float(L1Distance()(real, fake))
