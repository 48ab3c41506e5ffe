"""Enlarge a photograph, or a folder of them: `keras-gans upscale MODEL IN OUT`.

MODEL is the folder of a run of `keras-gans train srgan`, or its `.keras` file. OUT is made at the
end: a run that fails or is interrupted leaves nothing.
"""

import argparse
import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.files import convert_files, files_of
from keras_gans_cli.run import UsageError, run_program
from keras_gans_cli.trained import load_trained

PROGRAM = command_of("upscale")


def options_of(arguments):
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Enlarge photographs.")
    parser.add_argument("model", help="folder of a run, or .keras file")
    parser.add_argument("input", help="photograph, or folder of them")
    parser.add_argument("output", help="folder for the large ones; must not exist")
    return parser.parse_args(arguments)


def upscale(model, source, output):
    """Enlarge a photograph, or every one in a folder; returns the exit status."""
    from keras_gans import SRGAN
    from keras_gans.data.paths import local_path
    from keras_gans.data.resizing import fit_image

    source, output = local_path(source, "The input"), local_path(output, "The output")
    files = files_of(source, output)
    loaded = load_trained(model)
    if not isinstance(loaded, SRGAN):
        raise UsageError(f"{model} holds a {type(loaded).__name__}, which enlarges nothing.")

    def enlarged(image):
        return loaded.upscale(fit_image(image, (image.height, image.width, 3)))

    return convert_files(files, output, enlarged)


def main(arguments=None):
    """Run the program; returns its exit status."""

    def work(options):
        return upscale(options.model, options.input, options.output)

    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
