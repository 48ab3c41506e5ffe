"""The steps of a `fit` that grows, and how they are counted."""

import re

import keras
import pytest

from keras_gans.callbacks import Checkpoint
from keras_gans.engine.backend import backend
from tests.harness import (
    assert_equal,
    everything,
    images,
)
from tests.models.test_growing_model import BACKEND, SHAPE, SIZES, build, small_fit


class Seen(keras.callbacks.Callback):
    """The resolution of every step and how many images it has seen, epoch by epoch."""

    def __init__(self):
        super().__init__()
        self.epochs, self.images, self.steps = [], [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs.append([])
        self.images.append(int(keras.ops.convert_to_numpy(self.model.images_seen)))
        self.steps.append(self.params["steps"])

    def on_train_batch_end(self, batch, logs=None):
        backend.before_inference(self.model)
        before = self.images[-1] + sum(images for _, images in self.epochs[-1])
        images = int(keras.ops.convert_to_numpy(self.model.images_seen)) - before
        self.epochs[-1].append((self.model.resolution, images))


def test_every_step_is_one_update_with_the_minibatch_of_the_resolution():
    model, seen = build(compiled=False, **SIZES), Seen()
    model.compile(run_eagerly=True)
    widths = []
    faded = model.faded

    def watched(images, alpha):
        widths.append(int(images.shape[1]))
        return faded(images, alpha)

    object.__setattr__(model, "faded", watched)
    small_fit(model, callbacks=[seen])
    # Boundaries lie at 8, 16, 24 and 32 images; an epoch ends with its 20th image, or the next.
    assert seen.epochs == [
        [(4, 6)] * 2 + [(8, 4)] * 2,
        [(8, 4)] * 2 + [(16, 2)] * 6,
        [(16, 2)] * 10,
    ]
    assert seen.steps == [len(epoch) for epoch in seen.epochs] == [4, 8, 10]
    assert widths == [width for epoch in seen.epochs for width, _ in epoch]
    assert [model.steps_taken(player) for player in model.players] == [22, 22]


def test_a_second_fit_may_have_smaller_batches():
    model, seen = build(compiled=False, stabilise_images=1000), Seen()
    model.compile(run_eagerly=True)
    small_fit(model, n=8, epochs=1, callbacks=[seen])
    small_fit(model, n=8, epochs=1, callbacks=[seen], batch_size=4)
    small_fit(model, n=8, epochs=1, callbacks=[seen], batch_size=100)
    assert seen.epochs == [[(4, 8)], [(4, 4)] * 2, [(4, 8)]]


def test_the_progress_bar_counts_the_steps_of_each_epoch(capsys):
    model = build(compiled=False, **SIZES)
    model.compile(run_eagerly=True)
    small_fit(model, verbose=2)
    counts = re.findall(r"^(\d+/\d+) ", capsys.readouterr().out, re.MULTILINE)
    assert counts == ["4/4", "8/8", "10/10"]


@pytest.mark.skipif(BACKEND == "torch", reason="PyTorch's Keras trainer has no such argument")
def test_executions_of_several_steps_have_one_size():
    model, seen = build(compiled=False, **SIZES), Seen()
    model.compile(run_eagerly=True, steps_per_execution=3)
    small_fit(model, callbacks=[seen])
    assert seen.epochs[0] == [(4, 18), (8, 4)]


def batches(n, size):
    for start in range(0, n, size):
        yield (images(n, SHAPE)[start : start + size],)


@pytest.mark.parametrize("kind", ["generator", "tf.data", "tf.data of unknown sizes"])
def test_batches_of_other_data_are_trained_on_as_they_come(kind):
    model, seen = build(compiled=False, **SIZES), Seen()
    model.compile(run_eagerly=True)
    data, steps = batches(40, 5), 8
    if kind != "generator":
        tf = pytest.importorskip("tensorflow")
        data = tf.data.Dataset.from_tensor_slices(images(40, SHAPE)).batch(5, kind == "tf.data")
        steps = None
    model.fit(data, verbose=0, shuffle=False, steps_per_epoch=steps, callbacks=[seen])
    assert seen.epochs == [[(4, 5)] * 2 + [(8, 5)] * 3 + [(16, 5)] * 3]


def test_steps_of_several_sizes_are_no_measure_of_an_epoch():
    for data in (images(8, SHAPE), {"images": images(8, SHAPE)}):
        with pytest.raises(ValueError, match="images_per_epoch=40_000"):
            build().fit(data, steps_per_epoch=2)


@pytest.mark.parametrize("broken_at", [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2)])
def test_epochs_of_steps_of_several_sizes_go_on_where_they_were_broken_off(broken_at, tmp_path):
    def run(epochs=2, callbacks=()):
        model, seen = build(compiled=False, **SIZES), Seen()
        model.compile(run_eagerly=True)
        small_fit(model, epochs=epochs, callbacks=[seen, *callbacks])
        return model, seen

    class Break(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch

        def on_train_batch_end(self, batch, logs=None):
            if (self.epoch, batch) == broken_at:
                raise KeyboardInterrupt

    straight, expected = run()
    with pytest.raises(KeyboardInterrupt):
        run(callbacks=[Checkpoint(tmp_path, save_freq=1), Break()])
    resumed, seen = run(callbacks=[Checkpoint(tmp_path, save_freq=1)])
    assert_equal(everything(straight), everything(resumed))
    assert seen.steps[-1] == expected.steps[-1]
