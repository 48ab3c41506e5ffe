"""A model of a kind that the package has not, written outside of it: it keeps every promise."""

import keras
import numpy as np
from keras import layers, ops

from keras_gans.latents import Categorical, Normal
from keras_gans.losses import hinge_discriminator, hinge_generator
from keras_gans.models import LatentModel
from tests.harness import (
    Averages,
    Conditions,
    DrawsLatents,
    Exports,
    FromLabels,
    Harness,
    RunsInXLA,
)


@keras.saving.register_keras_serializable(package="tests")
class TwoJudges(LatentModel):
    """A generator of noise, a code and a label; one judge sees details and labels, one neither."""

    def __init__(self, generator, fine, coarse, **options):
        super().__init__(generator, **options)
        self.fine, self.coarse = fine, coarse
        self.track("fine_loss", "coarse_loss", "generator_loss", "by_fine", "by_coarse")

    @property
    def players(self):
        networks = {"fine": self.fine, "coarse": self.coarse, "generator": self.generator}
        return {player: [network] for player, network in networks.items()}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3)

    def train_step(self, data):
        batch = self.batch(data)
        latents = self.sample_latents(batch.samples)
        fake = self.forward_once(
            "generator",
            lambda: self.run(self.generator, latents, batch.conditions, training=True),
        )
        for judge in ("fine", "coarse"):
            self.minimize(judge, lambda judge=judge: self.judged(judge, batch, fake.output))
        self.minimize("generator", lambda fake: self.generator_terms(batch, fake), through=fake)
        self.end_step(batch)
        return self.logs()

    def scores(self, judge, samples, batch, training):
        return self.run(getattr(self, judge), samples, batch.conditions, training=training)

    def judged(self, judge, batch, fake, training=True):
        real, fake = (self.scores(judge, x, batch, training) for x in (batch.samples, fake))
        return hinge_discriminator(real, fake)

    def generator_terms(self, batch, fake, training=True):
        judges = ("fine", "coarse")
        scores = [self.scores(judge, fake, batch, training) for judge in judges]
        return {f"by_{j}": hinge_generator(s) for j, s in zip(judges, scores, strict=True)}

    def test_step(self, data):
        batch = self.batch(data)
        fake = self.imagined(batch)
        self.observe_losses(
            **{judge: self.judged(judge, batch, fake, False) for judge in ("fine", "coarse")},
            generator=self.generator_terms(batch, fake, False),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()


def ids(name, classes):
    tensor = keras.Input((), dtype="int32", name=name)
    return tensor, layers.Embedding(classes, 3)(tensor)


def two_judges(**arguments):
    noise = keras.Input((3,), name="noise")
    (code, code_vector), (labels, label_vector) = ids("code", 4), ids("labels", 3)
    x = layers.Concatenate()([noise, code_vector, label_vector])
    x = layers.BatchNormalization()(layers.Dense(8, activation="relu")(x))
    x = layers.Dense(16, activation="tanh", dtype="float32")(x)
    generator = keras.Model([noise, code, labels], layers.Reshape((4, 4, 1))(x))

    images = keras.Input((4, 4, 1), name="images")
    labels, label_vector = ids("labels", 3)
    x = layers.Concatenate()([layers.Flatten()(images), label_vector])
    x = layers.BatchNormalization()(layers.Dense(8, activation="softplus")(x))
    x = layers.Dropout(0.3, seed=1)(x)
    fine = keras.Model([images, labels], layers.Dense(1, dtype="float32")(x))

    coarse = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(8, activation="softplus"),
            layers.Dense(1, dtype="float32"),
        ]
    )
    latents = {"noise": Normal(3), "code": Categorical(4)}
    return TwoJudges(generator, fine, coarse, latents=latents, seed=3, **arguments)


class TestTwoJudges(FromLabels, Conditions, DrawsLatents, Averages, Exports, RunsInXLA, Harness):
    players = ("fine", "coarse", "generator")
    logs = ("by_fine", "by_coarse")
    package = __name__

    def build(self, **arguments):
        return two_judges(ema_decay=0.5, **arguments)

    def latents(self, n):
        rng = np.random.default_rng(0)
        noise = rng.standard_normal((n, 3), dtype="float32")
        return {"noise": noise, "code": rng.integers(0, 4, n, dtype="int32")}

    def test_the_code_is_drawn_and_can_be_chosen(self, model):
        latents = model.draw_latents(64, seed=0)
        assert set(ops.convert_to_numpy(latents["code"])) == {0, 1, 2, 3}
        chosen = [model.generate(3, seed=1, code=[code] * 3, labels=0) for code in (0, 0, 1)]
        np.testing.assert_array_equal(*chosen[:2])
        assert (chosen[0] != chosen[2]).any()
