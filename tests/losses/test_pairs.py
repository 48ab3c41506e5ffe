"""Losses by name."""

import dataclasses

import keras
import numpy as np
import pytest

from keras_gans import losses


def test_the_pair_holds_both_halves():
    pair = losses.get("hinge")
    assert pair.discriminator is losses.hinge_discriminator
    assert pair.generator is losses.hinge_generator
    assert not pair.needs_real
    assert losses.get("relativistic").needs_real
    assert losses.get(pair) is pair


def test_smoothing_reaches_the_discriminator():
    real, fake = np.array([0.5], "float32"), np.array([0.2], "float32")
    smoothed = losses.get("minimax", label_smoothing=0.1).discriminator_loss(real, fake)
    expected = losses.minimax_discriminator(real, fake, label_smoothing=0.1)
    assert float(smoothed) == float(expected)
    assert float(smoothed) != float(losses.get("minimax").discriminator_loss(real, fake))


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"Unknown loss 'wgan'.*wasserstein.*relativistic"):
        losses.get("wgan")


def test_smoothing_without_labels_is_refused():
    with pytest.raises(ValueError, match="no labels to smooth"):
        losses.get("hinge", label_smoothing=0.1)
    with pytest.raises(ValueError, match=r"lies in \[0, 1\)"):
        losses.get("minimax", label_smoothing=1.0)


@keras.saving.register_keras_serializable(package="tests")
def own_discriminator(real, fake):
    return fake - real


@keras.saving.register_keras_serializable(package="tests")
def own_generator(fake, real):
    return -fake


def test_pairs_survive_serialization():
    own = losses.AdversarialLoss(own_discriminator, own_generator, name="own", needs_real=False)
    changed = dataclasses.replace(losses.get("hinge"), generator=own_generator)
    for pair in (losses.get("minimax", label_smoothing=0.2), own, changed):
        config = keras.saving.serialize_keras_object(pair)
        assert keras.saving.deserialize_keras_object(config) == pair
