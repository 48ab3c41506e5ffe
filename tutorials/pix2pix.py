"""
# Images from images: pix2pix turns edges into clothes

A GAN that makes pictures from noise makes what it likes. Often one knows more: a sketch, a map, a
photograph without its colours. pix2pix (Isola et al. 2017) learns to turn such an image into the
image that belongs to it, from pairs of both. Here: the outlines of the clothes that come with
`keras_gans`, and the clothes themselves.

You will learn

* how to make and to fit pairs of images;
* why the mean error alone gives blurred pictures, and what a discriminator changes;
* what a PatchGAN looks at;
* how to measure a translation, and which baselines it has to beat.

It takes eleven minutes of processor time, six or seven on two cores:

    python tutorials/pix2pix.py

The figures go to `runs/tutorials/pix2pix/`.
"""

import argparse
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans
from keras_gans.callbacks import make_grid

parser = argparse.ArgumentParser(description="pix2pix: from outlines to clothes.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/pix2pix"))
parser.add_argument("--quick", action="store_true", help="smaller images and networks, few steps")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)

side, width, epochs = (16, 8, 3) if options.quick else (32, 24, 8)
num_training_images = 2048 if options.quick else 6000
image_shape = (side, side, 1)

"""
## Make pairs

The target is a picture; the source is what is left of it when only edges are kept: white where
neighbouring pixels differ by more than an eighth of the range. What a garment is made of is lost.
"""


def edges(images):
    """White on black where a pixel differs from its neighbour to the right or below."""
    pixels = images.astype("float32")
    right = np.abs(np.diff(pixels, axis=2, append=0.0))
    below = np.abs(np.diff(pixels, axis=1, append=0.0))
    return np.where(np.maximum(right, below) > 32.0, 255, 0).astype("uint8")


targets, _ = keras_gans.data.fashion_mnist(image_shape)
sources = edges(targets)
training = keras_gans.data.PairedDataset(
    sources[:num_training_images], targets[:num_training_images], batch_size=16, flip=True
)
held_out = sources[-512:], targets[-512:]

"""
`flip=True` mirrors half of the pairs, both images of a pair alike: the jitter of the paper, as far
as it suits pictures that fill their frame. For files there is `keras_gans.data.paired`: two
folders with the same names, or pictures that hold both halves side by side.
"""


def show(rows, title, name, count=12):
    """Draw rows of images, each with a label."""
    grid = make_grid(np.concatenate([images[:count] for images in rows.values()]), count)
    figure, axis = plt.subplots(figsize=(9, 0.5 + 0.75 * len(rows)), layout="constrained")
    axis.imshow(grid, cmap="gray", vmin=0, vmax=255)
    centres = (np.arange(len(rows)) + 0.5) * len(grid) / len(rows)
    axis.set_yticks(centres, list(rows))
    axis.tick_params(length=0)
    axis.set_xticks([])
    axis.set_title(title)
    figure.savefig(options.output / name, dpi=110)
    plt.close(figure)


show(
    {"source": held_out[0], "target": held_out[1]},
    "Pairs: edges, and what they were taken from",
    "pairs.png",
)

"""
## A generator alone

The generator is a U-Net: down to one pixel and up again, with a bridge at every size, over which
the edges reach the picture without a detour. Could it not learn from the pairs directly, by the
mean absolute error |y - G(x)|? It could. `discriminator=None` (in the preset:
`receptive_field=None`) trains exactly that.
"""


def translator(receptive_field):
    """A compiled pix2pix; the initial weights of the generator are the same each time."""
    keras.utils.set_random_seed(0)
    model = keras_gans.presets.pix2pix(
        image_shape,
        width=width,
        receptive_field=receptive_field,
        noise_at_inference=False,
        seed=0,
    )
    rates = {
        f"{player}_optimizer": keras.optimizers.Adam(1e-3 if options.quick else 2e-4, beta_1=0.5)
        for player in model.players
    }
    model.compile(**rates, metrics=[keras_gans.metrics.L1Distance()])
    return model


l1_alone = translator(receptive_field=None)
l1_history = l1_alone.fit(training, epochs=epochs, validation_data=held_out, verbose=2).history

"""
## A generator and its judge

pix2pix adds a discriminator D that sees the source beside a target, real or translated, and asks:
does this belong together? Its scores form a map. Each looks at one patch of the image, here of
16x16 pixels, and all patches count the same: a PatchGAN judges texture and sharpness, and leaves
it to |y - G(x)| to put things in the right places. Together they are minimized:

    - log D(x, G(x)) + 100 |y - G(x)|

Dropout is the only noise of the generator. The paper keeps it on at inference, since it trains on
single images; after batches of 16, `noise_at_inference=False` is better.
"""

pix2pix = translator(receptive_field=16)
history = pix2pix.fit(training, epochs=epochs, validation_data=held_out, verbose=2).history

"""
## Look at both

The same held-out edges, translated by both. `translate` takes and returns `uint8`, of any size
that the U-Net can halve.
"""

translated = {
    "source": held_out[0],
    "L1 alone": l1_alone.translate(held_out[0], batch_size=64),
    "pix2pix": pix2pix.translate(held_out[0], batch_size=64),
    "target": held_out[1],
}
show(translated, "Held-out edges, translated", "translations.png")

"""
Without a judge, the best answer to an outline that could be many fabrics is their mean: grey and
smooth. A mean of fabrics is no fabric, and D says so. To put a number on it: the gradient energy,
the mean squared difference of neighbouring pixels, says how sharp pictures are.
"""


def gradient_energy(images):
    pixels = images / 255.0
    return np.square(np.diff(pixels, axis=1)).mean() + np.square(np.diff(pixels, axis=2)).mean()


energies = {name: gradient_energy(images) for name, images in translated.items()}
for name in ("L1 alone", "pix2pix"):
    print(f"{name}: {energies[name] / energies['target']:.2f} of the targets' gradient energy")

"""
## Against what?

A distance means nothing alone. Two translations need no network: hand back the source, or answer
everything with the mean training image. And the fairest comparison of all is the generator above.
By the distance that it was trained on, L1 alone may be a little ahead: blurring is what that
distance rewards.
"""

mean_image = targets[:num_training_images].mean(axis=0, keepdims=True)
baselines = {
    "copy of the source": np.abs(held_out[0].astype("float32") - held_out[1]).mean() / 255,
    "mean image": np.abs(mean_image - held_out[1]).mean() / 255,
}
distance = history["val_l1_distance"][-1]
compared = ", ".join(f"{name} {value:.3f}" for name, value in baselines.items())
print(f"L1 distance to the targets: pix2pix {distance:.3f}, {compared}")

figure, (distances, scores) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
numbers = np.arange(1, epochs + 1)
for name, log in (("L1 alone", l1_history), ("pix2pix", history)):
    distances.plot(numbers, log["val_l1_distance"], marker="o", label=name)
for (name, value), style in zip(baselines.items(), ("--", ":"), strict=True):
    distances.axhline(value, color="grey", linestyle=style, label=name)
distances.set(title="L1 distance to held-out targets", ylabel="lower is better", ylim=(0, None))
for name, color in (("real_score", "tab:green"), ("fake_score", "tab:orange")):
    scores.plot(numbers, history[name], marker="o", color=color, label=name)
scores.axhline(0, color="grey", linestyle=":", label="cannot tell")
scores.set(title="Raw scores of the patches", ylabel="score > 0: taken for real")
for axis in (distances, scores):
    axis.set_xlabel("epoch")
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend()
    axis.grid(alpha=0.3)
figure.savefig(options.output / "curves.png", dpi=110)
plt.close(figure)

"""
## What was claimed

1. pix2pix is nearer to the targets than both answers that need no network.
2. Its pictures are sharper than those of the same generator without a judge: their gradient energy
   is nearer to that of the targets.

## Where to go from here

* Your own pairs: `python -m applications.pix2pix --source A --target B` is this script as a program
  that can be resumed, and that exports the translator.
* The ablations of the paper are one argument each: `l1_weight=0.0`, `conditional=False`,
  `receptive_field=1`.
* No pairs? `tutorials/cyclegan.py`.

## References

* Isola, Zhu, Zhou and Efros 2017, *Image-to-Image Translation with Conditional Adversarial
  Networks*, arXiv:1611.07004: equations 1 to 4, and section 4.2 on blur and sharpness.
* Ronneberger, Fischer and Brox 2015, *U-Net*, arXiv:1505.04597.
"""

gaps = {name: abs(energies[name] - energies["target"]) for name in ("L1 alone", "pix2pix")}
assert distance < min(baselines.values()), (distance, baselines)
assert gaps["pix2pix"] < gaps["L1 alone"], energies
