"""`python -m keras_gans.serving MODEL.keras FOLDER`: export a saved model from TensorFlow."""

import argparse

import keras


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m keras_gans.serving", description=__doc__)
    parser.add_argument("model", help="a .keras file of a model of keras_gans")
    parser.add_argument("path", help="folder to write the SavedModel to; it must not exist")
    parser.add_argument("--resolution", type=int, help="of a generator that grows")
    options = parser.parse_args(arguments)
    choice = {} if options.resolution is None else {"resolution": options.resolution}
    try:
        keras.saving.load_model(options.model, compile=False).export(options.path, **choice)
    except (FileExistsError, ValueError, OSError) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")


if __name__ == "__main__":
    main()
