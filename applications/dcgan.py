"""Train a DCGAN on images: `python -m applications.dcgan`.

Without arguments it trains on the embedded Fashion-MNIST images at 32x32 and writes to
`runs/dcgan/`: the grids of samples (`samples/`), their animation, `curves.png`, `model.keras`,
the generator as a SavedModel (`saved_model/`) and `scores.json`.
"""

import argparse
import shutil
import sys
from pathlib import Path

from applications.run import Run, UsageError, draw_curves


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m applications.dcgan",
        description="Train a DCGAN on images; without arguments, on embedded Fashion-MNIST.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--data", default="fashion_mnist", help='folder of images, "fashion_mnist" or "tfds:NAME"'
    )
    parser.add_argument("--image-size", type=int, default=32, help="a power of two from 16, or 28")
    parser.add_argument(
        "--channels", type=int, choices=(1, 3, 4), help="1 for fashion_mnist, else 3"
    )
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--width", type=int, default=32, help="channels at half the image's side")
    parser.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="mixed_bfloat16 is faster where the processor has bfloat16 instructions",
    )
    parser.add_argument("--output", type=Path, default=Path("runs/dcgan"), help="folder of the run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on with the run in --output")
    options = parser.parse_args(arguments)
    for name in ("epochs", "batch_size", "width"):
        if getattr(options, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be 1 or more")
    if options.seed < 0:
        parser.error("--seed must be 0 or more")
    if options.channels is None:
        options.channels = 1 if options.data == "fashion_mnist" else 3
    return options


def train(options):
    import keras

    import keras_gans

    keras.utils.set_random_seed(options.seed)
    keras.config.set_dtype_policy(options.precision)
    image_shape = (options.image_size, options.image_size, options.channels)
    model = keras_gans.presets.dcgan(
        image_shape, width=options.width, ema_decay=0.99, seed=options.seed
    )
    dataset = keras_gans.data.images(
        options.data, image_shape, batch_size=options.batch_size, seed=options.seed
    )
    unset = ("epochs", "output", "resume")
    settings = {name: value for name, value in vars(options).items() if name not in unset}
    run = Run(options.output, settings, options.resume)

    # Two halves that share no image: one to compare with, one to show how near real images come.
    half = min(5000, dataset.num_images // 2)
    real = dataset.sample(2 * half, seed=options.seed)
    metric = keras_gans.metrics.FrechetDistance()
    real_against_real = metric.compare(real[:half], real[half:])
    score = keras_gans.callbacks.Score(metric, real[:half])
    if "untrained" not in run.record:
        run.note(
            score=score.name, real_against_real=real_against_real, untrained=score.compute(model)
        )
        run.note(protocol=metric.protocol())
    model.fit(
        dataset,
        epochs=options.epochs,
        callbacks=[
            keras_gans.callbacks.Checkpoint(run.folder / "checkpoint"),
            score,
            run.history(),
            keras_gans.callbacks.SampleGrid(run.folder / "samples"),
        ],
    )
    run.note(trained=score.compute(model))
    finish(run, model, score)


def finish(run, model, score):
    """Write what remains of a run: the curves, the model and its generator."""
    draw_curves(run.record, score.name, run.folder / "curves.png")
    model.save(run.folder / "model.keras")
    # The program's own, from before it was resumed.
    shutil.rmtree(run.folder / "saved_model", ignore_errors=True)
    model.export(run.folder / "saved_model")
    record = run.record
    print(
        f"{score.name}: untrained {record['untrained']:.1f}, trained {record['trained']:.1f}, "
        f"real against real {record['real_against_real']:.1f}. Everything is in {run.folder}."
    )


def main(arguments=None):
    """Run the program; returns its exit status."""
    options = parse(arguments)
    try:
        train(options)
    except (UsageError, FileNotFoundError, ValueError) as error:
        message = " ".join(str(error).split())
        print(f"python -m applications.dcgan: {message}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            f"\nInterrupted. Go on with: python -m applications.dcgan --resume --output "
            f"{options.output}",
            file=sys.stderr,
        )
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
