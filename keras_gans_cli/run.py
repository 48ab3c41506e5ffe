"""What the programs share: a folder that holds one run, with its settings and its history."""

import contextlib
import csv
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
import traceback
from importlib.metadata import version
from pathlib import Path

from keras_gans_cli.quiet import sentences_of_warnings, started_quietly

SETTINGS = "settings.json"


class UsageError(Exception):
    """Something the person who started the program can mend, told in one line."""


class Stopped(Exception):
    """A run that has begun was stopped; the message says how to go on with it."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


class Run:
    """The folder of one training run, with its settings in it.

    Args:
        folder: Folder of the run.
        settings: Dict of how the run is made (data, classes, sizes, seeds); only the numbers of
            `epochs` and what says when a checkpoint is due may change.
        resume: Bool. Whether to go on with the run that the folder holds.

    Raises:
        UsageError: The folder holds something else than what was asked for.
    """

    def __init__(self, folder, settings, resume=False):
        self.folder = folder = folder_of(folder)
        self.settings = settings
        self.history_path = self.folder / "scores.json"
        if resume:
            self._check(read_settings(folder))
        elif self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"{folder} is a file; --output takes a folder.")
        elif self.folder.exists() and any(self.folder.iterdir()):
            raise UsageError(
                f"{folder} is not empty and nothing in it is overwritten: go on with its run by "
                "--resume, or choose another folder by --output."
            )
        folders = [self.folder, *self.folder.parents]
        self._made = None if resume else [path for path in folders if not path.exists()]
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self.folder / SETTINGS, settings)
        write_json(self.folder / "environment.json", environment())
        self.record = {}
        if self.history_path.exists():
            self.record = json.loads(self.history_path.read_text())

    def _check(self, earlier):
        for name, value in self.settings.items():
            changes_nothing = name.endswith("epochs") or name.startswith("checkpoint")
            if changes_nothing or earlier.get(name) == value:
                continue
            if name == "class_names":
                kept, came = (", ".join(n or ["numbers"]) for n in (earlier.get(name), value))
                raise UsageError(
                    f"The run in {self.folder} has the classes {kept}, and the data now have "
                    f"{came}: resume it with the classes it began with, or start another run."
                )
            raise UsageError(
                f"The run in {self.folder} has --{name.replace('_', '-')} "
                f"{earlier.get(name)}, not {value}: resume it with its own settings."
            )

    def note(self, **values):
        """Write values into `scores.json`."""
        self.record.update(values)
        write_json(self.history_path, self.record)

    def history(self, key="epochs"):
        """Callbacks that write the logs of each epoch: into `scores.json`, under `key`, and beside.

        Epochs that are trained again after an interruption are replaced.
        """
        import keras

        def on_train_batch_begin(batch, logs=None):
            if batch:
                self.keep()

        def on_epoch_end(epoch, logs=None):
            row = {"epoch": epoch + 1, **{name: float(value) for name, value in logs.items()}}
            earlier = [row for row in self.record.get(key, []) if row["epoch"] <= epoch]
            self.keep()
            self.note(**{key: [*earlier, row]})
            self.write_logs(key)

        callbacks = [
            keras.callbacks.LambdaCallback(
                on_train_batch_begin=on_train_batch_begin, on_epoch_end=on_epoch_end
            )
        ]
        if self.settings.get("tensorboard"):
            folder = self.folder / "tensorboard" / key
            callbacks.append(keras.callbacks.TensorBoard(folder, write_graph=False))
        return callbacks

    def write_logs(self, key):
        """The history of `key` once more as a table, for spreadsheets: `logs.csv`."""
        from keras_gans.data.aside import written_aside

        rows = self.record[key]
        names = list(dict.fromkeys(name for row in rows for name in row))
        path = self.folder / ("logs.csv" if key == "epochs" else f"logs_{key}.csv")
        with written_aside(path) as aside, aside.open("w", newline="") as file:
            table = csv.DictWriter(file, names)
            table.writeheader()
            table.writerows(rows)

    def checkpoint(self, name="checkpoint"):
        """The callback that saves where the settings say that a checkpoint is due."""
        from keras_gans.callbacks import Checkpoint

        steps, minutes = (self.settings[f"checkpoint_{name}"] for name in ("every", "minutes"))
        return Checkpoint(self.folder / name, steps or "epoch", minutes=minutes)

    def fit_each(self, models, titles, samples, held_out):
        """Train several models, one after another, each with a history and a checkpoint.

        Args:
            models: Dict from names to compiled models.
            titles: Dict from these names to what is printed before each.
            samples: Array to train on.
            held_out: Array to validate on.
        """
        for name, model in models.items():
            print(f"{titles[name].capitalize()}:")
            model.fit(
                samples,
                batch_size=self.settings["batch_size"],
                epochs=self.settings["epochs"],
                validation_data=held_out,
                callbacks=[*self.history(name), self.checkpoint(f"checkpoint/{name}")],
            )

    def finish(self, write):
        """A callback that calls `write()` after the last epoch; put it before all pictures."""
        import keras

        return keras.callbacks.LambdaCallback(on_train_end=lambda logs: write())

    def keep(self):
        """A step was made: what there is stays, whatever goes wrong from now on."""
        self._made = None

    def discard(self):
        """Delete what a run has made that failed before its first step; says whether it did."""
        if self._made is None:
            return False
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        with contextlib.suppress(OSError):  # Another run may use one of them by now.
            for folder in self._made:
                folder.rmdir()
        return True


def environment():
    """What a run depends on beside its settings: versions, the device, the commit."""
    import keras

    import keras_gans
    from keras_gans.engine.backend import backend as engine

    backend = keras.backend.backend()
    checkout = Path(keras_gans.__file__).parents[1]
    commit = None  # Of an installation the version says it.
    if (checkout / ".git").exists():
        git = ["git", "-C", str(checkout), "describe", "--always", "--dirty"]
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            commit = subprocess.check_output(git, text=True, stderr=subprocess.DEVNULL).strip()
    return {
        "command": " ".join(sys.argv),
        "keras_gans": version("keras_gans"),
        "commit": commit,
        "keras": keras.__version__,
        "backend": f"{backend} {importlib.import_module(backend).__version__}",
        "numpy": version("numpy"),
        "python": platform.python_version(),
        "machine": f"{platform.platform()}, {os.cpu_count()} processors",
        "devices": engine.devices(),
    }


def settings_of(options):
    return {k: v for k, v in vars(options).items() if k not in ("output", "resume", "config")}


def begin(options):
    """What comes before all models and data: the seed and the precision."""
    import keras

    keras.utils.set_random_seed(options.seed)
    keras.config.set_dtype_policy(options.precision)


def read_settings(folder):
    """The settings of the run in `folder`; a `UsageError` where there is none."""
    path = folder_of(folder) / SETTINGS
    if not path.is_file():
        raise UsageError(f"{folder} holds no run to resume; start one without --resume.")
    return read_json(path)


def read_json(path):
    """The dict in a JSON file; a `UsageError` where it is none."""
    try:
        value = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} holds no settings: {one_line(error)}.") from error
    if not isinstance(value, dict):
        raise UsageError(f"{path} holds no settings: expected a JSON object of options.")
    return value


def import_library():
    """Import the package, before anything else does, without what TensorFlow says then."""
    with started_quietly():
        importlib.import_module("keras_gans")


def folder_of(path):
    import_library()
    from keras_gans.data.paths import local_path

    return local_path(path, "The folder of a run")


def write_json(path, value):
    from keras_gans.data.aside import written_aside

    with written_aside(path) as aside:
        aside.write_text(json.dumps(value, indent=2) + "\n")


def write_results(run, model, scores=None):
    """Write the model and its SavedModel; those of before a resumption stay until then.

    Args:
        run: The `Run`.
        model: The trained model.
        scores: Dict for the model card, as in `keras_gans.serving.export`.
    """
    from keras_gans_cli.trained import sources

    model.save(run.folder / "aside.keras")
    os.replace(run.folder / "aside.keras", run.folder / "model.keras")
    shutil.rmtree(run.folder / "aside", ignore_errors=True)
    try:
        model.export(run.folder / "aside", trained_on=sources(run.settings), scores=scores)
    except ImportError as error:  # Who trains on JAX or PyTorch can do without TensorFlow.
        print(f"There is no SavedModel in {run.folder}. {error}", file=sys.stderr)
        return
    shutil.rmtree(run.folder / "saved_model", ignore_errors=True)
    os.replace(run.folder / "aside", run.folder / "saved_model")


def run_program(program, arguments, options_of, work):
    """Call `work(options_of(arguments))` and turn what can go wrong into one line.

    Returns:
        The exit status: that of `work` or 0; 2 for what cannot be done, 130 after Ctrl-C.
    """
    try:
        options = options_of(arguments)
        import_library()
        with sentences_of_warnings():
            return work(options) or 0
    except Stopped as error:
        print(f"\n{error}", file=sys.stderr)
        return error.status
    except (UsageError, OSError, RuntimeError, ValueError) as error:
        print(f"{program}: {one_line(error)}", file=sys.stderr)
        return 2
    except BaseException as error:
        if not is_interrupt(error):
            raise
        print("\nInterrupted.", file=sys.stderr)
        return 130


def training(program, prepare, train):
    """A function of the options that calls `train(*prepare(options))`; the last part is the run."""

    def work(options):
        from keras_gans.callbacks import CheckpointError

        parts = prepare(options)
        run = parts[-1]
        go_on = f"Go on from the last checkpoint with: {program} --resume --output {run.folder}"
        try:
            train(*parts)
        except BaseException as error:
            if run.discard():
                raise
            if isinstance(error, CheckpointError):
                raise Stopped(f"{program}: {error}", 1) from None
            if is_interrupt(error):
                raise Stopped(f"Interrupted. {go_on}", 130) from None
            if isinstance(error, OSError):
                raise Stopped(f"{one_line(error).rstrip('.')}. {go_on}", 1) from None
            traceback.print_exc()
            raise Stopped(f"That is a mistake of the program. {go_on}", 1) from None

    return work


def is_interrupt(error):
    """Whether Ctrl-C was pressed, also while TensorFlow was calling Python."""
    from_tensorflow = type(error).__module__.startswith("tensorflow.")
    return isinstance(error, KeyboardInterrupt) or (
        from_tensorflow and "KeyboardInterrupt" in str(error)
    )


def one_line(error):
    return " ".join(str(error).split())
