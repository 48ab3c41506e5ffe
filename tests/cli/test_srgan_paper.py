"""The program of the paper's schedule: its numbers, without its million steps."""

import keras
import pytest

from keras_gans_cli import srgan_paper
from tests.backends import programs_once
from tests.cli.pictures import write_photographs
from tests.networks.counts import trainable

pytestmark = programs_once


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    images = keras.Input((None, None, 3))
    features = keras.Model(images, keras.layers.Conv2D(2, 3)(images))
    monkeypatch.setattr(srgan_paper, "vgg19_of", lambda options: features)
    write_photographs(tmp_path / "photographs", count=12, side=96)
    arguments = ["--train", str(tmp_path / "photographs"), "--output", str(tmp_path / "run")]
    return srgan_paper.prepare(srgan_paper.options_of([*arguments, "--held-out", "0.3"]))


def test_the_numbers_are_those_of_the_paper(prepared):
    model, _, training, validation, run = prepared
    assert trainable(model.generator) == 1_550_659
    assert trainable(model.discriminator) == 23_565_505
    assert (model.pixel_weight, model.feature_weight, model.adversarial_weight) == (0, 1, 1e-3)
    assert training[0][1].shape == (16, 96, 96, 3)
    assert run.settings["epochs"] * len(training) >= 1_000_000
    assert (run.settings["gan_epochs"] - 1) * len(training) < 200_000
    assert 0 < len(validation.pairs) < 12 == len(validation.pairs) + len(training.pairs)


def test_the_learning_rate_falls_to_a_tenth_in_the_second_half(prepared):
    model, rate = prepared[:2]
    assert rate == 1e-4
    for optimizer in model.optimizer.optimizers:
        for step, rate in ((0, 1e-4), (99_999, 1e-4), (100_001, 1e-5)):
            optimizer.iterations.assign(step)
            assert float(optimizer.learning_rate) == pytest.approx(rate)


def test_photographs_are_required():
    with pytest.raises(SystemExit):
        srgan_paper.main([])
