"""Export a trained model as a SavedModel: `keras-gans export MODEL OUT`.

MODEL is the folder of a run or a `.keras` file. OUT is made at the end; it holds a model card, too,
which says of a run's model what it was trained on and how it scored.
"""

import argparse
import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.run import run_program
from keras_gans_cli.trained import load_trained, told_by_run

PROGRAM = command_of("export")


def options_of(arguments):
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Export a trained model as a SavedModel."
    )
    parser.add_argument("model", help="folder of a run, or .keras file")
    parser.add_argument("output", help="folder to make; must not exist")
    add_forms(parser)
    return parser.parse_args(arguments)


def add_forms(parser):
    """Add the options of what an export holds beside signatures of uint8 images."""
    parser.add_argument("--png", action="store_true", help="signatures that give PNGs, too")
    parser.add_argument("--float32", action="store_true", help="signatures that give floats, too")


def work(options):
    from keras_gans.serving import export

    model = load_trained(options.model)
    told = told_by_run(options.model)
    export(model, options.output, png=options.png, float32=options.float32, **told)
    print(f"The SavedModel is in {options.output}.")


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
