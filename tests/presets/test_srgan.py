"""The recipes of SRGAN and ESRGAN."""

import keras
import numpy as np
import pytest

from keras_gans.data import PatchDataset
from keras_gans.networks import srresnet
from keras_gans.presets import esrgan, srgan
from tests.backends import counted_once
from tests.harness import numpy_of
from tests.networks.counts import trainable


def features():
    return keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(2, 3)])


@counted_once
@pytest.mark.parametrize(
    ("preset", "side", "count", "numbers"),
    [
        (srgan, 96, 1_550_659, ("non_saturating", 0.0, 1e-3, "l2")),
        (esrgan, 128, 16_697_987, ("relativistic_average", 5e-3, 2.5e-3, "l1")),
    ],
)
def test_they_have_the_papers_numbers(preset, side, count, numbers):
    model = preset(features=features())
    assert trainable(model.generator) == count
    assert model.image_shapes == ((side // 4, side // 4, 3), (side, side, 3))
    weights = model.adversarial_loss.name, model.pixel_weight, model.adversarial_weight
    assert (*weights, model.distance) == numbers
    assert model.feature_weight == 1.0
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(1e-4)
        assert optimizer.beta_1 == 0.9


def test_the_terms_of_esrgan_are_those_of_its_authors():
    """BasicSR's: images in [0, 1], weights 1e-2 and 5e-3, the relativistic halves by two."""
    model = esrgan(2, 16, srresnet(2, blocks=1, width=4), features(), width=2)
    rng = np.random.default_rng(0)
    large, fake = rng.uniform(-1, 1, (2, 3, 16, 16, 3)).astype("float32")
    terms = {
        name: numpy_of(keras.ops.stop_gradient(term))
        for name, term in model.generator_terms(large, fake, training=False).items()
    }
    real_scores, fake_scores = (
        numpy_of(model.discriminator(x, training=False)).astype("float64") for x in (large, fake)
    )
    entropy = np.log1p(np.exp(real_scores - fake_scores.mean())).mean()
    entropy = (entropy + np.log1p(np.exp(real_scores.mean() - fake_scores)).mean()) / 2
    assert terms["adversarial"] == pytest.approx(5e-3 * entropy, rel=1e-4)
    pixels = [(x.astype("float64") + 1) / 2 for x in (large, fake)]
    assert terms["pixel"] == pytest.approx(1e-2 * np.abs(pixels[0] - pixels[1]).mean(), rel=1e-4)


def test_the_second_stage_goes_on_with_the_generator_of_the_first():
    rng = np.random.default_rng(0)
    pairs = [(rng.integers(0, 256, (8, 8, 3), "uint8"), rng.integers(0, 256, (16, 16, 3), "uint8"))]
    dataset = PatchDataset(pairs, 16, 2, patches_per_image=4)
    generator = srresnet(2, blocks=1, width=4)
    generator.compile("adam", loss="mean_squared_error")
    history = generator.fit(dataset.as_floats(), epochs=3, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    before = [w.copy() for w in generator.get_weights()]
    model = srgan(2, 16, generator, features(), width=2)
    for old, new in zip(before, model.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    model.fit(dataset, verbose=0)
    assert any((a != b).any() for a, b in zip(before, model.generator.get_weights(), strict=True))
