"""A trained model as programs take it: a run's folder, a file, an export, or one that ships."""

import json
import os

from keras_gans_cli.run import SETTINGS, UsageError

MODEL = "model.keras"


def path_of_model(path):
    """The path of a model; of a run's folder that of the model in it.

    A name that `keras_gans.presets.load` knows is that model, unless there is a file of the name.
    """
    from keras_gans.data.paths import local_path
    from keras_gans.presets import trained

    if path in trained.names() and not os.path.exists(path):
        return trained.path_of(path, ".keras")
    path = local_path(path, "The model")
    if not (path / SETTINGS).is_file():
        return path
    if not (path / MODEL).is_file():
        raise UsageError(
            f"The run in {path} has not written its {MODEL} yet: go on with it by --resume."
        )
    return path / MODEL


def load_trained(path):
    """The `keras.Model` of a run's folder or of a `.keras` file."""
    import keras

    path = path_of_model(path)
    if path.suffix != ".keras" or not path.is_file():
        raise UsageError(f"{path} is no .keras file, and no folder of a run that has written one.")
    return keras.saving.load_model(path)


def told_by_run(path):
    """What a run's folder says for the model card: `trained_on` and `scores`; else nothing."""
    from keras_gans.data.paths import local_path

    path = local_path(path, "The model")
    if not (path / SETTINGS).is_file():
        return {}
    settings = json.loads((path / SETTINGS).read_text())
    record = json.loads((path / "scores.json").read_text())
    told = {"trained_on": sources(settings)}
    if "score" in record and "trained" in record:
        told["scores"] = {record["score"]: {"score": record["trained"], **record["protocol"]}}
    return told


def sources(settings):
    """The data of a run, as its settings name them."""
    names = ("data", "source", "target", "train")
    return ", ".join(str(settings[name]) for name in names if settings.get(name))
