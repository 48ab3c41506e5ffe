"""What a case says of its model."""

import keras
import numpy as np
import pytest

from keras_gans.latents import only_or_all
from tests.harness.arrays import everything, images, labels, pairs, put_back

LATENT_DIM = 4


@pytest.mark.case
class Case:
    """A model, tiny, and what it takes and gives.

    A case says `build`, `arrays`, `inputs` and `infer`, the last three through `FromLatents` or
    `Translates` where it does one of these, and whatever of the following is not as it stands here.
    """

    # In the order of their moves.
    players = ("discriminator", "generator")
    # What is logged besides each player's loss and their sum.
    logs = ("real_score", "fake_score")
    # The dtype of what `infer` gives.
    inferred = "uint8"
    # The package that a process imports to load the model's files.
    package = "keras_gans"
    # How far twenty steps in half precision may end from those in float32, relative to the way
    # that they went. Batch normalization of four images rounds the most: the DCGAN's errors are
    # 0.10 and 0.04.
    half_precision = {"mixed_bfloat16": 0.15, "mixed_float16": 0.06}
    # How far the logs may be from those in float32, relatively.
    half_precision_of_logs = 0.02
    # Whether a kernel to one channel is computed in half precision, see `Precision`.
    convolves_to_one_channel = False

    def build(self, **arguments):
        """The model, not compiled."""
        raise NotImplementedError

    def arrays(self, n=10):
        """Tuple of what `fit` and `evaluate` take, for `n` samples."""
        raise NotImplementedError

    def inputs(self, n=3):
        """What `model(inputs)` and `predict` take."""
        raise NotImplementedError

    def infer(self, model, n=3, seed=0):
        """What users get of the model: an array of `n` samples."""
        raise NotImplementedError

    def requests(self, model, n=3):
        """Dict from signatures of its export to pairs: what they are fed, what must come."""
        raise NotImplementedError

    def freeze(self, model):
        """Freeze a part of each player; dict from players to their layers that are frozen."""
        frozen = {}
        for player, networks in model.players.items():
            layer = next(layer for layer in networks[0].layers if layer.trainable_weights)
            layer.trainable = False
            frozen[player] = [layer]
        return frozen

    # What the promises are written with.

    def compiled(self, **arguments):
        model = self.build()
        model.compile(**arguments)
        return model

    def fit(self, model, n=10, **arguments):
        """The history of a short training, in order."""
        arguments = {"batch_size": 4, "verbose": 0, "shuffle": False, **arguments}
        return model.fit(*self.arrays(n), **arguments).history

    def evaluate(self, model, n=10):
        return model.evaluate(*self.arrays(n), batch_size=4, verbose=0, return_dict=True)

    @pytest.fixture(scope="class")
    @classmethod
    def shared(cls):
        keras.utils.set_random_seed(0)
        model = cls().compiled()
        return model, everything(model)

    @pytest.fixture
    def model(self, shared):
        """A compiled model before any training; its step is compiled once for all tests."""
        model, start = shared
        put_back(model, start)
        return model

    @pytest.fixture(scope="class")
    @classmethod
    def shared_eager(cls):
        keras.utils.set_random_seed(0)
        model = cls().compiled(run_eagerly=True)
        return model, everything(model)

    @pytest.fixture
    def eager_model(self, shared_eager):
        """One whose steps run as Python: each costs more, but nothing is compiled."""
        model, start = shared_eager
        put_back(model, start)
        return model


class FromLatents(Case):
    """A model that makes images from latents."""

    image_shape = (4, 4, 1)

    def arrays(self, n=10):
        return (images(n, self.image_shape),)

    def latents(self, n):
        """An array of latents, or a dict of them where there are several sources."""
        return np.random.default_rng(0).standard_normal((n, LATENT_DIM), dtype="float32")

    def conditions(self, n):
        """What `generate` takes beside latents, by name."""
        return {}

    def named_inputs(self, n):
        latents = self.latents(n)
        latents = latents if isinstance(latents, dict) else {"latents": latents}
        return {**latents, **self.conditions(n)}

    def inputs(self, n=3):
        return only_or_all(self.named_inputs(n))

    def infer(self, model, n=3, seed=0):
        return model.generate(n, seed=seed, **self.conditions(n))

    def requests(self, model, n=3):
        expected = model.generate(latents=self.latents(n), **self.conditions(n))
        made = self.named_inputs(n), expected
        return {"serving_default": made, "from_latents": made}


class FromLabels(FromLatents):
    """A model that makes images of classes from latents."""

    classes = 3

    def arrays(self, n=10):
        return (*super().arrays(n), labels(n, self.classes))

    def conditions(self, n):
        """Each class in turn."""
        return {"labels": np.arange(n, dtype="int32") % self.classes}


class Encodes(FromLatents):
    """A model that also reads the latents of images back; stands before `FromLabels`."""

    def requests(self, model, n=3):
        (pixels, *_), conditions = self.arrays(n), self.conditions(n)
        given = {"images": pixels, **conditions}
        made = {name: getattr(model, name)(**given) for name in ("encode", "reconstruct")}
        return {**super().requests(model, n), **{name: (given, out) for name, out in made.items()}}


class Translates(Case):
    """A model that makes images from images."""

    image_shapes = ((8, 8, 1), (8, 8, 1))

    def arrays(self, n=10):
        return pairs(n, *self.image_shapes)

    def inputs(self, n=3):
        return self.arrays(n)[0].astype("float32") / 127.5 - 1

    def infer(self, model, n=3, seed=0):
        return model.translate(self.arrays(n)[0], seed=seed)

    def requests(self, model, n=3):
        (given, _), directions = self.arrays(n), model.generators
        made = {name: model.translate(given, direction=name) for name in directions}
        made["serving_default"] = model.translate(given)
        return {name: ({"images": given}, expected) for name, expected in made.items()}
