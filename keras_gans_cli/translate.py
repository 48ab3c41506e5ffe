"""Translate a folder of images: `keras-gans translate MODEL IN OUT`.

MODEL is the folder of a run that trained a translator, its `.keras` file, or a SavedModel. Every
image in IN is translated in its own size (padded to what the generator takes, and cut back) and
written to OUT as a PNG of the same name. OUT is made at the end: a run that fails or is interrupted
leaves nothing.
"""

import argparse
import sys

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.files import convert_files, files_of
from keras_gans_cli.options import whole_number_from
from keras_gans_cli.run import UsageError, run_program
from keras_gans_cli.trained import path_of_model

PROGRAM = command_of("translate")
FACTORS = tuple(2**i for i in range(10))  # By which generators divide the sides of images.


def options_of(arguments):
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Translate a folder of images.")
    parser.add_argument("model", help="folder of a run, .keras file or SavedModel")
    parser.add_argument("input", help="folder of images")
    parser.add_argument("output", help="folder for the translations; must not exist")
    parser.add_argument("--direction", help="of a model with several; by default its first")
    parser.add_argument(
        "--size", type=whole_number_from(1), help="resize and crop to squares of so many pixels"
    )
    return parser.parse_args(arguments)


def translator_of(path, direction):
    """`(function from a uint8 image to a uint8 image, shape it takes)`; open sides are `None`."""
    from keras_gans.serving.explorer import load_served
    from keras_gans.serving.explorer.errors import RequestError

    served = load_served(path)
    if not served.directions:
        raise UsageError(f"{path} makes images of latents, and translates no images.")
    direction = direction or next(iter(served.directions))
    if direction not in served.directions:
        raise UsageError(f"{path} translates {' and '.join(served.directions)}; not {direction}.")
    factors = list(FACTORS)

    def translate(image):
        for attempt, factor in enumerate(factors):
            margins = [(0, -side % factor) for side in image.shape[:2]]
            padded = np.pad(image, [*margins, (0, 0)], mode="reflect")
            try:
                translated = served.run(direction, {"images": padded[None]})["images"][0]
            except RequestError as error:
                refusal = error
                if error.status != 400:  # Another size would change nothing.
                    break
            else:
                del factors[:attempt]  # Smaller ones need not be tried with the next image.
                scale = len(translated) // len(padded)
                return translated[: image.shape[0] * scale, : image.shape[1] * scale]
        raise refusal

    return translate, served.directions[direction]


def work(options):
    """Translate the images; returns the exit status."""
    from keras_gans.data.paths import local_path
    from keras_gans.data.resizing import fit_image

    source, output = (local_path(getattr(options, name), name) for name in ("input", "output"))
    translate, shape = translator_of(path_of_model(options.model), options.direction)
    files = files_of(source, output)
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
