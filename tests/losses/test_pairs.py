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


@pytest.mark.parametrize("name", ["feature_matching", "absolute_feature_matching"])
def test_feature_matching_is_the_generators_half_only(name):
    pair = losses.get(name, label_smoothing=0.1)
    assert pair.discriminator is losses.non_saturating_discriminator
    assert pair.generator is getattr(losses, name)
    assert pair.needs_real
    assert pair.needs_features
    assert not losses.get("hinge").needs_features


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


def test_models_that_read_scores_alone_refuse_a_loss_of_features():
    assert losses.get_of_scores("hinge") == losses.get("hinge")
    with pytest.raises(ValueError, match=r"matches features .* which this model does not read"):
        losses.get_of_scores("feature_matching")


@pytest.mark.parametrize("smoothing", [-0.1, (0.1, 1.0), (0.1,), (0.1, 0.1, 0.1)])
def test_smoothing_is_a_number_or_a_pair(smoothing):
    with pytest.raises(ValueError, match="or is a pair of such numbers, for real and for"):
        losses.get("least_squares", label_smoothing=smoothing)


@pytest.mark.parametrize("smoothing", [(0.9, 0.5), (0.5, 0.5)])
def test_targets_that_cross_are_told(smoothing):
    with pytest.raises(ValueError, match=r"has a \+ b < 1; it was"):
        losses.get("minimax", label_smoothing=smoothing)
    assert losses.get("minimax", label_smoothing=(0.9, 0.05)).label_smoothing == (0.9, 0.05)


@keras.saving.register_keras_serializable(package="tests")
def own_discriminator(real, fake):
    return fake - real


@keras.saving.register_keras_serializable(package="tests")
def own_generator(fake, real):
    return -fake


def test_pairs_survive_serialization():
    own = losses.AdversarialLoss(own_discriminator, own_generator, name="own", needs_real=False)
    changed = dataclasses.replace(losses.get("hinge"), generator=own_generator)
    smoothed = [losses.get("minimax", label_smoothing=share) for share in (0.2, (0.2, 0.1))]
    divergent = dataclasses.replace(losses.get("kl"), generator=own_generator)
    half_own = dataclasses.replace(smoothed[1], generator=own_generator)
    named = [losses.get("pearson"), losses.get("feature_matching")]
    for pair in (*smoothed, *named, own, changed, divergent, half_own):
        config = keras.saving.serialize_keras_object(pair)
        assert keras.saving.deserialize_keras_object(config) == pair
