"""Look around in a trained model: `keras-gans explore MODEL_OR_EXPORT`.

Opens a page of this machine in the browser: sliders and seeds for a generator, a place to drop
pictures for a translator, and the REST interface of TensorFlow Serving on the same port.
"""

import argparse
import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.run import import_library
from keras_gans_cli.trained import path_of_model

PROGRAM = command_of("explore")


def options_of(arguments):
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Look around in a trained model.")
    parser.add_argument(
        "model", help="folder of a run, .keras file, SavedModel, or folder of published versions"
    )
    parser.add_argument("--port", type=port, default=0, help="by default one that is free")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    return parser.parse_args(arguments)


def port(text):
    """A port, or 0 for one that is free."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 65535, not {text!r}")
    return int(text)


def main(arguments=None):
    """Run the program; returns its exit status."""
    options = options_of(arguments)
    try:
        import_library()
        from keras_gans.serving.explorer import load_served, serve

        serve(
            load_served(path_of_model(options.model)),
            port=options.port,
            browser=not options.no_browser,
            announce=lambda sentence: print(sentence, flush=True),
        )
    except KeyboardInterrupt:
        return 0
    except (ImportError, OSError, ValueError) as error:
        print(f"{PROGRAM}: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
