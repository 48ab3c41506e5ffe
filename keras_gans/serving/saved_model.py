"""Generators as SavedModels that run without Keras."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import keras

from keras_gans.data import to_float, to_uint8


def export_generator(model, path, **choice):
    """Write the generator of `model`, the averaged one where there is one, as a SavedModel.

    `tf.saved_model.load`, `saved_model_cli` and TensorFlow Serving call it without Keras:

    * `serving_default` and `from_latents`: `latents` float32 `[n, latent_dim]` -> `images`
      uint8 `[n, height, width, channels]`;
    * `generate`: `num_images` int32 and `seed` int64, both scalars -> `images` uint8: the same
      seed gives the same images on every load. They are TensorFlow's draws, other ones than those
      of `model.generate(seed=...)`; to repeat these, pass `model.draw_latents(n, seed)` to
      `from_latents`.

    The folder is written aside and renamed: it is there whole or not at all. On JAX and PyTorch
    a second process with the TensorFlow backend does the writing.

    Args:
        model: A `LatentModel` whose generator makes images.
        path: Folder to create.
        **choice: Arguments of `model.served_generator`.

    Returns:
        `path` as a `pathlib.Path`.

    Raises:
        FileExistsError: `path` exists.
        OSError: The files cannot be written.
        ValueError: The generator makes something else than images.

    Example:

    ```python
    model.export("exported/1")
    images = tf.saved_model.load("exported/1").signatures["generate"](
        num_images=tf.constant(4), seed=tf.constant(7, tf.int64)
    )["images"]
    ```
    """
    if len(model.image_shape) != 3:
        raise ValueError(
            f"The generator makes samples of shape {model.image_shape}, which are no images "
            "(height, width, channels); export serves images only."
        )
    return _export(model, path, _generator_signatures, choice)


def export_translator(model, path):
    """Write the generators of a `TranslationModel` as a SavedModel.

    Every direction of the model is a signature of its name, the first one `serving_default` too:
    `images` uint8 `[n, height, width, channels]` -> `images` uint8, for any n >= 1 and any height
    and width that the generator's layers take. Where the model has `noise_at_inference`, that is
    with the noise of seed 0, and `<direction>_from_seed` takes a `seed`, int64 scalar, too.

    The folder is written aside and renamed: it is there whole or not at all. On JAX and PyTorch
    a second process with the TensorFlow backend does the writing.

    Args:
        model: A `TranslationModel`.
        path: Folder to create.

    Returns:
        `path` as a `pathlib.Path`.

    Raises:
        FileExistsError: `path` exists.
        OSError: The files cannot be written.

    Example:

    ```python
    model.export("exported/1")
    translate = tf.saved_model.load("exported/1").signatures["serving_default"]
    translated = translate(images=tf.constant(images))["images"]
    ```
    """
    return _export(model, path, _translator_signatures, {})


def _export(model, path, signatures, choice):
    path = Path(path)
    if path.exists():
        raise FileExistsError(f"{path} exists and is not overwritten; export to a new folder.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as aside:
        written = Path(aside) / "saved_model"
        if keras.backend.backend() == "tensorflow":
            _write(signatures(model, **choice), written)
        else:
            _write_from_tensorflow(model, written, Path(aside) / "model.keras", choice)
        os.replace(written, path)
    return path


def _generator_signatures(model, **choice):
    import tensorflow as tf

    generator, latent_dim = model.served_generator(**choice), model.latent_dim

    def images(latents):
        # The generator itself is called, so that no variable of training is exported.
        return {"images": to_uint8(generator(latents, training=False))}

    @tf.function(input_signature=[tf.TensorSpec((None, latent_dim), tf.float32, "latents")])
    def from_latents(latents):
        return images(latents)

    @tf.function(
        input_signature=[
            tf.TensorSpec((), tf.int32, "num_images"),
            tf.TensorSpec((), tf.int64, "seed"),
        ]
    )
    def generate(num_images, seed):
        shape = (num_images, latent_dim)
        return images(tf.random.stateless_normal(shape, seed=tf.stack([seed, 0])))

    functions = {
        "serving_default": from_latents,
        "from_latents": from_latents,
        "generate": generate,
    }
    return functions, generator.variables


def _translator_signatures(model):
    functions, variables = {}, []
    for direction in model.generators:
        translator = model.translator(direction)
        functions |= _functions_of(translator, direction)
        variables += translator.generator.variables
    first = next(iter(model.generators))
    return {"serving_default": functions[first], **functions}, variables


def _functions_of(translator, direction):
    import tensorflow as tf

    shape = (None, *translator.generator.input_shape[1:])
    images_spec = tf.TensorSpec(shape, tf.uint8, "images")

    def translated(images, seed):
        return {"images": to_uint8(translator.translate(to_float(images), seed))}

    @tf.function(input_signature=[images_spec])
    def translate(images):
        return translated(images, tf.constant(0))

    @tf.function(input_signature=[images_spec, tf.TensorSpec((), tf.int64, "seed")])
    def translate_from_seed(images, seed):
        return translated(images, seed)

    if not translator.noise:
        return {direction: translate}
    return {direction: translate, f"{direction}_from_seed": translate_from_seed}


def _write(exported, path):
    import tensorflow as tf

    functions, variables = exported
    module = tf.Module()
    module.variables_of_generator = [v.value for v in variables]
    try:
        tf.saved_model.save(module, str(path), signatures=functions)
    except tf.errors.OpError as error:  # Not an OSError, even where the disk is full.
        raise OSError(f"The SavedModel could not be written: {error.message}") from error


def _write_from_tensorflow(model, path, keras_file, choice):
    model.save(keras_file)
    finished = subprocess.run(
        [sys.executable, "-m", "keras_gans.serving", str(keras_file), str(path)]
        + [f"--{name}={value}" for name, value in choice.items() if value is not None],
        env={**os.environ, "KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        raise RuntimeError(
            "SavedModels are written by TensorFlow, in a second process, which failed: "
            f"{finished.stderr.strip().splitlines()[-1:]}. Save the model with "
            "`model.save('model.keras')`, load it with KERAS_BACKEND=tensorflow where the "
            "classes of your own layers are imported, and export it there."
        )
