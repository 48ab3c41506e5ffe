"""
# Super-resolution: SRGAN makes small pictures large

Enlarging a picture means inventing pixels. Interpolation invents smooth ones. A network can learn
from photographs what usually lies between pixels, and SRGAN (Ledig et al. 2017) taught it to invent
detail, too. Here: the clothes that come with `keras_gans`, made four times smaller and large again.

You will learn

* how small images are made, and why by this way and no other;
* the two stages of SRGAN: plain `keras.Model.fit`, then the GAN;
* why the mean squared error blurs, and what sharpness costs;
* how to go half of the way from one stage to the other.

It takes about seven minutes of processor time:

    python tutorials/super_resolution.py

The figures go to `runs/tutorials/super_resolution/`.
"""

import argparse
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans
from keras_gans.callbacks import make_grid

parser = argparse.ArgumentParser(description="SRGAN: small clothes, and large ones.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/super_resolution"))
parser.add_argument("--quick", action="store_true", help="smaller networks, few steps")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)

scale, side = 4, 32
blocks, width = (2, 12) if options.quick else (4, 32)
num_images, epochs, gan_epochs = (2048, 4, 2) if options.quick else (6000, 6, 2)

"""
## Small images

The network is trained on pairs: a large image, and the small one that was made of it. How it was
made matters: the network learns to undo exactly that. The field reduces by bicubic interpolation
with antialiasing, as MATLAB does, and so does `reduce_image`. The same interpolation, the other way
round, is what every method has to beat.
"""

large, _ = keras_gans.data.fashion_mnist((side, side, 1))
small = np.stack([keras_gans.data.reduce_image(image, scale) for image in large])
held_out = small[-256:], large[-256:]
bicubic = np.stack([keras_gans.data.enlarge_image(image, scale) for image in held_out[0]])

dataset = keras_gans.data.PatchDataset(
    zip(small[:num_images], large[:num_images], strict=True),
    patch_size=side,
    batch_size=16,
    patches_per_image=1,
)
print(f"{len(dataset)} batches of {dataset[0][0].shape} and {dataset[0][1].shape}")

"""
These images are as large as a patch. Of photographs, `keras_gans.data.super_resolution("photos/")`
cuts patches at random places, turned and mirrored.


## The first stage: plain Keras

SRResNet works at the small size, where pixels are cheap, and turns channels into pixels at the end.
It is an ordinary `keras.Model`, and the mean squared error is an ordinary loss.
"""

generator = keras_gans.networks.srresnet(scale, blocks, width, channels=1)
generator.compile(
    keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(dataset), alpha=0.01)
    ),
    loss="mean_squared_error",
)
generator.fit(dataset.as_floats(), epochs=epochs, verbose=2)
first_stage = keras.models.clone_model(generator)
first_stage.set_weights(generator.get_weights())

"""
## The second stage: SRGAN

A discriminator looks at large images, real and made. The generator goes on from its weights of the
first stage, and now minimizes

    content + 1e-3 * (- log D(G(x)))

The content of the paper is the distance of features of VGG19, a network that was trained to
recognize things; `keras_gans.networks.vgg19_features` makes it where its weights are at hand. For
clothes of one colour, pixels will do.
"""

model = keras_gans.SRGAN(
    generator,
    keras_gans.networks.srgan_discriminator((side, side, 1), width=8 if options.quick else 16),
    pixel_weight=1.0,
    adversarial_weight=3e-3,
    seed=0,
)
rate = 1e-3 if options.quick else 2e-4
model.compile(*(keras.optimizers.Adam(rate) for _ in model.players))
history = model.fit(dataset, epochs=gan_epochs, verbose=2).history
print(f"real_score {history['real_score'][-1]:.1f}, fake_score {history['fake_score'][-1]:.1f}")

"""
## Compare

Two numbers. PSNR measures the squared error in decibels: higher is nearer to the original, pixel
by pixel. Gradient energy measures how much neighbouring pixels differ: the nearer to that of the
originals, the more alike in sharpness.
"""


def psnr(images, originals):
    errors = np.square((images.astype("float32") - originals) / 255.0).mean(axis=(1, 2, 3))
    return float(np.mean(-10.0 * np.log10(errors)))


def gradient_energy(images):
    pixels = images / 255.0
    return np.square(np.diff(pixels, axis=1)).mean() + np.square(np.diff(pixels, axis=2)).mean()


def enlarged(network):
    floats = held_out[0].astype("float32") / 127.5 - 1.0
    return keras_gans.data.to_uint8(network.predict(floats, verbose=0))


halfway = keras_gans.networks.interpolate(first_stage, model.generator, alpha=0.5)
results = {
    "bicubic": bicubic,
    "first stage": enlarged(first_stage),
    "halfway": enlarged(halfway),
    "SRGAN": enlarged(model.generator),
    "original": held_out[1],
}
ratios = {name: psnr(results[name], held_out[1]) for name in list(results)[:-1]}
energies = {name: gradient_energy(images) for name, images in results.items()}
for name, ratio in ratios.items():
    share = energies[name] / energies["original"]
    print(f"{name}: {ratio:.2f} dB, {share:.2f} of the originals' gradient energy")

"""
The row "halfway" has no training of its own: its weights are the means of those of both stages,
which are near enough to each other for that (Wang et al. 2018). Sharpness can be chosen afterwards.
"""

count = 12
small_rows = held_out[0][:count].repeat(scale, axis=1).repeat(scale, axis=2)
rows = {"small": small_rows, **{name: images[:count] for name, images in results.items()}}
grid = make_grid(np.concatenate(list(rows.values())), count)
figure, axis = plt.subplots(figsize=(9, 5), layout="constrained")
axis.imshow(grid, cmap="gray", vmin=0, vmax=255)
axis.set_yticks((np.arange(len(rows)) + 0.5) * len(grid) / len(rows), list(rows))
axis.tick_params(length=0)
axis.set_xticks([])
axis.set_title("Held-out images, four times as large")
figure.savefig(options.output / "enlarged.png", dpi=110)
plt.close(figure)

"""
What the mean squared error asks for is the mean of everything that might be there, and a mean is
smooth. The discriminator asks for one of the things that might be there. It will not be the one
that was: PSNR falls.
"""

figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
for name, ratio in ratios.items():
    axis.scatter(energies[name] / energies["original"], ratio)
    axis.annotate(
        name, (energies[name] / energies["original"], ratio), (6, 6), textcoords="offset points"
    )
axis.axvline(1.0, color="grey", linestyle=":", label="as sharp as the originals")
axis.set(xlabel="gradient energy, of the originals'", ylabel="PSNR (dB)", xlim=(0, 1.2))
axis.set_title("Nearer, or sharper")
axis.margins(y=0.15)
axis.legend(loc="center right")
axis.grid(alpha=0.3)
figure.savefig(options.output / "nearer_or_sharper.png", dpi=110)
plt.close(figure)

"""
## What was claimed

1. The first stage is nearer to the originals than bicubic interpolation.
2. The second stage is sharper than the first.

## Where to go from here

* Photographs: `python -m applications.super_resolution --train PHOTOS`, then `--upscale`.
* `model.upscale(image)` takes a photograph of any size and works through it in tiles.
* The papers' recipes: `keras_gans.presets.srgan()` and `esrgan()`.

## References

* Ledig et al. 2017, *Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial
  Network*, arXiv:1609.04802.
* Wang et al. 2018, *ESRGAN*, arXiv:1809.00219: network interpolation, section 3.4.
* Shi et al. 2016, *Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
  Convolutional Neural Network*, arXiv:1609.05158: channels become pixels.
"""

assert ratios["first stage"] > ratios["bicubic"], ratios
assert energies["SRGAN"] > energies["first stage"], energies
