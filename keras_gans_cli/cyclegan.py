"""Train CycleGAN on two folders of images: `keras-gans train cyclegan --source A --target B`.

The images need no partners. Where files of the same name are in both folders all the same, the
held-out ones are compared with their partners. It writes to `runs/cyclegan/`: grids of held-out
images both ways (`a_to_b/`, `b_to_a/`), their animations, `curves.png`, `model.keras`, both
translators as a SavedModel (`saved_model/`) and `scores.json`.
"""

import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels, lines_of
from keras_gans_cli.held_out import is_held_out
from keras_gans_cli.options import add_count
from keras_gans_cli.run import (
    Run,
    UsageError,
    begin,
    run_program,
    settings_of,
    training,
    write_results,
)
from keras_gans_cli.translation import (
    metrics,
    parse_translation,
    parser_of,
    scores,
    shown,
)

PROGRAM = command_of("cyclegan")


def options_of(arguments):
    parser = parser_of(PROGRAM, "Train CycleGAN on two folders of images.", epochs=10, batch_size=4)
    add_count(parser, "blocks", 4, "residual blocks of the generators")
    parser.add_argument(
        "--receptive-field",
        type=int,
        default=34,
        help="of the PatchGANs, in pixels: 16, 34, 70, 142, 286, or 1",
    )
    options = parse_translation(parser, arguments)
    if options.target is None:
        parser.error("the following arguments are required: --target")
    return options


def prepare(options):
    """The model, the data and the folder of the run; nothing is written if one is wrong."""
    import keras_gans

    begin(options)
    image_shape = (options.image_size, options.image_size, options.channels)
    folders = (options.source, options.target)
    held_out = is_held_out(options.held_out, *folders, least=2)
    training = keras_gans.data.unpaired(
        *folders,
        image_shape=image_shape,
        batch_size=options.batch_size,
        jitter=True,
        select=lambda name: not held_out(name),
        seed=options.seed,
    )
    arguments = {"image_shape": image_shape, "select": held_out, "batch_size": options.batch_size}
    try:
        validation = keras_gans.data.paired(*folders, **arguments, shuffle=False)
    except ValueError:  # They have no partners.
        validation = keras_gans.data.unpaired(*folders, **arguments, shuffle=False)
    if min(len(images) for images in validation.arrays) < 2:
        raise UsageError("Fewer than 2 images are held out: pass more, or --held-out 0.3.")
    model = keras_gans.presets.cyclegan(
        image_shape,
        width=options.width,
        blocks=options.blocks,
        receptive_field=options.receptive_field,
        steps=options.epochs * len(training),
        seed=options.seed,
    )
    if not isinstance(validation, keras_gans.data.UnpairedDataset):
        optimizers = (getattr(model.optimizer, player) for player in model.players)
        model.compile(*optimizers, metrics=metrics())
    run = Run(options.output, settings_of(options), options.resume)
    return model, training, validation, run


def train(model, training, validation, run):
    """Train the model and write everything into the run's folder."""
    from keras_gans.callbacks import TranslationGrid
    from keras_gans.data import UnpairedDataset

    a, b = validation.arrays
    have_partners = not isinstance(validation, UnpairedDataset)
    shown_a, shown_b = shown(a), shown(b)
    partners = (shown_b, shown_a) if have_partners else (None, None)
    if "images" not in run.record:
        numbers = [len(images) for images in training.arrays]
        run.note(images={"training": numbers, "held_out": [len(a), len(b)]})
        if have_partners:
            run.note(baselines={"copy of the input": scores(a, b)})

    def results():
        if have_partners:
            run.note(trained=scores(model.translate(a), b))
        write_results(run, model, run.record.get("trained"))

    model.fit(
        training,
        epochs=run.settings["epochs"],
        validation_data=validation,
        callbacks=[
            *run.history(),
            run.finish(results),
            TranslationGrid(run.folder / "a_to_b", shown_a, partners[0], "a_to_b"),
            TranslationGrid(run.folder / "b_to_a", shown_b, partners[1], "b_to_a"),
            run.checkpoint(),
        ],
    )
    draw(run)
    cycle = run.record["epochs"][-1]["val_cycle"]
    compared = ""
    if have_partners:
        baseline, trained = run.record["baselines"]["copy of the input"], run.record["trained"]
        compared = (
            f"L1 to the partners {trained['l1_distance']:.4f} (copying the input "
            f"{baseline['l1_distance']:.4f}), "
        )
    print(
        f"Held-out images: {compared}weighted cycle error {cycle:.3f}. Everything is in "
        f"{run.folder}."
    )


def draw(run):
    rows = run.record["epochs"]
    losses = lines_of(rows, "adversarial", "identity", "discriminator_loss")
    panels = [
        Panel("Losses in training", "mean of the epoch", losses),
        Panel("Weighted cycle error", "lower is better", lines_of(rows, "cycle", "val_cycle")),
    ]
    if "baselines" in run.record:
        copied = run.record["baselines"]["copy of the input"]["l1_distance"]
        panels.append(
            Panel(
                "L1 distance to the partners of held-out images",
                "lower is better",
                lines_of(rows, "val_l1_distance"),
                {"copy of the input": copied},
            )
        )
    draw_panels(panels, run.folder / "curves.png")


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
