"""Find similar images by binary codes: `keras-gans train semantic-hashing`.

Trains a deep autoencoder with binary codes on nine tenths of the embedded Fashion-MNIST images, in
which it then looks for what is most like each of the others, and writes to
`runs/semantic_hashing/`: what was found by the codes and by the pixels (`neighbours.png`),
`curves.png`, `model.keras`, the model as a SavedModel (`saved_model/`) and `scores.json` with the
share of the first ten that are of the class of the query. No label is read in training.
"""

import sys

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels, lines_of
from keras_gans_cli.options import (
    add_count,
    add_images,
    add_labels,
    parse,
    training_parser,
    with_channels,
    with_labels,
)
from keras_gans_cli.run import (
    Run,
    UsageError,
    begin,
    run_program,
    settings_of,
    training,
    write_results,
)

PROGRAM = command_of("semantic_hashing")
FIRST = 10


def options_of(arguments):
    parser = training_parser(
        PROGRAM,
        "Find similar images by binary codes; without arguments, embedded Fashion-MNIST.",
        epochs=20,
        batch_size=100,
        width=512,
    )
    add_images(parser, "any")
    add_labels(parser)
    parser.set_defaults(image_size=28, labels="")
    add_count(parser, "bits", 256, "of a code")
    return with_labels(with_channels(parse(parser, arguments)))


def prepare(options):
    """The model, images to look in and others with their labels, and the folder of the run."""
    import keras_gans
    from keras_gans.models import Autoencoder
    from keras_gans.networks import hashing_decoder, hashing_encoder

    begin(options)
    shape = (options.image_size, options.image_size, options.channels)
    dataset = keras_gans.data.images(options.data, shape, seed=options.seed, labels=options.labels)
    images, fields = dataset.sample_with_fields(dataset.num_images, options.seed)
    labels, held_out = fields["labels"], len(images) // 10
    if held_out < 1 or len(images) - held_out < FIRST:
        raise UsageError(f"{options.data} holds {len(images)} images; 11 are the least.")
    if labels.ndim > 1 or (labels < 0).any():
        raise UsageError("Each image needs one label, by which what is found for it is judged.")
    # With half of the paper's noise nearly all codes are binary, too, and more is found.
    model = Autoencoder(
        hashing_encoder(shape, options.bits, options.width, noise=2.0),
        hashing_decoder(shape, options.bits, options.width),
        latent_dim=options.bits,
        seed=options.seed,
    )
    model.compile()
    names = dataset.class_names or [str(label) for label in range(labels.max() + 1)]
    database = images[held_out:], labels[held_out:]
    queries = images[:held_out], labels[:held_out]
    settings = {**settings_of(options), "class_names": [*names]}
    return model, database, queries, Run(options.output, settings, options.resume)


def train(model, database, queries, run):
    """Train the model, look for each query, and write what was found into the run's folder."""
    from keras_gans.neighbours import precision

    images, labels = database
    asked, wanted = queries
    model.fit(
        images,
        batch_size=run.settings["batch_size"],
        epochs=run.settings["epochs"],
        validation_data=asked,
        callbacks=[*run.history(), run.checkpoint()],
    )
    found, undecided = find(model, images, asked)
    shares = np.bincount(labels, minlength=wanted.max() + 1) / len(labels)
    scores = {way: precision(some, labels, wanted) for way, some in found.items()}
    scores["by chance"] = float(shares[wanted].mean())
    run.note(precision=scores, undecided=undecided)
    write_results(run, model, {"precision_of_ten": {"score": scores["by codes"]}})
    draw(found, database, queries, run)
    print(f"Of the first {FIRST} of {len(images):,} images, so many are of the query's class:")
    for way, score in scores.items():
        print(f"  {way:24} {score:6.1%}")
    bits, numbers = run.settings["bits"], images[0].size
    print(
        f"A code has {bits} bits, an image {8 * numbers:,}. {undecided:.1%} of the numbers that "
        f"are rounded to bits lie between 0.1 and 0.9. Everything is in {run.folder}."
    )


def find(model, images, asked):
    """The first of `images` for each that is asked for, in several ways; how sure codes are.

    Returns:
        `(dict from ways to int64 arrays (n, FIRST), share of numbers far from 0 and 1)`.
    """
    from keras_gans.neighbours import binary_codes, nearest_by_distance, nearest_by_hamming

    codes, of_asked = (model.encode(some, batch_size=500) for some in (images, asked))
    bits, bits_of_asked = binary_codes(codes), binary_codes(of_asked)
    pixels, pixels_of_asked = (some.reshape(len(some), -1) for some in (images, asked))
    found = {
        "by codes": nearest_by_hamming(bits_of_asked, bits, FIRST),
        "by codes, not rounded": nearest_by_distance(of_asked, codes, FIRST),
        "by pixels": nearest_by_distance(pixels_of_asked, pixels, FIRST),
    }
    return found, float(((codes > 0.1) & (codes < 0.9)).mean())


def draw(found, database, queries, run):
    """A query of each class, what was found by codes, and below it what was found by pixels."""
    from keras_gans.callbacks.pictures import label_rows, put_before
    from keras_gans.samples.pictures import below_each_other, make_large_grid, save_png

    (images, _), (asked, wanted) = database, queries
    names, rows, labels = run.settings["class_names"], [], []
    for label, query in zip(*np.unique(wanted, return_index=True), strict=True):
        for way in ("by codes", "by pixels"):
            some = images[found[way][query]]
            rows.append(put_before(asked[query], make_large_grid(some, len(some))))
            labels.append(f"{names[label]}, then its first {len(some)} {way}")
    save_png(label_rows(below_each_other(rows), labels), run.folder / "neighbours.png")
    losses = lines_of(run.record["epochs"], "autoencoder_loss", "val_autoencoder_loss")
    errors = dict(zip(("training", "held out"), losses.values(), strict=True))
    draw_panels(
        [Panel("Autoencoder", "squared error per image", errors)], run.folder / "curves.png"
    )


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
