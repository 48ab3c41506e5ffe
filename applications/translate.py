"""Translate a folder of images: `python -m applications.translate MODEL IN OUT`.

MODEL is a `.keras` file of a model that translates, or a SavedModel of one. Every image in IN is
translated in its own size (cut to what the generator takes) and written to OUT as a PNG of the
same name.
"""

import argparse
import sys
from pathlib import Path

from applications.files import convert_files, files_of
from applications.run import UsageError

PROGRAM = "python -m applications.translate"


def options_of(arguments):
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Translate a folder of images.")
    parser.add_argument("model", type=Path, help=".keras file or SavedModel of a translator")
    parser.add_argument("input", type=Path, help="folder of images")
    parser.add_argument("output", type=Path, help="folder for the translations; must not exist")
    parser.add_argument("--direction", help="of a model with several; by default its first")
    parser.add_argument("--size", type=int, help="resize and crop to squares of so many pixels")
    return parser.parse_args(arguments)


def translator_of(path, direction):
    """`(function from a uint8 image to a uint8 image, channels it takes)`."""
    if path.is_dir():
        return saved_translator(path, direction)
    if not path.is_file():
        raise UsageError(f"There is no model at {path}.")
    import keras

    from keras_gans.engine import TranslationModel

    model = keras.saving.load_model(path, compile=False)
    if not isinstance(model, TranslationModel):
        raise UsageError(f"{path} holds a {type(model).__name__}, which translates no images.")
    channels = model.translator(direction).generator.input_shape[-1]
    return lambda image: model.translate(image[None], direction=direction)[0], channels


def saved_translator(path, direction):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))
    signatures = [n for n in loaded.signatures if n != "serving_default" and "_from_seed" not in n]
    direction = direction or "serving_default"
    if direction not in loaded.signatures:
        raise UsageError(f"{path} translates {', '.join(signatures)}; not {direction}.")
    function = loaded.signatures[direction]
    inputs = function.structured_input_signature[1]
    if set(inputs) != {"images"}:
        raise UsageError(f"{path} takes {', '.join(inputs)}, not images.")
    channels = inputs["images"].shape[-1]

    def translate(image, model=loaded):  # Its variables live as long as it does.
        return function(images=tf.constant(image[None]))["images"].numpy()[0]

    return translate, channels


def main(arguments=None):
    """Run the program; returns its exit status."""
    options = options_of(arguments)
    try:
        files = files_of(options.input, options.output)
        translate, channels = translator_of(options.model, options.direction)
        return convert_files(
            files, options.output, lambda image: translate(pixels_of(image, options.size, channels))
        )
    except (UsageError, OSError, ValueError) as error:
        print(f"{PROGRAM}: {' '.join(str(error).split())}", file=sys.stderr)
        return 2


def pixels_of(image, size, channels):
    """An image as the generator takes it; sides that are multiples of 16 suit most generators."""
    from keras_gans.data.resizing import fit_image

    width, height = (size, size) if size else (max(s // 16 * 16, 16) for s in image.size)
    return fit_image(image, (height, width, channels))


if __name__ == "__main__":
    sys.exit(main())
