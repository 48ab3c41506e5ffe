"""Going on after an interruption."""

import keras
import pytest

from keras_gans.callbacks import Checkpoint
from keras_gans.data import ImageDataset
from tests.harness import assert_equal, dense_gan, everything, images_for


def fit(folder, epochs, stop_after=None):
    keras.utils.set_random_seed(0)
    model = dense_gan(batch_norm=True, ema_decay=0.5)
    model.compile()

    def interrupt(epoch, logs):
        if epoch + 1 == stop_after:
            raise KeyboardInterrupt

    model.fit(
        ImageDataset(images_for(model), batch_size=4, seed=1),
        epochs=epochs,
        verbose=0,
        callbacks=[Checkpoint(folder), keras.callbacks.LambdaCallback(on_epoch_end=interrupt)],
    )
    return model


def test_an_interrupted_run_ends_with_the_weights_of_a_straight_one(tmp_path):
    straight = fit(tmp_path / "straight", epochs=3)
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path / "resumed", epochs=3, stop_after=2)
    resumed = fit(tmp_path / "resumed", epochs=3)
    assert_equal(everything(straight), everything(resumed))


def test_one_whole_checkpoint_is_kept(tmp_path):
    fit(tmp_path, epochs=2)
    assert [path.name for path in tmp_path.iterdir()] == ["epoch_000002.weights.h5"]


def test_what_was_being_written_is_not_read(tmp_path):
    fit(tmp_path, epochs=1)
    (tmp_path / "aside.weights.h5").write_bytes(b"half of a")
    assert int(fit(tmp_path, epochs=2).optimizer.iterations) == 6


def test_a_finished_run_trains_no_more(tmp_path):
    fit(tmp_path, epochs=2)
    assert int(fit(tmp_path, epochs=2).optimizer.iterations) == 6


def test_a_later_fit_without_the_callback_starts_at_epoch_one(tmp_path):
    model = fit(tmp_path, epochs=2)
    history = model.fit(images_for(model), epochs=1, verbose=0)
    assert history.epoch == [0]
