"""
# Why GANs fail: saturation, collapse, and what helps

A GAN that fails gives no error. Its generator stands still because nothing reaches it
(*saturation*), or makes a few good samples again and again (*collapse*). On points of a plane both
can be seen and counted.

You will learn

* why the loss of the first GAN stops teaching just when the generator is bad;
* how to count what a generator leaves out, with `ModeCoverage`;
* what four remedies do about it, and what each costs;
* what to do first when a run of your own collapses.

It takes about a minute on one processor core:

    python tutorials/why_gans_fail.py

The figures go to `runs/tutorials/why_gans_fail/`. The same comparison with every objective of the
library, several seeds and a ring is `benchmarks/objectives.md`.
"""

import argparse
import time
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans
from keras_gans.layers import Pack
from keras_gans.losses import Penalty
from keras_gans.networks import wgan_gp_toy_discriminator, wgan_gp_toy_generator

parser = argparse.ArgumentParser(description="Saturation, collapse and what helps.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/why_gans_fail"))
parser.add_argument("--quick", action="store_true", help="small networks, few steps")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)

width, steps = (16, 40) if options.quick else (128, 8000)
batch_size = 100

"""
## Twenty-five modes

The data are 25 narrow Gaussians on a grid, PacGAN's toy. They are to a generator what kinds of
pictures are: separate, equally frequent, with nothing between them. A generator is a continuous
function of its latents, so it has to learn where to jump.
"""

toy = keras_gans.data.pacgan_grid
points = toy(100_000, seed=0)
coverage = keras_gans.metrics.ModeCoverage(toy.modes, toy.std)
perfect = coverage.compare(None, toy(2500, seed=1))
print("2,500 points of the grid itself:", {name: round(x, 3) for name, x in perfect.items()})

"""
`ModeCoverage` counts as the papers do: a point within three standard deviations of its nearest mode
is of high quality; a mode that has one such point is found; the reverse KL divergence says how
unevenly the points are spread over the modes.

## Saturation

The generator of the first GAN minimizes log(1 - D(G(z))). Of a raw score s that is
-softplus(s), with the slope -sigmoid(s). A bad sample has a low score, and there that slope is
nearly nothing: the worse the sample, the less it learns. The *non-saturating* loss softplus(-s) has
the slope -sigmoid(-s), which is nearly -1 there.

The authors of the GAN knew this, and proposed the second loss in the same paper. Here is how much
is left of both when a discriminator has run ahead: it is trained against a generator that stands
still (a learning rate of zero), as happens by itself when one player learns faster.
"""


def build(loss="non_saturating", pack=1, rate=1e-3, betas=(0.5, 0.999), still=False, **remedies):
    """A GAN of points, compiled; every comparison below has these networks."""
    keras.utils.set_random_seed(0)
    discriminator = wgan_gp_toy_discriminator(width, dim=2 * pack)
    if pack > 1:
        together = keras.Input((2,), name="points")
        discriminator = keras.Model(together, discriminator(Pack(pack)(together)))
    model = keras_gans.GAN(
        wgan_gp_toy_generator(2, width), discriminator, 2, loss=loss, seed=0, **remedies
    )
    model.compile(
        keras.optimizers.Adam(0.0 if still else rate, *betas),
        keras.optimizers.Adam(rate, *betas),
        steps_per_execution=20,
    )
    return model


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


"""
The slopes are means over 500 points of the generator that stands still, every 40 steps of D.
"""

ahead = build(still=True)
slopes = {"minimax": [], "non-saturating": []}
rounds = 4 if options.quick else 25
for _ in range(rounds):
    scores = ahead.discriminator.predict(ahead.generate(500, seed=1), verbose=0).astype("float64")
    slopes["minimax"].append(sigmoid(scores).mean())
    slopes["non-saturating"].append(sigmoid(-scores).mean())
    ahead.fit(points[: 40 * batch_size], batch_size=batch_size, verbose=0)
left = slopes["minimax"][-1] / slopes["non-saturating"][-1]
print(f"The minimax loss has {left:.1e} of the slope of the non-saturating one.")

"""
Left, both slopes as functions of the score; right, what became of them.
"""

figure, (curves, course) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
line = np.linspace(-10, 6, 200)
for name, slope in (("minimax", sigmoid(line)), ("non-saturating", sigmoid(-line))):
    curves.plot(line, slope, label=name)
    course.plot(40 * np.arange(rounds), slopes[name], marker="o", label=name)
curves.set(title="What a sample of score s teaches", xlabel="raw score s", ylabel="|slope|")
course.set(title="While D alone learns", xlabel="steps of D", ylabel="mean |slope|", yscale="log")
for axis in (curves, course):
    axis.legend()
    axis.grid(alpha=0.3)
figure.savefig(options.output / "saturation.png", dpi=110)
plt.close(figure)

"""
So minimax is the loss of proofs, and non-saturating the one of practice. It is no cure for what
comes next.

## Collapse

The discriminator looks at one point at a time. As long as that point lies in *some* mode, it has
nothing to say against it. A generator that puts all of its points into the one mode that is
judged best today gains by it; tomorrow the discriminator has learnt that these are too many there,
and all points move on. Losses do not tell: they look the same as those of a good run.
"""


def train(name, **arguments):
    """Train a GAN in four parts; its points and what they cover after each."""
    model = build(**arguments)
    packs = arguments.get("pack", 1)
    course, start = [], time.process_time()
    for part in range(4):
        some = toy(steps // 4 * batch_size * packs, seed=part)
        model.fit(some, batch_size=batch_size * packs, verbose=0)
        made = model.generate(2500, seed=2, batch_size=2500)
        course.append((made, coverage.compare(None, made)))
    found = course[-1][1]
    print(
        f"{name}: {found['modes']:.0f} modes, {found['high_quality']:.0%} of high quality, "
        f"KL {found['reverse_kl']:.2f}; {time.process_time() - start:.0f} s of the processor"
    )
    return course


runs = {"non-saturating": train("non-saturating")}

"""
Modes come and go; some never come.
"""


def draw(panels, color, name):
    """Generated points over real ones, a panel for each title, in a file."""
    figure, axes = plt.subplots(1, 4, figsize=(13, 4), layout="constrained")
    for axis, (title, made) in zip(axes, panels.items(), strict=True):
        axis.scatter(*points[:1000].T, s=12, color="silver")
        axis.scatter(*made.T, s=1, color=color)
        axis.set(xlim=(-6, 6), ylim=(-6, 6), aspect="equal")
        axis.set_title(title, fontsize=10)
    figure.supxlabel(
        "grey: 1,000 real points; colour: 2,500 generated ones, and how many per cent of them are "
        "within three deviations of a mode",
        fontsize=10,
    )
    figure.savefig(options.output / name, dpi=110)
    plt.close(figure)


def counts(found):
    return f"{found['modes']:.0f} modes, {found['high_quality']:.0%} near one"


panels = {
    f"{part * (steps // 4)} steps\n{counts(found)}": made
    for part, (made, found) in enumerate(runs["non-saturating"], 1)
}
draw(panels, "tab:red", "collapse.png")

"""
## Four remedies

* **Packing** (PacGAN): the discriminator judges two points at a time. Two real points lie in the
  same mode once in 25 times, two of a collapsed generator more often, and that it can see. Nothing
  else changes; a batch has twice as many points.
* **Averaging** the generator's weights: what moves from mode to mode is in its mean in between. It
  takes no part in the game.
* **Penalties** R1 and R2 on the discriminator's gradient, at real and at generated points. The game
  has an equilibrium in which D is flat; without them players may circle around it for ever.
* A **relativistic** loss: a generated point is compared with a real one, so no score can drift away
  for all. Each real mode without company pulls. With both penalties it is R3GAN's objective.

How much a penalty must weigh depends on the scale of the data: it is a squared gradient, so data of
twice the size need four times the weight. Here it is 200 variances of a mode.
"""

weight = 200 * toy.std**2
penalties = [Penalty("r1", weight), Penalty("r2", weight)]
decay = keras.optimizers.schedules.CosineDecay(2e-3, steps)
runs["packs of 2"] = train("packs of 2", pack=2)
runs["average"] = train("average", ema_decay=0.99)
runs["all of them but packs"] = train(
    "all of them but packs",
    loss="relativistic",
    penalty=penalties,
    ema_decay=0.99,
    rate=decay,
    betas=(0.0, 0.99),
)

panels = {f"{name}\n{counts(course[-1][1])}": course[-1][0] for name, course in runs.items()}
draw(panels, "tab:blue", "remedies.png")

"""
Packs do not find many more modes in so few steps, for that takes a point within three deviations.
But look at their KL, a fraction of what it was: the points are on their way to nearly all modes
alike, and the paper, which gives them fifty times as many steps, counts them there.

The last run changes everything at once, packs apart, and does not show what helps how much:
`benchmarks/objectives.md` has rows for single changes. Each part is there for something:

* R1 and R2 find the modes, and let the players come to rest;
* the relativistic loss gives each real mode without company a pull of its own;
* the average keeps what moves from mode to mode;
* learning rates that fall to zero, and Adam without a first moment and with a short memory of
  squares, bring points that lie between modes to one, for as long as it trains.

## When a run of your own collapses

1. Look at samples of many seeds, and count something: `ModeCoverage`, `SampleSimilarity`, or the
   callback `CollapseMonitor`. Losses do not show it.
2. Add R1 and R2, with a weight for the scale of your data; then the relativistic loss.
3. Average the generator (`ema_decay`), and let the learning rates fall.
4. Only then change networks. `docs/choosing_an_objective.md` has the numbers.

## What was claimed

1. Where the discriminator is sure, less than a tenth of the non-saturating slope is left of
   the minimax loss (with `--quick`: less than all).
2. All remedies but packs find all 25 modes together, and the plain GAN does not (not with
   `--quick`).
3. Packs of 2 spread the points more evenly: a KL of less than half (not with `--quick`).

## References

* Goodfellow et al. 2014, *Generative Adversarial Nets*, arXiv:1406.2661: both losses.
* Lin et al. 2018, *PacGAN*, arXiv:1712.04086: packing, the grid, and how to count.
* Mescheder et al. 2018, *Which Training Methods for GANs do actually Converge?*,
  arXiv:1801.04406: R1 and R2.
* Huang et al. 2024, *The GAN is dead; long live the GAN!*, arXiv:2501.05441: both with the
  relativistic loss.
"""

plain, packs, _, best = (course[-1][1] for course in runs.values())
assert left < (1.0 if options.quick else 0.1), left
assert options.quick or plain["modes"] < best["modes"] == 25, (plain, best)
assert options.quick or packs["reverse_kl"] < plain["reverse_kl"] / 2, (plain, packs)
