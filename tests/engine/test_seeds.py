"""Seeds: apart by purpose and by number."""

import functools
import itertools
import random

import keras
import numpy as np
import pytest
from keras.src.random.seed_generator import global_seed_generator

from keras_gans import presets
from keras_gans.engine.seeds import ReplicaSeedGenerator, seed_for
from keras_gans.models import GAN
from keras_gans.networks import srresnet
from tests.harness import assert_equal, changed, gan
from tests.presets.test_srgan import features


def test_purposes_and_neighbouring_seeds_are_far_apart():
    seeds = [seed_for(purpose, seed) for purpose in ("latents", "penalty") for seed in range(50)]
    seeds.sort()
    assert min(b - a for a, b in itertools.pairwise(seeds)) > 1000
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert seed_for("latents", 7) == seed_for("latents", 7)


def test_one_replica_draws_what_keras_draws():
    ours = keras.random.normal((3,), seed=ReplicaSeedGenerator(5))
    theirs = keras.random.normal((3,), seed=keras.random.SeedGenerator(5))
    assert (keras.ops.convert_to_numpy(ours) == keras.ops.convert_to_numpy(theirs)).all()


def test_a_model_without_a_seed_follows_the_global_one():
    seeds = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        model = gan()
        seeds.append(GAN(model.generator, model.discriminator, 4).seed)
    assert seeds[0] == seeds[1]


@functools.cache
def given():
    """Networks that are the caller's, who has drawn their weights."""
    return srresnet(2, blocks=1, width=2), features()


def small_srgan(preset):
    return lambda seed: preset(2, 16, *given(), 2, seed)


BUILDS = {
    "acgan": lambda seed: presets.acgan((16, 16, 1), 3, 4, 2, seed=seed),
    "ali": lambda seed: presets.ali((32, 32, 1), 4, 2, seed=seed),
    "autoencoder": lambda seed: presets.autoencoder((4, 4, 1), 2, (4,), seed=seed),
    "began": lambda seed: presets.began((8, 8, 1), 2, 2, seed=seed),
    "bigan": lambda seed: presets.bigan((4, 4, 1), 2, 4, seed=seed),
    "clustered_dcgan": lambda seed: presets.clustered_dcgan((16, 16, 1), 2, 4, 2, seed=seed),
    "dcgan": lambda seed: presets.dcgan((16, 16, 1), 4, 2, 0.5, seed),
    "conditional_dcgan": lambda seed: presets.conditional_dcgan((16, 16, 1), 3, 4, 2, seed=seed),
    "denoising_autoencoder": lambda seed: presets.denoising_autoencoder(
        (4, 4, 1), 2, (4,), seed=seed
    ),
    "dragan": lambda seed: presets.dragan((16, 16, 1), 4, 2, seed=seed),
    "f_gan": lambda seed: presets.f_gan((16, 16, 1), "kl", 4, 2, seed=seed),
    "improved_gan": lambda seed: presets.improved_gan((16, 16, 1), 4, 2, 3, seed=seed),
    "infogan": lambda seed: presets.infogan((8, 8, 1), noise_dim=2, width=2, seed=seed),
    "lsgan": lambda seed: presets.lsgan((16, 16, 1), 4, 2, seed=seed),
    "pacgan": lambda seed: presets.pacgan((16, 16, 1), 4, 2, seed=seed),
    "pix2pix": lambda seed: presets.pix2pix((8, 8, 1), width=2, receptive_field=16, seed=seed),
    "cyclegan": lambda seed: presets.cyclegan((8, 8, 1), None, 2, 1, 16, seed=seed),
    "projection_dcgan": lambda seed: presets.projection_dcgan((16, 16, 1), 3, 4, 2, seed=seed),
    "rsgan": lambda seed: presets.rsgan((16, 16, 1), 4, 2, seed=seed),
    "r3gan": lambda seed: presets.r3gan(
        (8, 8, 1), latent_dim=4, widths=[8, 8], blocks=1, seed=seed
    ),
    "semi_supervised_gan": lambda seed: presets.semi_supervised_gan(
        (4, 4, 1), 3, 2, (4,), seed=seed
    ),
    "sngan": lambda seed: presets.sngan((8, 8, 1), 4, 2, 2, seed=seed),
    "srgan": small_srgan(presets.srgan),
    "esrgan": small_srgan(presets.esrgan),
    "progressive_gan": lambda seed: presets.progressive_gan((4, 4, 1), seed=seed),
    "progressive_gan_small": lambda seed: presets.progressive_gan_small((8, 8, 1), seed=seed),
    "variational_autoencoder": lambda seed: presets.variational_autoencoder(
        (4, 4, 1), 2, (4,), seed=seed
    ),
    "unrolled_gan": lambda seed: presets.unrolled_gan(4, 2, seed=seed),
    "veegan": lambda seed: presets.veegan(4, 2, seed=seed),
    "wgan": lambda seed: presets.wgan((16, 16, 1), 4, 2, seed=seed),
    "wgan_gp": lambda seed: presets.wgan_gp((8, 8, 1), 4, 2, seed=seed),
}


def draws():
    """What comes next from each stream that Keras seeds."""
    return (
        random.random(),
        np.random.random(),
        keras.initializers.GlorotUniform().seed,
        keras.ops.convert_to_numpy(global_seed_generator().state).tolist(),
    )


@pytest.mark.parametrize("name", BUILDS)
def test_the_seed_of_a_preset_fixes_its_weights_and_disturbs_no_other_stream(name):
    def weights(model):
        return [w for networks in model.players.values() for n in networks for w in n.get_weights()]

    assert set(BUILDS) == set(presets.__all__) - {"card", "load"}  # What was trained has weights.
    given()
    build = BUILDS[name]
    keras.utils.set_random_seed(5)
    expected = draws()
    keras.utils.set_random_seed(5)
    first = build(0)
    assert draws() == expected
    second, third = build(0), build(1)
    assert_equal(weights(first), weights(second))
    assert changed(weights(first), weights(third))


def test_without_a_seed_the_weights_of_a_preset_follow_the_global_one():
    found = []
    for seed in (1, 1, 2):
        keras.utils.set_random_seed(seed)
        found.append(BUILDS["dcgan"](None).generator.get_weights())
    assert_equal(found[0], found[1])
    assert changed(found[0], found[2])
