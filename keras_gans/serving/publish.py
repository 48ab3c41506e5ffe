"""Versioned folders, as TensorFlow Serving watches them."""

import os
import tempfile
from collections.abc import Collection
from numbers import Integral
from pathlib import Path
from typing import Any

import keras

from keras_gans.data.aside import written_aside
from keras_gans.data.paths import local_path
from keras_gans.serving.export import export
from keras_gans.serving.extra import needed
from keras_gans.serving.warmup import write_warmup
from keras_gans.typing import FilePath

CONFIG = "model.config"


def publish(
    model: keras.Model,
    folder: FilePath,
    version: int | None = None,
    warmup: Any = (),
    config: bool = False,
    **options: Any,
) -> Path:
    """Export a model as a new version of a folder that TensorFlow Serving watches.

    `folder` is named as the server shall name the model and holds one SavedModel for each version:
    `served/dcgan/1`, `served/dcgan/2`. A server finds a new one by itself. It never sees half of
    one: the version is written aside, its warm-up requests too, and renamed.

    Args:
        model: As in `export`.
        folder: Folder of all versions; created where it is missing.
        version: Integer > 0; by default one more than the newest.
        warmup: Batch sizes. A server runs every signature with so many images before it lets
            anyone use the version, so that nobody waits for the first run. Needs the extra
            "serving".
        config: Bool. Whether to name the model in `model.config` beside `folder`, for servers of
            several models; what the file says already stays. Its paths are those in a container
            that has the folder around `folder` at `/models`. Needs the extra "serving".
        **options: As in `export`: `weights`, `float32`, `png`, `trained_on`, `scores`, ...

    Returns:
        `pathlib.Path` of the version.

    Raises:
        FileExistsError: The version exists.
        ImportError: A package of the extra "serving" is needed and missing.
        OSError, RuntimeError, TypeError, ValueError: As in `export`; and for a version, or
            a batch size, below 1.

    Example:

    ```python
    keras_gans.serving.publish(model, "served/dcgan", warmup=(1, 8), config=True)
    ```
    """
    folder = local_path(folder, "The folder to publish to")
    if warmup or config:
        needed("tensorflow_serving.apis")
    version = newest(folder) + 1 if version is None else version
    if options.get("format", "tf_saved_model") != "tf_saved_model":
        raise ValueError(
            f"TensorFlow Serving runs SavedModels, not {options['format']!r}: leave out `format`."
        )
    if not counts(version):
        raise ValueError(f"Versions are 1, 2, 3 and so on; this one was {version!r}.")
    if not (isinstance(warmup, Collection) and all(map(counts, warmup))):
        raise ValueError(f"warmup takes batch sizes, such as (1, 8); it was {warmup!r}.")
    path = folder / str(version)
    if path.exists():
        raise FileExistsError(f"{path} exists and is not overwritten; publish a new version.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".publishing-") as aside:
        written = export(model, Path(aside) / "saved_model", **options)
        if warmup:
            usual = next(iter(model.endpoints().values()))
            write_warmup(written, folder.resolve().name, warmup, usual.sides)
        os.replace(written, path)
    if config:
        add_to_config(folder.resolve().parent / CONFIG, folder.resolve().name)
    return path


def counts(value):
    """Whether `value` is 1, 2, 3 or so on."""
    return isinstance(value, Integral) and value >= 1


def newest(folder):
    """The newest version in a folder, 0 where there is none."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return max((int(name) for name in names if name.isdecimal()), default=0)


def add_to_config(path, name):
    """Name a model in the `model.config` at `path`, where it is not named yet."""
    text_format = needed("google.protobuf.text_format")
    config = needed("tensorflow_serving.config.model_server_config_pb2").ModelServerConfig()
    if path.exists():
        text_format.Parse(path.read_text(), config)
    models = config.model_config_list.config
    if name in [model.name for model in models]:
        return
    models.add(name=name, base_path=f"/models/{name}", model_platform="tensorflow")
    with written_aside(path) as aside:
        aside.write_text(text_format.MessageToString(config))
