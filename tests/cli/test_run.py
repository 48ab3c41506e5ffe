"""How programs begin, fail and end."""

import importlib
import json
import os
import re
import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_gans.callbacks import CheckpointError
from keras_gans_cli.run import Run, UsageError, run_program, training, write_results
from tests.backends import shown_on_tensorflow
from tests.harness import dense_gan, images

TRAINING = ("dcgan", "cyclegan", "pix2pix", "progressive", "super_resolution", "srgan_paper")
PROGRAMS = (*TRAINING, "translate", "explore")


def in_a_new_process(*arguments):
    environment = {n: v for n, v in os.environ.items() if n != "TF_CPP_MIN_LOG_LEVEL"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_help_comes_without_keras():
    code = f"""
import contextlib, importlib, sys
for name in {PROGRAMS}:
    with contextlib.suppress(SystemExit):
        importlib.import_module("keras_gans_cli." + name).main(["--help"])
print({{"keras", "tensorflow", "jax", "torch"}} & set(sys.modules))
"""
    process = in_a_new_process("-c", code)
    assert process.stderr == ""
    assert process.stdout.count("usage: ") == len(PROGRAMS)
    assert process.stdout.endswith("set()\n")


@shown_on_tensorflow("it is TensorFlow that speaks")
def test_the_first_word_is_the_program_s(tmp_path):
    output = tmp_path / "run"
    process = in_a_new_process("-m", "applications.dcgan", "--data", "nowhere", "--output", output)
    assert process.returncode == 2
    (line,) = process.stderr.splitlines()
    assert line.startswith("python -m applications.dcgan: ")


@pytest.mark.parametrize("program", TRAINING)
def test_every_option_says_what_it_is_and_shows_its_default(program, capsys):
    with pytest.raises(SystemExit):
        importlib.import_module(f"keras_gans_cli.{program}").main(["--help"])
    text = " ".join(capsys.readouterr().out.split("options:")[1].split())
    options = re.split(r" (?=--[a-z0-9-]+ (?:[A-Z_]+|\{))", text)
    optional = (
        "--features|--target|--source|--train|--upscale|--model|--resume|--config|--tensorboard|-h"
    )
    optional += "|--checkpoint-ev"
    for option in options:
        if not re.match(optional, option):
            assert re.search(r"default: |by the two recipes|fashion_mnist, else", option), option
    assert "None" not in text


# Failing.


class Program:
    """A program that trains a little in `folder`, and meets `error` in its step `at`."""

    def __init__(self, folder, at=0, error=None, resume=False):
        self.run = None
        self.folder, self.at, self.error, self.resume = folder, at, error, resume

    def __call__(self):
        work = training("python -m program", self.prepare, self.train)
        return run_program("python -m program", [], lambda arguments: None, work)

    def prepare(self, options):
        settings = {"checkpoint_every": None, "checkpoint_minutes": 5.0}
        self.run = Run(self.folder, settings, self.resume)
        return (self.run,)

    def __len__(self):
        return 4

    def train(self, run):
        run.note(baseline=1.0)
        if self.at == 0 and self.error:
            raise self.error
        model = dense_gan()
        model.compile(run_eagerly=keras.backend.backend() != "jax")
        callbacks = [*run.history(), run.checkpoint()]
        model.fit(Images(self), verbose=0, callbacks=callbacks, shuffle=False)


class Images(keras.utils.PyDataset):
    def __init__(self, program):
        super().__init__()
        self.program = program

    def __len__(self):
        return 6

    def __getitem__(self, i):
        # Keras and the checks look at the first batch before training begins.
        if i == self.program.at and self.program.error:
            raise self.program.error
        return images(4, (4, 4, 1))


GO_ON = "Go on from the last checkpoint with: python -m program --resume --output"


@pytest.mark.parametrize("error", [OSError("No room."), ValueError("No."), KeyboardInterrupt()])
def test_a_run_that_fails_before_its_first_step_leaves_nothing(error, tmp_path, capsys):
    output = tmp_path / "runs" / "first"
    status = Program(output, 0, error)()
    assert status == (130 if isinstance(error, KeyboardInterrupt) else 2)
    assert "--resume" not in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert Program(output)() == 0


def test_a_folder_that_was_there_stays_empty(tmp_path):
    assert Program(tmp_path, 0, OSError("No room"))() == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore::UserWarning")  # The order of such data cannot be known.
@shown_on_tensorflow("elsewhere it is KeyboardInterrupt itself")
def test_ctrl_c_while_tensorflow_calls_python_ends_as_any_other(tmp_path, capsys):
    assert Program(tmp_path, 3, KeyboardInterrupt())() == 130
    said = capsys.readouterr().err
    assert said == f"\nInterrupted. {GO_ON} {tmp_path}\n"
    assert json.loads((tmp_path / "scores.json").read_text()) == {"baseline": 1.0}


def after_a_step(run):
    (history,) = run.history()
    history.on_train_batch_begin(1)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (OSError(28, "No space left"), 1, f"No space left. {GO_ON}"),
        (KeyboardInterrupt(), 130, f"Interrupted. {GO_ON}"),
        (CheckpointError("None is whole."), 1, "python -m program: None is whole."),
    ],
)
def test_what_stops_a_run_that_has_begun_is_one_line(error, status, said, tmp_path, capsys):
    program = Program(tmp_path)

    def train(run):
        after_a_step(run)
        raise error

    program.train = train
    assert program() == status
    printed = capsys.readouterr().err
    assert said in printed
    assert "Traceback" not in printed
    assert (tmp_path / "settings.json").exists()


def test_a_mistake_of_the_program_shows_where_it_is(tmp_path, capsys):
    program = Program(tmp_path)

    def train(run):
        after_a_step(run)
        np.zeros(2).reshape(3)

    program.train = train
    assert program() == 1
    printed = capsys.readouterr().err
    assert "Traceback" in printed
    assert GO_ON in printed


# Going on.


def test_only_epochs_and_when_to_save_may_change(tmp_path):
    settings = {"epochs": 1, "checkpoint_every": 2, "checkpoint_minutes": 5.0, "seed": 0}
    Run(tmp_path, settings)
    Run(tmp_path, {**settings, "epochs": 2, "checkpoint_every": None}, resume=True)
    with pytest.raises(UsageError, match="has --seed 0, not 1"):
        Run(tmp_path, {**settings, "seed": 1}, resume=True)


@pytest.mark.parametrize(
    ("names", "came"), [(["cat", "emu"], "cat, emu"), (["dog", "cat"], "dog, cat"), (None, "numbe")]
)
def test_the_classes_stay_those_that_the_run_began_with(tmp_path, names, came):
    settings = {"epochs": 1, "class_names": ["cat", "dog"]}
    Run(tmp_path, settings)
    Run(tmp_path, settings, resume=True)
    with pytest.raises(UsageError, match=f"classes cat, dog, and the data now have {came}"):
        Run(tmp_path, {**settings, "class_names": names}, resume=True)


def test_a_remote_output_is_refused_and_the_home_folder_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Run("~/run", {}).folder == tmp_path / "run"
    with pytest.raises(ValueError, match="The folder of a run must lie on this machine"):
        Run("gs://bucket/run", {})


def test_a_run_without_tensorflow_has_everything_but_the_export(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("importlib.metadata.packages_distributions", dict)
    run = Run(tmp_path / "run", {"data": "photos"})
    write_results(run, dense_gan())
    assert {path.name for path in run.folder.iterdir()} >= {"model.keras", "settings.json"}
    assert "There is no SavedModel" in capsys.readouterr().err
    assert not (run.folder / "saved_model").exists()
