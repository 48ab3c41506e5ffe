"""Model cards."""

import json

import keras
import pytest

from keras_gans.metrics import FrechetDistance
from keras_gans.serving.model_card import model_card
from tests.backends import written_once
from tests.harness import cyclegan, gan, images, images_for, pairs_for, pix2pix, progressive_gan
from tests.serving.conftest import clothes


def card_of(model, options=None, **said):
    return model_card(model, model.endpoints(), options or {}, **said)


@pytest.mark.parametrize(
    ("build", "arrays"),
    [(gan, lambda model: [images_for(model, 8)]), (pix2pix, lambda model: pairs_for(model, 8))],
)
def test_a_card_says_where_a_model_comes_from(build, arrays):
    model = build()
    model.compile()
    model.fit(*arrays(model), batch_size=4, verbose=0)
    card = model_card(
        model, model.endpoints(), {"weights": "raw"}, trained_on="8 random\nimages | ours"
    )
    assert card.startswith(f"# {type(model).__name__}\n\n")
    assert "arXiv:" in card
    assert "| trained on | 8 random images \\| ours |" in card
    assert "| train steps | 2 of the discriminator, 2 of the generator |" in card
    assert "| seed | 3 |" in card
    assert "weights='raw'" in card
    assert f"keras {keras.__version__}" in card
    assert "None were stated." in card


def test_a_card_says_what_a_model_makes_of_what():
    card = card_of(clothes())
    assert (
        "| what it makes | from_latents: images uint8 [n, 4, 4, 1] from latents float32 [n, 4], "
        "labels int32 [n] |"
    ) in card
    assert "| classes of labels | 0 shirt, 1 bag, 2 boot |" in card
    makes = "b_to_a: images uint8 [n, any, any, 1] from images uint8 [n, any, any, 1]"
    assert makes in card_of(cyclegan())


@written_once
def test_the_card_of_an_export_states_the_size_that_is_exported(tmp_path):
    pytest.importorskip("tensorflow", reason="exports are written by TensorFlow")
    path = progressive_gan().export(tmp_path / "small", resolution=4)
    assert "images uint8 [n, 4, 4, 1]" in (path / "MODEL_CARD.md").read_text()


def test_steps_before_the_present_phase_of_growth_count():
    model = progressive_gan(fade_images=4, stabilise_images=4)
    model.images_seen.assign(0)
    model.compile(run_eagerly=True)
    model.fit(images(16, (16, 16, 1)), verbose=0)
    assert int(keras.ops.convert_to_numpy(model.optimizer.iterations)) < 4
    assert "| train steps | 4 of the discriminator, 4 of the generator |" in model_card(
        model, model.endpoints(), {}
    )


def test_scores_stand_with_their_protocol():
    metric = FrechetDistance()
    metric.compare(images(20, (28, 28, 1)), images(10, (28, 28, 1)))
    protocol = metric.protocol()
    card = card_of(gan(), scores={metric.name: protocol, "l1": 0.25})
    value = protocol.pop("score")
    assert f"| {metric.name} | {value:.6g} | {json.dumps(protocol)} |" in card
    assert "| l1 | 0.25 | not stated |" in card
    assert "the model is not compiled" in card


@pytest.mark.parametrize("scores", [[3], {"fid": "3"}, {"fid": {"num_real": 10}}])
def test_scores_of_another_form_are_told(scores):
    with pytest.raises(TypeError, match=r"scores is a dict|A score is a number.*fid was"):
        card_of(gan(), scores=scores)


def test_every_export_has_one(exported):
    _, path = exported("gan")
    assert "png=True" in (path / "MODEL_CARD.md").read_text()


def test_where_tensorflow_is_missing_an_export_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.metadata.packages_distributions", dict)
    with pytest.raises(ImportError, match=r"written by TensorFlow.*pip install"):
        gan().export(tmp_path / "out")
    assert not (tmp_path / "out").exists()
