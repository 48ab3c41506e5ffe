"""A model that is no other is trained on, makes, shows and keeps samples of every kind."""

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.callbacks import CollapseMonitor, SampleGrid
from keras_gans.models import GAN
from tests.samples.test_kind import CASES, every_kind, handed_over, made

ACTIVATIONS = {(-1, 1): "tanh", (0, 1): "sigmoid", None: "linear"}


def gan_of(kind, shape):
    """Dense networks; those that make symbols end in a softmax."""
    layers = keras.layers
    activation = "softmax" if kind.name == "symbols" else ACTIVATIONS[kind.range]
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(int(np.prod(shape))),
            layers.Reshape(shape),
            layers.Activation(activation, dtype="float32"),
        ]
    )
    discriminator = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    return GAN(generator, discriminator, 4, samples=kind, seed=3)


def assert_same(came, expected):
    """Equal, but for what floats lose in batches of another size."""
    assert came.dtype == expected.dtype
    if expected.dtype == "float32":
        np.testing.assert_allclose(came, expected, atol=1e-6)
    else:
        np.testing.assert_array_equal(came, expected)


@every_kind
def test_every_kind_is_trained_on_shown_and_kept(kind, shape, tmp_path, recwarn):
    model = gan_of(kind, shape)
    model.compile()
    grid = SampleGrid(tmp_path, rows=2, columns=3)
    real = handed_over(kind, shape)
    model.fit(real, batch_size=4, epochs=1, verbose=0, callbacks=[grid], validation_data=(real,))
    assert not [str(w.message) for w in recwarn if w.category is UserWarning]

    floats = model.predict(grid.latents, verbose=0)
    outside = model.generate(latents=grid.latents)
    assert_same(outside, kind.to_outside(floats))

    picture, suffix = kind.picture(outside, 3), "gif" if kind.name == "videos" else "png"
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["animation.gif", f"epoch_0000.{suffix}", f"epoch_0001.{suffix}"]
    with Image.open(tmp_path / f"epoch_0001.{suffix}") as shown:
        frame = np.asarray(shown.convert("RGB" if picture[0].shape[-1] == 3 else "L"))
        assert getattr(shown, "n_frames", 1) == (len(picture) if suffix == "gif" else 1)
    expected = picture[0] if suffix == "gif" else picture
    assert np.abs(np.squeeze(expected).astype(int) - frame).max() <= 1

    kind.save(outside, tmp_path / f"samples{kind.suffix}")
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.samples == kind
    assert_same(loaded.generate(latents=grid.latents), outside)


@every_kind
def test_lost_diversity_is_noticed_in_every_kind(kind, shape):
    model = gan_of(kind, shape)
    monitor = CollapseMonitor(kind.to_outside(made(kind, shape)), kind=kind)
    monitor.set_model(model)
    monitor.on_train_begin()
    assert monitor.compute(model) > 0
    for weight in model.generator.weights:
        weight.assign(np.zeros(weight.shape))
    assert monitor.compute(model) == 0


def test_a_generator_of_another_kind_is_refused():
    with pytest.raises(ValueError, match=r"makes \(4, 4, 3\), which is no shape of volumes"):
        gan_of(CASES["volumes"][0], (4, 4, 3))


def test_a_volume_out_of_range_late_in_an_array_is_told():
    kind, shape = CASES["volumes"]
    model = gan_of(kind, shape)
    model.compile()
    volumes = np.zeros((40, *shape), "float32")
    volumes[39] = 7
    with pytest.raises(ValueError, match=r"to lie in \[0, 1\], but they range from 0 to 7"):
        model.fit(volumes, batch_size=4, verbose=0)


def test_a_monitor_of_another_kind_is_refused():
    kind, shape = CASES["points"]
    monitor = CollapseMonitor(handed_over(*CASES["images"]))
    monitor.set_model(gan_of(kind, shape))
    with pytest.raises(ValueError, match=r"images of shape \(4, 4, 3\), .* points of shape \(2,\)"):
        monitor.on_train_begin()
    with pytest.raises(ValueError, match=r"at least 2 real points.*<U5"):
        CollapseMonitor(np.array(["ab ca", "abcab"]), kind=kind)
