"""The names of inputs say what a network takes."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.engine.named_inputs import conditions_of, inputs_of, main_shape, run
from keras_gans.specs import Spec


def network(*names, classes=3, build=list):
    """A sum of all inputs, each summed by itself."""
    made = {
        "images": keras.Input((2, 2, 1), name="images"),
        "labels": keras.Input((), dtype="int32", name="labels"),
        "pose": keras.Input((4,), name="pose"),
        "mask": keras.Input((2, 2, 1), name="mask"),
    }
    inputs = {name: made[name] for name in names}
    parts = [
        keras.ops.sum(layers.Embedding(classes, 1)(x), axis=-1, keepdims=True)
        if name == "labels"
        else keras.ops.sum(layers.Flatten()(x), axis=1, keepdims=True)
        for name, x in inputs.items()
    ]
    inputs = inputs if build is dict else list(inputs.values())
    return keras.Model(inputs if len(names) > 1 else inputs[0], sum(parts))


def test_a_network_gets_what_its_inputs_are_named_after_whatever_their_order():
    images, pose = np.ones((5, 2, 2, 1), "float32"), np.full((5, 4), 10.0, "float32")
    conditions = {"pose": pose, "mask": images}
    for build in (list, dict):
        for names in (("images", "pose"), ("pose", "images")):
            made = run(network(*names, build=build), images, conditions, training=False)
            np.testing.assert_array_equal(keras.ops.convert_to_numpy(made), np.full((5, 1), 44.0))
    made = run(network("images", "pose", "mask"), images, conditions)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(made), np.full((5, 1), 48.0))


def test_a_network_with_one_input_takes_what_it_is_for_under_any_name():
    images = np.ones((5, 2, 2, 1), "float32")
    plain = keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])
    for main in (images, {"images": images}):
        np.testing.assert_array_equal(
            keras.ops.convert_to_numpy(run(plain, main, {"labels": np.zeros(5)})),
            keras.ops.convert_to_numpy(plain(images)),
        )
    assert main_shape(plain, ["images"], "discriminator") == (2, 2, 1)


def test_conditions_are_described_by_the_inputs_that_take_them():
    found = conditions_of([network("images", "labels", "pose", "mask")], {"images"})
    assert found == {
        "labels": Spec("labels", (), "int32", 0, 2),
        "pose": Spec("vector", (4,), "float32"),
        "mask": Spec("images", (2, 2, 1), "uint8"),
    }
    assert conditions_of([network("images")], {"images"}) == {}


@pytest.mark.parametrize(
    "layer",
    [
        layers.Embedding(7, 2),
        layers.CategoryEncoding(7, output_mode="one_hot"),
        lambda ids: keras.ops.one_hot(ids, 7),
    ],
)
def test_the_layer_behind_an_input_of_ids_tells_how_many_classes_there_are(layer):
    ids, images = keras.Input((), dtype="int32", name="labels"), keras.Input((2,), name="images")
    model = keras.Model([images, ids], layers.Concatenate()([images, layer(ids)]))
    assert conditions_of([model], {"images"})["labels"].classes == 7
    model = keras.models.clone_model(model)
    assert conditions_of([model], {"images"})["labels"].classes == 7


def test_networks_that_disagree_are_told():
    networks = [network("images", "labels", classes=n) for n in (3, 4)]
    with pytest.raises(ValueError, match=r"'labels' is int32 from 0 to 2 .* int32 from 0 to 3"):
        conditions_of(networks, {"images"})


def test_a_network_that_does_not_tell_its_classes_agrees_with_one_that_does():
    ids, images = keras.Input((), dtype="int32", name="labels"), keras.Input((1,), name="images")
    vector = layers.Flatten()(layers.Embedding(3, 1)(layers.Reshape((1,))(ids)))
    silent = keras.Model([images, ids], vector + images)
    for networks in ([silent, network("images", "labels")], [network("images", "labels"), silent]):
        assert conditions_of(networks, {"images"})["labels"].classes == 3


def test_an_input_without_a_name_among_several_is_told():
    with pytest.raises(ValueError, match=r"inputs of the generator are named images, pose.*name="):
        main_shape(network("images", "pose"), ["latents"], "generator")
    assert list(inputs_of(network("images", "pose"))) == ["images", "pose"]
