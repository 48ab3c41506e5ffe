"""A model as the README sketches one: without conditions, with and without a `test_step`."""

import keras
import numpy as np
import pytest

from keras_gans.losses import hinge_discriminator, hinge_generator
from keras_gans.models import LatentModel
from tests.harness import assert_equal, dense_gan, images_for, state_of


class MyGAN(LatentModel):
    def __init__(self, generator, discriminator, latent_dim, **kwargs):
        super().__init__(generator, latent_dim, **kwargs)
        self.discriminator = discriminator
        self.track("discriminator_loss", "generator_loss")

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-3)

    def train_step(self, data):
        real = self.images(data)
        latents = self.sample_latents(real)
        fake = self.forward_once("generator", lambda: self.generator(latents, training=True))
        scores = lambda images: self.discriminator(images, training=True)  # noqa: E731
        self.minimize(
            "discriminator", lambda: hinge_discriminator(scores(real), scores(fake.output))
        )
        self.minimize("generator", lambda fake: hinge_generator(scores(fake)), through=fake)
        self.end_step(real)
        return self.logs()


def build(cls):
    model = dense_gan()
    model = cls(model.generator, model.discriminator, model.latent_dim, ema_decay=0.5, seed=1)
    model.compile()
    return model


class Evaluated(MyGAN):
    def test_step(self, data):
        real = self.images(data)
        fake = self(self.sample_latents(real, seed=self.evaluation_seed))
        real_scores, fake_scores = (self.discriminator(x, training=False) for x in (real, fake))
        self.observe_losses(
            discriminator=hinge_discriminator(real_scores, fake_scores),
            generator=hinge_generator(fake_scores),
        )
        self.update_scores(real, fake)
        return self.logs()


def test_evaluate_needs_a_test_step_alone():
    model = build(Evaluated)
    images = images_for(model, 8)
    model.fit(images, batch_size=4, validation_data=images, verbose=0)
    before = state_of(model.weights)
    logs = [model.evaluate(images, verbose=0, return_dict=True) for _ in range(2)]
    assert logs[0] == logs[1]
    assert logs[0]["discriminator_loss"] > 0
    assert np.isfinite(logs[0]["generator_loss"])
    assert_equal(before, state_of(model.weights))


def test_a_model_without_it_is_told_before_an_epoch_is_trained():
    model = build(MyGAN)
    images = images_for(model, 8)
    model.fit(images, batch_size=4, verbose=0)
    for validation in ({"validation_data": images}, {"validation_split": 0.5}):
        with pytest.raises(NotImplementedError, match=r"MyGAN has no `test_step\(self, data\)`"):
            model.fit(images, batch_size=4, verbose=0, **validation)
    assert int(model.optimizer.iterations) == 2
    with pytest.raises(NotImplementedError, match=r"observe_losses.*update_scores.*CONTRIBUTING"):
        model.evaluate(images, verbose=0)


def test_the_summary_tells_a_generator_and_its_average_apart(capsys):
    model = build(MyGAN)
    model.summary()
    said = capsys.readouterr().out
    assert said.count(model.generator.name) == 2
    assert f"{model.generator.name}_average"[:24] in said
    model = dense_gan(ema_decay=0.5)
    assert model.averaged_generator.name == f"{model.generator.name}_average"
    assert model.generator.name == model.get_config()["generator"]["config"]["name"]
