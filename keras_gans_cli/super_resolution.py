"""Train super-resolution on photographs, and enlarge photographs: two programs in one.

    keras-gans train srgan --train PHOTOS
    keras-gans train srgan --upscale PHOTO_OR_FOLDER --model MODEL --output OUT

Training has two stages: the generator alone by the mean squared error, then SRGAN. A tenth of the
photographs is held out, always the same ones. It writes to `runs/super_resolution/`:
`before_and_after.png`, `curves.png`, `first_stage.keras`, `model.keras`, the model as a SavedModel
(`saved_model/`) and `scores.json`.
"""

import sys
from pathlib import Path

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels, lines_of
from keras_gans_cli.held_out import add_held_out, is_held_out
from keras_gans_cli.options import add_count, parse, training_parser
from keras_gans_cli.run import (
    Run,
    begin,
    run_program,
    settings_of,
    training,
    write_results,
)
from keras_gans_cli.scores import values_on_luma
from keras_gans_cli.upscale import upscale

PROGRAM = command_of("super_resolution")


def options_of(arguments):
    parser = training_parser(
        PROGRAM,
        "Train super-resolution on photographs, or enlarge photographs.",
        epochs=30,
        batch_size=16,
        width=32,
    )
    add_count(parser, "gan_epochs", 6, "epochs of the second stage")
    add_count(parser, "blocks", 8, "residual blocks of the generator")
    add_count(parser, "patch_size", 64, "side of the large patches")
    add_photographs(parser, patches=32)
    parser.add_argument(
        "--scale", type=int, choices=(2, 3, 4, 8), default=4, help="how many times larger"
    )
    parser.add_argument("--learning-rate", type=float, default=1e-3, help="of the first stage")
    parser.add_argument(
        "--features",
        help='file of the weights of VGG19, or "vgg19" to download it; without it the second '
        "stage compares pixels",
    )
    parser.add_argument("--upscale", type=Path, help="photograph, or folder of them, to enlarge")
    parser.add_argument("--model", type=Path, help="model.keras to enlarge by")
    options = parse(parser, arguments)
    if (options.train is None) == (options.upscale is None):
        parser.error("one of --train and --upscale is required")
    if options.upscale is not None and options.model is None:
        parser.error("--upscale needs the --model to enlarge by")
    return options


def add_photographs(parser, patches):
    """Add the options of what is trained on; the number of patches is a default."""
    # No default: `--resume` needs none.
    parser.add_argument("--train", metavar="PHOTOS", help="folder of photographs of any size")
    add_count(parser, "patches", patches, "patches of each photograph in an epoch")
    add_held_out(parser)


def prepare(options):
    """Model, rate of the first stage, data and run; nothing is written if one is wrong."""
    import keras

    import keras_gans

    begin(options)
    training, validation = photographs(options)
    features = None
    if options.features is not None:
        features = vgg19_of(options)
    discriminator = keras_gans.networks.srgan_discriminator(
        (options.patch_size, options.patch_size, 3), options.width
    )
    generator = keras_gans.networks.srresnet(options.scale, options.blocks, options.width)
    steps = options.epochs * len(training)
    rate = keras.optimizers.schedules.CosineDecay(options.learning_rate, steps, alpha=0.01)
    model = keras_gans.SRGAN(
        generator,
        discriminator,
        features,
        pixel_weight=1.0 if features is None else 0.0,
        seed=options.seed,
        name="srgan",
    )
    model.compile()
    settings = {k: v for k, v in settings_of(options).items() if k not in ("upscale", "model")}
    return model, rate, training, validation, Run(options.output, settings, options.resume)


def photographs(options):
    """`(training, validation)`: patches of the photographs that are not and that are held out."""
    from keras_gans.data import super_resolution

    held_out = is_held_out(options.held_out, options.train)

    def patches(select, **arguments):
        return super_resolution(
            options.train,
            options.scale,
            options.patch_size,
            options.batch_size,
            patches_per_image=options.patches,
            select=select,
            seed=options.seed,
            **arguments,
        )

    return patches(lambda name: not held_out(name)), patches(held_out, augment=False)


def vgg19_of(options):
    from keras_gans.networks import vgg19_features

    return vgg19_features(weights="imagenet" if options.features == "vgg19" else options.features)


def train(model, rate, training, validation, run):
    """Both stages, the scores of each, and the pictures."""
    import keras

    if "bicubic" not in run.record:
        run.note(bicubic=scores(validation, enlarge_bicubic(validation.pairs, validation.scale)))
    first = run.folder / "first_stage.keras"
    if first.exists():
        model.generator.set_weights(keras.saving.load_model(first).get_weights())
    else:
        first_stage(model.generator, rate, training, validation, run)
        aside = run.folder / "aside.keras"
        model.generator.save(aside)
        aside.replace(first)
    if "first_stage" not in run.record:
        run.note(first_stage=scores(validation, enlarge(model, validation.pairs)))
    model.fit(
        training,
        epochs=run.settings["gan_epochs"],
        callbacks=[
            *run.history("second_stage_epochs"),
            run.checkpoint(),
        ],
    )
    run.note(second_stage=scores(validation, enlarge(model, validation.pairs)))
    write_results(run, model, run.record["second_stage"])
    draw(run, model, validation)
    print(
        "Held-out photographs, PSNR on Y: "
        + ", ".join(
            f"{stage.replace('_', ' ')} {run.record[stage]['psnr_y']:.2f} dB"
            for stage in ("bicubic", "first_stage", "second_stage")
        )
        + f". Everything is in {run.folder}."
    )


def first_stage(generator, rate, training, validation, run):
    """Plain Keras: the mean squared error of the generator."""
    import keras

    from keras_gans.data import SetEpoch, enlarge_image, to_float
    from keras_gans.metrics import PeakSignalToNoiseRatio

    psnr = PeakSignalToNoiseRatio(luma=True, border=training.scale)
    generator.compile(keras.optimizers.Adam(rate), loss="mean_squared_error", metrics=[psnr])
    patches = training.as_floats()
    # The same ones after every epoch, so that epochs compare.
    held_out = validation.sample(validation.num_images)
    if "bicubic_patches" not in run.record:
        enlarged = [enlarge_image(small, validation.scale) for small in held_out[0]]
        psnr.update_state(to_float(held_out[1]), to_float(np.stack(enlarged)))
        run.note(bicubic_patches=float(keras.ops.convert_to_numpy(psnr.result())))
        psnr.reset_state()
    generator.fit(
        patches,
        epochs=run.settings["epochs"],
        shuffle=False,
        validation_data=tuple(keras.ops.convert_to_numpy(to_float(x)) for x in held_out),
        callbacks=[
            SetEpoch(patches),
            *run.history("first_stage_epochs"),
            keras.callbacks.BackupAndRestore(run.folder / "first_stage_checkpoint"),
        ],
    )


def enlarge(model, pairs):
    """What the model makes of the small photographs of pairs."""
    return [model.upscale(small) for small, _ in pairs]


def enlarge_bicubic(pairs, scale):
    from keras_gans.data import enlarge_image

    return [enlarge_image(small, scale) for small, _ in pairs]


def scores(dataset, enlarged):
    """PSNR and SSIM on Y of enlarged photographs, the border of `scale` pixels shaved."""
    return values_on_luma([large for _, large in dataset.pairs], enlarged, dataset.scale)


def draw(run, model, validation):
    """Curves, and crops of held-out photographs: bicubic, both stages, the original."""
    import keras

    from keras_gans.callbacks.pictures import as_decoration, label_rows
    from keras_gans.models import SRGAN
    from keras_gans.samples.pictures import make_grid, save_png

    first, second = run.record["first_stage_epochs"], run.record["second_stage_epochs"]
    bicubic = {"bicubic": run.record["bicubic_patches"]}
    content = "feature" if "feature" in second[-1] else "pixel"
    panels = [
        Panel(
            "First stage: mean squared error",
            "mean of the epoch",
            lines_of(first, "loss", "val_loss"),
        ),
        Panel(
            "First stage: PSNR on Y of held-out patches",
            "dB, higher is better",
            lines_of(first, "val_psnr_y"),
            bicubic,
        ),
        Panel(
            "Second stage",
            "mean of the epoch",
            lines_of(second, "adversarial", content, "discriminator_loss"),
        ),
    ]
    draw_panels(panels, run.folder / "curves.png")

    path = run.folder / "before_and_after.png"
    with as_decoration(path):
        generator = keras.saving.load_model(run.folder / "first_stage.keras")
        first_model = SRGAN(generator, model.discriminator, pixel_weight=1.0)
        shown = validation.pairs[:6]
        rows = {
            "bicubic": enlarge_bicubic(shown, validation.scale),
            "first stage": enlarge(first_model, shown),
            "SRGAN": enlarge(model, shown),
            "original": [large for _, large in shown],
        }
        crops = [middle(image) for images in rows.values() for image in images]
        grid = make_grid(np.stack(crops), len(shown))
        save_png(label_rows(grid, list(rows)), path)


def middle(image, side=128):
    """The middle of a photograph, mirrored where it is smaller."""
    missing = [max(0, side - s) for s in image.shape[:2]]
    image = np.pad(image, [(0, m) for m in missing] + [(0, 0)], mode="symmetric")
    top, left = ((s - side) // 2 for s in image.shape[:2])
    return image[top : top + side, left : left + side]


def main(arguments=None):
    """Run the program; returns its exit status."""
    train_it = training(PROGRAM, prepare, train)

    def work(options):
        if options.upscale is None:
            return train_it(options)
        return upscale(options.model, options.upscale, options.output)

    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
