"""
# Progressive growing: a GAN that learns to draw small before it draws large

To make a large image out of nothing is hard: the discriminator finds fault with every detail while
the generator does not yet know where a sleeve belongs. Karras et al. 2018 let both begin with
images of 4x4 pixels and grow. What is learnt stays, and each doubling has only detail to add.

You will learn

* what is left of images at 4x4 pixels, and what each doubling adds;
* how a network grows while it trains, and why a new resolution fades in;
* that all of it happens inside one `fit`;
* how to measure coarse structure and fine detail apart.

It takes about six minutes on two processor cores:

    python tutorials/progressive_growing.py

The figures go to `runs/tutorials/progressive_growing/`.
"""

import argparse
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans
from keras_gans.callbacks import GrowthStrip, Score, make_grid

parser = argparse.ArgumentParser(description="A GAN that grows: clothes from 4x4 pixels on.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/progressive_growing"))
parser.add_argument("--quick", action="store_true", help="smaller images, few steps")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)

side, phase, epochs = (16, 640, 7) if options.quick else (32, 4000, 15)
sides = [4 * 2**level for level in range(side.bit_length() - 2)]


def show(rows, title, name, count=8):
    """Draw rows of images, labelled, enlarged pixel by pixel to one size."""
    enlarged = []
    for images in rows.values():
        times = side // images.shape[1]
        enlarged.append(images[:count].repeat(times, axis=1).repeat(times, axis=2))
    grid = make_grid(np.concatenate(enlarged), count)
    figure, axis = plt.subplots(figsize=(8, 0.9 * len(rows) + 0.6), layout="constrained")
    axis.imshow(grid, cmap="gray", vmin=0, vmax=255)
    axis.set_yticks((np.arange(len(rows)) + 0.5) * len(grid) / len(rows), list(rows))
    axis.tick_params(length=0)
    axis.set_xticks([])
    axis.set_title(title)
    figure.savefig(options.output / f"{name}.png", dpi=110)
    plt.close(figure)


"""
## What an image is at 4x4 pixels

The data set always holds the full images. `fit` makes them small, by the means of squares of
pixels, before they go to the device.
"""

dataset = keras_gans.data.images(
    "fashion_mnist",
    (side, side, 1),
    batch_size=16,
    images_per_epoch=phase if options.quick else 2000,
)


def reduced(images, times):
    """The means of squares of pixels."""
    n, height, width, channels = images.shape
    squares = images.reshape(n, height // times, times, width // times, times, channels)
    return squares.mean(axis=(2, 4)).round().astype("uint8")


real = dataset.sample(256, seed=0)
show(
    {f"{s} x {s}": reduced(real, side // s) for s in reversed(sides)},
    "Real images, and what is left of them",
    "real_images",
)

"""
At 4x4 pixels a trouser is a bright bar and a shoe is a dark image with a bright foot. Sixteen
numbers are easily learnt.


## Networks with layers for all resolutions

`progressive_generator` has the layers of every resolution from the beginning, and a call runs some
of them: those up to a level. So no variable is ever added; optimizers, checkpoints and `.keras`
files need not know of growth.
"""

model = keras_gans.presets.progressive_gan_small(
    (side, side, 1), fade_images=phase, stabilise_images=phase, seed=0
)
latents = model.draw_latents(8, seed=0)
for level in range(len(sides)):
    print(f"level {level}: images of shape {model.generator(latents, level=level).shape[1:]}")

"""
## Fading in

Were the layers of 8x8 pixels switched on at once, their random weights would spoil what 4x4 has
learnt. Instead the images of both are blended,

    (1 - alpha) * enlarged image of 4x4 + alpha * image of 8x8,

and alpha goes from 0 to 1 while the new layers learn. The discriminator blends its features in the
same way, and real images are blended with their own coarse version, so that it cannot tell by the
blur alone. With alpha 0 the new layers change nothing:
"""

small = keras.ops.convert_to_numpy(model.generator(latents, level=0))
new = keras.ops.convert_to_numpy(model.generator(latents, level=1, alpha=0.0))
difference = float(np.abs(new - small.repeat(2, axis=1).repeat(2, axis=2)).max())
print(f"largest difference between 8x8 at alpha 0 and 4x4 enlarged: {difference}")

"""
Which level is trained and how large alpha is follows from one number, the images seen so far:
"""

images_seen = np.arange(0, 2 * len(sides) * phase, max(1, phase // 100))
growth = model.growth
levels = [growth.level(int(n)) for n in images_seen]
alphas = [float(growth.alpha(int(n), level)) for n, level in zip(images_seen, levels, strict=True)]

figure, axes = plt.subplots(2, 1, figsize=(7, 4), sharex=True, layout="constrained")
axes[0].plot(images_seen, [sides[level] for level in levels])
axes[0].set(ylabel="pixels along a side", title="The schedule")
axes[0].set_yscale("log", base=2)
axes[0].set_yticks(sides, [str(s) for s in sides])
axes[1].plot(images_seen, alphas)
axes[1].set(xlabel="images seen", ylabel="alpha")
for axis in axes:
    axis.grid(alpha=0.3)
figure.savefig(options.output / "schedule.png", dpi=110)
plt.close(figure)

"""
## A distance for each size of detail

The sliced Wasserstein distance takes images apart into a Laplacian pyramid: the coarse image, and
what each doubling adds to it. Of each level it compares small patches of real and of generated
images along many random directions. Before training, and of real images among themselves:
"""

metric = keras_gans.metrics.SlicedWassersteinDistance(real.shape[1:], num_images=256)
score = Score(metric, real)
untrained = score.compute(model)
among_real = metric.compare(real, dataset.sample(512, seed=1)[256:])
print("untrained:", {name: round(value, 1) for name, value in untrained.items()})
print("real images:", {name: round(value, 1) for name, value in among_real.items()})

"""
## One fit

The loss is that of WGAN-GP: the discriminator's score of real images is to be high and that of
generated ones low, with slopes of about 1 in between. Look at `resolution` and `alpha` in the logs.
"""

strip = GrowthStrip(options.output / "growth")
history = model.fit(dataset, epochs=epochs, verbose=2, callbacks=[score, strip]).history

"""
`growth/strip.png` shows the same latents at every stage. What was a bright bar at 4x4 is still the
same garment at full size.


## All sizes from one generator

The layers of smaller resolutions are still there, with their last weights, and make the same images
smaller.
"""

show(
    {f"{s} x {s}": model.generate(latents=latents, resolution=s) for s in sides},
    "The same latents at every resolution",
    "generated",
)

"""
The heads of smaller resolutions are no longer trained once they have faded out, but the layers
below them go on learning: their images drift away from the large ones.


## Coarse structure first

The distances of both levels over the epochs. The dotted line is what real images keep from each
other: no generator can be expected below it.
"""

rows = np.arange(1, len(history["swd"]) + 1)
figure, axis = plt.subplots(figsize=(7, 4), layout="constrained")
for name in untrained:
    if name != "swd":
        line = axis.plot([0, *rows], [untrained[name], *history[name]], marker=".", label=name)
        axis.axhline(among_real[name], color=line[0].get_color(), linestyle=":")
for epoch in np.flatnonzero(np.diff(history["resolution"])) + 1:
    axis.axvline(epoch + 0.5, color="grey", alpha=0.4)
axis.set(xlabel="epoch; grey lines: a new resolution", ylabel="distance x 1000", yscale="log")
axis.set_title("Sliced Wasserstein distance to real images")
axis.legend()
axis.grid(alpha=0.3)
figure.savefig(options.output / "distances.png", dpi=110)
plt.close(figure)

"""
## What was claimed

1. A new resolution begins as the old one, enlarged.
2. One `fit` has grown through all resolutions.
3. Generated images have come nearer to real ones.

## Where to go from here

* `python -m applications.progressive --data PHOTOS --image-size 256`: photographs of your own,
  with the networks and the schedule of the paper; a GPU is wanted.
* Break the program off in the middle of a fade and go on with `--resume`.
* `model.export("faces_64", resolution=64)` exports a smaller size.

## References

* Karras et al. 2018, *Progressive Growing of GANs for Improved Quality, Stability, and Variation*,
  arXiv:1710.10196.
* Gulrajani et al. 2017, *Improved Training of Wasserstein GANs*, arXiv:1704.00028.
* Rabin et al. 2011, *Wasserstein Barycenter and Its Application to Texture Mixing*: the sliced
  distance.
"""

assert difference == 0.0
assert model.resolution == side
assert history["swd"][-1] < untrained["swd"], (history["swd"], untrained)
