"""The options that every program which trains has."""

import argparse
import os
import re

from keras_gans_cli.run import UsageError, read_json, read_settings

EMBEDDED = "fashion_mnist"


class HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Shows the defaults that there are."""

    def _get_help_string(self, action):
        none = action.default is None or action.default is False
        return action.help if none else super()._get_help_string(action)


def training_parser(program, description, epochs, batch_size, width):
    """A parser with the options of training; the arguments are the defaults of those.

    Args:
        program: String, as in `python -m applications.dcgan`; its last part names the folder.
        description: String.
        epochs: Integer.
        batch_size: Integer.
        width: Integer.

    Returns:
        An `argparse.ArgumentParser`.
    """
    parser = run_parser(program, description)
    add_count(parser, "epochs", epochs, "passes over the images")
    add_count(parser, "batch_size", batch_size, "images of a step")
    add_count(parser, "width", width, "channels of the first layers")
    return parser


def run_parser(program, description):
    """A parser with the options of every run."""
    parser = argparse.ArgumentParser(
        prog=program,
        usage=f"{program} [options]",  # Which there are is listed below it.
        description=description,
        formatter_class=HelpFormatter,
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="mixed_bfloat16 is faster where the processor has bfloat16 instructions",
    )
    parser.add_argument(
        "--checkpoint-minutes",
        type=minutes,
        default=5.0,
        help="from one checkpoint to the next; there is one after each epoch, too",
    )
    add_count(parser, "checkpoint_every", None, "also after so many steps of an epoch")
    name = re.split("[ .]", program)[-1].replace("-", "_")
    parser.add_argument("--output", default=f"runs/{name}", help="folder of the run")
    parser.add_argument(
        "--seed", type=whole_number_from(0), default=0, help="of weights, noise and order"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run in --output")
    parser.add_argument(
        "--tensorboard", action="store_true", help="logs for TensorBoard, too, in its tensorboard/"
    )
    parser.add_argument("--config", help="settings.json of a run, to make the same one again")
    return parser


def fast_precision():
    """mixed_bfloat16 where TensorFlow runs on a processor with instructions for it, else float32.

    Returns:
        A choice of `--precision`.
    """
    try:
        with open("/proc/cpuinfo") as file:
            fast = "avx512_bf16" in file.read().split()
    except OSError:  # Not on Linux.
        fast = False
    on_tensorflow = os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow"
    return "mixed_bfloat16" if fast and on_tensorflow else "float32"


def add_count(parser, name, default, explanation=None):
    """Add an option that takes a whole number from 1 on."""
    option = f"--{name.replace('_', '-')}"
    parser.add_argument(option, type=whole_number_from(1), default=default, help=explanation)


def add_images(parser, sizes):
    """Add the options of images to learn from; `sizes` says which sizes there are."""
    parser.add_argument(
        "--data", default=EMBEDDED, help=f'folder of images, "{EMBEDDED}" or "tfds:NAME"'
    )
    parser.add_argument("--image-size", type=int, default=32, help=sizes)
    parser.add_argument("--channels", type=int, choices=(1, 3, 4), help=f"1 for {EMBEDDED}, else 3")


def with_channels(options):
    """The options of `add_images`, the channels those of the data where none are given."""
    if options.channels is None:
        options.channels = 1 if options.data == EMBEDDED else 3
    return options


def add_labels(parser):
    """Add the option of the classes of images; after `parse` comes `with_labels`."""
    parser.add_argument(
        "--labels",
        nargs="?",
        const="",
        metavar="WHERE",
        help="learn the classes of images too: those of the embedded images or of a TFDS set, the "
        "names of sub-folders, or what a CSV or JSON file, or another feature of a TFDS set, says",
    )


def with_labels(options):
    """The options of `add_images` and `add_labels`, the usual labels where none are named."""
    if options.labels == "":
        named = options.data == EMBEDDED or options.data.startswith("tfds:")
        options.labels = "label" if named else "folders"
    return options


def minutes(text):
    """A number above 0."""
    if not float(text) > 0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, not {text!r}")
    return float(text)


def whole_number_from(least):
    """The type of options that take such a number."""

    def whole_number(text):
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(
                f"expected a whole number from {least} on, not {text!r}"
            )
        return int(text)

    return whole_number


def parse(parser, arguments):
    """The options; those of the run that is resumed where there is one."""
    options = parser.parse_args(arguments)
    earlier = {}
    if options.resume:
        # What the run was started with is the default of what it goes on with.
        earlier = read_settings(options.output)
    elif getattr(options, "config", None):
        earlier = read_json(options.config)
        if strange := {*earlier} - {*vars(options)} - {"class_names"}:
            raise UsageError(
                f"{options.config} is of another program: this one has no {', '.join(strange)}."
            )
    parser.set_defaults(**earlier)
    return parser.parse_args(arguments)
