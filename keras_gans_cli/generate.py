"""Make images by a trained model: `keras-gans generate MODEL OUT`.

MODEL is the folder of a run, a `.keras` file, or a SavedModel of an export. OUT is a folder of
PNGs, in sub-folders where the model has classes; or one picture, where it ends in `.png`. The same
seed makes the same images. OUT is made at the end: a run that is interrupted leaves nothing.
"""

import argparse
import math
import sys
import tempfile
from pathlib import Path

from keras_gans_cli.commands import command_of
from keras_gans_cli.options import HelpFormatter, add_count, whole_number_from
from keras_gans_cli.run import UsageError, run_program
from keras_gans_cli.trained import path_of_model

PROGRAM = command_of("generate")
AT_ONCE = 256  # Images that are made by one call, and held in memory.


def options_of(arguments):
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Make images by a trained model.", formatter_class=HelpFormatter
    )
    parser.add_argument("model", help="folder of a run, .keras file or SavedModel")
    parser.add_argument("output", help="folder of PNGs, or one .png of all; must not exist")
    add_count(parser, "number", 64, "images to make")
    parser.add_argument("--seed", type=whole_number_from(0), default=0, help="of the latents")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the model reads beside latents, such as labels=bag; by default each class in "
        "turn",
    )
    return parser.parse_args(arguments)


def work(options):
    """Make the images; returns the exit status."""
    import numpy as np

    from keras_gans.data.paths import local_path
    from keras_gans.samples.pictures import make_large_grid, save_png
    from keras_gans.serving.explorer import load_served

    output = local_path(options.output, "The output")
    if output.exists():
        raise UsageError(f"{output} exists and is not overwritten; name another.")
    served = load_served(path_of_model(options.model))
    if "generate" not in served.signatures:
        raise UsageError(f"{options.model} turns images into images: keras-gans translate.")
    taken = served.signatures["generate"]["inputs"]
    choices = {name: names for name, names in served.choices.items() if name in taken}
    ids = ids_of(choices, options.set, options.number)
    there = next(folder for folder in output.absolute().parents if folder.exists())
    batches = made(served, ids, options.number, options.seed)
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.suffix == ".png":
        images = np.concatenate([images for images, _ in batches])
        save_png(make_large_grid(images, columns_of(options.number, choices)), output)
    else:
        with tempfile.TemporaryDirectory(dir=there, prefix=f".{output.name}-") as aside:
            folder = Path(aside) / output.name
            write(batches, folder, choices, ids, options.number)
            folder.rename(output)
    print(f"{options.number} images are in {output}.")


def ids_of(choices, settings, number):
    """Dict from what a model reads beside latents to an id for each image."""
    import numpy as np

    ids = {name: np.arange(number) % len(names) for name, names in choices.items()}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in choices:
            known = " and ".join(choices) or "nothing"
            raise UsageError(f"--set {setting}: what can be set of this model is {known}.")
        if value not in choices[name]:
            raise UsageError(f"--set {setting}: {name} are {', '.join(choices[name])}.")
        ids[name][:] = choices[name].index(value)
    return {name: column.astype("int32") for name, column in ids.items()}


def columns_of(number, choices):
    """How many images stand in a row: one of each class, or so many that all rows are full."""
    classes = len(choices.get("labels", ()))
    if 1 < classes <= min(number, 20):
        return classes
    least = math.ceil(math.sqrt(number))
    return next((n for n in range(least, 2 * least) if number % n == 0), least)


def made(served, ids, number, seed):
    """Batches of images, each with where it begins; the first one is that of the seed itself."""
    import numpy as np

    starts = range(0, number, AT_ONCE)
    seeds = [seed, *np.random.default_rng(seed).integers(2**31, size=len(starts))]
    for start, seed in zip(starts, seeds, strict=False):
        n = min(AT_ONCE, number - start)
        given = {name: column[start : start + n] for name, column in ids.items()}
        scalars = {"num_images": np.int32(n), "seed": np.int64(seed)}
        yield served.run("generate", {**scalars, **given})["images"], start


def write(batches, folder, choices, ids, number):
    """Write each image as a PNG, those of a class into a folder of its name."""
    import keras

    from keras_gans.samples.pictures import save_png

    progress = keras.utils.Progbar(number, unit_name="image")
    digits = len(str(number - 1))
    labels = ids.get("labels")
    for images, start in batches:
        for i, image in enumerate(images, start):
            inside = folder if labels is None else folder / choices["labels"][labels[i]]
            inside.mkdir(parents=True, exist_ok=True)
            save_png(image, inside / f"{i:0{digits}d}.png")
        progress.update(start + len(images))


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
