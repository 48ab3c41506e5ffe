"""The losses of progressive growing. The case of the harness is in the middle of a fade."""

import keras
import numpy as np
import pytest

from keras_gans import losses
from keras_gans.engine.batches import Batch
from keras_gans.models import ProgressiveGAN
from keras_gans.networks import progressive_discriminator, progressive_generator
from tests.harness import (
    IMAGE_SHAPE,
    Averages,
    DrawsLatents,
    Exports,
    FromLatents,
    Harness,
    progressive_gan,
)
from tests.models.test_growing_model import LATENT_DIM, SHAPE, build


class TestProgressiveGAN(FromLatents, DrawsLatents, Averages, Exports, Harness):
    image_shape = IMAGE_SHAPE
    logs = ("real_score", "fake_score", "adversarial", "penalty", "drift", "resolution", "alpha")
    # The penalty is far from its minimum, where steps amplify what they start from: the losses
    # agree to 4e-5 in the first epoch of float16, and its error becomes 0.10.
    half_precision = {"mixed_bfloat16": 0.15, "mixed_float16": 0.12}
    half_precision_of_logs = 0.04

    def build(self, **arguments):
        return progressive_gan(**arguments)


def test_real_images_are_reduced_and_blended():
    model = build()
    model.phase.assign(3)
    model.follow_phase()
    x = np.random.default_rng(0).uniform(-1, 1, (2, *SHAPE)).astype("float32")
    coarse = x.reshape(2, 8, 2, 8, 2, 1).mean(axis=(2, 4)).repeat(2, axis=1).repeat(2, axis=2)
    faded = keras.ops.convert_to_numpy(model.faded(keras.ops.convert_to_tensor(x), 0.25))
    np.testing.assert_allclose(faded, 0.75 * coarse + 0.25 * x, atol=1e-6)
    model.phase.assign(1)
    model.follow_phase()
    assert model.faded(keras.ops.convert_to_tensor(x), 0.25).shape == (2, 8, 8, 1)


def test_the_loss_is_that_of_the_paper():
    model = build()
    rng = np.random.default_rng(0)
    real, fake = (rng.uniform(-1, 1, (4, 4, 4, 1)).astype("float32") for _ in range(2))
    batch = Batch(real, {})
    terms = model.discriminator_terms(batch, fake, 1.0)
    terms = {name: keras.ops.convert_to_numpy(term) for name, term in terms.items()}

    def scores(x):
        return keras.ops.convert_to_numpy(model.discriminator(x, level=0)).astype("float64")

    assert float(terms["adversarial"]) == pytest.approx(
        scores(fake).mean() - scores(real).mean(), abs=1e-5
    )
    assert float(terms["drift"]) == pytest.approx(0.001 * (scores(real) ** 2).mean(), rel=1e-4)
    penalty = losses.gradient_penalty(
        lambda x, training: model.discriminator(x, level=0), real, fake, seed=build().penalty_seed
    )
    penalty = keras.ops.convert_to_numpy(penalty)
    assert float(terms["penalty"]) == pytest.approx(10 * float(penalty), rel=1e-4)
    generator_loss = keras.ops.convert_to_numpy(model.generator_loss(batch, fake, 1.0))
    assert float(generator_loss) == pytest.approx(-scores(fake).mean(), abs=1e-5)


def test_networks_must_fit():
    with pytest.raises(ValueError, match="build both for one image_shape"):
        ProgressiveGAN(
            progressive_generator((8, 8, 1), LATENT_DIM, base=16, maximum=4),
            progressive_discriminator(SHAPE, base=16, maximum=4),
            LATENT_DIM,
        )
