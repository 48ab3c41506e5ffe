"""
# Measuring: what a score says, and what it does not

Two generators, two numbers: which one is better? The smaller number may be of fewer images, of
other features, or luck. And each score is blind to something.

You will learn

* why the same generator has another score with fewer images, and how to see how much of a
  difference is chance;
* what a protocol is, and why scores of two protocols are not compared;
* which score notices blur, noise, missing kinds of images, and copies of the training set;
* how a run keeps its best epoch by a score.

No generator is needed for most of it: real images that training has not seen are what a perfect
one would make, and spoiling them spoils a generator in a way that is known.

It takes about a minute on two idle processor cores:

    python tutorials/measuring.py

The figures go to `runs/tutorials/measuring/`. What each score is and how to choose is
`docs/scores.md`.
"""

import argparse
import warnings
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans
from keras_gans.callbacks import Score, ScoreEarlyStopping
from keras_gans.metrics import (
    DensityCoverage,
    FrechetDistance,
    KernelDistance,
    Memorization,
    PrecisionRecall,
    closest_pairs_picture,
    rank,
)
from keras_gans.samples.pictures import make_grid, save_png

parser = argparse.ArgumentParser(description="What a score says, and what it does not.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/measuring"))
parser.add_argument("--quick", action="store_true", help="few images, a small network")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)

number = 600 if options.quick else 3000

"""
## A perfect generator

The embedded images of Fashion-MNIST are cut into three parts. One is the training set. The others
have the same distribution and no image in common with it: what a perfect generator would make, and
held-out images to compare with.
"""

images, labels = keras_gans.data.fashion_mnist((28, 28, 1))
order = np.random.default_rng(0).permutation(len(images))
perfect, held_out, real = images[order[: 3 * number].reshape(3, number)]
training = images[order[2 * number :]]  # `real` is a part of it.
labels_of_perfect = labels[order[:number]]

"""
## A score of few images

The Frechet distance compares the mean and the covariance of features. Here the features are those
of a small classifier of clothes that comes with the library; FID is the same formula with those
of the Inception network. `measure` gives the score with a confidence interval and its protocol.
It warns where images are few; that is the point of this section, so the warnings are left out.
"""

warnings.filterwarnings("ignore", message=".* is the score of few images")
frechet, kernel = FrechetDistance(), KernelDistance(subsets=20)
features_of_real, features_of_perfect = frechet.features(real), frechet.features(perfect)
counts = [n for n in (100, 200, 300, 600, 1000, 2000, 3000) if n <= number]
courses = {
    metric: [metric.measure(features_of_real[:n], features_of_perfect[:n]) for n in counts]
    for metric in (frechet, kernel)
}
for metric, course in courses.items():
    told = [f"{n}: {result.value:.3f}" for n, result in zip(counts, course, strict=True)]
    print(f"{metric.name} of a perfect generator, by images on each side:", ", ".join(told))

figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for axis, (metric, course) in zip(axes, courses.items(), strict=True):
    low, high = np.array([result.interval for result in course]).T
    axis.fill_between(counts, low, high, alpha=0.3, label="95 % interval")
    axis.plot(counts, [result.value for result in course], "o-", label="score")
    axis.axhline(0, color="black", linewidth=0.8)
    axis.set(xscale="log", xlabel="images on each side", title=metric.name)
    axis.set_xticks(counts, [f"{n:,}" for n in counts], fontsize=8)
    axis.minorticks_off()
    axis.legend()
axes[0].set_ylabel("score")
figure.suptitle("Scores of a perfect generator, by the number of images; the truth is 0")
figure.savefig(options.output / "number_of_images.png", dpi=110)
plt.close(figure)

"""
The Frechet distance of a hundred images is large although nothing is wrong with them: a
covariance that is estimated from few images is off, and every error adds to a distance. That is
its *bias*. The kernel distance is unbiased: it scatters about zero, and may be below.

The interval says how far another draw of *as many* images may be off. It does not take the bias
away: that of the Frechet distance can leave out 0, which is the truth. Nor does it say what
another training of the same model would give: for that, train more than once.

So compare equal numbers only. The field's are 50,000 generated ones, and below 10,000 a score is
for following a run, not for a table.

## A protocol

A result carries what it depends on. Two results of different protocols are not compared: here the
images have every second pixel only, and are brought to the size that the features are of in two
ways.
"""

small = images[order[:500], ::2, ::2]
smooth = FrechetDistance(resize="bicubic").measure(real[:500], small)
rough = FrechetDistance(resize="legacy").measure(real[:500], small)
print(smooth)
refused = None
try:
    print("The smoother one is better:", smooth < rough)
except ValueError as sentence:
    refused = sentence
    print("Refused:", refused)
print(f"They are {smooth.value:.1f} and {rough.value:.1f}: of the same images.")

"""
## Which score notices what

Now the perfect generator is spoiled in four ways, each a little (degree 1) and much (degree 2): its
images are blurred, or get noise; it leaves out three or seven of the ten kinds of clothes; half or
all of its images are copies of the training set.
"""


def blurred(degree):
    """Each pixel is the mean of nine, once or three times."""
    made = perfect.astype("float32")
    for _ in range(2 * degree - 1):
        padded = np.pad(made, ((0, 0), (1, 1), (1, 1), (0, 0)), "edge")
        rows = sum(padded[:, i : i + 28] for i in range(3)) / 3
        made = sum(rows[:, :, i : i + 28] for i in range(3)) / 3
    return made.round().astype("uint8")


def noisy(degree):
    noise = np.random.default_rng(1).normal(0, 20 * degree, perfect.shape)
    return np.clip(perfect + noise, 0, 255).round().astype("uint8")


def of_fewer_kinds(degree):
    few = perfect[labels_of_perfect >= 4 * degree - 1]
    return few[np.arange(number) % len(few)]


def copied(degree):
    made = perfect.copy()
    made[:: 2 // degree] = real[:: 2 // degree]  # Every second image, or every one.
    return made


ways = {"blur": blurred, "noise": noisy, "fewer kinds": of_fewer_kinds, "copies": copied}
generators = {("perfect", 0): perfect}
generators |= {(way, degree): spoil(degree) for way, spoil in ways.items() for degree in (1, 2)}

"""
Eyes see blur and noise. A row of copies looks perfect, and of fewer kinds only many images tell.
"""

grid = make_grid(np.concatenate([made[:14] for made in generators.values()]), columns=14)
names = [f"{way}, degree {degree}" if degree else way for way, degree in generators]
figure, axis = plt.subplots(figsize=(7.5, 4.4), layout="constrained")
axis.imshow(grid, cmap="gray", vmin=0, vmax=255)
axis.set_yticks((np.arange(len(names)) + 0.5) * grid.shape[0] / len(names), names)
axis.set_xticks([])
axis.set_title("Each row: real images, spoiled in one way")
figure.savefig(options.output / "generators.png", dpi=110)
plt.close(figure)

"""
Seven numbers look at them. Beside the Frechet distance:

* *precision* is the share of generated images that lie where real ones are, *recall* the share of
  real images that lie where generated ones are;
* *density* and *coverage* ask the same by regions about real images only, so that a few odd
  generated ones gain nothing;
* the last two are of `Memorization`: how far the nearest training image is, as a share of the
  distance to the nearest held-out image; and the share of near copies, which are nearer to a
  training image than 99 of 100 held-out images are.
"""

memorization = Memorization()
memorization.set_held_out(held_out)
pairs = PrecisionRecall(), DensityCoverage(), memorization
scores = {
    "Frechet distance": "0 is best",
    "precision": "higher is better",
    "recall": "higher is better",
    "density": "real images: 1",
    "coverage": "higher is better",
    "distance to training": "real images: 1, copies: 0",
    "near copies": "real images: 0.01",
}


def scores_of(features):
    values = [frechet.compare(features_of_real, features)]
    for metric in pairs:
        values += metric.compare(features_of_real, features).values()
    return dict(zip(scores, map(float, values), strict=True))


table = {}
for (way, degree), made in generators.items():
    table[way, degree] = scores_of(frechet.features(made))
    told = ", ".join(f"{score} {value:.3f}" for score, value in table[way, degree].items())
    print(f"{way}, degree {degree}: {told}")

figure, axes = plt.subplots(2, 4, figsize=(12, 5.6), layout="constrained")
*panels, legend = axes.flat
for axis, (score, better) in zip(panels, scores.items(), strict=True):
    for way, marker in zip(ways, "osD^", strict=True):
        course = [table["perfect", 0][score], table[way, 1][score], table[way, 2][score]]
        axis.plot(range(3), course, marker=marker, alpha=0.8, label=way)
    axis.set_title(f"{score}\n({better})", fontsize=10)
    axis.set_xticks(range(3), ["perfect", "degree 1", "degree 2"], fontsize=8)
    axis.set_ylim(bottom=-0.04 * axis.get_ylim()[1])
    axis.grid(alpha=0.3)
legend.legend(*panels[0].get_legend_handles_labels(), loc="center", title="spoiled by")
legend.axis("off")
figure.suptitle("What seven scores say of a perfect generator that is spoiled by degrees")
figure.savefig(options.output / "which_score_notices_what.png", dpi=110)
plt.close(figure)

"""
Fewer kinds take recall and coverage, and leave precision and density as they were: a pair of
numbers, one for quality and one for variety, tells *what* is wrong, where the Frechet distance
tells only *that* something is. Much blur and noise take all four, for what is spoiled lies beside
all real images. Copies have the best numbers of all, but for the last two. So take one distance,
one pair, and `Memorization`. Features have a say in it: those of another network see other faults.

## Copies

A share of near copies is a reason to look. These are the samples that lie nearest to the training
set: half of this generator's are copies, made a little darker, so that no two arrays are equal.
"""

half_copied = perfect.copy()
half_copied[: number // 2] = (0.95 * real[: number // 2]).round()
said = memorization.compare(features_of_real, frechet.features(half_copied))
print("Half of them copied:", {key: round(float(value), 2) for key, value in said.items()})
picture = closest_pairs_picture(half_copied, real, memorization)
save_png(picture, options.output / "closest_pairs.png")

"""
## The best epoch of a run

Losses do not say when a GAN is at its best; a score does. `Score` adds it to the logs of each
epoch, of the averaged generator where there is one, and with `repeats` its interval too. Keras's
`ModelCheckpoint` keeps the best epoch by it. `ScoreEarlyStopping` ends a run of which `patience`
epochs were worse than its best by more than chance; this one is too short for it.
"""

model = keras_gans.presets.clustered_dcgan(
    (28, 28, 1), 32, width=8 if options.quick else 16, ema_decay=0.99, seed=0
)
dataset = keras_gans.data.ImageDataset(training, batch_size=32, seed=0)
dataset.fields["labels"] = keras_gans.data.clusters(training, 32)
score = Score(FrechetDistance(), perfect[:500], repeats=10)
best = options.output / "best.keras"
history = model.fit(
    dataset,
    epochs=2 if options.quick else 6,
    verbose=0,
    callbacks=[
        score,
        keras.callbacks.ModelCheckpoint(
            best, monitor=score.name, mode=score.mode, save_best_only=True
        ),
        ScoreEarlyStopping(score, patience=5),
    ],
).history
print("By epoch:", [round(value, 1) for value in history[score.name]])

figure, axis = plt.subplots(figsize=(6, 3.6), layout="constrained")
shown = range(1, len(history[score.name]) + 1)
axis.fill_between(shown, history[f"{score.name}_low"], history[f"{score.name}_high"], alpha=0.3)
axis.plot(shown, history[score.name], "o-", label="score and its 95 % interval")
kept_epoch = 1 + int(np.argmin(history[score.name]))
axis.plot(kept_epoch, min(history[score.name]), "*", markersize=16, label="the epoch that is kept")
axis.set(xlabel="epoch", ylabel=score.name, title="A small GAN as it learns: lower is better")
axis.set_xticks(shown)
axis.legend()
figure.savefig(options.output / "best_epoch.png", dpi=110)
plt.close(figure)

"""
## Which run is better

`rank` puts runs in order, and says which are not told apart. Samples of the same generator from
other latents have another score, and are not better or worse for it.
"""

kept = keras.saving.load_model(best)
best.unlink()
samples = kept.generate(1000, seed=1, batch_size=250)
runs = {
    "the best epoch": samples[:500],
    "the same, other latents": samples[500:],
    "a perfect generator": held_out[:500],
}
places = rank({name: frechet.measure(perfect[:500], images) for name, images in runs.items()})
for place in places:
    alike = " and ".join(place.not_told_apart) or "none"
    print(f"{place.name}: {place.result.value:.1f}, not told apart from {alike}")

"""
## What we have seen

Each claim as an assertion.
"""

clean = table["perfect", 0]
noise, kinds, copies = (table[way, 2] for way in ("noise", "fewer kinds", "copies"))
# Few images make a Frechet distance large, and do not move the kernel distance.
assert courses[frechet][0].value > 2 * courses[frechet][-1].value
low, high = courses[kernel][0].interval
assert low < courses[kernel][-1].value < high
# Results of different protocols refuse to be compared.
assert "resize" in str(refused)
# More of each fault but copies is a larger Frechet distance.
for way in ("blur", "noise", "fewer kinds"):
    course = [clean, table[way, 1], table[way, 2]]
    distances = [row["Frechet distance"] for row in course]
    assert distances == sorted(distances), (way, distances)
# Noise takes density, fewer kinds take recall alone, and copies are seen by memorization alone.
assert noise["density"] < clean["density"] - 0.2
assert kinds["recall"] < clean["recall"] - 0.3
assert kinds["precision"] > clean["precision"] - 0.1
assert copies["Frechet distance"] < clean["Frechet distance"]
assert copies["near copies"] > 0.9 > 0.1 > clean["near copies"]
# The run learned; what was kept is ranked behind the perfect generator, and beside itself.
assert min(history[score.name]) < 0.95 * history[score.name][0]
assert places[0].name == "a perfect generator"
assert places[1].name in places[2].not_told_apart
