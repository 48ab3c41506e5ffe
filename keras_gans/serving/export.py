"""Exports of a trained model, for those who have no Keras."""

import inspect
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from keras_gans.data.paths import local_path
from keras_gans.serving.model_card import CARD, model_card
from keras_gans.serving.networks import write_networks
from keras_gans.serving.saved_model import write_saved_model
from keras_gans.serving.second_process import export_from_tensorflow
from keras_gans.serving.signatures import signatures_of
from keras_gans.typing import FilePath

FORMATS = ("tf_saved_model", "onnx", "litert")
WEIGHTS = ("averaged", "raw")


def export(
    model: keras.Model,
    path: FilePath,
    format: str = "tf_saved_model",
    *,
    weights: str = "averaged",
    float32: bool = False,
    png: bool = False,
    trained_on: str | None = None,
    scores: Mapping[str, Any] | None = None,
    **choice: Any,
) -> Path:
    """Write what a trained model makes images with, to be run without Keras.

    A SavedModel is called by `tf.saved_model.load`, `saved_model_cli` and TensorFlow Serving. It
    has a signature for each of `model.endpoints()`, the first one as `serving_default` too. A
    model that generates from latents has

    * `from_latents`: `latents` float32 `[n, latent_dim]` -> `images` uint8 `[n, height, width,
      channels]`;
    * `generate`: `num_images` int32 and `seed` int64, both scalars -> `images` uint8: the same
      seed gives the same images on every load. They are TensorFlow's draws, other ones than those
      of `model.generate(seed=...)`; to repeat these, pass `model.draw_latents(n, seed)` to
      `from_latents`.

    Both take what the networks read beside latents, such as `labels` int32 `[n]`; ids of no class
    are errors inside the graph.

    In a model that translates, every direction is a signature of its name: `images` uint8 ->
    `images` uint8, of any height and width that the generator's layers take. Where the model has
    `noise_at_inference`, that is with the noise of seed 0, and `<direction>_from_seed` takes a
    `seed`, int64 scalar, too.

    All take any n, 0 included. `signature.json` names them, and `MODEL_CARD.md` says where the
    model comes from; servers ignore both. The folder is written aside and renamed: it is there
    whole or not at all. On JAX and PyTorch a second process with the TensorFlow backend does the
    writing.

    Args:
        model: A model that states its `endpoints`, as a `LatentModel` and a `TranslationModel` do.
        path: What to create.
        format: "tf_saved_model"; or "onnx" or "litert" for a folder with one file for each
            endpoint, written by Keras's own `export` and checked against Keras: `from_latents.onnx`
            from `latents` (and `labels`) to `images`, `<direction>.onnx` from `images` to
            `translated`; ids are int32, all others float32, images as the networks have them,
            usually in [-1, 1]. They need the extra "serving".
        weights: "averaged" for those that `generate` runs with, the averaged ones where the model
            has any; "raw" for those that are trained.
        float32: Bool. Whether there is each signature of images again as `<name>_float32`, with
            `images` float32 in the range of the networks, usually [-1, 1].
        png: Bool. Likewise `<name>_png`, with `images_png_bytes`, strings `[n]` that hold a PNG
            each. Those of one request have one size.
        trained_on: String for the model card: which images, and whose they are.
        scores: Dict for the model card, from names of scores to `protocol()` of their metrics,
            such as `FrechetDistance`; or to plain numbers.
        **choice: `resolution`, of a `ProgressiveGAN`; see its `generate`.

    Returns:
        `path` as a `pathlib.Path`.

    Raises:
        FileExistsError: `path` exists.
        ImportError: A package of the extra "serving" is needed and missing.
        OSError: The files cannot be written.
        RuntimeError: The second process failed.
        TypeError, ValueError: A path of another machine, an unknown option, or a network that
            does not convert.

    Example:

    ```python
    model.export("exported/dcgan")
    images = tf.saved_model.load("exported/dcgan").signatures["generate"](
        num_images=tf.constant(4), seed=tf.constant(7, tf.int64)
    )["images"]
    ```
    """
    path = local_path(path, "The path of an export")
    options = {"format": format, "weights": weights, "float32": float32, "png": png, **choice}
    endpoints = checked_endpoints(model, format, weights, float32, png, choice)
    card = model_card(model, endpoints, options, trained_on, scores)
    if path.exists():
        raise FileExistsError(f"{path} exists and is not overwritten; export to a new folder.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as aside:
        written = Path(aside) / path.name
        if keras.backend.backend() != "tensorflow":
            export_from_tensorflow(model, written, Path(aside) / "model.keras", options)
        elif format == "tf_saved_model":
            write_saved_model(signatures_of(endpoints, float32, png), written)
        else:
            write_networks(endpoints, written, format)
        (written / CARD).write_text(card)
        os.replace(written, path)
    return path


def checked_endpoints(model, format, weights, float32, png, choice):
    """What `model` offers; a sentence is raised where that cannot be exported so."""
    if not hasattr(model, "endpoints"):
        raise TypeError(
            "Expected a model that states its `endpoints`, such as a GAN; it was a "
            f"{type(model).__name__}. Networks are ordinary Keras models with an `export` of their "
            "own."
        )
    if format not in FORMATS:
        raise ValueError(
            f'format is "tf_saved_model", "onnx" or "litert"; it was {format!r}. For others the '
            "generators are ordinary Keras models with an `export` of their own."
        )
    if weights not in WEIGHTS:
        raise ValueError(f'weights is "averaged" or "raw"; it was {weights!r}.')
    for name, value in {"float32": float32, "png": png}.items():
        if not isinstance(value, bool):
            raise TypeError(f"{name} is True or False; it was {value!r}.")
    if format != "tf_saved_model" and (float32 or png):
        raise ValueError(
            f'A file of format="{format}" is the network alone, floats in and floats out: leave '
            "float32 and png to SavedModels."
        )
    own = inspect.signature(model.endpoints).parameters
    if "weights" in own or weights != "averaged":
        choice = {**choice, "weights": weights}
    if unknown := [name for name in choice if name not in own]:
        known = {"format", "float32", "png", "trained_on", "scores", *own}
        raise TypeError(
            f"export() of {type(model).__name__} takes no {', '.join(unknown)}; its options are "
            f"{', '.join(sorted(known))}."
        )
    endpoints = model.endpoints(**choice)
    if format != "tf_saved_model" and any("seed" in e.inputs for e in endpoints.values()):
        raise ValueError(
            f"{type(model).__name__} does not convert to {format}: it has noise that follows a "
            'seed, which format="tf_saved_model" alone has.'
        )
    return endpoints
