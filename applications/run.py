"""What the programs share: a folder that holds one run, with its settings and its history."""

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

import keras

SETTINGS = "settings.json"


class UsageError(Exception):
    """Something the person who started the program can mend, told in one line."""


class Run:
    """The folder of one training run, with its settings in it.

    Args:
        folder: Folder of the run.
        settings: Dict of how the run is made (data, sizes, seeds); only the numbers of
            `epochs` may change.
        resume: Bool. Whether to go on with the run that the folder holds.

    Raises:
        UsageError: The folder holds something else than what was asked for.
    """

    def __init__(self, folder, settings, resume=False):
        self.folder = Path(folder)
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
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self.folder / SETTINGS, settings)
        self.record = {}
        if self.history_path.exists():
            self.record = json.loads(self.history_path.read_text())

    def _check(self, earlier):
        for name, value in self.settings.items():
            if not name.endswith("epochs") and earlier.get(name) != value:
                raise UsageError(
                    f"The run in {self.folder} has --{name.replace('_', '-')} "
                    f"{earlier.get(name)}, not {value}: resume it with its own settings."
                )

    def note(self, **values):
        """Write values into `scores.json`."""
        self.record.update(values)
        write_json(self.history_path, self.record)

    def history(self, key="epochs"):
        """A callback that writes the logs of each epoch into `scores.json`, under `key`."""
        return RunHistory(self, key)


def settings_of(options):
    return {k: v for k, v in vars(options).items() if k not in ("output", "resume")}


def begin(options):
    """What comes before all models and data: the seed, the precision, and whether plots can be."""
    if importlib.util.find_spec("matplotlib") is None:
        raise UsageError(
            'The curves are drawn by matplotlib, which is missing: pip install -e ".[plots]".'
        )
    keras.utils.set_random_seed(options.seed)
    keras.config.set_dtype_policy(options.precision)


def read_settings(folder):
    """The settings of the run in `folder`; a `UsageError` where there is none."""
    path = Path(folder) / SETTINGS
    if not path.is_file():
        raise UsageError(f"{folder} holds no run to resume; start one without --resume.")
    return json.loads(path.read_text())


class RunHistory(keras.callbacks.Callback):
    """See `Run.history`; epochs that are trained again after an interruption are replaced."""

    def __init__(self, run, key):
        super().__init__()
        self.run = run
        self.key = key

    def on_epoch_end(self, epoch, logs=None):
        row = {"epoch": epoch + 1, **{name: float(value) for name, value in logs.items()}}
        earlier = [row for row in self.run.record.get(self.key, []) if row["epoch"] <= epoch]
        self.run.note(**{self.key: [*earlier, row]})


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
    model.save(run.folder / "aside.keras")
    os.replace(run.folder / "aside.keras", run.folder / "model.keras")
    shutil.rmtree(run.folder / "aside", ignore_errors=True)
    sources = [
        run.settings[name]
        for name in ("data", "source", "target", "train")
        if run.settings.get(name)
    ]
    model.export(run.folder / "aside", trained_on=", ".join(map(str, sources)), scores=scores)
    shutil.rmtree(run.folder / "saved_model", ignore_errors=True)
    os.replace(run.folder / "aside", run.folder / "saved_model")


def run_program(program, prepare, train):
    """Call `train(*prepare())` and turn what can go wrong into one line; returns the status."""
    try:
        parts = prepare()
    except (UsageError, OSError, RuntimeError, ValueError) as error:
        print(f"{program}: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    from keras_gans.callbacks import CheckpointError

    output = parts[-1].folder
    try:
        train(*parts)
    except CheckpointError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, OSError) as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        happened = "Interrupted" if interrupted else " ".join(str(error).split()).rstrip(".")
        print(
            f"\n{happened}. Go on from the last checkpoint with: "
            f"{program} --resume --output {output}",
            file=sys.stderr,
        )
        return 130 if interrupted else 1
    return 0
