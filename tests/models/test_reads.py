"""What a network says of samples, in chunks and beside conditions."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.data import ImageDataset
from keras_gans.models import LatentModel
from keras_gans.models.reads import Reads
from tests.harness import images, labels

PIXELS, IDS = images(5, (2, 2, 1)), labels(5)


class Means(Reads, LatentModel):
    """Its judge tells the mean of the floats, and adds the label."""

    def __init__(self):
        generator = [keras.Input((4,)), layers.Reshape((2, 2, 1))]
        super().__init__(keras.Sequential(generator), 4)
        pixels = keras.Input((2, 2, 1), name="images")
        labels = keras.Input((), dtype="int32", name="labels")
        added = layers.Embedding(3, 1)
        means = layers.GlobalAveragePooling2D()(pixels) + added(labels)
        added.set_weights([np.arange(3.0)[:, None]])
        self.judge = keras.Model([pixels, labels], {"means": means})

    @property
    def players(self):
        return {"generator": [self.generator], "judge": [self.judge]}

    def judged(self, images, batch_size=64, **conditions):
        def said(outputs):
            return {"means": outputs["means"][:, 0], "bright": outputs["means"] > 0}

        return self.read_samples("judged", self.judge, said, images, batch_size, conditions)


@pytest.mark.parametrize("batch_size", [1, 2, 64])
def test_each_sample_is_read_with_its_own_conditions(batch_size):
    floats = PIXELS.astype("float32") / 127.5 - 1
    expected = floats.mean((1, 2, 3)) + IDS
    for given in (PIXELS, floats):
        said = Means().judged(given, batch_size, labels=IDS)
        np.testing.assert_allclose(said["means"], expected, atol=1e-6)
        np.testing.assert_array_equal(said["bright"][:, 0], expected > 0)


def test_no_samples_are_read_as_none():
    said = Means().judged(PIXELS[:0], labels=IDS[:0])
    assert said["means"].shape == (0,)
    assert said["bright"].shape == (0, 1)


@pytest.mark.parametrize(
    ("given", "conditions", "error", "sentence"),
    [
        (PIXELS[0], {"labels": 0}, ValueError, r"images\[None\]"),
        (PIXELS * 1.0, {"labels": 0}, ValueError, r"lie in \[-1, 1\]"),
        (PIXELS, {"labels": -1}, ValueError, "from 0 to 2, but -1"),
        (PIXELS, {"labels": IDS[:2]}, ValueError, r"judged\(\) was given 5 samples and 2 labels"),
        (PIXELS, {}, ValueError, r"labels is missing: judged\(labels"),
        (PIXELS, {"labels": 0, "pose": 1}, TypeError, "given 'pose'"),
    ],
)
def test_what_it_cannot_read_is_told(given, conditions, error, sentence):
    with pytest.raises(error, match=sentence):
        Means().judged(given, **conditions)


def test_a_network_reads_the_conditions_that_its_inputs_are_named_after():
    model = Means()
    assert [*model.conditions_of(model.judge)] == ["labels"]
    assert model.conditions_of(model.generator) == {}
    assert ops.shape(model.judged(PIXELS[:1], labels=0)["means"]) == (1,)


@pytest.mark.parametrize("what", [ImageDataset(PIXELS), "photos/"])
def test_what_is_no_array_is_told_how_to_become_one(what):
    with pytest.raises(ValueError, match=r"judged\(\) takes an array of images, and this is a "):
        Means().judged(what, labels=0)
