"""One interface to what a `.keras` file and a SavedModel make images with."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_gans.data.paths import local_path
from keras_gans.latents import Normal, Uniform
from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.publish import newest
from keras_gans.serving.saved_model import SIGNATURES, read_signatures
from keras_gans.serving.signatures import signatures_of
from keras_gans.typing import FilePath

UNTOLD_NAMES = ("model", "saved_model")
SMALL = 8  # The most numbers of a latent that have a slider each.
FAR = 4  # How far sliders go in N(0, 1).


@dataclasses.dataclass(frozen=True)
class ServedModel:
    """A model under a name, with its signatures.

    Args:
        name: String.
        version: Integer.
        signatures: Dict as `signature.json` has it.
        run: Function from the name of a signature and a dict of arrays to a dict of arrays.
    """

    name: str
    version: int
    signatures: dict
    run: Callable

    @property
    def default(self):
        return self.signatures["serving_default"]

    @property
    def sources(self):
        """Dict from the names of the latents of numbers to what draws them."""
        return {
            name: Uniform(spec["shape"][1], spec["low"], spec["high"])
            if "high" in spec
            else Normal(spec["shape"][1])
            for name, spec in self.default["inputs"].items()
            if spec.get("kind", name) == "latents" and spec["dtype"] == "float32"
        }

    @property
    def choices(self):
        """Dict from the names of ids, such as labels, to what they stand for."""
        return {
            name: spec.get("names", [str(i) for i in range(spec["high"] + 1)])
            for name, spec in self.default["inputs"].items()
            if spec["dtype"] == "int32" and spec["shape"] == [None] and "high" in spec
        }

    @property
    def latent_dim(self):
        """How many numbers an image is made from; `None` for a model that translates."""
        return sum(source.dim for source in self.sources.values()) or None

    @property
    def codes(self):
        """Numbers that have a slider each: those of small latents beside a larger one.

        Dict from their names to `(place among all numbers, how far the slider goes)`.
        """
        codes, place = {}, 0
        largest = max((source.dim for source in self.sources.values()), default=0)
        for name, source in self.sources.items():
            dim = source.dim
            reach = source.high - source.low if isinstance(source, Uniform) else FAR
            for i in range(dim if dim < largest and dim <= SMALL else 0):
                codes[name if dim == 1 else f"{name} {i + 1}"] = place + i, reach
            place += dim
        return codes

    @property
    def pixels(self):
        """Those of one image that is made from latents."""
        return math.prod(self.default["outputs"]["images"]["shape"][1:3])

    def images(self, latents, chosen):
        """Images for latents, an array `(n, latent_dim)`, and the ids that were chosen."""
        ends = np.cumsum([source.dim for source in self.sources.values()])
        inputs = dict(zip(self.sources, np.split(latents, ends[:-1], axis=1), strict=True))
        ids = {name: np.full(len(latents), i, "int32") for name, i in chosen.items()}
        return self.run("serving_default", {**inputs, **ids})["images"]

    @property
    def directions(self):
        """Dict from the names of the translations to the shapes of the images they take."""
        return {
            name: tuple(sides["inputs"]["images"]["shape"][1:])
            for name, sides in self.signatures.items()
            if name != "serving_default" and translates(sides)
        }


def translates(sides):
    """Whether a signature takes uint8 images and gives uint8 images, and nothing else."""
    return all(
        set(tensors) == {"images"} and tensors["images"]["dtype"] == "uint8"
        for tensors in sides.values()
    )


def load_served(path: FilePath) -> Any:
    """What lies at `path`, ready to make images.

    It is named after its file or folder, or after the folder around it where that says nothing
    (`dcgan/model.keras`, `dcgan/saved_model`, `dcgan/2`).

    Args:
        path: A `.keras` file; a SavedModel of `export`; or a folder of versions of `publish`, of
            which the newest is taken.

    Returns:
        A `ServedModel`.

    Raises:
        ValueError: There is no model, or none that this package has written.

    Example:

    ```python
    served = load_served("runs/dcgan/saved_model")
    served.run("generate", {"num_images": np.int32(4), "seed": np.int64(7)})["images"]
    ```
    """
    path = local_path(path, "The model").resolve()
    if path.is_dir() and newest(path):
        path = path / str(newest(path))
    if not path.exists():
        raise ValueError(f"There is no model at {path}.")
    version = int(path.name) if path.name.isdecimal() and path.name != "0" else 1
    name = path.stem
    if name in UNTOLD_NAMES or name.isdecimal():
        name = path.parent.name or name
    if not path.is_dir() and path.suffix != ".keras":
        raise ValueError(f"{path} is no `.keras` file, and no folder of a SavedModel.")
    signatures, run = (saved_model if path.is_dir() else keras_model)(path)
    served = ServedModel(name, version, signatures, run)
    makes_images = served.default["outputs"].get("images", {}).get("dtype") == "uint8"
    if not makes_images or (served.latent_dim is None and not served.directions):
        raise ValueError(
            f"{path} makes no uint8 images of latents or of images. Expected what `model.save` or "
            "`model.export` of this package writes."
        )
    shown = {*served.sources, *served.choices}
    if served.latent_dim and (others := [n for n in served.default["inputs"] if n not in shown]):
        raise ValueError(
            f"{path} makes images of {', '.join(others)}, which the explorer has no control for: "
            "it shows what is made of latents, and of labels of a known number of classes."
        )
    return served


def saved_model(path):
    """`(signatures, function that runs them)` of a SavedModel."""
    import tensorflow as tf

    try:
        loaded = tf.saved_model.load(str(path))
    except OSError as error:
        models = [*path.glob("*.keras"), *(file.parent for file in path.glob("*/saved_model.pb"))]
        if models:
            names = ", ".join(sorted(model.name for model in models))
            raise ValueError(f"{path} is the folder of models; name one: {names}.") from error
        raise ValueError(f"{path} is no SavedModel: {error}") from error
    functions = loaded.signatures
    if not (path / SIGNATURES).exists():
        raise ValueError(
            f"{path} lacks `{SIGNATURES}`, which `model.export` of this package writes there."
        )

    def run(signature, inputs, model=loaded):  # Its variables live as long as it does.
        tensors = {name: tf.constant(array) for name, array in inputs.items()}
        try:
            return {
                name: tensor.numpy() for name, tensor in functions[signature](**tensors).items()
            }
        except tf.errors.ResourceExhaustedError as error:
            raise RequestError(reason(error), 429) from error
        except tf.errors.OpError as error:
            raise RequestError(reason(error)) from error

    return read_signatures(path), run


def reason(error):
    """What TensorFlow says, without where in the graph it happened, and with which values."""
    line = error.message.split("\n\t [[")[0].strip().splitlines()[-1]
    line = line.removeprefix("assertion failed: [").split("] [Condition ")[0]
    return line.split(" : Tensor had ")[0]


def keras_model(path):
    """`(signatures, function that runs them)` of a `.keras` file, on any backend."""
    model = keras.saving.load_model(path, compile=False)
    if not hasattr(model, "endpoints"):
        raise ValueError(f"{path} holds a {type(model).__name__}, which makes no images.")
    signatures = signatures_of(model.endpoints())

    def run(signature, inputs):
        endpoint = signatures[signature].endpoint
        scalars = {name: int(array) for name, array in inputs.items() if not np.ndim(array)}
        # As latents they may leave the range that their source draws from.
        latents = {name: inputs[name] for name in endpoint.sources if name in inputs}
        others = {name: array for name, array in inputs.items() if name not in latents}
        given = {"latents": latents} if latents else {}
        try:
            made = endpoint.method(**{**others, **scalars}, **given)
        except ValueError as error:
            raise RequestError(str(error)) from error
        return made if isinstance(made, dict) else {next(iter(endpoint.outputs)): made}

    return {name: signature.described() for name, signature in signatures.items()}, run
