"""Seeds: apart by purpose and by number."""

import itertools

from keras_gans.engine.seeds import ReplicaSeedGenerator, seed_for
from tests.harness import gan


def test_purposes_and_neighbouring_seeds_are_far_apart():
    seeds = [seed_for(purpose, seed) for purpose in ("latents", "penalty") for seed in range(50)]
    seeds.sort()
    assert min(b - a for a, b in itertools.pairwise(seeds)) > 1000
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert seed_for("latents", 7) == seed_for("latents", 7)


def test_one_replica_draws_what_keras_draws():
    import keras

    ours = keras.random.normal((3,), seed=ReplicaSeedGenerator(5))
    theirs = keras.random.normal((3,), seed=keras.random.SeedGenerator(5))
    assert (keras.ops.convert_to_numpy(ours) == keras.ops.convert_to_numpy(theirs)).all()


def test_a_model_without_a_seed_follows_the_global_one():
    import keras

    from tests.harness import GAN

    seeds = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        model = gan()
        seeds.append(GAN(model.generator, model.discriminator, 4).seed)
    assert seeds[0] == seeds[1]
