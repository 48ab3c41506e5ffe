"""Publish a trained model for TensorFlow Serving: `keras-gans publish MODEL FOLDER`.

MODEL is the folder of a run or a `.keras` file. FOLDER is named as the server shall name the model;
the model becomes its next version, and a server that watches it takes it up by itself.
"""

import argparse
import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.export import add_forms
from keras_gans_cli.options import add_count, whole_number_from
from keras_gans_cli.run import run_program
from keras_gans_cli.trained import load_trained, told_by_run

PROGRAM = command_of("publish")


def options_of(arguments):
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Publish a trained model for TensorFlow Serving."
    )
    parser.add_argument("model", help="folder of a run, or .keras file")
    parser.add_argument("folder", help="folder of all versions of the model")
    add_count(parser, "version", None, "by default one more than the newest")
    parser.add_argument(
        "--warmup",
        type=whole_number_from(1),
        nargs="+",
        default=(),
        metavar="N",
        help="batch sizes that a server runs before it lets anyone use the version",
    )
    parser.add_argument(
        "--config", action="store_true", help="name the model in model.config beside the folder"
    )
    add_forms(parser)
    return parser.parse_args(arguments)


def work(options):
    from keras_gans.serving import publish

    model = load_trained(options.model)
    version = publish(
        model,
        options.folder,
        options.version,
        warmup=tuple(options.warmup),
        config=options.config,
        png=options.png,
        float32=options.float32,
        **told_by_run(options.model),
    )
    print(f"The new version is {version}.")


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
