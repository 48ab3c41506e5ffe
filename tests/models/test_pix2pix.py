"""What is pix2pix's own: its losses against numpy, its ablations, its noise."""

import keras
import numpy as np
import pytest

from keras_gans.models import Pix2Pix
from keras_gans.networks import patchgan_discriminator, unet_generator
from tests.harness import Exports, Harness, Translates, numpy_of, pairs_for, pix2pix


class TestPix2Pix(Translates, Exports, Harness):
    image_shapes = ((8, 8, 1), (8, 8, 3))
    logs = ("real_score", "fake_score", "adversarial", "l1")

    def build(self, **arguments):
        return pix2pix(**arguments)


SHAPE = (8, 8, 3)


def losses_of(model, source, target):
    """Both players' losses by the paper's equations in float64, in inference."""
    fake = numpy_of(model.generator(source, training=False))

    def scores(image):
        pair = np.concatenate([source, image], axis=-1) if model.conditional else image
        return numpy_of(model.discriminator(pair.astype("float32"), training=False))

    def minus_log_sigmoid(x):
        return np.log1p(np.exp(-x)).mean()

    l1 = model.l1_weight * np.abs(target - fake).mean()
    adversarial = minus_log_sigmoid(scores(fake))
    discriminator = 0.5 * (minus_log_sigmoid(scores(target)) + minus_log_sigmoid(-scores(fake)))
    return {
        "l1": l1,
        "adversarial": adversarial,
        "generator_loss": l1 + adversarial,
        "discriminator_loss": discriminator,
    }


@pytest.mark.parametrize("seen", [6, 3])
def test_the_losses_are_the_papers(seen):
    model = Pix2Pix(
        unet_generator(SHAPE, width=2),
        patchgan_discriminator((8, 8, seen), 16, width=2),
        noise_at_inference=False,
    )
    model.compile()
    source, target = (x.astype("float32") / 127.5 - 1 for x in pairs_for(model, 4))
    expected = losses_of(model, source, target)
    evaluated = model.evaluate(source, target, verbose=0, return_dict=True)
    for name, value in expected.items():
        assert evaluated[name] == pytest.approx(value, rel=1e-4), name
    history = model.fit(source, target, batch_size=4, verbose=0).history
    assert set(expected) < set(history)


def test_l1_alone_has_one_player():
    model = Pix2Pix(unet_generator(SHAPE, width=2), None, noise_at_inference=False)
    model.compile()
    source, target = pairs_for(model, 4)
    history = model.fit(source, target, batch_size=2, epochs=2, verbose=0).history
    assert set(history) == {"generator_loss", "l1", "loss"}
    assert history["l1"][1] < history["l1"][0]
    with pytest.raises(TypeError, match="generator_optimizer"):
        model.compile(discriminator_optimizer="adam")


def test_l1_is_left_out_by_its_weight():
    model = pix2pix(l1_weight=0.0)
    model.compile()
    history = model.fit(*pairs_for(model), verbose=0).history
    assert history["l1"] == [0.0]
    assert history["generator_loss"] == history["adversarial"]


def test_a_discriminator_of_other_channels_is_told():
    with pytest.raises(ValueError, match=r"must take 6 .both. or 3 .the target alone., not 4"):
        Pix2Pix(unet_generator(SHAPE, width=2), patchgan_discriminator((8, 8, 4), 16, width=2))


def test_the_noise_of_inference_is_dropout_that_follows_from_the_seed():
    model = pix2pix()
    sources = pairs_for(model, 4)[0]
    one, again, other = (model.translate(sources, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
    # Image by image: neighbours in the batch do not matter.
    np.testing.assert_array_equal(one[:1], model.translate(sources[:1], seed=1))
    before = numpy_of(model.generator.non_trainable_variables[0])
    model.translate(sources)
    np.testing.assert_array_equal(before, numpy_of(model.generator.non_trainable_variables[0]))


def test_without_noise_nothing_is_random():
    model = pix2pix(noise_at_inference=False)
    sources = pairs_for(model, 4)[0]
    np.testing.assert_array_equal(
        model.translate(sources, seed=1), model.translate(sources, seed=2)
    )


def test_with_noise_each_image_is_normalized_by_its_own_statistics():
    """Without dropout, that is training mode on batches of one image."""
    generator = unet_generator(SHAPE, width=2, dropout=0.0)
    model = Pix2Pix(generator, None, noise_at_inference=True)
    images = np.random.default_rng(0).uniform(-1, 1, (3, *SHAPE)).astype("float32")
    translated = model.predict(images, verbose=0)
    expected = [numpy_of(generator(image[None], training=True)) for image in images]
    np.testing.assert_allclose(translated, np.concatenate(expected), atol=1e-5)


def test_one_image_alone_is_not_enough_to_train_on():
    model = pix2pix()
    model.compile()
    sources, targets = pairs_for(model)
    with pytest.raises(ValueError, match="two images at a time"):
        model.fit(sources, verbose=0)
    with pytest.raises(ValueError, match=r"images b.*shape"):
        model.fit(sources, targets[..., :1], verbose=0)
    with pytest.raises(ValueError, match="but there are 10 sources and 9 targets"):
        model.fit(sources, targets[:9], verbose=0)


def test_a_share_of_the_pairs_is_held_out():
    model = pix2pix(noise_at_inference=False)
    model.compile()
    sources, targets = pairs_for(model)
    history = model.fit(sources, targets, validation_split=0.2, verbose=0).history
    assert history["val_l1"][0] > 0
    held_out = model.evaluate(sources[8:], targets[8:], verbose=0, return_dict=True)
    assert held_out["l1"] == pytest.approx(history["val_l1"][0], rel=1e-5)


def test_every_loss_of_the_package_trains_it():
    for loss in ("least_squares", "hinge", "relativistic"):
        model = pix2pix(loss=loss)
        model.compile()
        assert np.isfinite(model.fit(*pairs_for(model, 4), verbose=0).history["loss"]).all()


def test_its_configuration_makes_it_again():
    model = Pix2Pix(unet_generator(SHAPE, width=2), None, l1_weight=3.0, noise_at_inference=False)
    again = Pix2Pix.from_config(model.get_config())
    assert again.discriminator is None
    assert (again.l1_weight, again.noise_at_inference) == (3.0, False)
    assert keras.saving.get_registered_name(Pix2Pix) == "keras_gans>Pix2Pix"
