"""Score images against others: `keras-gans evaluate --real A --fake B`.

A and B are folders of images, zip archives or `.npz` statistics (`mu` and `sigma`, as other tools
write them), B also the `.keras` file of a model, which generates. Prints a table; writes
`scores.json`, which says by what protocol the scores were taken, and `neighbours.png`, the
generated images that are nearest to real ones. All images are brought to the size of the generated
ones. The features of finished chunks are kept: those of a data set for every later run, those of
generated images for `--resume` after an interruption.
"""

import argparse
import contextlib
import hashlib
import json
import os
import sys
import warnings

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.image_sets import USUAL, image_set
from keras_gans_cli.options import EMBEDDED, HelpFormatter, add_count, parse, whole_number_from
from keras_gans_cli.run import (
    Run,
    UsageError,
    folder_of,
    run_program,
    settings_of,
    training,
)
from keras_gans_cli.scores import extractor_for, metrics_of_features

PROGRAM = command_of("evaluate")
CHUNK_BYTES = 2**27  # Of images that are in memory at a time.
LOOKED_AT = 1024  # Images that are compared pixel by pixel.
PAIRS, NEIGHBOURS = 10, 3
BETTER = {"min": "lower", "max": "higher"}


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
    parser.add_argument("--fake", help="likewise, or the .keras file of a model")
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
        "--resize", default="bilinear", help="how images get to the size of the extractor"
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


def prepare(options):
    """The two sides, the metrics and the folder of the run; nothing is written if one is wrong."""
    import keras

    from keras_gans.metrics.statistics_files import read_statistics

    if not options.fake:
        raise UsageError("Name what to score: --fake FOLDER, or the .keras file of a model.")
    keras.utils.set_random_seed(options.seed)
    sources = {"real": options.real, "fake": options.fake}
    known = {name: path for name, path in sources.items() if path.endswith(".npz")}
    sides = {
        name: image_set(source, options.number, options.seed)
        for name, source in sources.items()
        if name not in known
    }
    if not sides:
        raise UsageError("Both sides are statistics, and one at least must be images.")
    shape = [*sides.values()][-1].shape  # Of the generated images, where there are any.
    shape = (*shape[:2], min(shape[2], 3))
    metrics = metrics_of_features(options.extractor or extractor_for(shape[2]), options.resize)
    for path in known.values():
        read_statistics(path, metrics[0].protocol())
    run = Run(options.output, settings_of(options), options.resume)
    return sides, known, shape, metrics, folder_of(options.cache), run


def evaluate(sides, known, shape, metrics, cache, run):
    import keras

    total = sum(side.number for side in sides.values())
    print(f"Features of {total:,} images by {metrics[0].protocol()['extractor']}:")
    progress = keras.utils.Progbar(total, unit_name="image")
    rows, features, done = {}, {}, 0
    for name, side in sides.items():
        key = key_of(side, shape, metrics[0])
        folder = cache / key if name == "real" else run.folder / "features" / key

        def tell(count, before=done):
            run.keep()
            progress.update(before + count)

        rows[name], features[name] = features_of(side, shape, metrics[0], folder, tell)
        done += side.number
    told = {name: side.told for name, side in sides.items()}
    weights = told.get("fake", {}).get("weights")
    # Of statistics there is nothing but the Frechet distance.
    compared = metrics[:1] if known else metrics
    results = [measured(metric, {**known, **features}, weights, run) for metric in compared]
    if not known:
        results += scores_of_pixels(sides, rows, shape)
    protocol = {
        **told,
        **{name: {"statistics": path} for name, path in known.items()},
        "shape": list(shape),
        "fitted by": "Lanczos, centre crop",
    }
    run.note(protocol=protocol, results=results)
    print_table(results)
    if not known:
        draw_neighbours(sides, rows, features, shape, run.folder / "neighbours.png")
    print(f"By which protocol, and all numbers: {run.history_path}.")


def key_of(side, shape, metric):
    """A name that changes with whatever the features of a set depend on."""
    how = metric.protocol()
    how = {name: how[name] for name in ("extractor", "extractor_weights", "resize")}
    return hashlib.sha256(repr((side.identity, side.told, shape, how)).encode()).hexdigest()[:24]


def features_of(side, shape, metric, folder, tell):
    """Features of all images that can be read, and their rows; finished chunks are kept.

    Args:
        side: As `image_set` returns it.
        shape: `(height, width, channels)`.
        metric: The `FeatureMetric` that extracts.
        folder: `pathlib.Path` for the chunks.
        tell: Function that is told how many images are done.

    Returns:
        List of rows, and float32 array [n, d].
    """
    from keras_gans.data.aside import written_aside

    folder.mkdir(parents=True, exist_ok=True)
    size = max(1, min(1024, CHUNK_BYTES // np.prod(shape)))
    rows, parts = [], []
    for start in range(0, side.number, size):
        path = folder / f"{start:07d}_{size}.npz"
        if not path.exists():
            images, usable = side.images(range(start, min(start + size, side.number)), shape)
            with written_aside(path) as aside, aside.open("wb") as file:
                np.savez(file, rows=usable, features=metric.features(images))
        with np.load(path) as chunk:
            rows += chunk["rows"].tolist()
            parts.append(chunk["features"])
        tell(min(start + size, side.number))
    return rows, np.concatenate(parts)


def measured(metric, compared, weights, run):
    """What a metric says of both sides, features or statistics: a dict that JSON can hold."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*is the score of few images")  # Told by the table.
        result = metric.measure(
            compared["real"],
            compared["fake"],
            split=run.settings["split"],
            weights=weights,
            seed=run.settings["seed"],
        )
    return {**json.loads(result.to_json()), "better": BETTER[metric.mode]}


def scores_of_pixels(sides, rows, shape):
    """What metrics of pixels say of the first images of both sides, where these fit them."""
    from keras_gans.metrics import SampleSimilarity, SlicedWassersteinDistance

    number = min(LOOKED_AT, *map(len, rows.values()))
    real, fake = (sides[name].images(rows[name][:number], shape)[0] for name in ("real", "fake"))
    results = []
    with contextlib.suppress(ValueError):  # Sides that cannot be halved.
        values = SlicedWassersteinDistance(shape, number).compare(real, fake)
        results.append({"values": values, "better": BETTER["min"]})
    if min(shape[:2]) >= 11 and number > 1:
        similarity = SampleSimilarity()
        values = {
            similarity.name: similarity.compare(None, fake),
            f"{similarity.name}_of_real": similarity.compare(None, real),
        }
        results.append({"values": values, "better": "as of real images"})
    for result in results:
        result |= {"intervals": {}, "protocol": {"num_real": number, "num_fake": number}}
    return results


def print_table(results):
    print(f"{'':44}{'value':>12}  {'95 % interval':26}better")
    for result in results:
        for name, value in result["values"].items():
            ends = [written(end) for end in result["intervals"].get(name, ())]
            print(f"{name:44}{written(value):>12}  {' to '.join(ends):26}{result['better']}")
    how = results[0]["protocol"]
    numbers = [how[name] for name in ("num_real", "num_fake") if how[name] is not None]
    if min(numbers) < USUAL:
        print(
            f"These are scores of {' and '.join(f'{n:,}' for n in numbers)} images. Fewer than "
            f"{USUAL:,} of each move most scores: compare with scores of as many only."
        )


def written(value):
    return "undefined" if value is None else f"{value:.5g}"


def draw_neighbours(sides, rows, features, shape, path):
    """A picture of the generated images that are nearest to real ones, with these below them."""
    from keras_gans.metrics.memorization import closest_pairs
    from keras_gans.neighbours import nearest_by_distance
    from keras_gans_cli.rows import save_rows

    chosen, _, _ = closest_pairs(features["fake"], features["real"], PAIRS)
    count = min(NEIGHBOURS, len(features["real"]))
    found = nearest_by_distance(features["fake"][chosen], features["real"], count)

    def images(name, places):
        return sides[name].images([rows[name][place] for place in places], shape)[0]

    pictures = {"generated": images("fake", chosen)}
    for place, nearest in enumerate(found.T, 1):
        pictures[f"real, {place}."] = images("real", nearest)
    save_rows(pictures, path)


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, evaluate))


if __name__ == "__main__":
    sys.exit(main())
