"""
# Translation without pairs: CycleGAN

pix2pix needs pairs: for each source the very image it should become. For horses and zebras,
summer and winter, photographs and paintings there are none, only two collections. CycleGAN (Zhu et
al. 2017) translates between them all the same. Here one collection is photographs of clothes, and
the other one prints: pictures in gold on dark blue cloth, of *other* clothes.

You will learn

* how an unpaired data set is made and fitted;
* why each way needs the way back;
* what the terms of the loss are, and what the logs say about them;
* how to tell whether the translation found is the one that was meant.

It takes about five minutes on two processor cores:

    python tutorials/cyclegan.py

The figures go to `runs/tutorials/cyclegan/`.
"""

import argparse
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans
from keras_gans.callbacks import make_grid

parser = argparse.ArgumentParser(description="CycleGAN: photographs and gold prints.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/cyclegan"))
parser.add_argument("--quick", action="store_true", help="smaller images and networks, few steps")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)

side, width, epochs = (16, 8, 3) if options.quick else (32, 16, 4)
num_images = 512 if options.quick else 3000

"""
## Two collections

The first 3,000 images are photographs, the next 3,000 become prints. No garment is in both. How a
print is made is known here, as it never is for zebras: so for held-out photographs the true
translation can be made, and the one that was learned can be compared with it. The training never
sees one of these pairs.
"""

CLOTH, GOLD = np.array([20.0, 25.0, 75.0]), np.array([255.0, 205.0, 60.0])


def gold_print(images):
    """Gold on dark blue cloth; the brighter a pixel was, the more gold there is."""
    gold = images / 255.0
    return np.round(CLOTH * (1.0 - gold) + GOLD * gold).astype("uint8")


clothes, _ = keras_gans.data.fashion_mnist((side, side, 1))
photographs = clothes.repeat(3, axis=-1)
training = keras_gans.data.UnpairedDataset(
    photographs[:num_images],
    gold_print(clothes[num_images : 2 * num_images]),
    batch_size=16,
    flip=True,
)
held_out, truth = photographs[-256:], gold_print(clothes[-256:])


def show(rows, title, name, count=12):
    """Draw rows of images, each with a label."""
    grid = make_grid(np.concatenate([images[:count] for images in rows.values()]), count)
    figure, axis = plt.subplots(figsize=(9, 0.5 + 0.75 * len(rows)), layout="constrained")
    axis.imshow(grid)
    centres = (np.arange(len(rows)) + 0.5) * len(grid) / len(rows)
    axis.set_yticks(centres, list(rows))
    axis.tick_params(length=0)
    axis.set_xticks([])
    axis.set_title(title)
    figure.savefig(options.output / name, dpi=110)
    plt.close(figure)


show(
    {"a: photographs": training.images, "b: gold prints": training.targets},
    "Two collections that share no garment",
    "collections.png",
)

"""
## There and back

Two generators translate, G from a to b and F from b to a. Two discriminators say whether what comes
out looks like a member of its collection. That alone would not do: G could answer every photograph
with the same perfect print. So what is translated and translated back has to be what it was:

    F(G(a)) = a    and    G(F(b)) = b

The generators minimize, with least squares in the place of logarithms,

    (D_b(G(a)) - 1)^2 + (D_a(F(b)) - 1)^2
    + 10 (|F(G(a)) - a| + |G(F(b)) - b|)
    + 5 (|G(b) - b| + |F(a) - a|)

The last line, the identity term, says: what is a print already should stay as it is.

The discriminators are shown some older fakes, too, from a pool of 50, so that they do not forget
what they have learned; and the learning rate falls to zero in the second half of the training, of
which `steps` says how long it is.
"""

model = keras_gans.presets.cyclegan(
    (side, side, 3),
    width=width,
    blocks=2,
    receptive_field=16,
    steps=None if options.quick else epochs * len(training),
    seed=0,
)
if options.quick:
    model.compile(*(keras.optimizers.Adam(1e-3, beta_1=0.5) for _ in model.players))
history = model.fit(training, epochs=epochs, verbose=2).history

"""
## Read the logs

* `cycle` is the second line of the loss, weighted: how much is lost on the way there and back. It
  falls when the generators begin to understand each other.
* `identity` is the third line.
* `real_score` and `fake_score` are the means over the patches of both discriminators, which aim at
  1 for real images and at 0 for translated ones: 1/2 for both is a draw.
"""

figure, (cycle, scores) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
numbers = np.arange(1, epochs + 1)
for name in ("cycle", "identity", "adversarial"):
    cycle.plot(numbers, history[name], marker="o", label=name)
cycle.set(title="Terms of the generators' loss", ylabel="mean of the epoch", ylim=(0, None))
for name, color in (("real_score", "tab:green"), ("fake_score", "tab:orange")):
    scores.plot(numbers, history[name], marker="o", color=color, label=name)
scores.axhline(0.5, color="grey", linestyle=":", label="cannot tell")
scores.set(title="Scores of the discriminators", ylabel="1: taken for real")
for axis in (cycle, scores):
    axis.set_xlabel("epoch")
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend()
    axis.grid(alpha=0.3)
figure.savefig(options.output / "curves.png", dpi=110)
plt.close(figure)

"""
## There, and back again

Held-out photographs, their prints, and the photographs that are made of those. The last row is
what a print of these clothes really looks like.
"""

printed = model.translate(held_out, direction="a_to_b", batch_size=64)
back = model.translate(printed, direction="b_to_a", batch_size=64)
show(
    {"photograph a": held_out, "G(a)": printed, "F(G(a))": back, "true print": truth},
    "Held-out photographs, translated and translated back",
    "there_and_back.png",
)

"""
The other generator, on the prints of the same clothes:
"""

other_way = model.translate(truth, direction="b_to_a", batch_size=64)
show(
    {"print b": truth, "F(b)": other_way, "true photograph": held_out},
    "The other way",
    "other_way.png",
)

"""
## Is it the right one?

That both collections are matched and the way back is found does not prove that the way there is the
one that was meant: generators that mirror every garment, there and back again, would please every
term but the identity's. Here we can check.
"""


def distance(images, others):
    """Mean absolute difference, as a share of the range."""
    return np.abs(images.astype("float32") - others).mean() / 255


copied, learned = distance(held_out, truth), distance(printed, truth)
cycled = distance(held_out, back)
print(f"Distance to the true prints: {learned:.3f}; of the photographs {copied:.3f}.")
print(f"Distance after the way there and back: {cycled:.3f}.")

"""
## What was claimed

1. Without one pair, the prints made are far nearer to the true ones than the photographs are: less
   than half of the distance is left (with `--quick`, less than two thirds).
2. The way there and back was learned: its error is less than three quarters of that of the first
   epoch.

## Where to go from here

* Your own collections: `python -m applications.cyclegan --source A --target B`.
* `keras_gans.data.unpaired("tfds:cycle_gan/horse2zebra", image_shape=(256, 256, 3))` is the paper's
  own data; `keras_gans.presets.cyclegan((256, 256, 3))` has its networks.

## References

* Zhu, Park, Isola and Efros 2017, *Unpaired Image-to-Image Translation using Cycle-Consistent
  Adversarial Networks*, arXiv:1703.10593.
* Mao et al. 2017, *Least Squares Generative Adversarial Networks*, arXiv:1611.04076.
* Shrivastava et al. 2017, arXiv:1612.07828: showing a discriminator older fakes.
"""

assert history["cycle"][-1] < 0.75 * history["cycle"][0], history["cycle"]
assert learned < copied * (2 / 3 if options.quick else 1 / 2), (learned, copied)
