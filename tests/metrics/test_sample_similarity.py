"""How alike generated images are."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.callbacks import Score
from keras_gans.data import fashion_mnist, to_float
from keras_gans.metrics import SampleSimilarity
from keras_gans.metrics.sample_similarity import scales_of
from keras_gans.metrics.structural_similarity import multi_scale_structural_similarity
from tests.harness import dense_gan, images_for


def test_the_halves_of_each_batch_are_compared():
    images, _ = fashion_mnist((32, 32, 1))
    metric = SampleSimilarity()
    metric.update_state(None, images[:7])
    metric.update_state(None, images[7:11])
    pairs = [(0, 3), (1, 4), (2, 5), (7, 9), (8, 10)]  # An odd one has no partner.
    a, b = (to_float(images[list(side)]) for side in zip(*pairs, strict=True))
    expected = np.mean(ops.convert_to_numpy(multi_scale_structural_similarity(a, b, 2)))
    assert float(ops.convert_to_numpy(metric.result())) == pytest.approx(expected, rel=1e-5)


def test_equal_images_are_wholly_alike_and_real_ones_are_not():
    images, _ = fashion_mnist((32, 32, 1))
    metric = SampleSimilarity()
    assert metric.compare(None, images[:1].repeat(8, axis=0)) == pytest.approx(1.0)
    assert 0.0 < metric.compare(None, images[:64]) < 0.5


def test_there_are_as_many_scales_as_images_have_room_for():
    assert [scales_of(side) for side in (11, 21, 22, 32, 64, 128, 176, 1024)] == [
        *(1, 1, 2, 2, 3, 4),
        *(5, 5),
    ]


def test_fit_and_evaluate_give_the_similarity():
    model = dense_gan(side=16)
    model.compile(metrics=[SampleSimilarity()])
    pixels = images_for(model, 8)
    score = Score(SampleSimilarity(), pixels)
    history = model.fit(pixels, verbose=0, validation_data=(pixels,), callbacks=[score]).history
    assert history["sample_ms_ssim"] == [score.compute(model)]
    assert 0.0 <= history["val_sample_ms_ssim"][0] <= 1.0


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="window of 11 pixels"):
        SampleSimilarity().update_state(None, np.zeros((2, 8, 8, 1), "uint8"))
    with pytest.raises(ValueError, match="no sample weights"):
        SampleSimilarity().update_state(None, np.zeros((2, 16, 16, 1), "uint8"), np.ones(2))


def test_a_configuration_makes_the_same_metric():
    metric = SampleSimilarity(name="alike")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert again.name == "alike"
