"""Translate a folder of images: `python -m applications.translate MODEL IN OUT`.

MODEL is a `.keras` file of a model that translates, or a SavedModel of one. Every image in IN is
translated in its own size (cut to what the generator takes) and written to OUT as a PNG of the
same name.
"""

import argparse
import sys
from pathlib import Path

from applications.run import UsageError

PROGRAM = "python -m applications.translate"


def options_of(arguments):
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Translate a folder of images.")
    parser.add_argument("model", type=Path, help=".keras file or SavedModel of a translator")
    parser.add_argument("input", type=Path, help="folder of images")
    parser.add_argument("output", type=Path, help="folder for the translations; must not exist")
    parser.add_argument("--direction", help="of a model with several; by default its first")
    parser.add_argument("--size", type=int, help="resize and crop to squares of so many pixels")
    return parser.parse_args(arguments)


def translator_of(path, direction):
    """`(function from uint8 images to uint8 images, channels it takes)`."""
    if path.is_dir():
        return saved_translator(path, direction)
    if not path.is_file():
        raise UsageError(f"There is no model at {path}.")
    import keras

    from keras_gans.engine import TranslationModel

    model = keras.saving.load_model(path, compile=False)
    if not isinstance(model, TranslationModel):
        raise UsageError(f"{path} holds a {type(model).__name__}, which translates no images.")
    channels = model.translator(direction).generator.input_shape[-1]
    return lambda images: model.translate(images, direction=direction), channels


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
    channels = inputs["images"].shape[-1]

    def translate(images, model=loaded):  # Its variables live as long as it does.
        return function(images=tf.constant(images))["images"].numpy()

    return translate, channels


def files_of(folder):
    from keras_gans.data.folders import image_files

    files = image_files(folder)
    if not files:
        raise UsageError(f"{folder} holds no images.")
    return files


def translate_files(translate, channels, files, output, size):
    """Translate file by file; returns how many, and the names of those that could not be."""
    import keras

    from keras_gans.callbacks.pictures import save_png
    from keras_gans.data.folders import open_image
    from keras_gans.data.resizing import fit_image

    output.mkdir(parents=True)
    progress = keras.utils.Progbar(len(files), unit_name="image")
    failed = {}
    for i, (name, path) in enumerate(files.items()):
        try:
            with open_image(path) as image:
                # Sides that are multiples of 16 suit most generators; --size sets others.
                width, height = (
                    (size, size) if size else (max(s // 16 * 16, 16) for s in image.size)
                )
                pixels = fit_image(image, (height, width, channels))
            translated = translate(pixels[None])[0]
        except (OSError, ValueError) as error:
            failed[name] = " ".join(str(error).split())
        else:
            target = (output / name).with_suffix(".png")
            target.parent.mkdir(parents=True, exist_ok=True)
            save_png(translated, target)
        progress.update(i + 1)
    return len(files) - len(failed), failed


def main(arguments=None):
    """Run the program; returns its exit status."""
    options = options_of(arguments)
    try:
        if options.output.exists():
            raise UsageError(f"{options.output} exists and is not overwritten; name a new folder.")
        files = files_of(options.input)
        translate, channels = translator_of(options.model, options.direction)
        done, failed = translate_files(translate, channels, files, options.output, options.size)
    except (UsageError, OSError, ValueError) as error:
        print(f"{PROGRAM}: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    for name, reason in failed.items():
        print(f"{name} was left out: {reason}", file=sys.stderr)
    print(f"{done} images are in {options.output}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
