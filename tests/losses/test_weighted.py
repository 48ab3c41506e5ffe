"""Several penalties, each with its weight, now and then."""

import keras
import pytest

from keras_gans.losses import Penalty
from keras_gans.schedules import Cosine
from tests.backends import written_once
from tests.harness import dense_gan, images_for


def test_several_penalties_are_paid_each_with_its_weight_and_in_its_steps():
    def logged(penalty):
        keras.utils.set_random_seed(0)
        model = dense_gan(penalty=penalty)
        model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0))
        images, logs = images_for(model, 4), []
        for _ in range(3):
            model.reset_metrics()
            step = model.train_on_batch(images, return_dict=True)
            logs.append({name: float(value) for name, value in step.items()})
        return logs

    alone = [logged([Penalty("r1", 1.0)]), logged([Penalty("r2", 1.0)])]
    both = logged([Penalty("r1", 0.5), Penalty("r2", 3.0, every=2)])
    for i, step in enumerate(both):
        assert step["r1"] == pytest.approx(0.5 * alone[0][i]["r1"], rel=1e-5)
        lazy = 2 * 3.0 * alone[1][i]["r2"] if i % 2 == 0 else 0.0
        assert step["r2"] == pytest.approx(lazy, rel=1e-5)
        total = step["adversarial"] + step["r1"] + step["r2"]
        assert step["discriminator_loss"] == pytest.approx(total, rel=1e-5)


@written_once
def test_penalties_survive_a_file(tmp_path):
    model = dense_gan(penalty=[Penalty("r1", Cosine(1.0, 0.1, images=9), every=4), Penalty("r2")])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert [p.get_config() for p in loaded.penalties] == [p.get_config() for p in model.penalties]
    assert loaded.penalties[0].every == 4


@written_once
@pytest.mark.parametrize(
    ("penalty", "weight", "sentence"),
    [
        (lambda: ["r1"], None, r"a list of Penalty\(penalty, weight\) objects.*one is 'r1'"),
        (lambda: [Penalty("r1"), Penalty("r1", 2.0)], None, "Two penalties are called r1"),
        (lambda: Penalty("r1", name="adversarial"), None, "log two things as 'adversarial'"),
        (lambda: [Penalty("r1")], 99.0, "penalty_weight=99.0 is that of one penalty"),
        (lambda: Penalty("r3"), None, "Unknown penalty 'r3'"),
        (lambda: Penalty("r1", -1.0), None, "A weight is 0 or more"),
        (lambda: Penalty("r1", every=0), None, "every is a whole number from 1 on"),
        (lambda: "r1", -1.0, "A weight is 0 or more"),
        (lambda: "r1", "1", "A weight is 0 or more, or a schedule of it; it was '1'"),
        (lambda: {"r1": 0.1}, None, "Unknown penalty {'r1': 0.1}"),
    ],
)
def test_wrong_penalties_are_told(penalty, weight, sentence):
    with pytest.raises(ValueError, match=sentence):
        dense_gan(penalty=penalty(), penalty_weight=weight)
