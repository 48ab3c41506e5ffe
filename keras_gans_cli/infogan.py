"""Train an InfoGAN on images without labels: `keras-gans train infogan`.

Without arguments it trains on the embedded Fashion-MNIST images and writes to `runs/infogan/`: what
each code turns (`codes/`: one picture of the categories, one for each continuous code), the samples
of each category after every epoch (`samples/`), `curves.png`, `model.keras`, the generator and what
recognizes codes as a SavedModel (`saved_model/`) and `scores.json`. No label is read in training;
where the images have some, they say afterwards how well the categories that were found are theirs.
"""

import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels, lines_of
from keras_gans_cli.options import (
    EMBEDDED,
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
    begin,
    run_program,
    settings_of,
    training,
    write_results,
)
from keras_gans_cli.scores import cluster_accuracy

PROGRAM = command_of("infogan")


def options_of(arguments):
    parser = training_parser(
        PROGRAM,
        "Train an InfoGAN on images without labels; without arguments, on embedded Fashion-MNIST.",
        epochs=24,
        batch_size=64,
        width=32,
    )
    add_images(parser, "a multiple of 4")
    parser.set_defaults(image_size=28)
    add_labels(parser)
    add_count(parser, "categories", 10, "of the categorical code")
    add_count(parser, "continuous", 2, "continuous codes")
    options = with_labels(with_channels(parse(parser, arguments)))
    if options.labels is None and options.data == EMBEDDED:
        options.labels = "label"
    return options


def prepare(options):
    """The model, the images and labels, and the folder; nothing is written if one is wrong."""
    import keras_gans
    from keras_gans import presets

    begin(options)
    image_shape = (options.image_size, options.image_size, options.channels)
    model = presets.infogan(
        image_shape, options.categories, options.continuous, width=options.width, seed=options.seed
    )
    labelled = keras_gans.data.images(options.data, image_shape, labels=options.labels)
    run = Run(options.output, settings_of(options), options.resume)
    return model, labelled, run


def train(model, labelled, run):
    """Train the model on the images alone, and write everything into the run's folder."""
    import numpy as np

    from keras_gans.callbacks import SampleGrid
    from keras_gans.data import ImageDataset

    settings, images = run.settings, labelled.images
    categories = np.arange(settings["categories"])

    def results():
        names, scores = name_categories(model, images, labelled, run)
        write_results(run, model, scores)
        draw_codes(model, names, run.folder / "codes")

    model.fit(
        ImageDataset(images, settings["batch_size"], seed=settings["seed"]),
        epochs=settings["epochs"],
        callbacks=[
            *run.history(),
            run.finish(results),
            SampleGrid(run.folder / "samples", conditions={"category": categories}),
            run.checkpoint(),
        ],
    )
    draw(run)
    last, accuracy = run.record["epochs"][-1], run.record.get("cluster_accuracy")
    found = ""
    if accuracy is not None:
        found = f" {accuracy:.1%} of the images are of the class that is most frequent in theirs."
    print(
        f"What images tell of their category: {last['information_category']:.2f} of "
        f"{np.log(len(categories)):.2f} nats. It was found without labels.{found} Everything is in "
        f"{run.folder}."
    )


def name_categories(model, images, labelled, run):
    """What the rows of categories are called, and scores for the card; both by labels, if any."""
    import numpy as np

    names = [str(category) for category in range(run.settings["categories"])]
    labels = labelled.fields.get("labels")
    if labels is None or labels.ndim > 1 or (labels < 0).all():
        return names, None
    has_one = labels >= 0
    labels = labels[has_one]
    found = model.recognize(images, batch_size=500)["category"][has_one]
    accuracy = cluster_accuracy(found, labels)
    run.note(cluster_accuracy=accuracy)
    for category in {*found.tolist()}:
        most = np.bincount(labels[found == category]).argmax()
        name = labelled.class_names[most] if labelled.class_names else most
        names[category] += f", mostly {name}"
    return names, {"cluster_accuracy": {"score": accuracy, "num_images": len(labels)}}


def draw_codes(model, names, folder):
    """A picture of each code: what a row has of it stands at its left; a column keeps all else."""
    import numpy as np

    from keras_gans.callbacks.pictures import label_rows
    from keras_gans.samples.pictures import save_png

    folder.mkdir(exist_ok=True)

    def save(name, made, labels):
        columns = len(made)
        rows = made.swapaxes(0, 1).reshape(-1, *made.shape[2:])
        save_png(label_rows(model.samples.picture(rows, columns), labels), folder / f"{name}.png")

    save("category", model.traverse("category"), names)
    numbers, categories = np.linspace(-2, 2, 9), np.arange(len(names))
    for dim in range(model.latents["style"].dim):
        made = model.traverse(
            "style", dim, rows=len(names), steps=len(numbers), category=categories
        )
        save(f"style_{dim}", made, [f"{number:+.1f}" for number in numbers])


def draw(run):
    rows = run.record["epochs"]
    panels = [
        Panel(
            "Losses", "mean of the epoch", lines_of(rows, "discriminator_loss", "generator_loss")
        ),
        Panel(
            "Raw scores of the discriminator",
            "score > 0: taken for real",
            lines_of(rows, "real_score", "fake_score"),
        ),
        Panel(
            "What images tell of codes",
            "lower bound in nats; higher is better",
            lines_of(rows, "information_category", "information_style"),
        ),
    ]
    draw_panels(panels, run.folder / "curves.png")


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
