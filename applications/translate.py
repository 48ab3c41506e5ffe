"""Translate a folder of images: `python -m applications.translate MODEL IN OUT`.

MODEL is a `.keras` file of a model that translates, or a SavedModel of one. Every image in IN is
translated in its own size (padded to what the generator takes, and cut back) and written to OUT as
a PNG of the same name. OUT is made at the end: a run that fails or is interrupted leaves nothing.
"""

import argparse
import sys

import numpy as np

from applications.files import convert_files, files_of
from applications.options import whole_number_from
from applications.run import UsageError, run_program

PROGRAM = "python -m applications.translate"
FACTORS = tuple(2**i for i in range(10))  # By which generators divide the sides of images.


def options_of(arguments):
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Translate a folder of images.")
    parser.add_argument("model", help=".keras file or SavedModel of a translator")
    parser.add_argument("input", help="folder of images")
    parser.add_argument("output", help="folder for the translations; must not exist")
    parser.add_argument("--direction", help="of a model with several; by default its first")
    parser.add_argument(
        "--size", type=whole_number_from(1), help="resize and crop to squares of so many pixels"
    )
    return parser.parse_args(arguments)


def translator_of(path, direction):
    """`(function from a uint8 image to a uint8 image, shape it takes)`; open sides are `None`."""
    if path.is_dir():
        return saved_translator(path, direction)
    if not path.is_file():
        raise UsageError(f"There is no model at {path}.")
    import keras

    from keras_gans.models import TranslationModel

    model = keras.saving.load_model(path, compile=False)
    if not isinstance(model, TranslationModel):
        raise UsageError(f"{path} holds a {type(model).__name__}, which translates no images.")
    shape = model.translator(direction).generator.input_shape[1:]
    return lambda image: model.translate(image[None], direction=direction)[0], shape


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
    factors = list(FACTORS)

    def translate(image, model=loaded):  # Its variables live as long as it does.
        for attempt, factor in enumerate(factors):
            margins = [(0, -side % factor) for side in image.shape[:2]]
            padded = np.pad(image, [*margins, (0, 0)], mode="reflect")
            try:
                translated = function(images=tf.constant(padded[None]))["images"].numpy()[0]
            except tf.errors.InvalidArgumentError as error:
                refusal = error
            else:
                del factors[:attempt]  # Smaller ones need not be tried with the next image.
                scale = len(translated) // len(padded)
                return translated[: image.shape[0] * scale, : image.shape[1] * scale]
        raise refusal

    return translate, tuple(inputs["images"].shape[1:])


def work(options):
    """Translate the images; returns the exit status."""
    from keras_gans.data.paths import local_path
    from keras_gans.data.resizing import fit_image

    model, source, output = (
        local_path(getattr(options, name), name) for name in ("model", "input", "output")
    )
    files = files_of(source, output)
    translate, shape = translator_of(model, options.direction)
    if options.size:
        shape = (options.size, options.size, shape[-1])
    elif None in shape:
        print(
            "Images keep their sizes: sides that the generator cannot divide are padded by "
            "reflection, and cut back. --size 256 resizes instead."
        )
    else:
        print(f"Images are resized and cropped to {shape[0]} x {shape[1]} pixels.")
    return convert_files(files, output, lambda image: translate(fit_image(image, shape)))


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
