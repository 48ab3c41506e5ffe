"""What a SavedModel offers: names, dtypes, shapes, and the images themselves."""

import functools
import io
import re
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans import models
from keras_gans.data import to_float, to_uint8
from keras_gans.latents import Categorical, Normal, Uniform
from keras_gans.samples import Symbols, Videos, Volumes
from keras_gans.serving.signatures import Philox
from tests.backends import written_once
from tests.harness import cyclegan, dense_gan, gan, images
from tests.serving.conftest import (
    MODELS,
    assert_within_a_grey_level,
    inputs_of,
    of_kind,
    outputs_of,
    padded_cyclegan,
)

tf = pytest.importorskip("tensorflow", reason="SavedModels are written by TensorFlow")

GENERATOR = """
serving_default: latents float32 [-1, 4] -> images uint8 [-1, {0}, {0}, 1]
from_latents: latents float32 [-1, 4] -> images uint8 [-1, {0}, {0}, 1]
from_latents_float32: latents float32 [-1, 4] -> images float32 [-1, {0}, {0}, 1]
from_latents_png: latents float32 [-1, 4] -> images_png_bytes string [-1]
generate: num_images int32 [], seed int64 [] -> images uint8 [-1, {0}, {0}, 1]
generate_float32: num_images int32 [], seed int64 [] -> images float32 [-1, {0}, {0}, 1]
generate_png: num_images int32 [], seed int64 [] -> images_png_bytes string [-1]
"""
CONDITIONAL = """
serving_default: labels int32 [-1], latents float32 [-1, 4] -> images uint8 [-1, 4, 4, 1]
from_latents: labels int32 [-1], latents float32 [-1, 4] -> images uint8 [-1, 4, 4, 1]
from_latents_float32: labels int32 [-1], latents float32 [-1, 4] -> images float32 [-1, 4, 4, 1]
from_latents_png: labels int32 [-1], latents float32 [-1, 4] -> images_png_bytes string [-1]
generate: {0} -> images uint8 [-1, 4, 4, 1]
generate_float32: {0} -> images float32 [-1, 4, 4, 1]
generate_png: {0} -> images_png_bytes string [-1]
"""
TRANSLATOR = """
{0}: images uint8 [-1, -1, -1, 1] -> images uint8 [-1, -1, -1, {1}]
{0}_float32: images float32 [-1, -1, -1, 1] -> images float32 [-1, -1, -1, {1}]
{0}_png: images_png_bytes string [-1] -> images_png_bytes string [-1]
"""
SEEDED = """
{0}: images uint8 [-1, -1, -1, 1], seed int64 [] -> images uint8 [-1, -1, -1, {1}]
{0}_float32: images float32 [-1, -1, -1, 1], seed int64 [] -> images float32 [-1, -1, -1, {1}]
{0}_png: images_png_bytes string [-1], seed int64 [] -> images_png_bytes string [-1]
"""
ABSTRACT = {
    "DictionaryModel",
    "EncodingModel",
    "GrowingModel",
    "LatentModel",
    "TranslationModel",
    "Translator",
}
DEFAULT = "serving_default: images uint8 [-1, -1, -1, 1] -> images uint8 [-1, -1, -1, {0}]"
SIGNATURES = {
    "gan": GENERATOR.format(16),
    "clothes": CONDITIONAL.format("labels int32 [-1], num_images int32 [], seed int64 []"),
    "progressive_gan": GENERATOR.format(8),
    "pix2pix": DEFAULT.format(3)
    + TRANSLATOR.format("source_to_target", 3)
    + SEEDED.format("source_to_target_from_seed", 3),
    "pix2pix_without_noise": DEFAULT.format(3) + TRANSLATOR.format("source_to_target", 3),
    "cyclegan": DEFAULT.format(1) + TRANSLATOR.format("a_to_b", 1) + TRANSLATOR.format("b_to_a", 1),
    "srgan": DEFAULT.format(1) + TRANSLATOR.format("upscale", 1),
    "esrgan": DEFAULT.format(1) + TRANSLATOR.format("upscale", 1),
}


def signature_defs(path):
    """All that a client sees of each signature, also the names inside the graph."""
    from tensorflow.core.protobuf import saved_model_pb2

    saved = saved_model_pb2.SavedModel.FromString((path / "saved_model.pb").read_bytes())
    (graph,) = saved.meta_graphs
    return {n: s for n, s in graph.signature_def.items() if not n.startswith("__")}


def in_words(signature):
    return " -> ".join(
        ", ".join(
            f"{name} {tf.dtypes.as_dtype(info.dtype).name} "
            f"{[dimension.size for dimension in info.tensor_shape.dim]}"
            for name, info in sorted(tensors.items())
        )
        for tensors in (signature.inputs, signature.outputs)
    )


@functools.cache
def load(path):
    return tf.saved_model.load(str(path))


def call(path, signature, **inputs):
    """The output of one signature; images of PNGs where it gives these."""
    tensors = {name: tf.convert_to_tensor(value) for name, value in inputs.items()}
    ((name, output),) = load(path).signatures[signature](**tensors).items()
    return images_of(output.numpy()) if name == "images_png_bytes" else output.numpy()


def pngs_of(images):
    files = [io.BytesIO() for _ in images]
    for image, file in zip(images, files, strict=True):
        Image.fromarray(image.squeeze()).save(file, "PNG")
    return tf.constant([file.getvalue() for file in files], tf.string, (len(files),))


def images_of(pngs):
    arrays = [np.atleast_3d(Image.open(io.BytesIO(png))) for png in pngs]
    return np.stack(arrays) if arrays else np.zeros((0,), "uint8")


def draw(num_images, seed):
    return {"num_images": np.int32(num_images), "seed": np.int64(seed)}


def test_every_model_of_the_package_is_tried():
    """Here, where each form of its signatures is, or in its case, by the promise `Exports`."""
    here = {type(build()).__name__ for build in MODELS.values()}
    for name in set(models.__all__) - ABSTRACT - here:
        module = getattr(models, name).__module__.split(".")[-1]
        case = (Path(__file__).parent.parent / "models" / f"test_{module}.py").read_text()
        assert re.search(r"\nclass Test\w+\([\w, \n]*Exports", case), name


@pytest.mark.parametrize("name", MODELS)
def test_signatures_have_exactly_these_names_dtypes_and_shapes(name, exported):
    seen = [f"{n}: {in_words(s)}" for n, s in signature_defs(exported(name)[1]).items()]
    assert sorted(seen) == sorted(line for line in SIGNATURES[name].splitlines() if line)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("n", [0, 1, 7])
def test_images_are_those_of_the_model_for_any_batch(n, name, exported):
    model, path = exported(name)
    inputs = inputs_of(model, n)
    # Dropout draws other numbers under another backend: there only the shapes are the same.
    same = keras.backend.backend() == "tensorflow" or name != "pix2pix"
    for direction in getattr(model, "generators", ["from_latents"]):
        expected = outputs_of(model, inputs, direction)
        images = call(path, direction, **inputs)
        assert_within_a_grey_level(images, expected if same else images.reshape(expected.shape))
        floats = call(path, f"{direction}_float32", **as_floats(inputs))
        assert floats.dtype == "float32"
        assert_within_a_grey_level(to_uint8(floats), images)
        pngs = call(path, f"{direction}_png", **as_pngs(inputs))
        assert len(pngs) == n
        if n:
            assert_within_a_grey_level(pngs, images)


def as_floats(inputs):
    if "latents" in inputs:
        return inputs
    return {"images": keras.ops.convert_to_numpy(to_float(inputs["images"]))}


def as_pngs(inputs):
    return inputs if "latents" in inputs else {"images_png_bytes": pngs_of(inputs["images"])}


@pytest.mark.parametrize("name", ["gan", "progressive_gan"])
def test_a_seed_gives_the_same_images_on_every_load(name, exported):
    _, path = exported(name)
    first = call(path, "generate", **draw(3, 7))
    load.cache_clear()
    np.testing.assert_array_equal(first, call(path, "generate", **draw(3, 7)))
    assert (first != call(path, "generate", **draw(3, 8))).any()
    assert call(path, "generate", **draw(0, 7)).shape == (0, *first.shape[1:])
    np.testing.assert_array_equal(first, call(path, "generate_png", **draw(3, 7)))


def test_a_seed_draws_by_philox_and_its_first_word(exported):
    _, path = exported("gan")
    latents = tf.random.stateless_normal((3, 4), seed=[7, 0], alg="philox")
    expected = call(path, "from_latents", latents=latents)
    np.testing.assert_array_equal(call(path, "generate", **draw(3, 7)), expected)


def test_every_draw_has_another_second_word_of_the_seed():
    random = Philox(tf.constant(7, tf.int64))
    sources = {"noise": Normal(3), "category": Categorical(5), "angle": Uniform(2, -1, 1)}
    noise, category, angle = (source.draw(random, 4) for source in sources.values())
    philox = {"alg": "philox"}
    np.testing.assert_array_equal(noise, tf.random.stateless_normal((4, 3), [7, 0], **philox))
    ids = tf.random.stateless_uniform((4,), [7, 1], 0, 5, tf.int32, **philox)
    np.testing.assert_array_equal(category, ids)
    numbers = tf.random.stateless_uniform((4, 2), [7, 2], **philox)
    np.testing.assert_array_equal(angle, -1 + 2 * numbers)


def test_labels_decide_what_is_generated(exported):
    _, path = exported("clothes")
    labels = np.array([0, 1, 2], "int32")
    images = call(path, "generate", **draw(3, 7), labels=labels)
    latents = tf.random.stateless_normal((3, 4), seed=[7, 0], alg="philox")
    expected = call(path, "from_latents", latents=latents, labels=labels)
    np.testing.assert_array_equal(images, expected)
    assert (images != call(path, "generate", **draw(3, 7), labels=labels[::-1])).any()
    assert call(path, "generate", **draw(0, 7), labels=labels[:0]).shape == (0, 4, 4, 1)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([0, 1, 3], "labels must lie from 0 to 2; these do not"),
        ([0, -1, 2], "labels must lie from 0 to 2; these do not"),
        ([0, 1], "labels must have equally many rows"),
    ],
)
def test_labels_of_no_class_are_refused_inside_the_graph(labels, sentence, exported):
    model, path = exported("clothes")
    labels = np.array(labels, "int32")
    latents = model.draw_latents(3, seed=1)
    with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
        call(path, "generate", **draw(3, 7), labels=labels)
    with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
        call(path, "from_latents_png", latents=latents, labels=labels)
    with tf.compat.v1.Session(graph=tf.Graph()) as session:
        saved = tf.compat.v1.saved_model.load(session, ["serve"], str(path))
        sides = saved.signature_def["serving_default"]
        feed = {
            sides.inputs[name].name: array
            for name, array in {"latents": latents, "labels": labels}.items()
        }
        with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
            session.run(sides.outputs["images"].name, feed)


def test_noise_at_inference_follows_the_seed(exported):
    model, path = exported("pix2pix")
    inputs = inputs_of(model)

    def translated(seed):
        return call(path, "source_to_target_from_seed", **inputs, seed=np.int64(seed))

    np.testing.assert_array_equal(translated(7), translated(7))
    assert (translated(7) != translated(8)).any()
    np.testing.assert_array_equal(translated(0), call(path, "source_to_target", **inputs))


@pytest.mark.parametrize("name", ["pix2pix", "cyclegan", "srgan"])
def test_translators_take_any_size(name, exported):
    model, path = exported(name)
    scale = model.translator().scale
    wide = np.zeros((1, 12, 20, 1), "uint8")
    assert call(path, "serving_default", images=wide).shape[1:3] == (12 * scale, 20 * scale)
    direction = next(iter(model.generators))
    png = call(path, f"{direction}_png", images_png_bytes=pngs_of(wide))
    assert png.shape[1:3] == (12 * scale, 20 * scale)


@written_once
def test_raw_weights_are_exported_where_they_are_asked_for(exported, tmp_path):
    model, averaged = exported("gan")
    raw = model.export(tmp_path / "raw", weights="raw")
    inputs = inputs_of(model)
    expected = to_uint8(keras.ops.convert_to_numpy(model.generator(inputs["latents"])))
    assert_within_a_grey_level(call(raw, "serving_default", **inputs), expected)
    assert (call(averaged, "serving_default", **inputs) != expected).any()


def test_floats_stay_between_minus_one_and_one(tmp_path):
    model = cyclegan()
    last = model.generators["a_to_b"].layers[-1]
    last.activation = lambda x: 100.0 * x
    if keras.backend.backend() == "tensorflow":  # Elsewhere the function would not be saved.
        path = model.export(tmp_path / "model", float32=True)
        floats = call(path, "a_to_b_float32", **as_floats(inputs_of(model)))
        assert np.abs(floats).max() == 1.0


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_inside_the_graph(wrong, exported):
    model, path = exported("gan")
    latents = inputs_of(model)["latents"]
    latents[1, 2] = wrong
    for signature in ("serving_default", "from_latents_float32", "from_latents_png"):
        with pytest.raises(tf.errors.InvalidArgumentError, match="Latents must be finite"):
            call(path, signature, latents=latents)
    model, path = exported("cyclegan")
    floats = as_floats(inputs_of(model))["images"]
    for number in (wrong, 255):
        floats[1, 2, 3] = number
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"must lie in \[-1, 1\]"):
            call(path, "b_to_a_float32", images=floats)


@pytest.mark.parametrize(
    ("name", "signature", "tensor", "shape", "sentence"),
    [
        ("gan", "from_latents", "latents", (1, 4), "Latents must be finite"),
        ("cyclegan", "a_to_b_float32", "images", (1, 8, 8, 1), r"must lie in \[-1, 1\]"),
    ],
)
def test_a_session_refuses_it_as_well(name, signature, tensor, shape, sentence, exported):
    _, path = exported(name)
    with tf.compat.v1.Session(graph=tf.Graph()) as session:
        saved = tf.compat.v1.saved_model.load(session, ["serve"], str(path))
        sides = saved.signature_def[signature]
        feed = {sides.inputs[tensor].name: np.full(shape, np.nan)}
        with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
            session.run(sides.outputs["images"].name, feed)


@written_once
@pytest.mark.parametrize("build", [gan, cyclegan])
def test_signatures_do_not_depend_on_what_was_built_before(build, tmp_path):
    model = build()
    first = model.export(tmp_path / "first")
    dense_gan().generate(3), gan(), cyclegan()  # Names that Keras makes up count on.
    again = model.export(tmp_path / "again")
    assert signature_defs(first) == signature_defs(again)


@written_once
def test_sides_that_the_generator_cannot_keep_are_refused_inside_the_graph(tmp_path):
    path = padded_cyclegan().export(tmp_path / "saved_model")
    assert call(path, "a_to_b", images=images(3, (12, 8, 1))).shape == (3, 12, 8, 1)
    with pytest.raises(tf.errors.InvalidArgumentError, match="crop them to multiples of 4"):
        call(path, "a_to_b", images=images(3, (11, 8, 1)))


@written_once
@pytest.mark.parametrize("kind", [Symbols("ab c"), Videos(), Volumes()])
def test_samples_that_go_in_become_what_the_networks_take(kind, tmp_path):
    model = of_kind(kind)
    path = model.export(tmp_path / "saved_model")
    latents = model.draw_latents(3, seed=1)
    samples = call(path, "from_latents", latents=latents)
    floats = keras.ops.convert_to_numpy(kind.to_floats(samples))
    expected = call(path, "from_latents", latents=floats.reshape(3, -1).mean(1, keepdims=True))
    made = call(path, "recode", **{kind.name: samples})
    np.testing.assert_allclose(
        made.astype(float), expected, atol=1 if made.dtype == "uint8" else 1e-5
    )
    if kind.name == "symbols":
        with pytest.raises(tf.errors.InvalidArgumentError, match="symbols must lie from 0 to 3"):
            call(path, "recode", symbols=samples + 4)
