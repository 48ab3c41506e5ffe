"""Train autoencoders on images: `keras-gans train autoencoders`.

Without arguments it trains on nine tenths of the embedded Fashion-MNIST images, a deep autoencoder,
a denoising one and two variational ones, the second of two latents, and writes to
`runs/autoencoders/`: of images that it did not train on `reconstructions.png` and `restored.png`,
`samples.png`, `manifold.png`, `curves.png`, each model (`autoencoder.keras`, ...), the variational
one as a SavedModel (`saved_model/`) and `scores.json` with the errors.
"""

import sys
from statistics import NormalDist

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels, figure_at, lines_of
from keras_gans_cli.options import add_count, add_images, parse, run_parser, with_channels
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

PROGRAM = command_of("autoencoders")
TITLES = {
    "autoencoder": "autoencoder",
    "denoising_autoencoder": "denoising autoencoder",
    "variational_autoencoder": "variational autoencoder",
    "two_latents": "variational, two latents",
}


def options_of(arguments):
    parser = run_parser(
        PROGRAM, "Train autoencoders on images; without arguments, on embedded Fashion-MNIST."
    )
    add_count(parser, "epochs", 20, "passes over the images, of each model")
    add_count(parser, "batch_size", 100, "images of a step")
    add_count(parser, "width", 1000, "units of the widest layers")
    add_images(parser, "any")
    parser.set_defaults(image_size=28)
    return with_channels(parse(parser, arguments))


def prepare(options):
    """The models, the images and the folder of the run."""
    import keras_gans
    from keras_gans import presets

    begin(options)
    image_shape = (options.image_size, options.image_size, options.channels)
    dataset = keras_gans.data.images(options.data, image_shape, seed=options.seed)
    if dataset.num_images < 20:
        raise UsageError(f"{options.data} holds {dataset.num_images} images; 20 are the least.")
    w, seed = options.width, options.seed
    models = {
        "autoencoder": presets.autoencoder(
            image_shape, widths=(w, -(-w // 2), -(-w // 4)), seed=seed
        ),
        "denoising_autoencoder": presets.denoising_autoencoder(
            image_shape, widths=(w, -(-w // 2)), seed=seed
        ),
        "variational_autoencoder": presets.variational_autoencoder(
            image_shape, widths=(-(-w // 2),), seed=seed
        ),
        "two_latents": presets.variational_autoencoder(
            image_shape, latent_dim=2, widths=(w, -(-w // 2)), seed=seed
        ),
    }
    images = dataset.sample(dataset.num_images, seed)
    held_out = len(images) // 10
    run = Run(options.output, settings_of(options), options.resume)
    return models, images[held_out:], images[:held_out], run


def train(models, images, held_out, run):
    """Train each model, and write the errors and pictures of images that none has seen."""
    run.fit_each(models, TITLES, images, held_out)
    corrupted = models["denoising_autoencoder"].corrupt(held_out)
    restored = {name: model.reconstruct(held_out) for name, model in models.items()}
    restored["denoising_autoencoder"] = models["denoising_autoencoder"].reconstruct(corrupted)
    errors = {
        "the mean image": error(held_out, images.mean(0)),
        "corrupted images": error(held_out, corrupted),
        **{TITLES[name]: error(held_out, made) for name, made in restored.items()},
    }
    run.note(errors=errors)
    write_results(run, models["variational_autoencoder"])
    for name, model in models.items():
        model.save(run.folder / f"{name}.keras")
    draw(models, held_out, corrupted, restored, run)
    print("Mean squared error of held-out images, in hundredths of the range's square:")
    for title, value in errors.items():
        print(f"  {title:26} {100 * value:6.2f}")
    print(f"The denoising one was shown the corrupted images. Everything is in {run.folder}.")


def error(images, made):
    """Mean squared difference of pixels scaled to [0, 1]."""
    return float(np.mean(np.square((images.astype("float64") - made) / 255)))


def draw(models, held_out, corrupted, restored, run):
    from keras_gans.manifold import manifold

    originals = {"originals": held_out}
    plain = {TITLES[n]: made for n, made in restored.items() if n != "denoising_autoencoder"}
    save_rows({**originals, **plain}, run.folder / "reconstructions.png")
    denoised = {"corrupted": corrupted, "restored": restored["denoising_autoencoder"]}
    save_rows({**originals, **denoised}, run.folder / "restored.png")
    seed = run.settings["seed"]
    samples = {
        f"{TITLES[name]}, random codes": models[name].generate(12, seed=seed)
        for name in ("autoencoder", "variational_autoencoder")
    }
    save_rows({**samples, "real images": held_out}, run.folder / "samples.png")
    draw_manifold(manifold(models["two_latents"]), run.folder / "manifold.png")
    draw_panels([panel_of(name, run.record[name]) for name in models], run.folder / "curves.png")


def panel_of(name, rows):
    """The plot of a model's losses."""
    if "divergence" in rows[0]:
        shown = {
            "training, both terms": "autoencoder_loss",
            "held out, both terms": "val_autoencoder_loss",
            "training, divergence alone": "divergence",
        }
    else:
        shown = {"training": "autoencoder_loss", "held out": "val_autoencoder_loss"}
    lines = lines_of(rows, *shown.values())
    return Panel(
        TITLES[name],
        "nats per image, low is good",
        {title: lines[key] for title, key in shown.items()},
    )


def draw_manifold(picture, path):
    """The samples of `manifold` between axes that say which latents they are of."""
    with figure_at(path, 1, (11, 11)) as (_, (axis,)):
        axis.imshow(picture.squeeze(), cmap="gray", vmin=0, vmax=255, extent=(0, 1, 1, 0))
        axis.set(
            title="What the variational autoencoder of two latents makes of each pair of them",
            xlabel="the first latent",
            ylabel="the second latent",
        )
        latents = range(-2, 3)
        shares = [NormalDist().cdf(latent) for latent in latents]
        axis.set_xticks(shares, latents)
        axis.set_yticks(shares, latents)


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
