"""What users ask a model for, and how it is told that it cannot be had."""

import keras
import numpy as np
import pytest

from tests.harness import assert_equal, changed, conditional_gan, dense_gan, state_of
from tests.models.test_latent_model import IDS, PIXELS, coded, fitted


def test_a_label_decides_what_is_generated():
    model = fitted(PIXELS, IDS)
    by_list = model.generate(labels=[0, 1, 2, 2], seed=5)
    assert by_list.shape == (4, 4, 4, 1)
    assert by_list.dtype == np.uint8
    latents = model.draw_latents(4, seed=5)
    assert_equal([by_list], [model.generate(latents=latents, labels=[0, 1, 2, 2])])
    assert_equal([model.generate(4, seed=5, labels=2)[2:]], [by_list[2:]])
    assert changed([model.generate(latents=latents, labels=0)], [by_list])
    assert model.generate(0, labels=[]).shape == (0, 4, 4, 1)
    inputs = {"latents": latents, "labels": np.array([0, 1, 2, 2])}
    floats = model.predict(inputs, verbose=0)
    assert_equal([model.samples.to_outside(floats)], [by_list])
    path = model.interpolate(latents[0], latents[1], 3)
    assert model.generate(latents=path, labels=1).shape == (3, 4, 4, 1)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (
            {"num_images": 3},
            ValueError,
            r"labels is missing: generate\(labels",
        ),
        ({"labels": [0, 3]}, ValueError, "from 0 to 2, but 3 is one"),
        ({"labels": [0, -1]}, ValueError, "-1 stands for no label"),
        ({"labels": [0.5]}, ValueError, "whole numbers"),
        ({"labels": [2**32]}, ValueError, "but 4294967296 is one"),
        ({"labels": 1}, ValueError, "needs `num_images`"),
        ({"labels": ["bag"]}, ValueError, "pass ids"),
        ({"labels": [[0, 1]]}, ValueError, r"shape \(n,\), but it is \(1, 2\)"),
        ({"num_images": 3, "labels": [0, 1]}, ValueError, "3 by num_images, 2 by labels"),
        ({"num_images": 2, "labels": 1, "pose": 1}, TypeError, "reads labels; it was given 'pose'"),
        ({"latents": np.zeros((3, 4)), "labels": [0, 1]}, ValueError, "3 by latents, 2 by labels"),
    ],
)
def test_a_request_that_cannot_be_met_is_told(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        conditional_gan().generate(**arguments)


def test_usual_conditions_are_each_class_in_turn():
    model = conditional_gan()
    assert model.usual_conditions(5)["labels"].tolist() == [0, 1, 2, 0, 1]
    assert dense_gan().usual_conditions(5) == {}
    with pytest.raises(ValueError, match="'pose' is no class"):
        coded(vector=True).usual_conditions(3)


def test_several_sources_draw_each_from_its_own_stream(tmp_path):
    model = coded()
    assert model.latent_dim is None
    assert list(model.conditions) == []
    model.compile()
    real = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
    model.fit(real, batch_size=4, epochs=2, verbose=0)
    drawn = model.draw_latents(4, seed=6)
    assert {name: z.shape for name, z in drawn.items()} == {
        "noise": (4, 2),
        "code": (4,),
        "angle": (4, 1),
    }
    made = model.generate(4, seed=6)
    assert made.shape == (4, 3)
    assert_equal([made], [model.generate(latents=drawn)])
    # A source by its name takes the place of what would be drawn; the others stay.
    assert_equal([made], [model.generate(seed=6, code=drawn["code"])])
    assert_equal([model.generate(4, seed=6, code=2)], [model.generate(seed=6, code=[2] * 4)])
    other = (drawn["code"] + 1) % 5
    expected = model.predict({**drawn, "code": other}, verbose=0)
    np.testing.assert_allclose(model.generate(seed=6, code=other), expected, atol=1e-6)
    ends = [{name: z[i] for name, z in drawn.items()} for i in (0, 1)]
    assert model.generate(latents=model.interpolate(*ends, 5)).shape == (5, 3)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.latents == model.latents
    assert_equal(state_of(model.variables), state_of(loaded.variables))
    with pytest.raises(ValueError, match="from 0 to 4, but 5 is one"):
        model.generate(code=[5])
    with pytest.raises(ValueError, match="'color' is none"):
        model.generate(latents={"color": [1]})
