"""Train pix2pix on pairs of images: `keras-gans train pix2pix --source A --target B`.

Files of the same name in the two folders are partners; without `--target` each file of
`--source` holds both images side by side. A tenth of the names is held out, always the same
ones. It writes to `runs/pix2pix/`: grids of held-out images (`samples/`), their animation,
`curves.png`, `model.keras`, the translator as a SavedModel (`saved_model/`) and `scores.json`
with the baselines.
"""

import sys

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels, lines_of
from keras_gans_cli.held_out import is_held_out
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

PROGRAM = command_of("pix2pix")


def options_of(arguments):
    parser = parser_of(PROGRAM, "Train pix2pix on pairs of images.", epochs=20, batch_size=16)
    parser.add_argument(
        "--side", choices=("left", "right"), default="left", help="the source of side-by-side files"
    )
    parser.add_argument("--l1-weight", type=float, default=100.0, help="of the L1 distance")
    parser.add_argument(
        "--receptive-field",
        type=int,
        default=34,
        help="of the PatchGAN, in pixels: 16, 34, 70, 142, 286, or 1; 0 trains on L1 alone",
    )
    return parse_translation(parser, arguments)


def prepare(options):
    """The model, the data and the folder of the run; nothing is written if one is wrong."""
    import keras_gans

    begin(options)
    image_shape = (options.image_size, options.image_size, options.channels)
    model = keras_gans.presets.pix2pix(
        image_shape,
        width=options.width,
        receptive_field=options.receptive_field or None,
        l1_weight=options.l1_weight,
        # Batches are larger than 1: batch normalization has statistics to go by.
        noise_at_inference=False,
        seed=options.seed,
    )
    model.compile(metrics=metrics())
    folders = [folder for folder in (options.source, options.target) if folder is not None]
    held_out = is_held_out(options.held_out, *folders, least=2)

    def paired(select, **arguments):
        return keras_gans.data.paired(
            options.source,
            options.target,
            image_shape=image_shape,
            side=options.side,
            batch_size=options.batch_size,
            select=select,
            seed=options.seed,
            **arguments,
        )

    training = paired(lambda name: not held_out(name), jitter=True)
    validation = paired(held_out, shuffle=False)
    if validation.num_images < 2:
        raise UsageError("Fewer than 2 pairs are held out: pass more images, or --held-out 0.3.")
    return model, training, validation, Run(options.output, settings_of(options), options.resume)


def train(model, training, validation, run):
    """Train the model and write everything into the run's folder."""
    from keras_gans.callbacks import TranslationGrid

    sources, targets = validation.arrays
    if "baselines" not in run.record:
        mean = np.mean(training.arrays[1], axis=0, dtype="float64", keepdims=True)
        mean = training.middle(mean.round().astype("uint8"))
        run.note(
            pairs={"training": training.num_images, "held_out": validation.num_images},
            baselines={
                "copy of the input": scores(sources, targets),
                "mean training image": scores(mean.repeat(len(targets), axis=0), targets),
            },
        )

    def results():
        run.note(trained=scores(model.translate(sources), targets))
        write_results(run, model, run.record["trained"])

    model.fit(
        training,
        epochs=run.settings["epochs"],
        validation_data=validation,
        callbacks=[
            *run.history(),
            run.finish(results),
            TranslationGrid(run.folder / "samples", shown(sources), shown(targets)),
            run.checkpoint(),
        ],
    )
    draw(run)
    baseline, trained = run.record["baselines"]["copy of the input"], run.record["trained"]
    print(
        f"Held-out images: L1 {trained['l1_distance']:.4f} (copying the input "
        f"{baseline['l1_distance']:.4f}), SSIM {trained['ssim']:.3f} ({baseline['ssim']:.3f}). "
        f"Everything is in {run.folder}."
    )


def draw(run):
    rows, baselines = run.record["epochs"], run.record["baselines"]
    losses = [name for name in ("adversarial", "l1", "discriminator_loss") if name in rows[-1]]
    panels = [Panel("Losses in training", "mean of the epoch", lines_of(rows, *losses))]
    for key, title, better in (
        ("l1_distance", "L1 distance", "lower is better"),
        ("ssim", "SSIM", "higher is better"),
        ("psnr", "PSNR (dB)", "higher is better"),
    ):
        values = {name: scores[key] for name, scores in baselines.items()}
        lines = lines_of(rows, f"val_{key}")
        panels.append(Panel(f"{title} of held-out images", better, lines, values))
    draw_panels(panels, run.folder / "curves.png")


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
