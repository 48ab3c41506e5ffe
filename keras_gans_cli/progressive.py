"""Train a GAN that grows: `keras-gans train progressive`.

Without arguments it trains on the embedded Fashion-MNIST images, from 4x4 to 32x32 pixels, with
small networks, and writes to `runs/progressive/`: the grids of samples at their true size
(`samples/`), their animation, rows of samples through the growth (`growth/strip.png`),
`curves.png`, `model.keras`, the generator as a SavedModel (`saved_model/`) and `scores.json`.
For images of your own it has the networks and the schedule of the paper, which want a GPU.
"""

import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels, lines_of
from keras_gans_cli.options import (
    EMBEDDED,
    add_count,
    add_images,
    parse,
    run_parser,
    with_channels,
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

PROGRAM = command_of("progressive")
# The paper's has 12,000,000 images.
RECIPES = {
    "small": {
        "epochs": 15,
        "images_per_epoch": 2_000,
        "fade_images": 4_000,
        "stabilise_images": 4_000,
    },
    "paper": {
        "epochs": 300,
        "images_per_epoch": 40_000,
        "fade_images": 600_000,
        "stabilise_images": 600_000,
    },
}
COMPARED = 256


def options_of(arguments):
    parser = run_parser(
        PROGRAM, "Train a GAN that grows; without arguments, on embedded Fashion-MNIST."
    )
    add_images(parser, "a power of two from 16 to 1024")
    parser.add_argument(
        "--recipe",
        choices=RECIPES,
        help="networks and schedule: small for fashion_mnist, else those of the paper",
    )
    for name, explanation in (
        ("epochs", "how many"),
        ("images_per_epoch", "images from one score and picture to the next"),
        ("fade_images", "images over which a resolution fades in"),
        ("stabilise_images", "images at each resolution without a fade"),
    ):
        values = " and ".join(f"{RECIPES[recipe][name]:,}" for recipe in RECIPES)
        add_count(parser, name, None, f"{explanation}; {values} by the two recipes")
    parser.add_argument(
        "--flip",
        action="store_true",
        help="mirror half of the images, as the authors did with faces",
    )
    options = with_channels(parse(parser, arguments))
    options.recipe = options.recipe or ("small" if options.data == EMBEDDED else "paper")
    for name, number in RECIPES[options.recipe].items():
        if getattr(options, name) is None:
            setattr(options, name, number)
    return options


def prepare(options):
    """The model, the data and the folder of the run; nothing is written if one is wrong."""
    import keras_gans
    from keras_gans import presets

    if options.image_size < 16:
        raise UsageError(f"--image-size is a power of two from 16; it was {options.image_size}.")
    begin(options)
    image_shape = (options.image_size, options.image_size, options.channels)
    preset = presets.progressive_gan_small if options.recipe == "small" else presets.progressive_gan
    model = preset(image_shape, options.fade_images, options.stabilise_images, options.seed)
    dataset = keras_gans.data.images(
        options.data,
        image_shape,
        images_per_epoch=options.images_per_epoch,
        flip=options.flip,
        seed=options.seed,
    )
    if dataset.num_images < 8:
        raise UsageError(f"{options.data} holds {dataset.num_images} images; 8 are the least.")
    run = Run(options.output, settings_of(options), options.resume)
    return model, dataset, run


def train(model, dataset, run):
    """Train the model, score it after each epoch, and write everything into the run's folder."""
    from keras_gans.callbacks import GrowthStrip, SampleGrid, Score
    from keras_gans.metrics import SampleSimilarity, SlicedWassersteinDistance

    # Two halves that share no image: one to compare with, one to show how near real images come.
    half = min(COMPARED, dataset.num_images // 2)
    real = dataset.sample(2 * half, seed=run.settings["seed"])
    # The distance is of whole arrays: nothing is kept from batch to batch.
    distance = SlicedWassersteinDistance(dataset.image_shape, num_images=1)
    similarity = SampleSimilarity()
    scores = [Score(distance, real[:half]), Score(similarity, real[:half])]
    if "real_against_real" not in run.record:
        run.note(
            compared_images=half,
            real_against_real={
                **distance.compare(real[:half], real[half:]),
                similarity.name: similarity.compare(None, real[:half]),
            },
        )

    def results():
        last = run.record["epochs"][-1]
        write_results(run, model, {name: last[name] for name in run.record["real_against_real"]})

    model.fit(
        dataset,
        epochs=run.settings["epochs"],
        callbacks=[
            *scores,
            *run.history(),
            run.finish(results),
            SampleGrid(run.folder / "samples"),
            GrowthStrip(run.folder / "growth"),
            run.checkpoint(),
        ],
    )
    first, last = run.record["epochs"][0], run.record["epochs"][-1]
    draw(run, distance.name, similarity.name)
    baseline = run.record["real_against_real"][distance.name]
    print(
        f"Sliced Wasserstein distance at {int(last['resolution'])}x{int(last['resolution'])}: "
        f"after the first epoch {first[distance.name]:.0f}, at the end {last[distance.name]:.0f}, "
        f"real against real {baseline:.0f}. Everything is in {run.folder}."
    )


def draw(run, distance, similarity):
    rows, real = run.record["epochs"], run.record["real_against_real"]
    levels = [name for name in real if name.startswith(f"{distance}_")]
    panels = [
        Panel(
            "Growth: the resolution of the moment",
            "pixels along a side",
            lines_of(rows, "resolution"),
            yscale="log",
            base=2,
        ),
        Panel(
            "Growth: how far the resolution has faded in",
            "alpha",
            lines_of(rows, "alpha"),
        ),
        Panel(
            "Losses",
            "mean of the epoch",
            lines_of(rows, "discriminator_loss", "generator_loss"),
        ),
        Panel(
            "Sliced Wasserstein distance, by size of detail",
            "x 1000, lower is better",
            lines_of(rows, *levels),
            {"real against real, mean": real[distance]},
            yscale="log",
        ),
        Panel(
            "MS-SSIM among samples",
            "lower: more diverse",
            lines_of(rows, similarity),
            {"among real images": real[similarity]},
        ),
    ]
    draw_panels(panels, run.folder / "curves.png")


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
