"""Going on after an interruption."""

import functools
import re
import shutil
import tempfile
import types
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.callbacks import Checkpoint, CheckpointError
from keras_gans.data import ImageDataset, images
from keras_gans.models import GAN
from tests.harness import (
    assert_equal,
    conditional_gan,
    dense_gan,
    everything,
    images_for,
    labels,
)

BACKEND = keras.backend.backend()


class Interrupt(keras.callbacks.Callback):
    """Breaks a run off after some of its steps."""

    def __init__(self, after):
        super().__init__()
        self.left = after

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def tiny_gan(dropout_seed=1):
    """As little as has statistics, dropout and an average: it trains in no time on any backend."""
    layers = keras.layers
    keras.utils.set_random_seed(0)
    dropouts = [layers.Dropout(0.3, seed=dropout_seed) for _ in range(2)]
    generator = [
        layers.Dense(4),
        layers.BatchNormalization(),
        dropouts[0],
        layers.Reshape((2, 2, 1)),
    ]
    discriminator = [layers.Flatten(), dropouts[1], layers.Dense(1)]
    return GAN(
        keras.Sequential([keras.Input((3,)), *generator]),
        keras.Sequential([keras.Input((2, 2, 1)), *discriminator]),
        latent_dim=3,
        ema_decay=0.5,
        seed=3,
    )


def built(**arguments):
    model = tiny_gan()
    # A few steps run before they compile; but JAX is slow at what it did not compile.
    model.compile(**arguments or {"run_eagerly": BACKEND != "jax"})
    return model


def shuffled(model):
    return ImageDataset(images_for(model), batch_size=2, seed=1)


def array(model):
    return images_for(model)


def tf_data(model):
    tf = pytest.importorskip("tensorflow", reason="tf.data is TensorFlow's")
    options = tf.data.Options()
    options.deterministic = True
    images = tf.data.Dataset.from_tensor_slices(images_for(model))
    return images.with_options(options).shuffle(10, seed=5).batch(2)


def tf_data_of_unknown_length(model):
    return tf_data(model).unbatch().filter(lambda image: True).batch(2)


def tf_data_without_end(model):
    return tf_data(model).unbatch().repeat().batch(2)


def arrays_of_labels(model):
    return {"images": images_for(model), "labels": labels()}


def folders_of_classes(model):
    with tempfile.TemporaryDirectory() as folder:
        for i, (pixels, label) in enumerate(zip(images_for(model), labels(), strict=True)):
            path = Path(folder, "abc"[label], f"{i}.png")
            path.parent.mkdir(exist_ok=True)
            Image.fromarray(pixels[..., 0]).save(path)
        return images(folder, (4, 4, 1), labels="folders", batch_size=2)


def tf_data_of_labels(model):
    tf = pytest.importorskip("tensorflow", reason="tf.data is TensorFlow's")
    data = tf.data.Dataset.from_tensor_slices((images_for(model), labels()))
    return data.shuffle(10, seed=5).batch(2)


def fit(folder, data=shuffled, epochs=3, interrupt_after=0, save_freq=2, **arguments):
    """Five steps an epoch."""
    model = built()
    x = data(model)
    if data in (array, arrays_of_labels):
        arguments["batch_size"] = 2
    if data is tf_data_without_end:
        arguments["steps_per_epoch"] = 5
    if data.__name__.startswith("tf_data"):
        arguments["shuffle"] = False  # Or Keras warns that it will not.
    callbacks = [Interrupt(interrupt_after), Checkpoint(folder, save_freq=save_freq)]
    history = model.fit(x, epochs=epochs, verbose=0, callbacks=callbacks, **arguments)
    return model, history.history


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """The run of three epochs that every interrupted one is compared with."""
    return fit(tmp_path_factory.mktemp("straight"))


@pytest.fixture(scope="module")
def two_epochs(tmp_path_factory):
    """A folder with the checkpoints of two epochs."""
    folder = tmp_path_factory.mktemp("two_epochs")
    fit(folder, epochs=2, save_freq="epoch")
    return folder


def interrupted(folder, after, **arguments):
    with pytest.raises(KeyboardInterrupt):
        fit(folder, interrupt_after=after, **arguments)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Of unknown length, it does.
@pytest.mark.parametrize(
    "data", [shuffled, array, tf_data, tf_data_of_unknown_length, tf_data_without_end]
)
def test_an_interrupted_run_goes_on_exactly_where_it_was(data, tmp_path, straight):
    if data is tf_data_without_end and BACKEND == "torch":
        pytest.skip("it is refused there: see the next test")
    if data is not shuffled:
        straight = fit(tmp_path / "straight", data)
    model, history = straight
    # In the second epoch, one step after a checkpoint; then again in the third, at its end.
    interrupted(tmp_path / "resumed", 8, data=data)
    assert [path.name for path in Checkpoint(tmp_path / "resumed").paths()] == [
        "epoch_000001_step_000000",
        "epoch_000001_step_000002",
    ]
    interrupted(tmp_path / "resumed", 8, data=data)
    resumed, resumed_history = fit(tmp_path / "resumed", data)
    assert_equal(everything(model), everything(resumed))
    assert {k: v[-1] for k, v in history.items()} == {k: v[-1] for k, v in resumed_history.items()}


@pytest.mark.parametrize("data", [arrays_of_labels, folders_of_classes, tf_data_of_labels])
def test_labels_go_on_with_their_images(data, tmp_path, monkeypatch):
    def labelled():
        keras.utils.set_random_seed(0)
        model = conditional_gan()
        model.compile(run_eagerly=BACKEND != "jax")
        return model

    monkeypatch.setitem(globals(), "built", labelled)
    straight, history = fit(tmp_path / "straight", data, epochs=2)
    interrupted(tmp_path / "resumed", 8, data=data)
    resumed, resumed_history = fit(tmp_path / "resumed", data, epochs=2)
    assert_equal(everything(straight), everything(resumed))
    assert history["loss"][-1] == resumed_history["loss"][-1]
    assert resumed.class_names == straight.class_names


def test_a_run_whose_data_come_in_another_order_says_so(tmp_path):
    def other(model):
        return ImageDataset(images_for(model), batch_size=2, seed=2)

    interrupted(tmp_path, 8)
    with pytest.warns(UserWarning, match="the order of the data is not: its first batch"):
        interrupted(tmp_path, 1, data=other)
    with pytest.warns(UserWarning, match="`steps_per_epoch` cuts its epochs apart"):
        interrupted(tmp_path, 1, steps_per_epoch=5)


def test_a_generator_is_resumed_with_a_warning(tmp_path):
    def generator(model):
        images = images_for(model)
        return ((images[i : i + 2],) for _ in range(3) for i in range(0, 10, 2))

    # Without `shuffle=False` Keras warns that it does not shuffle a generator.
    interrupted(tmp_path, 3, data=generator, steps_per_epoch=5, shuffle=False)
    with pytest.warns(UserWarning, match="the order of a generator cannot be known"):
        model, _ = fit(tmp_path, generator, epochs=1, steps_per_epoch=5, shuffle=False)
    assert int(model.optimizer.iterations) == 5


@pytest.mark.skipif(BACKEND == "torch", reason="PyTorch's Keras trainer has no such argument")
def test_several_steps_per_execution_resume_exactly(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "built", functools.partial(built, steps_per_execution=2))
    straight, _ = fit(tmp_path / "straight")
    interrupted(tmp_path / "resumed", 5)  # Executions: after the second of the second epoch.
    assert Checkpoint(tmp_path / "resumed").paths()[-1].name == "epoch_000001_step_000002"
    resumed, _ = fit(tmp_path / "resumed")
    assert_equal(everything(straight), everything(resumed))


def test_the_newest_ones_are_kept(two_epochs):
    assert sorted(path.name for path in two_epochs.iterdir()) == [
        "epoch_000001_step_000000",
        "epoch_000002_step_000000",
    ]


def test_one_is_kept_where_one_is_asked_for(tmp_path):
    model = built()
    callbacks = [Checkpoint(tmp_path, keep=1, save_freq=2)]
    model.fit(shuffled(model), epochs=2, verbose=0, callbacks=callbacks)
    assert [path.name for path in tmp_path.iterdir()] == ["epoch_000002_step_000000"]


def test_those_inside_an_epoch_do_not_push_out_those_at_the_ends(tmp_path):
    model = built()
    callbacks = [Checkpoint(tmp_path, keep=2, save_freq=2)]
    model.fit(shuffled(model), epochs=3, verbose=0, callbacks=callbacks)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "epoch_000002_step_000000",
        "epoch_000002_step_000004",
        "epoch_000003_step_000000",
    ]


def test_what_was_being_written_is_not_read(two_epochs, tmp_path):
    shutil.copytree(two_epochs, tmp_path / "run")
    (tmp_path / "run" / "aside").mkdir()
    (tmp_path / "run" / "aside" / "state.npz").write_bytes(b"half of a")
    assert int(fit(tmp_path / "run", epochs=3)[0].optimizer.iterations) == 15


def test_a_finished_run_trains_no_more(two_epochs):
    with pytest.warns(UserWarning, match="has all of the 2 epochs: nothing is left to train"):
        model, _ = fit(two_epochs, epochs=2)
    assert int(model.optimizer.iterations) == 10
    # And a later `fit` without the callback starts at its own epoch.
    assert model.fit(images_for(model), epochs=1, verbose=0).epoch == [0]


def cut_off(path):
    (path / "state.npz").write_bytes((path / "state.npz").read_bytes()[:1000])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut_off, "its checksum differs"),
        (lambda path: (path / "state.npz").unlink(), "No such file"),
        (lambda path: (path / "progress.json").write_text("{"), "Expecting property name"),
        (lambda path: (path / "progress.json").write_text("[]"), "list indices"),
    ],
)
def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(
    damage, said, tmp_path, straight, two_epochs
):
    shutil.copytree(two_epochs, tmp_path / "resumed")
    newest = Checkpoint(tmp_path / "resumed").paths()[-1]
    damage(newest)
    with pytest.warns(UserWarning, match=f"{re.escape(str(newest))} is damaged.*{said}"):
        resumed, _ = fit(tmp_path / "resumed")
    assert_equal(everything(straight[0]), everything(resumed))
    assert [path.name for path in Checkpoint(tmp_path / "resumed").paths()] == [
        "epoch_000002_step_000000",
        "epoch_000002_step_000004",
        "epoch_000003_step_000000",
    ]


def test_no_whole_checkpoint_is_an_error_and_no_new_beginning(two_epochs, tmp_path):
    shutil.copytree(two_epochs, tmp_path, dirs_exist_ok=True)
    for path in Checkpoint(tmp_path).paths():
        cut_off(path)
    with (
        pytest.warns(UserWarning, match="is damaged"),
        pytest.raises(ValueError, match=r"None of the 2 checkpoints in .* is whole"),
    ):
        fit(tmp_path)


def test_another_models_checkpoint_is_refused(two_epochs):
    other = dense_gan()
    other.compile()
    with pytest.raises(ValueError, match="is of another model"):
        other.fit(images_for(other), verbose=0, callbacks=[Checkpoint(two_epochs)])


def test_a_run_of_other_classes_is_not_gone_on_with(tmp_path):
    def train(names, epochs):
        model = conditional_gan()
        model.compile(run_eagerly=keras.backend.backend() != "jax")
        data = ImageDataset(images_for(model), 4, fields={"labels": labels()}, class_names=names)
        model.fit(data, epochs=epochs, verbose=0, callbacks=[Checkpoint(tmp_path)])
        return model.steps_taken("generator")

    assert train(("bag", "coat", "shirt"), 1) == 3
    assert train(("bag", "coat", "shirt"), 2) == 6
    with pytest.raises(CheckpointError, match="the classes bag, coat, shirt, and the data have ba"):
        train(("bag", "hat", "shirt"), 3)


def test_a_full_disk_is_a_warning_and_training_goes_on(tmp_path, monkeypatch):
    write = Checkpoint._write

    def full(self, folder, epoch, step, state):
        write(self, folder, epoch, step, state)
        if epoch == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Checkpoint, "_write", full)
    with pytest.warns(UserWarning, match="could not be written.*No space left") as caught:
        model, _ = fit(tmp_path, epochs=2)
    failed = ["epoch_000001_step_000000", "epoch_000001_step_000002", "epoch_000001_step_000004"]
    said = [str(w.message) for w in caught if "could not be written" in str(w.message)]
    for sentence, name in zip(said, failed, strict=True):
        assert name in sentence
        assert sentence.endswith(f"The last good one is {tmp_path / 'epoch_000000_step_000004'}.")
    assert int(model.optimizer.iterations) == 10
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "epoch_000000_step_000004",
        "epoch_000002_step_000000",
    ]


def test_a_folder_that_cannot_be_written_to_is_told_before_training(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ValueError, match=f"cannot be written to {re.escape(str(folder))}"):
            fit(folder)


def test_weights_with_nan_are_never_saved(tmp_path):
    class Spoil(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                weight = self.model.generator.trainable_weights[0]
                weight.assign(np.full(weight.shape, np.nan, "float32"))

    model = built()
    with pytest.warns(UserWarning, match="epoch_000002_step_000000 was not written: .* hold NaN"):
        model.fit(images_for(model), epochs=2, verbose=0, callbacks=[Spoil(), Checkpoint(tmp_path)])
    assert [path.name for path in tmp_path.iterdir()] == ["epoch_000001_step_000000"]


def test_rolling_back_restores_and_saves_no_more(tmp_path):
    class RollBack(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 2:
                self.restored = checkpoint.roll_back(2)
                self.model.stop_training = True

    checkpoint, roll_back, model = Checkpoint(tmp_path), RollBack(), built()
    callbacks = [roll_back, checkpoint]
    model.fit(shuffled(model), epochs=5, verbose=0, callbacks=callbacks)
    assert roll_back.restored == tmp_path / "epoch_000002_step_000000"
    assert checkpoint.paths()[-1] == roll_back.restored
    assert int(model.optimizer.iterations) == 10
    held = np.load(roll_back.restored / "state.npz")
    weight = keras.ops.convert_to_numpy(model.generator.trainable_weights[0])
    assert any(np.array_equal(held[name], weight) for name in held.files)


def test_rolling_back_to_where_no_checkpoint_is_deletes_none(two_epochs, tmp_path):
    shutil.copytree(two_epochs, tmp_path / "run")
    checkpoint = Checkpoint(tmp_path / "run")
    assert checkpoint.roll_back(0) is None
    assert len(checkpoint.paths()) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"save_freq": 0}, "save_freq"),
        ({"save_freq": "batch"}, "save_freq"),
        ({"keep": 0}, "keep"),
        ({"minutes": 0}, "minutes"),
    ],
)
def test_bad_arguments_are_refused(arguments, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        Checkpoint(tmp_path, **arguments)


def test_a_plain_model_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(TypeError, match="is a plain Sequential: for it there is"):
        model.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0, callbacks=[Checkpoint(tmp_path)])


@pytest.mark.parametrize("path", ["gs://bucket/run", "s3://bucket/run"])
def test_a_remote_folder_is_refused(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="folder of checkpoints must lie on this machine"):
        Checkpoint(path)
    assert not list(tmp_path.iterdir())


def test_the_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Checkpoint("~/run").folder == tmp_path / "run"


def test_one_is_saved_where_the_last_one_is_too_old(tmp_path, monkeypatch):
    clock = iter(range(0, 600, 20))  # Asked as training begins, at each step, and at a save.
    time = types.SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr("keras_gans.callbacks.checkpoint.time", time)
    saved = []
    save = Checkpoint._save
    monkeypatch.setattr(
        Checkpoint, "_save", lambda self, *place: saved.append(place) or save(self, *place)
    )
    model = built()
    model.fit(shuffled(model), epochs=1, verbose=0, callbacks=[Checkpoint(tmp_path, minutes=1)])
    assert saved == [(0, 3), (1, 0)]  # After three steps 80 seconds had passed.


def test_checkpoints_of_a_million_steps_and_more_are_found_and_sorted_by_number(tmp_path):
    names = ["epoch_000000_step_999999", "epoch_000000_step_1000000", "epoch_1000000_step_000000"]
    for name in names:
        (tmp_path / name).mkdir()
    checkpoint = Checkpoint(tmp_path, keep=1)
    assert [path.name for path in checkpoint.paths()] == names
    checkpoint._prune(tmp_path / names[1])
    assert [path.name for path in checkpoint.paths()] == [names[1]]


def test_weights_are_hashed_while_they_are_written_and_not_read_again(tmp_path, monkeypatch):
    def read(path):
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr("keras_gans.callbacks.checkpoint._sha256", read)
    fit(tmp_path, epochs=1)
    monkeypatch.undo()
    checkpoint = Checkpoint(tmp_path)
    assert checkpoint._read(checkpoint.paths()[-1])["epoch"] == 1


def test_dropout_without_a_seed_resumes_exactly(tmp_path):
    def build():
        model = tiny_gan(dropout_seed=None)
        model.compile(run_eagerly=True)
        return model

    def train(model, epochs):
        data = shuffled(model)
        callbacks = [Checkpoint(tmp_path / "run")] if epochs < 3 else []
        model.fit(data, epochs=epochs, verbose=0, callbacks=callbacks)

    straight = build()
    train(straight, 3)
    train(build(), 2)
    resumed = build()
    keras.utils.set_random_seed(7)  # Another model has drawn numbers meanwhile.
    resumed.fit(shuffled(resumed), epochs=3, verbose=0, callbacks=[Checkpoint(tmp_path / "run")])
    assert_equal(everything(straight), everything(resumed))
