"""What is CycleGAN's own: its terms against numpy, shared fakes, the pools, both directions."""

import keras
import numpy as np
import pytest

from keras_gans.models import CycleGAN
from keras_gans.networks import patchgan_discriminator, resnet_generator
from tests.harness import (
    Exports,
    Harness,
    Translates,
    cyclegan,
    numpy_of,
    pairs_for,
    state_of,
    without_chance,
)


class TestCycleGAN(Translates, Exports, Harness):
    players = ("generator", "discriminator")
    logs = (
        "real_score",
        "fake_score",
        "adversarial",
        "cycle",
        "identity",
        "discriminator_a",
        "discriminator_b",
    )

    def build(self, **arguments):
        return cyclegan(**arguments)


def test_the_terms_are_the_papers():
    model = cyclegan(cycle_weight=7.0, identity_weight=0.3)
    model.compile()
    a, b = (x.astype("float32") / 127.5 - 1 for x in pairs_for(model, 4))

    def g(x):
        return numpy_of(model.generator_ab(np.asarray(x, "float32"), training=False))

    def f(x):
        return numpy_of(model.generator_ba(np.asarray(x, "float32"), training=False))

    def d_a(x):
        return numpy_of(model.discriminator_a(np.asarray(x, "float32"), training=False))

    def d_b(x):
        return numpy_of(model.discriminator_b(np.asarray(x, "float32"), training=False))

    expected = {
        "adversarial": ((d_b(g(a)) - 1) ** 2).mean() + ((d_a(f(b)) - 1) ** 2).mean(),
        "cycle": 7.0 * (np.abs(f(g(a)) - a).mean() + np.abs(g(f(b)) - b).mean()),
        "identity": 7.0 * 0.3 * (np.abs(g(b) - b).mean() + np.abs(f(a) - a).mean()),
        "discriminator_a": 0.5 * (((d_a(a) - 1) ** 2).mean() + (d_a(f(b)) ** 2).mean()),
        "discriminator_b": 0.5 * (((d_b(b) - 1) ** 2).mean() + (d_b(g(a)) ** 2).mean()),
        "real_score": (d_a(a).mean() + d_b(b).mean()) / 2,
        "fake_score": (d_a(f(b)).mean() + d_b(g(a)).mean()) / 2,
    }
    expected["generator_loss"] = sum(expected[n] for n in ("adversarial", "cycle", "identity"))
    expected["discriminator_loss"] = expected["discriminator_a"] + expected["discriminator_b"]
    evaluated = model.evaluate(a, b, verbose=0, return_dict=True)
    for name, value in expected.items():
        assert evaluated[name] == pytest.approx(value, rel=1e-4, abs=1e-6), name


def test_each_fake_is_computed_once_and_shared():
    model = without_chance(cyclegan(), keras.optimizers.SGD, run_eagerly=True)
    calls = []
    for name in ("generator_ab", "generator_ba"):
        network = getattr(model, name)
        call = network.call
        object.__setattr__(
            network, "call", lambda *a, c=call, n=name, **k: calls.append(n) or c(*a, **k)
        )
    shown = {}
    for name in ("pool_a", "pool_b"):
        pool = getattr(model, name)
        call = pool.call
        object.__setattr__(
            pool, "call", lambda x, c=call, n=name: shown.setdefault(n, numpy_of(x)) is None or c(x)
        )
    a, b = pairs_for(model, 2)
    expected = {
        "pool_a": model.generator_ba(b / 127.5 - 1),
        "pool_b": model.generator_ab(a / 127.5 - 1),
    }
    calls.clear()
    model.fit(a, b, batch_size=2, shuffle=False, verbose=0)
    # The fake, the cycle's way back, the identity: three runs of each.
    assert sorted(calls) == ["generator_ab"] * 3 + ["generator_ba"] * 3
    for name, fakes in expected.items():
        np.testing.assert_allclose(shown[name], numpy_of(fakes), atol=1e-4)


def test_the_pools_fill_and_are_saved(tmp_path):
    model = cyclegan(pool_size=4)
    model.compile()
    a, b = pairs_for(model, 3)
    model.fit(a, b, batch_size=2, verbose=0)
    assert int(model.pool_a.count) == int(model.pool_b.count) == 3
    pools = [model.pool_a.images, model.pool_b.images]
    assert all((numpy_of(images)[:3] != 0).any() for images in pools)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    left, right = state_of(model.variables), state_of(loaded.variables)
    for x, y in zip(left, right, strict=True):
        np.testing.assert_array_equal(x, y)


def test_it_translates_both_ways_and_other_sizes():
    model = cyclegan()
    images = np.random.default_rng(0).integers(0, 256, (3, 12, 20, 1), dtype="uint8")
    there, back = (model.translate(images, direction=d) for d in ("a_to_b", "b_to_a"))
    assert there.shape == back.shape == images.shape
    assert (there != back).any()
    np.testing.assert_array_equal(there, model.translate(images))
    with pytest.raises(ValueError, match="a_to_b and b_to_a; the direction was 'a_to_c'"):
        model.translate(images, direction="a_to_c")


def test_collections_of_unequal_size_train():
    model = cyclegan()
    model.compile()
    a, b = pairs_for(model, 7)
    history = model.fit(a, b[:3], batch_size=2, verbose=0)
    assert history.params["steps"] == 4
    assert np.isfinite(history.history["loss"]).all()


def networks(channels_a, channels_b, side=8):
    shape_a, shape_b = (side, side, channels_a), (side, side, channels_b)
    return [
        resnet_generator(shape_a, channels_b, width=2, blocks=1),
        resnet_generator(shape_b, channels_a, width=2, blocks=1),
        patchgan_discriminator(shape_a, 16, width=2, normalization="instance"),
        patchgan_discriminator(shape_b, 16, width=2, normalization="instance"),
    ]


def test_other_channels_need_no_identity():
    with pytest.raises(ValueError, match="identity_weight=0"):
        CycleGAN(*networks(1, 3))
    model = CycleGAN(*networks(1, 3), identity_weight=0.0)
    model.compile()
    a, b = pairs_for(model, 2)
    history = model.fit(a, b, verbose=0).history
    assert "identity" not in history
    assert model.translate(b, direction="b_to_a").shape == a.shape


def test_networks_that_do_not_fit_are_told():
    parts = networks(3, 3)
    with pytest.raises(ValueError, match="discriminator_b must have the shape"):
        CycleGAN(*parts[:3], networks(1, 1)[3])


def test_open_sides_need_no_pool():
    with pytest.raises(ValueError, match="pool_size=0"):
        CycleGAN(*networks(3, 3, side=None))
    model = CycleGAN(*networks(3, 3, side=None), pool_size=0)
    model.compile()
    for side in (8, 12):
        images = np.random.default_rng(0).integers(0, 256, (2, side, side, 3), dtype="uint8")
        assert np.isfinite(model.fit(images, images, verbose=0).history["loss"]).all()
