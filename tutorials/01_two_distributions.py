"""
# Two distributions: what a discriminator learns, and where the game ends

A generative adversarial network is a game, and most of its theory fits on the real line. Here
the "images" are single numbers, every density can be drawn, and each claim of the theory can be
held against the exact curve.

You will learn

* what a discriminator knows when it has learned all there is to learn: the ratio of two densities;
* why its loss measures the distance between the data and the generator's samples;
* how the two players, each following its own loss, carry the generator's density onto the data's;
* how to read the discriminator's loss in the logs, and why -log 4 is the number to remember.

It takes about a minute on two processor cores:

    python tutorials/01_two_distributions.py

The figures go to `runs/tutorials/01_two_distributions/`.
"""

import argparse
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

import keras_gans

parser = argparse.ArgumentParser(description="A GAN learns a density on the line.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/01_two_distributions"))
parser.add_argument("--quick", action="store_true", help="fewer steps and wider tolerances")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)

"""
## The data

The data come from a mixture of two Gaussians: three numbers in ten from the hump at -1.5, seven
from the hump at 1. Their density p is known to us, but not to the networks, which see samples
only.
"""


def gaussian(x, mean, std):
    return np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))


line = np.linspace(-4.0, 4.0, 801)
p = 0.3 * gaussian(line, -1.5, 0.4) + 0.7 * gaussian(line, 1.0, 0.4)

num_samples = 2**13 if options.quick else 2**15
hump = np.where(rng.random(num_samples) < 0.3, -1.5, 1.0)
real = (hump + 0.4 * rng.standard_normal(num_samples)).astype("float32")[:, None]

"""
## The players

The discriminator D is a small network from a number to a *raw score*, with no sigmoid at its end:
above zero it takes the number for real, below zero for generated. The probability it has in mind
is sigmoid(D(x)). The generator G is just such a network, from a few Gaussian numbers, the
latents z, to one number.

Two choices of initial weights help on the line. The discriminator's first layer has its bends
spread over the line, so that it can tell neighbouring numbers apart. The generator begins broad:
one that begins as a narrow spike tends to move onto one hump and to stay there.
"""


def build_discriminator():
    x = keras.Input((1,), name="sample")
    hidden = layers.Dense(
        64,
        activation="silu",
        kernel_initializer=keras.initializers.RandomNormal(stddev=2.0),
        bias_initializer=keras.initializers.RandomUniform(-4.0, 4.0),
    )(x)
    hidden = layers.Dense(64, activation="silu")(hidden)
    return keras.Model(x, layers.Dense(1)(hidden), name="discriminator")


def build_generator(latent_dim):
    latents = keras.Input((latent_dim,), name="latents")
    hidden = layers.Dense(
        64,
        activation="tanh",
        kernel_initializer=keras.initializers.RandomNormal(stddev=1.0),
        bias_initializer=keras.initializers.RandomUniform(-2.0, 2.0),
    )(latents)
    hidden = layers.Dense(64, activation="silu")(hidden)
    wide = keras.initializers.RandomNormal(stddev=0.4)
    number = layers.Dense(1, kernel_initializer=wide, name="number")(hidden)
    return keras.Model(latents, number, name="generator")


def learning_rate(start, epochs):
    """From `start` down to zero along half a cosine, so that the players come to rest."""
    return keras.optimizers.schedules.CosineDecay(start, epochs * num_samples // 256)


"""
## Part A: the generator stands still

The players play for one number, the value of the game (equation 1 of Goodfellow et al. 2014):

    V(D, G) = E_p[log D(x)] + E_q[log(1 - D(x))]

where q is the density of the generator's samples and D(x) is read as a probability. The
discriminator wants it large, the generator small. Write V as an integral over x, of
p(x) log D(x) + q(x) log(1 - D(x)). At each x by itself this is largest at

    D*(x) = p(x) / (p(x) + q(x))

which is Proposition 1 of the paper: the best discriminator knows nothing but the ratio of the two
densities. Can a trained one be caught knowing it? For that, q must be known too. So the first
generator is a single affine layer, x = 1 * z + 0: its samples are exactly N(0, 1). Its optimizer
takes steps of length zero, and so it stands still while the discriminator learns.
"""

latents = keras.Input((1,), name="latents")
fixed_generator = keras.Model(
    latents, layers.Dense(1, kernel_initializer="ones", bias_initializer="zeros")(latents)
)
q = gaussian(line, 0.0, 1.0)

epochs = 6
fixed_game = keras_gans.GAN(fixed_generator, build_discriminator(), latent_dim=1, seed=0)
fixed_game.compile(
    generator_optimizer=keras.optimizers.SGD(0.0),
    discriminator_optimizer=keras.optimizers.Adam(learning_rate(1e-2, epochs)),
)
history = fixed_game.fit(real, batch_size=256, epochs=epochs, verbose=0).history

"""
Both curves are at hand now: the discriminator that was learned from samples, and the optimal one
that is computed from the densities. Where neither density has any mass to speak of, no sample
ever told the network what to say there, so the comparison keeps to where samples live.
"""


def probability_of_real(discriminator):
    scores = discriminator.predict(line[:, None].astype("float32"), batch_size=1024, verbose=0)
    return 1.0 / (1.0 + np.exp(-scores[:, 0]))


optimal = p / (p + q)
learned = probability_of_real(fixed_game.discriminator)
inhabited = p + q > 0.05
deviation = np.abs(learned - optimal)[inhabited].max()
print(f"Part A: the learned discriminator is within {deviation:.3f} of p / (p + q)")

figure, (densities, answers) = plt.subplots(2, 1, figsize=(7, 6), sharex=True, layout="constrained")
densities.fill_between(line, p, alpha=0.3, color="tab:blue", label="p: the data")
densities.fill_between(
    line, q, alpha=0.3, color="tab:orange", label="q: a fixed generator, N(0, 1)"
)
densities.set(title="Two densities ...", ylabel="density")
answers.plot(line, optimal, color="black", linewidth=3, alpha=0.35, label="optimal: p / (p + q)")
answers.plot(line, learned, color="tab:red", label="learned: sigmoid(D(x))")
answers.axhline(0.5, color="grey", linewidth=0.8, linestyle=":")
answers.fill_between(
    line, 0, 1.35, where=~inhabited, color="grey", alpha=0.12, label="hardly any samples"
)
answers.set(
    title="... and what a discriminator makes of them",
    xlabel="x",
    ylabel="probability that x is real",
    ylim=(0, 1.35),
    yticks=np.linspace(0, 1, 5),
)
for axis in (densities, answers):
    axis.legend(loc="upper left", fontsize=9)
    axis.set_xlim(-4, 4)
figure.savefig(options.output / "optimal_discriminator.png", dpi=110)
plt.close(figure)

"""
The discriminator has become a measuring instrument. Put D* into V, and what comes out is

    V(D*, G) = -log 4 + 2 JSD(p, q)

with the Jensen-Shannon divergence JSD, which is zero where p = q and positive everywhere else
(Theorem 1 of the paper). The right side is an integral that numpy can do. The left side stands in
the logs: `discriminator_loss` is -V, the cross-entropy of telling real from generated, averaged
over the batches of an epoch.
"""

step = line[1] - line[0]
middle = (p + q) / 2
divergence = 0.5 * step * np.sum(p * np.log(p / middle) + q * np.log(q / middle))
exact_value = -np.log(4) + 2 * divergence
measured_value = -history["discriminator_loss"][-1]
print(f"        V by the integral {exact_value:.4f}, V in the logs {measured_value:.4f}")

"""
## Part B: the generator moves

Theorem 1 also says where the game must end. -log 4 + 2 JSD(p, q) is smallest at q = p, and there
V is -log 4 = -1.386: the discriminator answers 1/2 to everything and pays log 2 on the real half
and log 2 on the generated half.

Now both players learn, a step each in turn, on the same minibatch. One change to the rules is in
the paper itself, and it is the default of `keras_gans.GAN`: the generator does not lower
log(1 - D(G(z))), which is flat where the discriminator is sure of itself, but raises log D(G(z)),
which is steep there. The discriminator's loss stays -V.

A callback keeps what the same latents become after every epoch. `generate` returns images as
`uint8`, but numbers as they are.
"""


class KeepSamples(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.samples = []

    def on_train_begin(self, logs=None):
        self.keep()

    def on_epoch_end(self, epoch, logs=None):
        self.keep()

    def keep(self):
        samples = self.model.generate(num_samples, seed=1, batch_size=num_samples)
        self.samples.append(samples[:, 0])


epochs = 24 if options.quick else 30
game = keras_gans.GAN(build_generator(latent_dim=8), build_discriminator(), latent_dim=8, seed=0)
game.compile(
    generator_optimizer=keras.optimizers.Adam(learning_rate(4e-3, epochs), beta_1=0.5),
    discriminator_optimizer=keras.optimizers.Adam(learning_rate(4e-3, epochs), beta_1=0.5),
)
kept = KeepSamples()
history = game.fit(real, batch_size=256, epochs=epochs, callbacks=[kept], verbose=0).history

"""
How far are the samples from the data? On the line there is a distance that asks for no network
and no density: sort both sets, and average how far the k-th smallest of one lies from the k-th
smallest of the other. That is the Wasserstein-1 distance, the least work that moves one heap of
sand onto the other.
"""

sorted_real = np.sort(real[:, 0])
distances = [np.abs(np.sort(samples) - sorted_real).mean() for samples in kept.samples]
print(f"Part B: Wasserstein-1 distance {distances[0]:.3f} untrained, {distances[-1]:.3f} trained")

figure, axes = plt.subplots(2, 3, figsize=(11, 6), sharex=True, layout="constrained")
shown = np.unique(np.rint(epochs * np.array([0, 0.05, 0.1, 0.3, 0.6, 1])).astype(int))
for axis, epoch in zip(axes.flat, shown, strict=True):
    axis.hist(
        kept.samples[epoch],
        bins=100,
        range=(-4, 4),
        density=True,
        color="tab:orange",
        alpha=0.6,
        label="generated samples",
    )
    axis.plot(line, p, color="tab:blue", label="density p of the data")
    axis.set(
        title=f"epoch {epoch}: W1 = {distances[epoch]:.2f}",
        ylim=(0, 1.25),
        xlabel="x",
        ylabel="density",
    )
    axis.label_outer()
axes[0, 0].legend(loc="upper left", fontsize=9)
figure.suptitle("The generator's samples move onto the data (W1: their Wasserstein-1 distance)")
figure.savefig(options.output / "density_over_epochs.png", dpi=110)
plt.close(figure)

"""
Beside the distances, the value of the game. It starts wherever two untrained networks happen to
be. While the discriminator is ahead, V is above -log 4. After a bold move of the generator it may
fall below for a while: the discriminator then still believes in differences that are gone, and
would do better to answer 1/2. As the samples come to rest on the data, V comes to rest at -log 4.

Mind what this curve does *not* say. Theorem 1 speaks of the optimal discriminator, the logs of the
current one. A discriminator that has learned nothing also answers 1/2 to everything, and also
scores -log 4. A loss near log 4 is therefore a sign of balance, and of success only where the
discriminator is good.
"""

value = -np.array(history["discriminator_loss"])
final_value = value[-5:].mean()

"""
## Part C: a referee

To know which of the two it is, bring in a discriminator that has not taken part, and let it learn
against the finished generator, as in part A: what its V has above -log 4 is twice the divergence
that it has found. (There may be a little more of it: no trained discriminator is optimal.) The
fixed generator of part A serves for comparison.
"""

epochs_of_referee = 6
referee = keras_gans.GAN(game.generator, build_discriminator(), latent_dim=8, seed=1)
referee.compile(
    generator_optimizer=keras.optimizers.SGD(0.0),
    discriminator_optimizer=keras.optimizers.Adam(learning_rate(1e-2, epochs_of_referee)),
)
verdict = referee.fit(real, batch_size=256, epochs=epochs_of_referee, verbose=0).history
referee_value = -verdict["discriminator_loss"][-1]
found = (referee_value + np.log(4)) / 2
print(f"        V at the end {final_value:.4f}, -log 4 is {-np.log(4):.4f}")
print(f"Part C: JSD found by a fresh discriminator {found:.4f}; in part A it was {divergence:.4f}")

figure, (game_axis, distance_axis) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
numbers = np.arange(1, epochs + 1)
game_axis.plot(numbers, value, color="tab:red", label="V(D, G) = -discriminator_loss")
game_axis.axhline(-np.log(4), color="black", linestyle="--", label="-log 4, the end of the game")
game_axis.axhline(
    exact_value, color="tab:green", linestyle=":", label="-log 4 + 2 JSD of part A's generator"
)
game_axis.plot(
    epochs, referee_value, "k*", markersize=11, label="a fresh discriminator, at the end"
)
game_axis.set(title="The value of the game", xlabel="epoch", ylabel="V")
distance_axis.plot(np.arange(epochs + 1), distances, color="tab:orange")
distance_axis.set(
    title="Generated samples against real ones",
    xlabel="epoch",
    ylabel="Wasserstein-1 distance",
    ylim=(0, None),
)
game_axis.legend(fontsize=9)
for axis in (game_axis, distance_axis):
    axis.grid(alpha=0.3)
figure.savefig(options.output / "value_of_the_game.png", dpi=110)
plt.close(figure)

"""
## What was claimed

1. Proposition 1: the learned discriminator is p / (p + q), to within a few hundredths.
2. Theorem 1, the identity: V in the logs is -log 4 + 2 JSD(p, q).
3. Theorem 1, the end: V has come to -log 4, and a fresh discriminator finds next to nothing.
4. The samples say the same without any network: less than a fifth of the first distance is left.

With `--quick` there are fewer steps, and the tolerances are wider.

## Where to go from here

* Give the game `loss="minimax"`, the rules of equation 1 to the letter, and watch the start.
* Give it `loss="hinge"`: what does `discriminator_loss` tend to now, and why is it not log 4?
* Let the generator begin as a spike (`stddev=0.02` in its last layer): does it find both humps?
* Make the humps narrower (0.1). Their distributions hardly overlap with the generator's then, and
  the discriminator wins by so much that it has little left to teach: that is where gradient
  penalties come in (`penalty="gradient_penalty"`).
* `tutorials/02_first_images.py` plays the same game for pictures.

## References

* Goodfellow et al. 2014, *Generative Adversarial Networks*, arXiv:1406.2661: equation 1,
  Proposition 1 and Theorem 1.
"""

assert deviation < (0.15 if options.quick else 0.05), deviation
assert abs(measured_value - exact_value) < (0.05 if options.quick else 0.01), measured_value
assert abs(final_value + np.log(4)) < (0.05 if options.quick else 0.02), final_value
assert found < divergence / (4 if options.quick else 20), (found, divergence)
assert distances[-1] < distances[0] / (2 if options.quick else 5), (distances[0], distances[-1])
