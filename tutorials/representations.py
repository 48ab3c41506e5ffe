"""
# Representations: from pictures to codes, and back

A generator goes one way, from a code to a picture. This is about the other way: networks that read
a picture and say in a few numbers what it is, and about what such numbers are good for.

You will learn

* what an autoencoder keeps, and what a denoising one learns beside;
* where both terms of a variational autoencoder come from, and how to check them by hand;
* why its samples are blurred, and those of a GAN are not;
* how a BiGAN learns to encode without ever comparing a picture with its reconstruction;
* what codes are worth where labels are few: a linear classifier, nearest neighbours, and a GAN
  whose discriminator is the classifier;
* how to find the latents of a picture, and to calculate with them;
* what a dictionary of small strokes looks like.

It takes about four minutes on two processor cores:

    python tutorials/representations.py

The figures go to `runs/tutorials/representations/`.
"""

import argparse
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans
from keras_gans import latent_tools, neighbours, networks, presets
from keras_gans.callbacks import make_grid
from keras_gans.manifold import manifold

parser = argparse.ArgumentParser(description="From pictures to codes, and back.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/representations"))
parser.add_argument("--quick", action="store_true", help="smaller networks, few steps")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)

"""
## Pictures, and labels that are used late

The networks below learn from pictures alone. Labels come in where codes are tried out, and then
few of them. The last 2,000 pictures are kept aside.
"""

image_shape = (28, 28, 1)
images, labels = keras_gans.data.fashion_mnist(image_shape)
labels = labels.astype("int32")  # They are uint8, in which there is no -1.
names = keras_gans.data.FASHION_MNIST_CLASSES
training, held_out = images[: 256 if options.quick else -2000], images[-2000:]
training_labels, held_out_labels = labels[: len(training)], labels[-2000:]
units = 16 if options.quick else 256


def quiet_fit(model, data, epochs, batch_size=128, **arguments):
    """Train, and say in one line what the last epoch logged."""
    epochs = 1 if options.quick else epochs
    logs = model.fit(data, epochs=epochs, batch_size=batch_size, verbose=0, **arguments).history
    last = ", ".join(f"{name} {values[-1]:.2f}" for name, values in logs.items())
    print(f"{model.name}, {epochs} epochs: {last}")


def show(rows, title, name, columns=10):
    """Draw rows of images, each with a label."""
    grid = make_grid(np.concatenate([pictures[:columns] for pictures in rows.values()]), columns)
    figure, axis = plt.subplots(figsize=(9.4, 0.5 + 0.74 * len(rows)), layout="constrained")
    axis.imshow(grid, cmap="gray", vmin=0, vmax=255)
    axis.set_yticks((np.arange(len(rows)) + 0.5) * len(grid) / len(rows), list(rows))
    axis.tick_params(length=0)
    axis.set_xticks([])
    axis.set_title(title, fontsize=11)
    figure.savefig(options.output / name, dpi=100, bbox_inches="tight")
    plt.close(figure)


def squared_error(pictures, others):
    """The mean squared difference of pixels in [0, 1]."""
    return np.square(pictures / 255.0 - others / 255.0).mean()


"""
## An autoencoder

Two networks: an encoder f from a picture to a code of 16 numbers, a decoder g back to a picture.
All that is asked of them is g(f(x)) = x. That would be idle if the code were as large as the
picture: through 16 numbers only what pictures have in common can be left out.
"""

ae = presets.autoencoder(image_shape, latent_dim=16, widths=(units, units // 2), seed=0)
quiet_fit(ae, training, epochs=20)

"""
## A denoising autoencoder

Spoil the picture before it is read, and ask for the clean one. Half of the pixels are set to black,
others at each step. To fill a hole one has to know what usually surrounds it; copying does not
help, and so a code may even be larger.
"""

dae = presets.denoising_autoencoder(image_shape, latent_dim=64, widths=(units,), rate=0.5, seed=0)
quiet_fit(dae, training, epochs=20)

spoilt = dae.corrupt(held_out, seed=1)
by_ae, by_dae = ae.reconstruct(spoilt, batch_size=500), dae.reconstruct(spoilt, batch_size=500)
rows = {
    "held-out picture": held_out,
    "through 16 numbers": ae.reconstruct(held_out[:10]),
    "half of the pixels": spoilt,
    "by the autoencoder": by_ae,
    "by the denoising one": by_dae,
}
show(rows, "Reconstructed, and restored", "autoencoders.png")
errors = {name: squared_error(made, held_out) for name, made in (("ae", by_ae), ("dae", by_dae))}
print(
    f"spoilt pictures {squared_error(spoilt, held_out):.3f} from the clean ones, restored by the "
    f"autoencoder {errors['ae']:.3f}, by the denoising one {errors['dae']:.3f}"
)

"""
## A variational autoencoder

Where are the codes of pictures? An autoencoder does not say: decode a draw from N(0, 1), and the
decoder is asked for something that it may never have seen. The variational autoencoder is built the
other way round. First there is a story of how pictures come about: z is drawn from p(z) = N(0, 1),
x from p(x|z), where the decoder says for each pixel how likely it is to be white. What we want is
that the pictures are likely under that story:

    log p(x) = log of the integral of p(x|z) p(z) over all z

For nearly all z, p(x|z) is next to nothing. So the encoder proposes those that matter, by a normal
distribution of its own, q(z|x) = N(m(x), s(x)^2). Multiply and divide by it, and move the logarithm
inside (Jensen: the log of a mean is at least the mean of the logs):

    log p(x) = log E_q[p(x|z) p(z) / q(z|x)]
            >= E_q[log p(x|z)] - E_q[log q(z|x) - log p(z)]

That is the evidence lower bound. Its first term says how well a picture is given back; the second
is KL(q(z|x) || p(z)), how far the codes of one picture are from those that are drawn. For two
normal distributions it is 1/2 sum(m^2 + s^2 - 1 - log s^2).
"""

vae = presets.variational_autoencoder(image_shape, latent_dim=16, widths=(units,), seed=0)
quiet_fit(vae, training, epochs=30)

"""
The logs have both terms, of the opposite sign, since they are minimized: `reconstruction` and
`divergence`, in nats per picture. Now by hand, for one picture and one draw of noise.
"""

x = held_out[:1] / 255.0
said = {name: keras.ops.convert_to_numpy(y) for name, y in vae.encoder(x).items()}
m, log_s2 = said["means"].astype("float64"), said["log_variances"].astype("float64")
e = rng.standard_normal((1, 16))


def log_likelihood(z):
    """log p(x|z) of rows of z: the sum over pixels of x log y + (1 - x) log(1 - y)."""
    y = vae.generator.predict(z.astype("float32"), batch_size=500, verbose=0).astype("float64")
    y = np.clip(y, 1e-7, 1 - 1e-7)
    return (x * np.log(y) + (1 - x) * np.log(1 - y)).sum(axis=(1, 2, 3))


reconstruction = -log_likelihood(m + np.exp(0.5 * log_s2) * e)[0]
divergence = 0.5 * np.sum(m**2 + np.exp(log_s2) - 1 - log_s2)
terms = vae.terms(vae.batch(held_out[:1]), e.astype("float32"), training=False)
terms = {name: float(keras.ops.convert_to_numpy(value)) for name, value in terms.items()}
print(f"by hand: reconstruction {reconstruction:.3f}, divergence {divergence:.3f} nats")
print(f"by the model: {terms}")

"""
Is the formula of the divergence right, and is the bound below what it bounds? Both can be asked by
drawing. The mean of log q(z|x) - log p(z) over many z from q is the divergence. And before Jensen
moved the logarithm, the line was an equation: the log of the mean weight p(x|z) p(z) / q(z|x)
comes the nearer to log p(x), the more z are drawn.
"""

many = 500 if options.quick else 5000
e = rng.standard_normal((many, 16))
z = m + np.exp(0.5 * log_s2) * e
log_q_over_p = 0.5 * np.sum(z**2 - e**2 - log_s2, axis=1)  # The constants cancel.
log_weights = log_likelihood(z) - log_q_over_p
bound = log_weights.mean()
evidence = log_weights.max() + np.log(np.exp(log_weights - log_weights.max()).mean())
of_draws = vae.terms(
    vae.batch(np.repeat(held_out[:1], many, axis=0)), e.astype("float32"), training=False
)
loss = sum(float(keras.ops.convert_to_numpy(value)) for value in of_draws.values())
print(
    f"divergence {divergence:.2f} by the formula, {log_q_over_p.mean():.2f} by {many} draws; the "
    f"bound {bound:.1f} is below log p(x), about {evidence:.1f} nats"
)

"""
## The plane of all pictures

With two latents everything that the decoder can make fits into a picture. To the right grows the
first number, downwards the second, in equally likely steps. (Two numbers hold little: these are the
kinds, not the garments.)
"""

plane = presets.variational_autoencoder(
    image_shape, latent_dim=2, widths=(units, units // 2), seed=0
)
quiet_fit(plane, training, epochs=30)
codes = plane.encode(held_out, batch_size=500)
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 6), layout="constrained")
left.imshow(manifold(plane, side=16), cmap="gray", vmin=0, vmax=255)
left.set_title("What the decoder makes of the plane of latents")
left.axis("off")
for kind, name in enumerate(names):
    chosen = held_out_labels == kind
    right.scatter(*codes[chosen].T, s=5, color=plt.cm.tab10(kind), label=name)
right.set(
    title="Where the encoder puts held-out pictures (colours: their classes)",
    xlabel="first latent",
    ylabel="second latent",
    aspect="equal",
    xlim=(-4, 4),
    ylim=(4, -4),
)
right.legend(fontsize=8, markerscale=3, ncols=2, loc="lower right")
figure.savefig(options.output / "plane.png", dpi=100)
plt.close(figure)

"""
## A BiGAN

A GAN has no encoder. BiGAN adds one, and no error of reconstruction: the discriminator judges
*pairs*, (x, E(x)) of a real picture and (G(z), z) of a generated one. When it cannot tell them
apart, the pairs have one distribution, and then E and G are each other's inverse (Theorem 2 of
Donahue et al.).
"""

bigan = presets.bigan(image_shape, latent_dim=16, width=2 * units, seed=0)
quiet_fit(bigan, training, epochs=40, batch_size=64)

show(
    {
        "held-out picture": held_out,
        "autoencoder": ae.reconstruct(held_out[:10]),
        "variational": vae.reconstruct(held_out[:10]),
        "BiGAN": bigan.reconstruct(held_out[:10]),
    },
    "The same pictures through 16 numbers",
    "reconstructions.png",
)

"""
Pixel by pixel the BiGAN is the worst by far; nobody has asked it for the pixels. What it comes to
give back, in its own words, is the kind of thing. It comes to that late: the authors train for 400
epochs. After these 40 the small classifier that ships with `keras_gans` says how often it is so, of
ten classes:
"""

given_back = {model.name: model.reconstruct(held_out, batch_size=500) for model in (ae, vae, bigan)}
farther = {name: squared_error(made, held_out) for name, made in given_back.items()}
print("squared error: " + ", ".join(f"{name} {error:.3f}" for name, error in farther.items()))
judge = keras_gans.metrics.fashion_mnist_classifier()
seen = judge.predict(given_back[bigan.name] / 127.5 - 1, batch_size=500, verbose=0).argmax(axis=1)
print(f"BiGAN: {np.mean(seen == held_out_labels):.0%} of the reconstructions are of the same class")

"""


## Why samples of a variational autoencoder are blurred

Many pictures share a region of latents: q(z|x) has a width, and the divergence keeps it from
becoming zero. For one z the decoder must then answer for all of them with one set of probabilities,
pixel by pixel; the best answer to "with a print or without?" is grey. A discriminator has seen that
no real garment is grey in that way, and says so.

The gradient energy, the mean squared difference of neighbouring pixels, puts a number to it.
"""


def gradient_energy(pictures):
    pixels = pictures / 255.0
    return np.square(np.diff(pixels, axis=1)).mean() + np.square(np.diff(pixels, axis=2)).mean()


gan = presets.dcgan(image_shape, width=4 if options.quick else 16, ema_decay=0.99, seed=0)
rate = {"learning_rate": 1e-3, "beta_1": 0.5}
gan.compile(
    generator_optimizer=keras.optimizers.Adam(**rate),
    discriminator_optimizer=keras.optimizers.Adam(**rate),
)
quiet_fit(gan, training, epochs=6, batch_size=32)

samples = {
    "autoencoder": ae.generate(500, seed=0, batch_size=500),
    "variational": vae.generate(500, seed=0, batch_size=500),
    "BiGAN": bigan.generate(500, seed=0, batch_size=500),
    "DCGAN": gan.generate(500, seed=0, batch_size=500),
    "real": held_out[:500],
}
show(samples, "What decoders and generators make of draws", "samples.png", columns=12)
energies = {name: gradient_energy(pictures) for name, pictures in samples.items()}
shares = {name: energy / energies["real"] for name, energy in energies.items()}
print(
    "gradient energy, of that of real pictures: "
    + ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
)

"""
## What codes are worth when labels are few

Let ten pictures of each class be labelled, a hundred in all. A linear classifier, here least
squares on one-hot labels, has to make do with them. It reads pixels, or it reads codes of networks
that have seen all pictures, and no label. The mean of ten choices of the hundred:
"""


def few_of_each(number, seed):
    """Indices of as many training pictures of each class."""
    shuffled = np.random.default_rng(seed).permutation(len(training))
    return np.concatenate(
        [shuffled[training_labels[shuffled] == kind][:number] for kind in range(len(names))]
    )


def linear_accuracy(of_training, of_held_out, choices=10, shrinkage=10.0):
    """Accuracy on held-out pictures of linear classifiers on a hundred labels."""
    mean, deviation = of_training.mean(axis=0), of_training.std(axis=0) + 1e-6
    known, unknown = ((x - mean) / deviation for x in (of_training, of_held_out))
    accuracies = []
    for seed in range(choices):
        chosen = few_of_each(10, seed)
        features, one_hot = known[chosen], np.eye(len(names))[training_labels[chosen]]
        square = features.T @ features + shrinkage * np.eye(features.shape[1])
        weights = np.linalg.solve(square, features.T @ (one_hot - 0.1))
        accuracies.append(np.mean((unknown @ weights).argmax(axis=1) == held_out_labels))
    return np.mean(accuracies)


readers = {
    "pixels": lambda pictures: pictures.reshape(len(pictures), -1) / 255.0,
    "autoencoder": lambda pictures: ae.encode(pictures, 500),
    "denoising": lambda pictures: dae.encode(pictures, 500),
    "variational": lambda pictures: vae.encode(pictures, 500),
    "BiGAN": lambda pictures: bigan.encode(pictures, 500),
}
features = {name: (read(training), read(held_out)) for name, read in readers.items()}
accuracies = {name: linear_accuracy(*both) for name, both in features.items()}
print(
    "a linear classifier on 100 labels: "
    + ", ".join(f"{name} {accuracy:.1%}" for name, accuracy in accuracies.items())
)

"""
Not every code is better than pixels: it may have left out what the classes differ in. The denoising
one, which is larger, has learned to fill in what is missing, and it goes the farthest here.


## A classifier that is the discriminator

Why first a code, then a classifier? In the semi-supervised GAN of Salimans et al. the discriminator
*is* the classifier. It has K logits for K classes; the class K + 1, "generated", has the logit 0.
With Z(x) the sum of their exponentials, a picture is real with the probability

    D(x) = Z(x) / (Z(x) + 1),        log Z(x) = logsumexp of the K logits

A picture with a label teaches which logit is to be large; any other picture that one of them has
to be, which one is left open; a generated one that none. The label of a picture without one is -1.
"""

hundred = few_of_each(10, seed=0)
partly = np.full(len(training), -1, "int32")
partly[hundred] = training_labels[hundred]


def small_classifier():
    keras.utils.set_random_seed(1)
    return networks.convolutional_classifier(image_shape, len(names), 4 if options.quick else 8)


semi = keras_gans.SemiSupervisedGAN(
    networks.improved_gan_generator(image_shape, width=units),
    small_classifier(),
    latent_dim=100,
    samples=keras_gans.samples.Images(range=(0, 1)),
    ema_decay=0.99,
    seed=0,
)
semi.compile(
    **{f"{player}_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.5) for player in semi.players}
)
quiet_fit(semi, training, y=partly, epochs=12, batch_size=64)

"""
For comparison the same classifier, with the same noise and dropout, taught by the hundred alone.
"""

alone = small_classifier()
supervised = keras.Model(alone.inputs, alone.output["logits"])
supervised.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
supervised.fit(
    training[hundred] / 255.0,
    training_labels[hundred],
    epochs=1 if options.quick else 150,
    batch_size=50,
    verbose=0,
)
by_hundred = supervised.predict(held_out / 255.0, batch_size=500, verbose=0).argmax(axis=1)
of_hundred = np.mean(by_hundred == held_out_labels)
of_semi = np.mean(semi.classify(held_out, batch_size=500) == held_out_labels)
print(
    f"with 100 labels: the classifier alone {of_hundred:.1%}, as a discriminator, with all other "
    f"pictures, {of_semi:.1%}"
)

"""
Expect no wonder of so short a training: that may be a point or two more, or less, by the choice of
the hundred. `python -m applications.semi_supervised` gives it time. What always holds is the
formula: a softmax of K + 1 logits, of which the last one is 0, has the same D(x). So what the model
minimizes for pictures without a label, 1/2 (E[-log D(u)] + E[-log(1 - D(G(z)))]), can be had from
such a softmax.
"""


def generated_share(pictures):
    """The probability of the class K + 1, "generated", by a softmax."""
    logits = keras.ops.convert_to_numpy(semi.inference_classifier(pictures)["logits"])
    logits = np.concatenate([logits.astype("float64"), np.zeros((len(logits), 1))], axis=1)
    return (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))[:, -1]


batch = semi.batch((held_out[:64], np.full(64, -1, "int32")))
fake = semi.generator(semi.draw_latents(64, seed=0))
by_softmax = -0.5 * np.log(1 - generated_share(batch.samples)).mean()
by_softmax -= 0.5 * np.log(generated_share(fake)).mean()
unsupervised = semi.classifier_terms(batch, fake, training=False)["unsupervised"]
unsupervised = float(keras.ops.convert_to_numpy(unsupervised))
print(f"without labels: {by_softmax:.4f} by a softmax, {unsupervised:.4f} by the model")

"""
Its generator does not try to win. It matches the *mean features* of real pictures, the activations
before the logits: |E f(u) - E f(G(z))|^2. Such pictures need not be good to be useful; they mark
where real ones end.


## Whose latents are these? Inversion

Of a generator without an encoder, or of an encoder that does not reconstruct well, the latents of a
picture can be *searched*: by gradient descent on the latents, the generator held. It starts from
given latents, or from what the encoder says; of a model without one, from the best of some draws.
With `steps=0` nothing but the encoder is asked.
"""

wanted = held_out[:10]
steps = 5 if options.quick else 100
found = {
    "what the encoder says": latent_tools.invert(bigan, wanted, steps=0),
    f"{steps} steps from a draw": latent_tools.invert(
        bigan, wanted, bigan.draw_latents(10, seed=0), steps=steps
    ),
    f"{steps} steps from the encoder": latent_tools.invert(bigan, wanted, steps=steps),
}
pictures = {name: bigan.generate(latents=latents) for name, (latents, _) in found.items()}
show({"held-out picture": wanted, **pictures}, "BiGAN: pictures of found latents", "inversion.png")
distances = [float(of_each.mean()) for _, of_each in found.values()]
for name, distance in zip(found, distances, strict=True):
    print(f"BiGAN, {name}: squared error of pixels {distance:.3f}")

"""
A hundred steps forget where they began. A few do not, where the encoder is good: that of the
variational autoencoder says at once what ten steps from a draw do not find.
"""

few = [
    float(latent_tools.invert(vae, wanted, start, steps=steps)[1].mean())
    for start, steps in ((None, 0), (vae.draw_latents(10, seed=0), 10), (None, 10))
]
print(
    f"variational: encoder {few[0]:.3f}, ten steps from a draw {few[1]:.3f}, from the encoder "
    f"{few[2]:.3f}"
)

"""
## Calculating with codes

The mean code of the pullovers, less that of the T-shirts, is what long sleeves are. Added to that
of the dresses? `arithmetic` brings the sum to the length that draws have.
"""

of_training = vae.encode(training, batch_size=500)


def group(kind):
    return of_training[training_labels == names.index(kind)]


sums = [("Dress", "Pullover", "T-shirt/top"), ("Sandal", "Ankle boot", "Sneaker")]
figure, axes = plt.subplots(2, 4, figsize=(8, 4.4), layout="constrained")
for line, (first, plus, minus) in zip(axes, sums, strict=True):
    result = latent_tools.arithmetic(vae, [group(first), group(plus)], [group(minus)])
    means = [latent_tools.arithmetic(vae, [group(kind)]) for kind in (first, plus, minus)]
    pictures = vae.generate(latents=np.concatenate([*means, result]))
    titles = (first, f"+ {plus}", f"- {minus}", "=")
    for axis, picture, title in zip(line, pictures, titles, strict=True):
        axis.imshow(picture, cmap="gray", vmin=0, vmax=255)
        axis.set_title(title)
        axis.axis("off")
figure.suptitle("Mean codes of classes (variational autoencoder), and what comes of their sum")
figure.savefig(options.output / "arithmetic.png", dpi=100)
plt.close(figure)

"""
## Neighbours

Which pictures are alike? Those whose codes are near. How well do sixteen numbers say it, in a
fiftieth of the space of 784 pixels? `precision` is the share of neighbours that are of the class of
the picture that was asked with.
"""

near = {
    name: neighbours.nearest_by_distance(unknown, known, 10)
    for name, (known, unknown) in features.items()
}
precisions = {
    name: neighbours.precision(found_by, training_labels, held_out_labels)
    for name, found_by in near.items()
}
print(
    "of the 10 nearest pictures are of the same class: "
    + ", ".join(f"{name} {share:.1%}" for name, share in precisions.items())
)
rows, by = {}, {"pixels": "pixels", "variational": "codes"}
for query in (0, 3, 5):
    for name in by:
        pictures = [held_out[query : query + 1], training[near[name][query]]]
        rows[f"{names[held_out_labels[query]]}, by {by[name]}"] = np.concatenate(pictures)
show(rows, "First a held-out picture, then the ten nearest of training", "neighbours.png", 11)

"""
## A dictionary

Last, a code of another kind: many numbers, of which nearly all are zero. Sparse coding writes small
patches as sums of a few *atoms*, and learns the atoms. For each patch the code is searched, too,

    z = argmin 1/2 |x - D z|^2 + lambda |z|_1

by FISTA: there is no encoder. Then the dictionary D takes a step down the same expression.
"""

places = rng.integers(0, 20, (2000 if options.quick else 20000, 2))
pixels = training[rng.integers(0, len(training), len(places)), :, :, 0] / 127.5 - 1
patches = np.stack(
    [one[i : i + 8, j : j + 8].ravel() for one, (i, j) in zip(pixels, places, strict=True)]
).astype("float32")
patches -= patches.mean(axis=1, keepdims=True)
patches = patches[np.linalg.norm(patches, axis=1) > 1]  # Where there is something to see.

coding = keras_gans.SparseCoding(networks.dictionary((64,), atoms=100), sparsity=0.3, seed=0)
coding.compile(dictionary_optimizer=keras.optimizers.Adam(1e-2))
quiet_fit(coding, patches, epochs=10, batch_size=256)

codes = coding.encode(patches[:500])
active = np.count_nonzero(codes, axis=1)
again = coding.reconstruct(patches[:500])
explained = 1 - np.square(again - patches[:500]).sum() / np.square(patches[:500]).sum()
print(f"a patch of 64 pixels is a sum of {active.mean():.1f} atoms of 100, {explained:.0%} of it")

atoms = keras.ops.convert_to_numpy(coding.atoms()).reshape(-1, 8, 8)
figure, (left, right) = plt.subplots(
    1, 2, figsize=(11, 5), layout="constrained", width_ratios=(1, 1.2)
)


def grey(strokes):
    """uint8 pictures of patches: grey is 0, and each has its own scale."""
    largest = np.abs(strokes).max(axis=(1, 2), keepdims=True)
    return (127.5 + 127.5 * strokes / largest).astype("uint8")[..., None]


left.imshow(make_grid(grey(atoms), 10, gap=1), cmap="gray", vmin=0, vmax=255)
left.set_title("All atoms of the dictionary")
chosen = np.flatnonzero(active >= 4)[:6] if not options.quick else np.arange(6)
parts = [
    np.concatenate(
        [
            patches[[one]].reshape(1, 8, 8),
            again[[one]].reshape(1, 8, 8),
            *(
                (np.sign(codes[one, k]) * atoms[k])[None]
                for k in np.argsort(-np.abs(codes[one]))[:4]
            ),
        ]
    )
    for one in chosen
]
right.imshow(make_grid(grey(np.concatenate(parts)), 6, gap=1), cmap="gray", vmin=0, vmax=255)
right.set_title("Patches, and what they are sums of (each with its own scale)")
right.set_xticks(np.arange(6) * 9 + 5, ["patch", "sum", "1st", "2nd", "3rd", "4th"])
right.set_yticks([])
right.tick_params(length=0)
left.axis("off")
figure.savefig(options.output / "dictionary.png", dpi=100)
plt.close(figure)

"""
## What was claimed

1. Spoilt pictures are restored better by the network that was trained to.
2. Both terms of the bound by hand are those of the model, and the mean over draws that bounds the
   evidence is its loss.
3. Samples of the variational autoencoder have less gradient energy than real pictures, and are
   farther from these in it than those of the DCGAN.
4. A linear classifier makes more of a hundred labels on the codes of the denoising autoencoder than
   on pixels. The classifier that is a discriminator tells more than six in ten pictures rightly,
   and its D(x) is that of a softmax of K + 1 logits.
5. Descent finds latents that are nearer to a picture than what the BiGAN's encoder says; where the
   encoder is good, it is there sooner from what that one says.
6. More than seven in ten numbers of a sparse code are zero.

(With `--quick` nothing is learned: 2, and the softmax of 4, are claimed.)

## Where to go from here

* `python -m applications.autoencoders` trains the three autoencoders as a program, with pictures.
* Give the variational autoencoder `beta=4`, or 0.1: which term grows, and what do samples look
  like?
* Let `convolutional_autoencoder` take the place of the dense networks.
* Draw more z for `evidence`: it grows still. Why can it never fall, but for chance?
* Train the BiGAN ten times as long, and `presets.ali`, whose encoder returns a distribution.

## References

* Hinton and Salakhutdinov 2006, *Reducing the Dimensionality of Data with Neural Networks*.
* Vincent et al. 2010, *Stacked Denoising Autoencoders*, sections 3 and 4.
* Kingma and Welling 2014, *Auto-Encoding Variational Bayes*, arXiv:1312.6114: equation 3,
  appendix B, figure 4.
* Burda, Grosse and Salakhutdinov 2016, *Importance Weighted Autoencoders*, arXiv:1509.00519: the
  log of the mean weight.
* Donahue, Krahenbuhl and Darrell 2017, *Adversarial Feature Learning*, arXiv:1605.09782.
* Salimans et al. 2016, *Improved Techniques for Training GANs*, arXiv:1606.03498: section 5.
* Zhu et al. 2016, *Generative Visual Manipulation on the Natural Image Manifold*, arXiv:1609.03552:
  section 3.1, inversion.
* Radford, Metz and Chintala 2016, arXiv:1511.06434: section 6.3.2, arithmetic.
* Olshausen and Field 1996, *Emergence of simple-cell receptive field properties by learning a
  sparse code for natural images*.
"""

assert abs(terms["reconstruction"] - reconstruction) < 1e-3 * reconstruction, terms
assert abs(terms["divergence"] - divergence) < 1e-3 * divergence + 1e-4, terms
assert np.isclose(bound, -loss, rtol=0.01), (bound, loss)
assert np.isclose(by_softmax, unsupervised, rtol=1e-3), (by_softmax, unsupervised)
if not options.quick:
    assert errors["dae"] < errors["ae"], errors
    assert shares["variational"] < 1 and abs(shares["DCGAN"] - 1) < 1 - shares["variational"], (
        shares
    )
    assert accuracies["denoising"] > accuracies["pixels"] and of_semi > 0.6
    assert max(distances[1:]) < distances[0], distances
    assert max(few[0], few[2]) < few[1], few
    assert max(farther, key=farther.get) == bigan.name, farther
    assert active.mean() < 30, active.mean()
assert np.isclose(divergence, log_q_over_p.mean(), rtol=0.2, atol=0.1)
