"""What is SRGAN's own: its losses against numpy, its features, tiles."""

import keras
import numpy as np
import pytest

from keras_gans.models import SRGAN
from keras_gans.networks import srgan_discriminator, srresnet
from tests.harness import Exports, Harness, Translates, numpy_of, pairs_for, srgan


class TestSRGAN(Translates, Exports, Harness):
    image_shapes = ((4, 4, 1), (8, 8, 1))
    logs = ("real_score", "fake_score", "adversarial", "pixel", "feature")

    def build(self, **arguments):
        return srgan(**arguments)


@pytest.mark.parametrize(("distance", "power"), [("l1", 1), ("l2", 2)])
def test_the_losses_are_the_papers(distance, power):
    model = srgan(
        loss="non_saturating",
        pixel_weight=0.3,
        feature_weight=0.7,
        adversarial_weight=0.01,
        distance=distance,
    )
    model.compile()
    small, large = (x.astype("float32") / 127.5 - 1 for x in pairs_for(model, 4))
    fake = numpy_of(model.generator(small, training=False)).astype("float32")

    def scores(x):
        return numpy_of(model.discriminator(x, training=False))

    def difference(x, y):
        return (np.abs(numpy_of(x) - numpy_of(y)) ** power).mean()

    expected = {
        "pixel": 0.3 * difference(large, fake),
        "feature": 0.7 * difference(model.features(large), model.features(fake)),
        "adversarial": 0.01 * np.log1p(np.exp(-scores(fake))).mean(),
        "discriminator_loss": np.log1p(np.exp(-scores(large))).mean()
        + np.log1p(np.exp(scores(fake))).mean(),
    }
    expected["generator_loss"] = sum(expected[x] for x in ("pixel", "feature", "adversarial"))
    evaluated = model.evaluate(small, large, verbose=0, return_dict=True)
    for name, value in expected.items():
        assert evaluated[name] == pytest.approx(value, rel=1e-4), name


@pytest.mark.parametrize(("distance", "expected"), [("l1", 300.0), ("l2", 90_000.0)])
def test_distances_of_half_precision_features_are_those_of_float32(distance, expected):
    features = keras.ops.full((1, 300, 300, 2), 300.0, dtype="float16")  # 300^2 is beyond float16.
    found = srgan(distance=distance).mean_distance(features, keras.ops.zeros_like(features))
    assert float(found) == pytest.approx(expected)


def test_the_features_stay_as_they_are():
    model = srgan()
    before = [numpy_of(w) for w in model.features.weights]
    model.compile()
    model.fit(*pairs_for(model), verbose=0)
    for old, new in zip(before, model.features.weights, strict=True):
        np.testing.assert_array_equal(old, numpy_of(new))


def test_content_is_needed():
    networks = srresnet(2, 1, 2), srgan_discriminator((16, 16, 3), 1)
    with pytest.raises(ValueError, match=r"pass `features`, or a\s+pixel_weight above 0"):
        SRGAN(*networks)
    with pytest.raises(ValueError, match='distance is "l1" or "l2"'):
        SRGAN(*networks, pixel_weight=1.0, distance="cosine")


def test_networks_that_do_not_fit_are_told():
    with pytest.raises(ValueError, match="images of 3 channels; the discriminator takes 1"):
        SRGAN(srresnet(2, 1, 2), srgan_discriminator((16, 16, 1), 1), pixel_weight=1.0)
    with pytest.raises(ValueError, match="of scale 3 cannot make"):
        SRGAN(srresnet(3, 1, 2), srgan_discriminator((16, 16, 3), 1), pixel_weight=1.0)


def upscaler(scale=2):
    """Untrained, with statistics of batch normalization that are not those of the start."""
    keras.utils.set_random_seed(0)
    model = SRGAN(srresnet(scale, 2, 4), srgan_discriminator((16, 16, 3), 1), pixel_weight=1.0)
    return model


@pytest.mark.parametrize("size", [(40, 61), (9, 80), (33, 20)])
def test_tiles_make_the_same_image_as_the_whole(size):
    model = upscaler()
    image = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype="uint8")
    whole = model.upscale(image, tile=0)
    assert (whole.shape, whole.dtype) == ((2 * size[0], 2 * size[1], 3), "uint8")
    tiled = model.upscale(image, tile=12, overlap=12)
    assert np.abs(whole.astype(int) - tiled).max() <= 1
    # Without the overlap the seams would be seen.
    assert np.abs(whole.astype(int) - model.upscale(image, tile=8, overlap=0)).max() > 1


def test_only_one_image_is_enlarged_at_a_time():
    with pytest.raises(ValueError, match=r"\[image\]"):
        upscaler().upscale(np.zeros((2, 8, 8, 3), "uint8"))


def test_it_enlarges_what_its_file_enlarges(tmp_path):
    model = upscaler()
    model.compile()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    image = np.random.default_rng(0).integers(0, 256, (10, 12, 3), dtype="uint8")
    np.testing.assert_array_equal(loaded.upscale(image), model.upscale(image))
    assert loaded.scale == 2
