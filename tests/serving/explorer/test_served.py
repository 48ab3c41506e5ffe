"""One interface to what a `.keras` file and a SavedModel make images with."""

import json
import os
import shutil

import keras
import numpy as np
import pytest

from keras_gans.latents import Categorical, Normal, Uniform
from keras_gans.models import GAN
from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.explorer.served import load_served
from tests.backends import written_once
from tests.harness import cyclegan, gan, pix2pix
from tests.serving.conftest import assert_within_a_grey_level, inputs_of, outputs_of


@pytest.mark.parametrize("build", [gan, cyclegan])
def test_a_keras_file_makes_the_images_of_its_model(build, tmp_path):
    model = build()
    model.save(tmp_path / "small.keras")
    served = load_served(tmp_path / "small.keras")
    assert (served.name, served.version) == ("small", 1)
    inputs = inputs_of(model)
    images = served.run("serving_default", inputs)["images"]
    np.testing.assert_array_equal(images, outputs_of(model, inputs))
    with pytest.raises(RequestError, match=r"shape|images"):
        served.run("serving_default", {name: array[0] for name, array in inputs.items()})


@pytest.mark.parametrize("name", ["gan", "clothes", "cyclegan", "pix2pix", "srgan"])
def test_a_saved_model_offers_what_its_file_says_and_a_keras_file_the_same(
    name, exported, tmp_path
):
    model, path = exported(name)
    served = load_served(path)
    assert served.signatures == json.loads((path / "signature.json").read_text())
    inputs = inputs_of(model)
    images = served.run("serving_default", inputs)["images"]
    expected = outputs_of(model, inputs)
    if name == "pix2pix" and keras.backend.backend() != "tensorflow":
        assert images.shape == expected.shape  # Its noise is TensorFlow's.
    else:
        assert_within_a_grey_level(images, expected)
    model.save(tmp_path / "model.keras")
    kept = load_served(tmp_path / "model.keras")
    assert kept.signatures.items() <= served.signatures.items()
    assert kept.latent_dim == served.latent_dim == (4 if name in ("gan", "clothes") else None)
    assert kept.directions == served.directions
    assert (
        list(kept.directions)
        == {
            "gan": [],
            "clothes": [],
            "cyclegan": ["a_to_b", "b_to_a"],
            "pix2pix": ["source_to_target"],
            "srgan": ["upscale"],
        }[name]
    )


def test_a_seed_repeats_its_images(exported):
    _, path = exported("gan")
    served = load_served(path)
    inputs = {"num_images": np.int32(2), "seed": np.int64(7)}
    first, again = (served.run("generate", inputs)["images"] for _ in range(2))
    assert first.shape == (2, 16, 16, 1)
    np.testing.assert_array_equal(first, again)


def test_classes_are_chosen_by_their_names(exported, tmp_path):
    model, path = exported("clothes")
    model.save(tmp_path / "model.keras")
    for place in (path, tmp_path / "model.keras"):
        served = load_served(place)
        assert served.choices == {"labels": ["shirt", "bag", "boot"]}
        latents = model.draw_latents(2, seed=1)
        expected = model.generate(latents=latents, labels=2)
        assert_within_a_grey_level(served.images(latents, {"labels": 2}), expected)


def test_several_sources_are_one_latent_and_a_choice(tmp_path):
    layers, inputs = (
        keras.layers,
        [keras.Input((3,), name="noise"), keras.Input((2,), name="angle")],
    )
    inputs.append(keras.Input((), dtype="int32", name="category"))
    x = layers.Concatenate()([*inputs[:2], layers.Embedding(5, 2)(inputs[2])])
    x = layers.Reshape((2, 2, 1))(layers.Dense(4, activation="tanh")(x))
    discriminator = keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])
    sources = {"noise": Normal(3), "angle": Uniform(2, 0, 1), "category": Categorical(5)}
    model = GAN(keras.Model(inputs, x), discriminator, latents=sources)
    model.save(tmp_path / "model.keras")
    served = load_served(tmp_path / "model.keras")
    assert served.sources == {"noise": Normal(3), "angle": Uniform(2, 0, 1)}
    assert served.choices == {"category": list("01234")}
    latents = np.random.default_rng(0).random((3, 5), "float32")
    made = served.images(latents, {"category": 4})
    given = {"noise": latents[:, :3], "angle": latents[:, 3:], "category": np.full(3, 4, "int32")}
    np.testing.assert_array_equal(made, model.generate(latents=given))


def test_what_the_page_has_no_control_for_is_told(tmp_path):
    layers = keras.layers
    inputs = [keras.Input((4,), name="latents"), keras.Input((2,), name="pose")]
    x = layers.Reshape((2, 2, 1))(layers.Dense(4)(layers.Concatenate()(inputs)))
    discriminator = keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])
    GAN(keras.Model(inputs, x), discriminator, 4).save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match=r"images of pose, which the explorer has no control for"):
        load_served(tmp_path / "model.keras")


def test_noise_follows_a_seed(tmp_path):
    model = pix2pix(noise_at_inference=True)
    model.save(tmp_path / "model.keras")
    served = load_served(tmp_path / "model.keras")
    images = inputs_of(model)["images"]
    inputs = {"images": images, "seed": np.int64(5)}
    translated = served.run("source_to_target_from_seed", inputs)["images"]
    np.testing.assert_array_equal(translated, model.translate(images, seed=5))
    assert (translated != model.translate(images, seed=6)).any()


def test_what_tensorflow_refuses_is_a_sentence(exported):
    served = load_served(exported("cyclegan")[1])
    with pytest.raises(RequestError, match="format") as refused:
        served.run("a_to_b_png", {"images_png_bytes": np.array([b"no picture"], object)})
    assert "\n" not in str(refused.value)
    assert "Graph execution" not in str(refused.value)
    with pytest.raises(RequestError, match=r"^Float images must lie in \[-1, 1\]; [a-z ]*\.$"):
        served.run("a_to_b_float32", {"images": np.full((1, 8, 8, 1), 255, "float32")})


def test_latents_that_are_not_finite_are_a_sentence(exported, tmp_path):
    model, path = exported("gan")
    model.save(tmp_path / "model.keras")
    for place in (path, tmp_path / "model.keras"):
        with pytest.raises(RequestError, match=r"^Latents must be finite; [^:]* values\.$"):
            load_served(place).run("from_latents", {"latents": np.full((1, 4), np.nan, "float32")})


def test_a_model_is_named_after_the_folder_that_says_something(exported, tmp_path):
    _, path = exported("gan")
    folder = tmp_path / "painter"
    folder.mkdir()
    for version in ("1", "3"):
        os.symlink(path, folder / version)
    gan().save(folder / "model.keras")
    assert load_served(folder / "model.keras").name == "painter"
    assert load_served(path).name == path.parent.name


@written_once
def test_the_newest_of_the_published_versions_is_taken(exported, tmp_path):
    model, _ = exported("gan")
    for version in (1, 3):
        model.export(tmp_path / "painter" / str(version))
    served = load_served(tmp_path / "painter")
    assert (served.name, served.version) == ("painter", 3)
    assert load_served(tmp_path / "painter" / "1").version == 1


def test_what_makes_no_images_is_told(tmp_path):
    with pytest.raises(ValueError, match="There is no model"):
        load_served(tmp_path / "none.keras")
    (tmp_path / "notes.txt").write_text("no model")
    with pytest.raises(ValueError, match=r"notes\.txt is no `\.keras` file"):
        load_served(tmp_path / "notes.txt")
    layers = [keras.Input((2,)), keras.layers.Dense(1)]
    keras.Sequential(layers).save(tmp_path / "dense.keras")
    with pytest.raises(ValueError, match="a Sequential, which makes no images"):
        load_served(tmp_path / "dense.keras")
    (tmp_path / "empty").mkdir()
    pytest.importorskip("tensorflow", reason="SavedModels are read by TensorFlow")
    with pytest.raises(ValueError, match="no SavedModel"):
        load_served(tmp_path / "empty")
    import tensorflow as tf

    tf.saved_model.save(tf.Module(), str(tmp_path / "empty"))
    with pytest.raises(ValueError, match=r"empty lacks `signature\.json`"):
        load_served(tmp_path / "empty")
    shutil.rmtree(tmp_path / "empty")
    (tmp_path / "dcgan").mkdir()
    (tmp_path / "dcgan" / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ValueError, match=r"folder of models; name one: dcgan, dense\.keras\."):
        load_served(tmp_path)
