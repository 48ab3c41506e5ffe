"""What the programs that train a generator from latents share: data, model, scores, pictures."""

import math

from keras_gans_cli.curves import Panel, draw_panels, lines_of
from keras_gans_cli.options import EMBEDDED
from keras_gans_cli.run import Run, UsageError, begin, settings_of, write_results
from keras_gans_cli.scores import extractor_for, recognized

# The steps of 32 images after which pictures emerge: of CIFAR-10 and of emoji at 32x32 there was
# noise after 100, blurs of colour until 1,000, and things before backgrounds from 1,500 on.
EMERGE = 1_500
# Whose features the score compares, by their names: what they see.
SEE = {
    "fashion_mnist": "the features are those of a classifier of clothes, which do not fit other "
    "images",
    "cifar10": "the features are those of a classifier of 32x32 photographs, which see what is "
    "coarse",
}


def prepared(options, preset, ema_decay=0.99):
    """The model, the data and the folder of the run; nothing is written if one is wrong.

    Args:
        options: Those of `add_images` and `add_labels`, and of training.
        preset: A function of `keras_gans.presets` from an image shape and the number of classes, or
            of clusters where `options.labels` is `None`, to a compiled model of DCGAN's layers.
        ema_decay: Float, the share of the averaged generator that a step keeps.
    """
    import keras_gans
    from keras_gans.callbacks import CollapseMonitor
    from keras_gans.networks.dcgan import grid

    begin(options)
    image_shape = (options.image_size, options.image_size, options.channels)
    grid(image_shape)  # Tells of a size that there is not, before images are read.
    dataset = keras_gans.data.images(
        options.data,
        image_shape,
        batch_size=options.batch_size,
        seed=options.seed,
        labels=options.labels,
    )
    if dataset.num_images < 4:
        raise UsageError(f"{options.data} holds {dataset.num_images} images; 4 are the least.")
    if options.labels is None:
        kinds = number_of_clusters(dataset.num_images)
        dataset.fields["labels"] = keras_gans.data.clusters(dataset.images, kinds)
    else:
        kinds = number_of_classes(dataset)
    model = preset(image_shape, kinds, width=options.width, ema_decay=ema_decay, seed=options.seed)
    # Samples of the labels of the real images: their classes need not be equally many.
    some, conditions = dataset.sample_with_fields(min(64, dataset.num_images), options.seed)
    conditions = conditions if model.generator_conditions else None
    monitor = CollapseMonitor(some, seed=options.seed, conditions=conditions)
    names = dataset.class_names and [*dataset.class_names]  # As they come back from a file.
    run = Run(options.output, {**settings_of(options), "class_names": names}, options.resume)
    return model, dataset, monitor, run


def number_of_clusters(num_images):
    """A power of two from 2 to 128, so that a cluster has sixty images or more, if it can."""
    return 2 ** min(7, max(1, int(math.log2(max(1, num_images / 60)))))


def number_of_classes(dataset):
    """How many classes images have; a `UsageError` where an image has none, or several."""
    labels = dataset.fields["labels"]
    if labels.ndim > 1:
        raise UsageError(
            f"Each image has {labels.shape[1]} labels; a conditional DCGAN makes images of one "
            "class each. Keep the label that matters."
        )
    if missing := int((labels < 0).sum()):
        raise UsageError(
            f"{missing} of {len(labels)} images have no label. Give them one, or leave them out."
        )
    if dataset.class_names:
        return len(dataset.class_names)
    classes, largest = len({*labels.tolist()}), int(labels.max())
    if classes <= largest:
        raise UsageError(
            f"The images have {classes} different labels, and the largest is {largest}: a class "
            "that no image has would be made of noise. Number the classes from 0 without a gap, or "
            "write names in place of the numbers."
        )
    return classes


def train(model, dataset, monitor, run):
    """Train the model, score it after each epoch, and write everything into the run's folder."""
    from keras_gans.callbacks import SampleGrid, Score
    from keras_gans.metrics import FrechetDistance

    # Two halves that share no image: one to compare with, one to show how near real images come.
    half = min(2000, dataset.num_images // 2)
    seed, fits = run.settings["seed"], run.settings["data"] == EMBEDDED
    real, fields = dataset.sample_with_fields(2 * half, seed)
    extractor = extractor_for(run.settings["channels"])
    metric = FrechetDistance(extractor)
    of_those = {name: rows[:half] for name, rows in fields.items()}
    labelled = bool(model.generator_conditions)  # Clusters are drawn, as users draw them.
    score = Score(metric, real[:half], conditions=of_those if labelled else None)
    if "untrained" not in run.record:
        run.note(
            score=score.name,
            real_against_real=metric.compare(None, real[half:]),
            untrained=score.compute(model),
            # Of the last comparison, which it counts the images of.
            protocol={k: v for k, v in metric.protocol().items() if k != "score"},
        )

    def results():
        trained = run.record["epochs"][-1][score.name]
        run.note(trained=trained)
        if fits and labelled:
            wanted = model.usual_conditions(half)
            run.note(
                recognized=recognized(model.generate(seed=seed, **wanted), wanted["labels"]),
                recognized_real=recognized(real, fields["labels"]),
            )
        write_results(run, model, {score.name: {"score": trained, **run.record["protocol"]}})

    steps = run.settings["epochs"] * len(dataset)
    if not labelled:
        kinds = model.conditions["labels"].classes
        print(f"Training {model.name} on {kinds} clusters of images that look alike.")
    if not fits:
        print(f"Trust the pictures more than {score.name}: {SEE[extractor]}.")
    if steps < EMERGE:
        print(
            f"Pictures usually emerge after about {EMERGE:,} steps, of more than 32x32 pixels "
            f"later; this run makes {steps:,}. For as many: --epochs "
            f"{math.ceil(EMERGE / len(dataset))}."
        )
    model.fit(
        dataset,
        epochs=run.settings["epochs"],
        callbacks=[
            score,
            monitor,
            *run.history(),
            run.finish(results),
            SampleGrid(run.folder / "samples"),
            run.checkpoint(),
        ],
    )
    draw(run)
    record = run.record
    reserve = "" if fits else f" ({SEE[extractor]})"
    if steps < EMERGE:
        reserve += f" after {steps:,} steps, when pictures have hardly emerged"
    if "recognized" in record:
        reserve += (
            f". A classifier recognizes {record['recognized']:.1%} of its samples as what was "
            f"asked for, of real images {record['recognized_real']:.1%}"
        )
    print(
        f"{score.name}: untrained {record['untrained']:.1f}, trained {record['trained']:.1f}, "
        f"real against real {record['real_against_real']:.1f}{reserve}. Everything is in "
        f"{run.folder}."
    )


def draw(run):
    record, rows = run.record, run.record["epochs"]
    score = record["score"]
    ((epochs, distances),) = lines_of(rows, score).values()
    panels = [
        Panel(
            "Losses",
            "mean of the epoch",
            lines_of(rows, "discriminator_loss", "generator_loss"),
        ),
        Panel(
            "Raw scores of the discriminator",
            "score > 0: taken for real",
            lines_of(rows, "real_score", "fake_score"),
        ),
        Panel(
            f"Distance to real images: {score}",
            "lower is better",
            {"generated against real": ([0, *epochs], [record["untrained"], *distances])},
            {"real against real": record["real_against_real"]},
            yscale="log",
        ),
    ]
    if "real_accuracy" in rows[-1]:
        of_classes = lines_of(rows, "real_accuracy", "fake_accuracy")
        panels.append(Panel("Classes that the discriminator tells", "share of images", of_classes))
    draw_panels(panels, run.folder / "curves.png")
