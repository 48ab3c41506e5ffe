"""
# First images: a DCGAN from data to a generator that runs on its own

The first convolutional GAN that trained reliably is still the best first one to train: DCGAN
(Radford et al. 2016), on the 10,000 pictures of clothes that come with `keras_gans`.

You will learn

* how to build, compile and fit a GAN, and how to watch it with two callbacks;
* how to read the logs: two losses, two scores and a distance;
* what can be done with latents: repeat them, walk between them, calculate with them;
* how to save the model, and how to export its generator to places that have no Keras.

It takes about four minutes on two processor cores:

    python tutorials/02_first_images.py

The figures go to `runs/tutorials/02_first_images/`.
"""

import argparse
import shutil
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

import keras_gans
from keras_gans.callbacks import make_grid

parser = argparse.ArgumentParser(description="A DCGAN from data to an exported generator.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/02_first_images"))
parser.add_argument("--quick", action="store_true", help="smaller images and networks, few steps")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
for folder in ("samples", "saved_model"):  # Those of an earlier run of this script.
    shutil.rmtree(options.output / folder, ignore_errors=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)

side, width, epochs = (16, 8, 4) if options.quick else (28, 32, 16)
num_training_images = 2048 if options.quick else 8000

"""
## Look at the data

Always look at the data first. Images are `uint8` arrays in [0, 255] of shape
(n, height, width, channels), and that is how the model wants them, too: it scales them to
[-1, 1] itself, on the device. The last 2,000 images are kept aside to compare with.
"""

image_shape = (side, side, 1)
images, labels = keras_gans.data.fashion_mnist(image_shape)
training, held_out = images[:num_training_images], images[-2000:]
print(
    f"{len(training)} images {training.shape[1:]}, {training.dtype} in "
    f"[{training.min()}, {training.max()}]"
)

figure, axis = plt.subplots(figsize=(8, 6.4), layout="constrained")
axis.imshow(make_grid(training[:80], columns=10), cmap="gray", vmin=0, vmax=255)
axis.set_title("Real images: Fashion-MNIST")
axis.axis("off")
figure.savefig(options.output / "real_images.png", dpi=110)
plt.close(figure)

"""
## Two networks, one model

A *network* is an ordinary `keras.Model`. The generator unfolds a latent vector into a small map of
many channels, and doubles its side until it is an image; tanh keeps the pixels in [-1, 1]. The
discriminator is its mirror image: it halves the side until one raw score is left.

A *model* is the algorithm that trains them, here the game of `tutorials/01_two_distributions.py`.
With `ema_decay` it keeps a second generator, whose weights are the moving average of the trained
ones. It takes no part in the game, and makes steadier pictures: it is the one that
`generate`, the callbacks and the export use.
"""

latent_dim = 100
model = keras_gans.GAN(
    keras_gans.networks.dcgan_generator(image_shape, latent_dim, width),
    keras_gans.networks.dcgan_discriminator(image_shape, width),
    latent_dim,
    ema_decay=0.9 if options.quick else 0.99,
    seed=0,
)

"""
Each player has an optimizer of its own. These are the paper's numbers: a learning rate of 2e-4,
and beta_1 = 0.5, since a long memory of past gradients is of little use against an opponent
who changes. `model.compile()` without arguments would choose the same.
"""

learning_rate = 1e-3 if options.quick else 2e-4
model.compile(
    generator_optimizer=keras.optimizers.Adam(learning_rate, beta_1=0.5),
    discriminator_optimizer=keras.optimizers.Adam(learning_rate, beta_1=0.5),
)

"""
All this is written out to be seen once. A preset is the same in one line:
"""

preset = keras_gans.presets.dcgan(image_shape, latent_dim, width, ema_decay=0.99)
assert preset.generator.count_params() == model.generator.count_params()
assert preset.discriminator.count_params() == model.discriminator.count_params()

"""
## Train, and watch

The losses of a GAN say who is winning, not how good the pictures are. So two callbacks look at the
pictures:

* `SampleGrid` saves what the same latents become after every epoch, and an animation at the end;
* `Score` measures, after every epoch, the distance between generated and held-out images.

The distance is the Frechet distance: each set of images is turned into features by a network that
knows such images, a Gaussian is fitted to the features of each set, and the distance of the two
Gaussians has a closed form. With features of the Inception network it is called FID; here the
features are those of a small Fashion-MNIST classifier that ships with `keras_gans`, and the name
of the score says so. Two sets of real images show how low it can get.

The paper's batches have 128 images; 32 make four times as many steps of the same data, which is
worth more in the few minutes that this may take.
"""

num_scored = 500 if options.quick else 2000
metric = keras_gans.metrics.FrechetDistance()
real_against_real = metric.compare(images[-4000:-2000][:num_scored], held_out[:num_scored])
score = keras_gans.callbacks.Score(metric, held_out[:num_scored])
untrained = score.compute(model)

history = model.fit(
    training,
    batch_size=32,
    epochs=epochs,
    callbacks=[score, keras_gans.callbacks.SampleGrid(options.output / "samples", 6, 10)],
    verbose=2,
).history
trained = history[score.name][-1]
print(
    f"{score.name}: untrained {untrained:.1f}, trained {trained:.1f}, "
    f"real against real {real_against_real:.1f}"
)

"""
## Read the logs

Every number is the mean over an epoch.

* `real_score` and `fake_score` are the raw scores D gives to real and to generated images.
  sigmoid(score) is the probability of being real that it has in mind, so 0 means "I cannot tell",
  2 means 88 % and -2 means 12 %. Real above fake: the discriminator sees a difference. Both near
  zero: the players are in balance. Drifting apart without end: the discriminator wins too easily,
  and soon the generator has nothing left to learn from it.
* `discriminator_loss` is 2 log 2 = 1.386 where D always answers 1/2. Lower, and D is ahead.
* `generator_loss` is log 2 = 0.693 at the same point. Higher, and G is behind. That it rises while
  the pictures get better, as in the first epochs here, is no reason to stop: D got better as well.
* The score in the third panel is what says how good the pictures are.
"""

numbers = np.arange(1, epochs + 1)
figure, (losses, scores, distance) = plt.subplots(1, 3, figsize=(14, 4), layout="constrained")
for name, color, balance in [
    ("discriminator_loss", "tab:red", 2 * np.log(2)),
    ("generator_loss", "tab:blue", np.log(2)),
]:
    losses.plot(numbers, history[name], marker="o", color=color, label=name)
    losses.axhline(balance, color=color, linestyle=":", label=f"if D answers 1/2: {balance:.3f}")
losses.set(title="Losses: who is ahead?", ylabel="loss, mean of the epoch", ylim=(0, 3.5))
scores.plot(numbers, history["real_score"], marker="o", color="tab:green", label="real_score")
scores.plot(numbers, history["fake_score"], marker="o", color="tab:orange", label="fake_score")
scores.axhline(0, color="grey", linestyle=":", label="cannot tell")
scores.set(title="Raw scores: does D see a difference?", ylabel="score, mean of the epoch")
distance.plot(
    [0, *numbers], [untrained, *history[score.name]], marker="o", label="generated images"
)
distance.axhline(real_against_real, color="grey", linestyle="--", label="other real images")
distance.set(title="Distance to held-out images (lower is better)", ylabel=score.name, yscale="log")
for axis in (losses, scores, distance):
    axis.set_xlabel("epoch")
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend(fontsize=9)
    axis.grid(alpha=0.3)
figure.savefig(options.output / "logs.png", dpi=110)
plt.close(figure)

"""
The grids of `SampleGrid` show the same latents before training, on the way and at the end.
"""

figure, axes = plt.subplots(1, 3, figsize=(15, 3.9), layout="constrained")
for axis, epoch in zip(axes, (0, epochs // 2, epochs), strict=True):
    axis.imshow(
        Image.open(options.output / "samples" / f"epoch_{epoch:04d}.png"),
        cmap="gray",
        vmin=0,
        vmax=255,
    )
    axis.set_title("untrained" if epoch == 0 else f"after {epoch} epochs")
    axis.axis("off")
figure.suptitle("Generated images, each panel from the same latents")
figure.savefig(options.output / "samples_over_epochs.png", dpi=110)
plt.close(figure)

"""
## Latents: again, between, and beyond

`generate` draws latents z ~ N(0, 1) and gives `uint8` images. The same seed gives the same images.
"""

assert np.array_equal(model.generate(4, seed=7), model.generate(4, seed=7))

"""
A latent vector is a place, and between two places there is a way. `interpolate` walks on the great
circle: in 100 dimensions nearly all latents have a length near 10, and the straight line between
two of them cuts through the middle, where the generator has never been asked for anything. If
neighbours on the way look alike and every one of them is a garment, the generator has learned more
than a list of pictures.
"""

latents = model.draw_latents(2 * 5, seed=3)
walks = np.concatenate(
    [model.interpolate(start, end, steps=10) for start, end in latents.reshape(5, 2, latent_dim)]
)
figure, axis = plt.subplots(figsize=(8, 4.4), layout="constrained")
axis.imshow(make_grid(model.generate(latents=walks), columns=10), cmap="gray", vmin=0, vmax=255)
axis.set_title("Each row: from one latent vector (left) to another (right)")
axis.axis("off")
figure.savefig(options.output / "interpolation.png", dpi=110)
plt.close(figure)

"""
One can calculate with places, too. The paper subtracted "man" from "man with glasses" and added
"woman". Here: what is a sleeve? Generate many images and find, for two kinds of garment,
the hundred that are nearest to the kind's mean real image. Averaged over a hundred latents,
everything that varies within a kind cancels. What the kinds differ in remains:

    sleeves = mean latent of pullovers - mean latent of T-shirts
"""

many = model.draw_latents(1000 if options.quick else 5000, seed=4)
pictures = model.generate(latents=many, batch_size=250).astype("float32")


def nearest(kind, count):
    """The `count` latents whose images are nearest to the mean real image of `kind`."""
    is_kind = labels[:num_training_images] == keras_gans.data.FASHION_MNIST_CLASSES.index(kind)
    mean_image = training[is_kind].mean(axis=0)
    differences = np.square(pictures - mean_image).mean(axis=(1, 2, 3))
    return many[np.argsort(differences)[:count]]


sleeves = nearest("Pullover", 100).mean(axis=0) - nearest("T-shirt/top", 100).mean(axis=0)

"""
Now put sleeves on T-shirts, a little more in each column. Each sum is brought back to the length
of the latent vector it began with, so that it stays where latents live.
"""

strengths = np.linspace(0.0, 2.4, 9)
shirts = nearest("T-shirt/top", 5)
sums = shirts[:, None] + strengths[:, None] * sleeves
sums *= np.linalg.norm(shirts, axis=-1)[:, None, None] / np.linalg.norm(
    sums, axis=-1, keepdims=True
)
figure, axis = plt.subplots(figsize=(8, 4.9), layout="constrained")
grid = make_grid(model.generate(latents=sums.reshape(-1, latent_dim)), columns=len(strengths))
axis.imshow(grid, cmap="gray", vmin=0, vmax=255)
axis.set_title("T-shirt + strength x (pullover - T-shirt)")
axis.set_xticks((np.arange(len(strengths)) + 0.5) * (side + 2), [f"{s:.1f}" for s in strengths])
axis.set_xlabel("strength")
axis.set_yticks([])
figure.savefig(options.output / "latent_arithmetic.png", dpi=110)
plt.close(figure)

"""
## Save, and go on later

A `.keras` file holds everything: both networks, the average, both optimizers and the random
states. What was loaded generates the same images, and `fit` goes on as if it had not been
interrupted.
"""

model.save(options.output / "model.keras")
loaded = keras.models.load_model(options.output / "model.keras")
assert np.array_equal(loaded.generate(16, seed=1), model.generate(16, seed=1))

"""
## Export, and leave Keras behind

For use, only the generator is needed. `export` writes it as a SavedModel, from any backend. The
conversion to `uint8` is inside, and so is the drawing of latents: `generate` takes a number of
images and a seed, `from_latents` takes the latents. Nothing below knows of Keras.
"""

model.export(options.output / "saved_model")

import tensorflow as tf  # noqa: E402  Only here, and on every backend, to play the server.

served = tf.saved_model.load(str(options.output / "saved_model")).signatures
by_seed = served["generate"](num_images=tf.constant(16), seed=tf.constant(7, tf.int64))["images"]
print(f"The SavedModel made {by_seed.shape[0]} images of {by_seed.dtype.name}.")

latents = model.draw_latents(60, seed=5)
exported = served["from_latents"](latents=tf.constant(latents))["images"].numpy()
generated = model.generate(latents=latents)
difference = np.abs(exported.astype(int) - generated.astype(int)).max()
print(f"Exported and original generator differ by {difference} grey levels at most.")

figure, axis = plt.subplots(figsize=(8, 5), layout="constrained")
axis.imshow(make_grid(exported, columns=10), cmap="gray", vmin=0, vmax=255)
axis.set_title("Images of the exported generator")
axis.axis("off")
figure.savefig(options.output / "exported.png", dpi=110)
plt.close(figure)

"""
## What was claimed

1. The trained generator is far closer to the held-out images than the untrained one: less than a
   quarter of its distance is left (with `--quick`, less than two thirds).
2. The exported generator is the same generator, to one grey level in 256.

## Where to go from here

* More epochs, `width=64` and the `mixed_bfloat16` policy where the processor has it:
  `python -m applications.dcgan` is a program of this kind that can be resumed, whose model,
  `keras_gans.presets.clustered_dcgan`, learns images by clusters.
* Other losses: `keras_gans.GAN(..., loss="hinge")`.
* Your own images: `keras_gans.data.images("folder", (64, 64, 3))` gives something to `fit`.

## References

* Radford, Metz and Chintala 2016, *Unsupervised Representation Learning with Deep Convolutional
  Generative Adversarial Networks*, arXiv:1511.06434: the networks, the optimizers and section
  6.3.2, latent arithmetic.
* Heusel et al. 2017, *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
  Equilibrium*, arXiv:1706.08500: the Frechet distance between features.
* White 2016, *Sampling Generative Networks*, arXiv:1609.04468: walking on the great circle.
"""

assert trained < untrained * (2 / 3 if options.quick else 1 / 4), (untrained, trained)
assert difference <= 1, difference
