"""`python -m keras_gans.serving MODEL.keras PATH`: export a saved model from TensorFlow."""

import argparse
import importlib
import json

import keras

from keras_gans.data.paths import local_path


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m keras_gans.serving", description=__doc__)
    parser.add_argument("model", help="a .keras file of a model of keras_gans")
    parser.add_argument("path", help="what to write; it must not exist")
    parser.add_argument(
        "--options",
        type=json_options,
        default={},
        help="arguments of `model.export` as JSON, such as '{\"png\": true}'",
    )
    parser.add_argument("--import", dest="module", help="what has the model's class, if its own")
    options = parser.parse_args(arguments)
    try:
        if options.module:
            importlib.import_module(options.module)
        file = local_path(options.model, "The model")
        model = keras.saving.load_model(file, compile=False)
        model.export(options.path, **options.options)
    except (ImportError, OSError, TypeError, ValueError) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    except KeyboardInterrupt:
        parser.exit(130, "\nInterrupted.\n")


def json_options(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not JSON: {error}") from None


if __name__ == "__main__":
    main()
