"""What the programs share: a folder that holds one run, its history and its curves."""

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
        settings: Dict of how the run is made (data, sizes, seeds); only its `epochs` may change.
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
        self.record = {"epochs": []}
        if self.history_path.exists():
            self.record = json.loads(self.history_path.read_text())

    def _check(self, earlier):
        for name, value in self.settings.items():
            if name != "epochs" and earlier.get(name) != value:
                raise UsageError(
                    f"The run in {self.folder} has --{name.replace('_', '-')} "
                    f"{earlier.get(name)}, not {value}: resume it with its own settings."
                )

    def note(self, **values):
        """Write values into `scores.json`."""
        self.record.update(values)
        write_json(self.history_path, self.record)

    def history(self):
        """A callback that writes the logs of each epoch into `scores.json`."""
        return RunHistory(self)


def settings_of(options):
    return {k: v for k, v in vars(options).items() if k not in ("output", "resume")}


def check_plots():
    if importlib.util.find_spec("matplotlib") is None:
        raise UsageError(
            'The curves are drawn by matplotlib, which is missing: pip install -e ".[plots]".'
        )


def read_settings(folder):
    """The settings of the run in `folder`; a `UsageError` where there is none."""
    path = Path(folder) / SETTINGS
    if not path.is_file():
        raise UsageError(f"{folder} holds no run to resume; start one without --resume.")
    return json.loads(path.read_text())


class RunHistory(keras.callbacks.Callback):
    """See `Run.history`; epochs that are trained again after an interruption are replaced."""

    def __init__(self, run):
        super().__init__()
        self.run = run

    def on_epoch_end(self, epoch, logs=None):
        row = {"epoch": epoch + 1, **{name: float(value) for name, value in logs.items()}}
        earlier = [row for row in self.run.record["epochs"] if row["epoch"] <= epoch]
        self.run.note(epochs=[*earlier, row])


def write_json(path, value):
    """Write `value` aside, then rename: a reader never sees half a file."""
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps(value, indent=2) + "\n")
    os.replace(aside, path)


def write_results(run, model):
    """Write the model and its SavedModel; those of before a resumption stay until then."""
    model.save(run.folder / "aside.keras")
    os.replace(run.folder / "aside.keras", run.folder / "model.keras")
    shutil.rmtree(run.folder / "aside", ignore_errors=True)
    model.export(run.folder / "aside")
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


def draw_curves(record, score, path):
    """Draw losses, scores and the distance of every epoch as a picture.

    Args:
        record: Dict with `epochs`, the logs of each, and the distances of `Run.note`.
        score: Key of the distance in the logs.
        path: Path of the PNG.
    """
    import matplotlib.pyplot as plt

    rows = record["epochs"]
    epochs = [row["epoch"] for row in rows]
    plt.switch_backend("Agg")
    figure, axes = plt.subplots(1, 3, figsize=(15, 4), layout="constrained")
    panels = [
        ("Losses", "loss (mean of the epoch)", ("discriminator_loss", "generator_loss")),
        (
            "Raw scores of the discriminator",
            "score > 0: taken for real",
            ("real_score", "fake_score"),
        ),
    ]
    for axis, (title, label, names) in zip(axes, panels, strict=False):
        for name in names:
            axis.plot(epochs, [row[name] for row in rows], marker="o", label=name)
        axis.set(title=title, ylabel=label)
        axis.legend()
    distances = [record["untrained"], *(row[score] for row in rows)]
    axes[2].plot([0, *epochs], distances, marker="o", label="generated against real")
    axes[2].axhline(record["real_against_real"], color="grey", ls="--", label="real against real")
    axes[2].set(title=f"Distance to real images: {score}", ylabel="lower is better", yscale="log")
    axes[2].legend()
    for axis in axes:
        axis.set_xlabel("epoch")
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(alpha=0.3)
    aside = path.with_suffix(".part")
    figure.savefig(aside, format="png", dpi=110)
    plt.close(figure)
    os.replace(aside, path)
