"""Train classifiers on images of which few have a label: `keras-gans train semi-supervised`.

Without arguments it learns from four fifths of the embedded Fashion-MNIST images, of which 100
labels are known, then 1,000: a semi-supervised GAN, which learns from all of the images, and the
same classifier on those with a label alone. It writes to `runs/semi_supervised/`: how many of the
held-out images each tells wrongly (`errors.md`, `curves.png`), and of the GAN that knew the most
labels what it tells held-out images to be (`told.png`), what its generator makes (`samples.png`),
`model.keras`, both of its networks as a SavedModel (`saved_model/`) and `scores.json`.
"""

import sys

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels
from keras_gans_cli.options import (
    add_images,
    add_labels,
    parse,
    training_parser,
    whole_number_from,
    with_channels,
    with_labels,
)
from keras_gans_cli.rows import save_rows
from keras_gans_cli.run import (
    Run,
    UsageError,
    begin,
    run_program,
    settings_of,
    training,
    write_results,
)

PROGRAM = command_of("semi_supervised")
ENTRANTS = {"alone": "images with labels alone", "gan": "all images"}


def options_of(arguments):
    parser = training_parser(
        PROGRAM,
        "Train classifiers on images of which few have a label; without arguments, on embedded "
        "Fashion-MNIST.",
        epochs=25,
        batch_size=64,
        width=16,
    )
    parser.add_argument(
        "--known",
        type=known,
        nargs="+",
        default=[100, 1000],
        metavar="N",
        help='how many labels are known, as many of each class, or "all"; several are compared',
    )
    add_images(parser, "any")
    add_labels(parser)
    parser.set_defaults(image_size=28, labels="")
    options = with_labels(with_channels(parse(parser, arguments)))
    options.known = sorted(options.known, key=lambda n: float("inf") if n == "all" else n)
    return options


def known(text):
    """A number of labels, or "all"."""
    return text if text == "all" else whole_number_from(1)(text)


def prepare(options):
    """What is trained, the images and labels, and the folder; nothing is written if one is wrong.

    Returns:
        Dict from what is known to a `SemiSupervisedGAN`, the same classifier that learns alone,
        and labels, of which those that are not known are -1; the images; the held-out images and
        their labels; the `Run`.
    """
    import keras_gans

    begin(options)
    if options.batch_size < 2:
        raise UsageError("--batch-size is 2 or more: about half of a batch has labels.")
    image_shape = (options.image_size, options.image_size, options.channels)
    dataset = keras_gans.data.images(options.data, image_shape, labels=options.labels)
    labels = dataset.fields["labels"]
    if labels.ndim > 1 or (labels < 0).all():
        raise UsageError(f"{options.data}: each image is of one class, or has none yet (-1).")
    names = dataset.class_names or [str(label) for label in range(labels.max() + 1)]
    order = np.random.default_rng(options.seed).permutation(len(labels))
    labelled = order[labels[order] >= 0]
    held_out = labelled[: len(labelled) // 5]
    if not held_out.size:
        raise UsageError(
            f"{options.data}: {len(labelled)} images have a label; 5 are the least, one of which "
            "is held out to try classifiers on."
        )
    trained = order[~np.isin(order, held_out)]
    chosen = {str(n): with_labels_of(labels[trained], n, len(names)) for n in options.known}
    entrants = {
        n: (*entrants_of(image_shape, names, options.width, options.seed), some)
        for n, some in chosen.items()
    }
    run = Run(options.output, settings_of(options), options.resume)
    images = dataset.images
    return entrants, images[trained], images[held_out], labels[held_out], run


def with_labels_of(labels, number, classes):
    """Labels of which all but a number, equally many of each class, the first ones, are -1."""
    if number == "all":
        return labels
    each = number // classes
    least = np.bincount(labels[labels >= 0], minlength=classes).min()
    if not 1 <= each <= least:
        raise UsageError(
            f"--known {number} is {each} of each of the {classes} classes, and there are {least} "
            f"to train on of the smallest: pass from {classes} to {least * classes}, or all."
        )
    kept = np.full_like(labels, -1)
    for label in range(classes):
        rows = np.flatnonzero(labels == label)[:each]
        kept[rows] = label
    return kept


def entrants_of(image_shape, names, width, seed):
    """A compiled `SemiSupervisedGAN`, and its classifier once more, with the same first weights."""
    import keras

    from keras_gans.models import SemiSupervisedGAN
    from keras_gans.networks import convolutional_classifier, improved_gan_generator
    from keras_gans.samples import Images

    rate, decay = {"learning_rate": 1e-3, "beta_1": 0.5}, 0.998
    classifier = convolutional_classifier(image_shape, len(names), width)
    images = keras.Input(image_shape, name="images", dtype="uint8")
    floats = keras.layers.Rescaling(1 / 255)(images)
    copy = keras.models.clone_model(classifier)
    copy.set_weights(classifier.get_weights())
    alone = keras.Model(images, {"labels": copy(floats)["logits"]}, name="alone")
    # At the end of `fit` the average becomes the weights.
    alone.compile(
        optimizer=keras.optimizers.Adam(**rate, use_ema=True, ema_momentum=decay),
        loss={"labels": keras.losses.SparseCategoricalCrossentropy(from_logits=True)},
        metrics={"labels": ["accuracy"]},
    )
    gan = SemiSupervisedGAN(
        improved_gan_generator(image_shape),
        classifier,
        latent_dim=100,
        samples=Images((0, 1)),
        ema_decay=decay,
        seed=seed,
    )
    gan.class_names = tuple(names)
    gan.compile(**{f"{player}_optimizer": keras.optimizers.Adam(**rate) for player in gan.players})
    return gan, alone


def train(entrants, images, held_out, true, run):
    """Train each pair, and write the table and the pictures into the run's folder."""
    errors = {}
    for n, (gan, alone, labels) in entrants.items():
        recorded = [*run.history(f"gan_{n}"), run.checkpoint(f"checkpoint/{n}")]
        callbacks = recorded, [*run.history(f"alone_{n}")]
        print(f"A GAN, then the same classifier alone, with {n} labels:")
        train_pair(gan, alone, images, labels, run.settings, (held_out, true), callbacks)
        errors[n] = errors_of(gan, alone, held_out, true)
    run.note(errors=errors)
    write_results(
        run, gan, {"held_out_error": {"score": errors[n]["gan"], "num_images": len(true)}}
    )
    lines = table(errors, {n: int(np.sum(entrants[n][-1] >= 0)) for n in errors}, len(images))
    (run.folder / "errors.md").write_text("\n".join(lines) + "\n")
    draw(gan, held_out, true, errors, run)
    print("\n".join(lines))
    print(f"Shares of {len(true):,} held-out images told wrongly. Everything is in {run.folder}.")


def train_pair(gan, alone, images, labels, settings, validation, callbacks=((), ())):
    """Train a GAN on all images, and its rival on those with labels, as many steps.

    About half of a batch of the GAN has labels, or as many as do of all; the rival's batches are as
    large as that part. The averages of both are what is validated. The rival takes a fraction of
    the time: a resumed run trains it from its start again.

    Args:
        gan: A compiled `SemiSupervisedGAN`.
        alone: The compiled `keras.Model` that has its classifier's layers.
        images: uint8 array `(n, height, width, channels)`.
        labels: int32 array `(n,)`, -1 where none is known.
        settings: Dict of "epochs", "batch_size" and "seed".
        validation: Held-out images and their labels.
        callbacks: Those of the GAN, and those of its rival.
    """
    import keras

    from keras_gans.data import ImageDataset, SetEpoch

    epochs, batch_size = settings["epochs"], settings["batch_size"]
    gan.fit(
        images,
        labels,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=validation,
        callbacks=[*callbacks[0]],
    )
    rows = np.flatnonzero(labels >= 0)
    labelled = int(max(0.5, len(rows) / len(images)) * batch_size)
    data = ImageDataset(
        images[rows],
        labelled,
        fields={"labels": labels[rows]},
        images_per_epoch=labelled * -(-len(images) // batch_size),
        seed=settings["seed"],
    )
    held_out, true = validation
    alone.fit(
        data,
        epochs=epochs,
        shuffle=False,
        validation_data=(held_out, {"labels": true}),
        callbacks=[SetEpoch(data), keras.callbacks.SwapEMAWeights(), *callbacks[1]],
    )


def errors_of(gan, alone, held_out, true):
    """The shares of held-out images that both tell wrongly."""
    told = {"alone": alone.predict(held_out, batch_size=500, verbose=0)["labels"]}
    told["gan"] = gan.predict(held_out, batch_size=500, verbose=0)
    return {name: float(np.mean(scores.argmax(1) != true)) for name, scores in told.items()}


def table(errors, known, images):
    """Lines of Markdown: what each number of labels brings, alone and with the other images."""
    lines = [
        f"| labels known | {ENTRANTS['alone']} | all {images:,} images |",
        "| --- | ---: | ---: |",
    ]
    for n, shares in errors.items():
        lines.append(f"| {known[n]:,} | {shares['alone']:.1%} | {shares['gan']:.1%} |")
    return lines


def draw(gan, held_out, true, errors, run):
    from keras_gans.samples.pictures import make_large_grid, save_png

    columns, told, rows = 16, gan.classify(held_out, batch_size=500), {}
    for label, name in enumerate(gan.class_names):
        is_told = told == label
        right = f"; {np.mean(true[is_told] == label):.0%} of them are" if is_told.any() else ""
        row = np.full((columns, *held_out.shape[1:]), 255, "uint8")  # White where there are fewer.
        row[: np.sum(is_told)] = held_out[is_told][:columns]
        rows[f"called {name}{right}"] = row
    save_rows(rows, run.folder / "told.png", columns)
    samples = gan.generate(64, seed=run.settings["seed"])
    save_png(make_large_grid(samples, 8), run.folder / "samples.png")
    panels = []
    for n in errors:
        rows = {title: run.record[f"{name}_{n}"] for name, title in ENTRANTS.items()}
        lines = {
            title: ([row["epoch"] for row in of_one], [1 - row["val_accuracy"] for row in of_one])
            for title, of_one in rows.items()
        }
        panels.append(Panel(f"Known labels: {n}", "share of held-out images told wrongly", lines))
    draw_panels(panels, run.folder / "curves.png")


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
