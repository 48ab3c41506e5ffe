"""Score images against others: `keras-gans evaluate --real A --fake B`.

A and B are folders of images, zip archives or `.npz` statistics (`mu` and `sigma`, as other tools
write them), or models, which generate: `.keras` files or folders of runs. Prints a table; writes
`scores.json`, which says by what protocol the scores were taken, and `neighbours.png`, the
generated images that are nearest to real ones. Each image gets from its own size to that of the
extractor at once; for metrics of pixels and for the picture all get the size of the generated ones.
The features of 256 images after another are kept: those of real images for every later run, those
of generated images for `--resume` after an interruption.
"""

import argparse
import contextlib
import importlib.metadata
import json
import math
import os
import sys
import typing
import warnings

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.image_sets import USUAL, fitted, image_set
from keras_gans_cli.options import EMBEDDED, HelpFormatter, add_count, parse, whole_number_from
from keras_gans_cli.progress import Progress
from keras_gans_cli.run import (
    Run,
    UsageError,
    folder_of,
    run_program,
    settings_of,
    training,
)
from keras_gans_cli.scores import extractor_for, metrics_of_features, said_of

PROGRAM = command_of("evaluate")
PAIRED = 20_000  # Images of a side whose distances to all of the other are computed.
LOOKED_AT = 1024  # Images that are compared pixel by pixel.
PIXELS = 2**28  # Bytes of them.
PAIRS, NEIGHBOURS = 10, 3


def options_of(arguments):
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Score generated images against real ones.",
        formatter_class=HelpFormatter,
    )
    parser.add_argument(
        "--real",
        default=EMBEDDED,
        help=f'folder or zip archive of images, .npz statistics, or "{EMBEDDED}"',
    )
    parser.add_argument("--fake", help="likewise, or a model: a .keras file or the folder of a run")
    parser.add_argument(
        "--held-out",
        help="real images that the model was not trained on, where --real are those that it was: "
        "to find copies",
    )
    add_count(
        parser,
        "number",
        None,
        f"images of each side at most, at random; by default all, of a model {USUAL:,}",
    )
    parser.add_argument(
        "--extractor",
        help='"fashion_mnist", "cifar10", or a .keras file; by default the first one for grey '
        "images and the second one for others",
    )
    parser.add_argument(
        "--classifier",
        help="what gives the inception score its logits: likewise; by default the network that "
        "--extractor is from, if it comes with the library",
    )
    parser.add_argument(
        "--resize",
        default="bilinear",
        help="how images get to the size of the extractor: bilinear, bicubic, lanczos3, lanczos5; "
        "or as published scores did it: legacy, clean",
    )
    parser.add_argument(
        "--split", help='what the real images are, such as "train" or "test", for the protocol'
    )
    parser.add_argument(
        "--cache",
        default=os.environ.get("XDG_CACHE_HOME", "~/.cache") + "/keras_gans",
        help="folder of the features of real images, for later runs",
    )
    parser.add_argument("--output", default="runs/evaluate", help="folder of the results")
    parser.add_argument(
        "--seed", type=whole_number_from(0), default=0, help="of samples and random choices"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run in --output")
    return parse(parser, arguments)


class Judges(typing.NamedTuple):
    """What looks at images: `ImageFeatures`, and the metrics that compare what these give."""

    features: typing.Any
    metrics: list
    logits: typing.Any = None
    inception_score: typing.Any = None


def prepare(options):
    """The sides, the judges and the folder of the run; nothing is written if one is wrong."""
    import keras

    if not options.fake:
        raise UsageError("Name what to score: --fake FOLDER, or a model.")
    keras.utils.set_random_seed(options.seed)
    sources = {"real": options.real, "fake": options.fake}
    known = {name: path for name, path in sources.items() if path.endswith(".npz")}
    if len(known) == 2:
        raise UsageError("Both sides are statistics, and one at least must be images.")
    if options.held_out:
        if known:
            raise UsageError("--held-out compares images, not statistics.")
        sources["held_out"] = options.held_out
    sides = {
        name: image_set(source, options.number, options.seed)
        for name, source in sources.items()
        if name not in known
    }
    extractor = options.extractor or extractor_for(shape_of(sides)[2])
    judges = judges_by(extractor, options.classifier, options.resize, bool(options.held_out))
    for path in known.values():
        judges.metrics[0].set_reference(path)  # Told before all else where it does not fit.
    run = Run(options.output, settings_of(options), options.resume)
    return sides, known, judges, folder_of(options.cache), run


def judges_by(extractor, classifier=None, resize="bilinear", held_out=False):
    """The `Judges` by an extractor.

    Args:
        extractor: As in `keras_gans.metrics.get_extractor`.
        classifier: As in `keras_gans.metrics.InceptionScore`; by default the one whose features
            the extractor gives, if it comes with the library.
        resize: As in `keras_gans.metrics.FrechetDistance`.
        held_out: Whether there are held-out images to compare with.
    """
    from keras_gans.metrics import InceptionScore, Memorization, get_extractor
    from keras_gans.metrics.image_features import ImageFeatures
    from keras_gans.metrics.inception_score import CLASSIFIERS, get_classifier

    network = get_extractor(extractor)
    metrics = metrics_of_features(network, resize)
    if held_out:
        metrics.append(Memorization(network, resize))
    judges = Judges(ImageFeatures(network, resize), metrics)
    classifier = classifier or (extractor if extractor in CLASSIFIERS else None)
    if classifier is None:
        return judges
    network = get_classifier(classifier)
    return judges._replace(
        logits=ImageFeatures(network, resize), inception_score=InceptionScore(network, resize)
    )


def evaluate(sides, known, judges, cache, run):
    rows, features, logits = features_of(sides, judges, cache, run)
    print("Comparing them; each score is taken of random halves, too.", flush=True)
    told = {name: side.told for name, side in sides.items()}
    how = {
        "split": run.settings["split"],
        "weights": told.get("fake", {}).get("weights"),
        "seed": run.settings["seed"],
    }
    results = scores_of_features(judges, {**known, **features}, known, how)
    if logits is not None:
        results.append(measured(judges.inception_score, None, logits, how))
    shape = shape_of(sides)
    if not known:
        results += scores_of_pixels(sides, rows, shape)
    protocol = {
        **told,
        **{name: {"statistics": os.path.realpath(path)} for name, path in known.items()},
        "size of pixels": list(shape),
        "software": versions(),
    }
    run.note(protocol=protocol, results=results)
    print_table(results)
    if not known:
        draw_neighbours(sides, rows, features, judges, shape, run)
        print(f"The generated images that are nearest to real ones: {run.folder}/neighbours.png.")
    print(f"By which protocol, and all numbers: {run.history_path}.")


def features_of(sides, judges, cache, run):
    """What the judges see.

    Args:
        sides: Dict from "real", "fake" and "held_out", those that are images, to image sets.
        judges: `Judges`.
        cache: Path of the folder that keeps what is seen of real images.
        run: The `Run`, whose folder keeps what is seen of generated ones.

    Returns:
        Dicts from the sides to the rows of images that could be read and to float32 arrays of
        their features; and an array of the logits of the generated images, or `None`.
    """
    jobs = [(name, judges.features) for name in sides]
    if judges.logits and "fake" in sides:
        jobs.append(("fake", judges.logits))
    total = sum(sides[name].number for name, _ in jobs)
    names = [judge.extractor.name for judge in judges[::2] if judge]
    print(f"Looking at {total:,} images, by {' and '.join(dict.fromkeys(names))}:")
    progress = Progress(total, "images")
    rows, seen, done = {}, [], 0
    for name, judge in jobs:
        folder = run.folder / "features" if name == "fake" else cache

        def tell(count, before=done):
            run.keep()
            progress.update(before + count)

        rows[name], array = collected(sides[name], judge, folder, tell)
        seen.append(array)
        done += sides[name].number
    logits = seen[-1] if len(jobs) > len(sides) else None
    return rows, dict(zip(sides, seen, strict=False)), logits


def collected(side, judge, folder, tell):
    """Rows and features of one side, all at once."""
    from keras_gans.metrics.feature_cache import cached_features

    parts = [*cached_features(side, judge, folder, progress=tell)]
    return [row for part, _ in parts for row in part], np.concatenate([x for _, x in parts])


def scores_of_features(judges, compared, known, how):
    """What each metric says: a list of dicts that JSON can hold."""
    from keras_gans.metrics import FrechetDistance, KernelDistance, Memorization

    if known:  # Of statistics there is nothing but the Frechet distance.
        return [measured(judges.metrics[0], compared["real"], compared["fake"], how)]
    few = {name: some_of(array, how["seed"]) for name, array in compared.items()}
    results = []
    for metric in judges.metrics:
        if isinstance(metric, Memorization):
            metric.set_held_out(few["held_out"])
        # The others look at each pair of images.
        sides = compared if isinstance(metric, (FrechetDistance, KernelDistance)) else few
        results.append(measured(metric, sides["real"], sides["fake"], how))
    return results


def some_of(array, seed):
    """The array, or so many rows of it that all pairs can be looked at, at random."""
    from keras_gans.data.streams import drawn

    return array[drawn(len(array), PAIRED, seed)]


def measured(metric, real, fake, how):
    """What a metric says of both sides, features or statistics: a dict that JSON can hold."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*is the score of few images")  # Told by the table.
        return json.loads(metric.measure(real, fake, **how).to_json())


def shape_of(sides):
    """`(height, width, channels)` of the generated images, or of whichever there are."""
    side = sides.get("fake") or sides["real"]
    return *side.size, 1 if side.grey else 3


def versions():
    """Dict of what the numbers may depend on besides."""
    import keras

    told = {name: importlib.metadata.version(name) for name in ("keras_gans", "keras", "pillow")}
    return {**told, "backend": keras.backend.backend()}


def scores_of_pixels(sides, rows, shape):
    """What metrics of pixels say of the first images of both sides, where these fit them."""
    from keras_gans.metrics import SampleSimilarity, SlicedWassersteinDistance

    most = max(2, min(LOOKED_AT, PIXELS // math.prod(shape)))
    number = min(most, len(rows["real"]), len(rows["fake"]))
    real, fake = (fitted(sides[name], rows[name][:number], shape) for name in ("real", "fake"))
    values = {}
    with contextlib.suppress(ValueError):  # Sides that cannot be halved.
        distances = SlicedWassersteinDistance(shape, number).compare(real, fake)
        values["SlicedWassersteinDistance"] = distances
    if min(shape[:2]) >= 11 and number > 1:
        similarity = SampleSimilarity()
        values["SampleSimilarity"] = {
            similarity.name: similarity.compare(None, fake),
            f"{similarity.name}_of_real": similarity.compare(None, real),
        }
    how = {"num_real": number, "num_fake": number, "fitted": "Lanczos, centre crop"}
    return [
        {"values": found, "intervals": {}, "protocol": {"metric": metric, **how}}
        for metric, found in values.items()
    ]


def print_table(results):
    """Print each number with its interval, which ones are better, and what it says."""
    width = max(len(name) for result in results for name in result["values"])
    print(f"\n{'':{width}}  {'value':>9}  {'95 % interval':24}  better")
    for result in results:
        for name, value in result["values"].items():
            ends = " to ".join(dict.fromkeys(map(written, result["intervals"].get(name, ()))))
            better, says = said_of(result["protocol"]["metric"], name)
            print(f"{name:{width}}  {written(value):>9}  {ends:24}  {better:6}  {says}")
    print()
    if any(value is None for result in results for value in result["values"].values()):
        print("Undefined: of too few images, or of features that are not finite.")
    how = results[0]["protocol"]
    numbers = [how[name] for name in ("num_real", "num_fake") if how[name] is not None]
    if min(numbers) < USUAL:
        print(
            f"These are scores of {' and '.join(f'{n:,}' for n in numbers)} images. Fewer than "
            f"{USUAL:,} of each move most scores: compare with scores of as many only."
        )
    if max(numbers) > PAIRED:
        print(f"Where each pair of images counts, {PAIRED:,} of a side were drawn at random.")


def written(value):
    return "undefined" if value is None else f"{value:.4g}"


def draw_neighbours(sides, rows, features, judges, shape, run):
    """Write a picture of the generated images that are nearest to real ones, over these."""
    from keras_gans.callbacks.pictures import label_rows
    from keras_gans.data.resizing import to_pillow
    from keras_gans.data.streams import drawn
    from keras_gans.metrics.memorization import captioned, closest_pairs
    from keras_gans.neighbours import nearest_by_distance, nearest_with_distances
    from keras_gans.samples.pictures import make_large_grid, save_png

    few = {
        name: drawn(len(features[name]), PAIRED, run.settings["seed"]) for name in ("real", "fake")
    }
    real, fake = (features[name][few[name]] for name in ("real", "fake"))
    if not (np.isfinite(real).all() and np.isfinite(fake).all()):
        return
    chosen, _, distances = closest_pairs(fake, real, PAIRS)
    found = nearest_by_distance(fake[chosen], real, min(NEIGHBOURS, len(real)))
    unit = "distance to the nearest real image"
    if len(real) > 1:
        among_real = nearest_with_distances(real[:LOOKED_AT], real, 2)[1][:, 1]
        distances = distances / (np.median(among_real) or 1.0)
        unit += "; 1 is usual from one real image to the next"

    def images(name, places):
        return fitted(sides[name], [rows[name][few[name][place]] for place in places], shape)

    pictures = [images("fake", chosen), *(images("real", nearest) for nearest in found.T)]
    labels = ["generated", "nearest real", "second", "third"][: len(pictures)]
    grid = make_large_grid(np.concatenate(pictures), len(chosen))
    labelled = label_rows(grid, labels)
    picture = captioned(
        to_pillow(labelled),
        f"The {len(chosen)} of {len(fake):,} generated images that are nearest to real ones, by "
        f"features of {judges.features.extractor.name}, and the real images next to each",
        f"Below each column its {unit}",
        [f"{distance:.2f}" for distance in distances],
        labelled.shape[1] - grid.shape[1],
    )
    save_png(picture, run.folder / "neighbours.png")


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, evaluate))


if __name__ == "__main__":
    sys.exit(main())
