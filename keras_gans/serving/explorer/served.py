"""One interface to what a `.keras` file and a SavedModel make images with."""

import dataclasses
import functools
import math
from collections.abc import Callable

import keras

from keras_gans.data.paths import local_path
from keras_gans.models import LatentModel, TranslationModel
from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.publish import newest
from keras_gans.serving.saved_model import described_sides

UNTOLD_NAMES = ("model", "saved_model")
SEED = {"dtype": "int64", "shape": []}


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
    def latent_dim(self):
        """How many numbers an image is made from; `None` for a model that translates."""
        latents = self.signatures["serving_default"]["inputs"].get("latents")
        return latents and latents["shape"][1]

    @property
    def pixels(self):
        """Those of one image that is made from latents."""
        return math.prod(self.signatures["serving_default"]["outputs"]["images"]["shape"][1:3])

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


def load_served(path):
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
    if served.latent_dim is None and not served.directions:
        raise ValueError(
            f"{path} makes no uint8 images of latents or of images. Expected what `model.save` or "
            "`model.export` of this package writes."
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
    if "serving_default" not in functions:
        raise ValueError(f"{path} is a SavedModel without the signature serving_default.")

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

    described = {
        name: described_sides(
            inputs=function.structured_input_signature[1], outputs=function.structured_outputs
        )
        for name, function in functions.items()
    }
    return described, run


def reason(error):
    """What TensorFlow says, without where in the graph it happened, and with which values."""
    line = error.message.split("\n\t [[")[0].strip().splitlines()[-1]
    line = line.removeprefix("assertion failed: [").split("] [Condition ")[0]
    return line.split(" : Tensor had ")[0]


def keras_model(path):
    """`(signatures, function that runs them)` of a `.keras` file, on any backend."""
    model = keras.saving.load_model(path, compile=False)
    if isinstance(model, LatentModel) and len(model.image_shape) == 3:
        functions = generator_functions(model)
    elif isinstance(model, TranslationModel):
        functions = translator_functions(model)
    else:
        raise ValueError(f"{path} holds a {type(model).__name__}, which makes no images.")
    functions = {"serving_default": next(iter(functions.values())), **functions}

    def run(signature, inputs):
        try:
            return {"images": functions[signature][1](**inputs)}
        except ValueError as error:
            raise RequestError(str(error)) from error

    return {name: sides for name, (sides, _) in functions.items()}, run


def generator_functions(model):
    outputs = {"images": spec("uint8", *model.image_shape)}
    latents = {"latents": spec("float32", model.latent_dim)}
    drawn = {"num_images": {"dtype": "int32", "shape": []}, "seed": SEED}
    return {
        "from_latents": (
            {"inputs": latents, "outputs": outputs},
            lambda latents: model.generate(latents=latents),
        ),
        "generate": (
            {"inputs": drawn, "outputs": outputs},
            lambda num_images, seed: model.generate(int(num_images), int(seed)),
        ),
    }


def translator_functions(model):
    functions = {}
    for direction in model.generators:
        translator = model.translator(direction)
        inputs = {"images": spec("uint8", *translator.generator.input_shape[1:])}
        outputs = {"images": spec("uint8", *translator.generator.output_shape[1:])}
        translate = functools.partial(model.translate, direction=direction)
        functions[direction] = {"inputs": inputs, "outputs": outputs}, translate
        if translator.noise:
            sides = {"inputs": {**inputs, "seed": SEED}, "outputs": outputs}
            functions[f"{direction}_from_seed"] = sides, translate
    return functions


def spec(dtype, *shape):
    return {"dtype": dtype, "shape": [None, *shape]}
