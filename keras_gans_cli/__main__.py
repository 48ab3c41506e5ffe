"""`keras-gans`: the programs as commands."""

import argparse
import importlib
import importlib.metadata
import sys

from .commands import COMMANDS, TRAINED

TRAIN = {"train": (None, "a model; `keras-gans train` lists which")}


def main(arguments=None):
    """Start the program that the first words name; returns its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    command = chosen("keras-gans", {**TRAIN, **COMMANDS}, "COMMAND", arguments)
    if command != "train":
        return started(COMMANDS[command], arguments[1:])
    model = chosen("keras-gans train", TRAINED, "MODEL", arguments[1:])
    return started(TRAINED[model], arguments[2:])


def chosen(program, choices, name, arguments):
    """The first word, one of the choices; tells which there are where it is none, and exits."""
    listed = "\n".join(f"  {word:<18}{help}" for word, (_, help) in choices.items())
    parser = argparse.ArgumentParser(
        prog=program,
        usage=f"{program} {name} ...",
        description="Generative adversarial networks on Keras 3: train, look, score, serve.",
        epilog=f"{name.lower()}s:\n{listed}\n\n{program} {name} --help says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if program == "keras-gans":
        version = importlib.metadata.version("keras_gans")
        parser.add_argument("--version", action="version", version=version)
    parser.add_argument("word", nargs="?", choices=choices, metavar=name, help=argparse.SUPPRESS)
    word = parser.parse_args(arguments[:1]).word
    if word is None:
        parser.print_help()
        raise SystemExit(2)
    return word


def started(program, arguments):
    module, _ = program
    return importlib.import_module(f".{module}", __package__).main(arguments)


if __name__ == "__main__":
    sys.exit(main())
