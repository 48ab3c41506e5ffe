"""What goes wrong in training, made to happen, and what helps: for docs/troubleshooting.md.

`python -m benchmarks.symptoms NAME ...`, names of the functions below; without one, all. Each takes
less than a minute of one core, on the embedded images and networks of width 8.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import keras
import numpy as np

import keras_gans
from keras_gans.networks import dcgan_discriminator, dcgan_generator

SHAPE = (32, 32, 1)
STEPS, BATCH = 300, 32


def images():
    """The embedded images, with a black border."""
    return np.pad(keras_gans.data.fashion_mnist()[0], [(0, 0), (2, 2), (2, 2), (0, 0)])


def tiny(width=8, discriminator=None, **options):
    """A DCGAN of width 8, whose discriminator may be another."""
    model = keras_gans.GAN(
        dcgan_generator(SHAPE, width=width),
        discriminator or dcgan_discriminator(SHAPE, width=width),
        latent_dim=100,
        seed=0,
        **options,
    )
    model.compile(*(keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)))
    return model


def trained(model, data, steps=STEPS):
    epochs = max(1, steps * BATCH // len(data))
    history = model.fit(data[: steps * BATCH], batch_size=BATCH, epochs=epochs, verbose=0)
    return {name: values[-1] for name, values in history.history.items()}


def judged(model, real):
    """The shares of real and of generated images that the discriminator tells rightly."""
    fake = keras_gans.data.to_float(model.generate(len(real), seed=1))
    scores = [
        keras.ops.convert_to_numpy(model.discriminator(x, training=False))
        for x in (keras_gans.data.to_float(real), fake)
    ]
    return [float(np.mean(scores[0] > 0)), float(np.mean(scores[1] < 0))]


def grey_images():
    """Floats from 0 to 1, which models take for the upper half of their range."""
    real = images()
    for name, data in (("floats in [0, 1]", real.astype("float32") / 255), ("uint8", real)):
        model = tiny()
        trained(model, data)
        made = model.generate(64, seed=0)
        yield name, {"darkest tenth of pixels": float(np.percentile(made, 10))}
    model = tiny()
    trained(model, real, 20)
    yield (
        "uint8, 20 steps",
        {"darkest tenth of pixels": float(np.percentile(model.generate(64, seed=0), 10))},
    )


def checkerboards():
    """What layers that enlarge make of an even image, all their weights being equal."""
    layers = {
        "transposed, kernel 3, stride 2": [keras.layers.Conv2DTranspose(64, 3, 2, "same")],
        "transposed, kernel 5, stride 2": [keras.layers.Conv2DTranspose(64, 5, 2, "same")],
        "transposed, kernel 4, stride 2": [keras.layers.Conv2DTranspose(64, 4, 2, "same")],
        "enlarged, then kernel 3": [
            keras.layers.UpSampling2D(2),
            keras.layers.Conv2D(64, 3, padding="same"),
        ],
    }
    for name, stack in layers.items():
        keras.utils.set_random_seed(0)
        sums = stack[-1]
        sums.kernel_initializer = keras.initializers.Constant(1 / 64)
        made = keras.ops.convert_to_numpy(
            keras.Sequential(stack)(np.ones((1, 16, 16, 1), "float32"))
        )
        inner = made[0, 8:-8, 8:-8, 0]
        phases = [inner[i::2, j::2].mean() for i in (0, 1) for j in (0, 1)]
        yield name, {"brightest phase over darkest": float(max(phases) / min(phases))}


def one_image_for_every_latent():
    """The ring of eight modes by the minimax loss, and by another with two penalties."""
    from keras_gans.losses import Penalty
    from keras_gans.networks import wgan_gp_toy_discriminator, wgan_gp_toy_generator

    toy = keras_gans.data.pacgan_ring
    coverage = keras_gans.metrics.ModeCoverage(toy.modes, toy.std)
    both = [Penalty("r1", 0.02), Penalty("r2", 0.02)]
    for loss, penalty in (("minimax", None), ("relativistic", both)):
        networks = wgan_gp_toy_generator(width=128), wgan_gp_toy_discriminator(width=128)
        model = keras_gans.GAN(*networks, latent_dim=2, loss=loss, penalty=penalty, seed=0)
        adams = (keras.optimizers.Adam(1e-3, beta_1=0.5) for _ in range(2))
        model.compile(*adams, steps_per_execution=100)
        model.fit(toy(100_000), batch_size=100, epochs=4, verbose=0)
        found = coverage.compare(None, model.generate(2500, seed=0))
        yield loss + (", R1 and R2" if penalty else ""), {"modes of 8": found["modes"]}


def not_a_number():
    """Wasserstein losses that nothing bounds, by SGD with a high rate; clipped, and bounded."""
    real = images()
    for name, penalty, clip in (
        ("Wasserstein, SGD with 1, no penalty", None, None),
        ("the same, clipnorm=1", None, 1.0),
        ("Adam with 2e-4, gradient penalty", "gradient_penalty", None),
    ):
        network = keras_gans.networks.wgan_gp_discriminator(SHAPE, width=8)
        model = tiny(discriminator=network, loss="wasserstein", penalty=penalty)
        if penalty is None:
            sgd = (keras.optimizers.SGD(1.0, clipnorm=clip) for _ in range(2))
            model.compile(*sgd)
        logs = trained(model, real, 100)
        yield name, {"discriminator_loss": logs["discriminator_loss"]}


def discriminator_at_100_percent():
    """A discriminator that learns ten times as fast; and what holds it back."""
    real = images()
    for name, rate, options in (
        ("its rate ten times the generator's", 2e-3, {}),
        ("the same, R1 of 10", 2e-3, {"penalty": "r1", "penalty_weight": 10.0}),
        ("equal rates", 2e-4, {}),
    ):
        network = keras_gans.networks.wgan_gp_discriminator(SHAPE, width=8)  # No batch norm.
        model = tiny(discriminator=network, **options)
        model.compile(
            discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
            generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
        )
        logs = trained(model, real)
        told = dict(zip(("real told", "samples told"), judged(model, real[:256]), strict=True))
        yield name, {**told, "generator_loss": logs["generator_loss"]}


def out_of_memory():
    """The peak memory of a pass over 1,536 images, width 64, each in a process of its own."""
    for name, batch, times in (
        ("batches of 512", 512, 1),
        ("batches of 64", 64, 1),
        ("batches of 64, eight accumulated", 64, 8),
    ):
        command = [sys.executable, "-m", "benchmarks.symptoms", f"memory_of={batch},{times}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        before, after = map(int, said.split()[-2:])
        yield name, {"MiB over what is loaded": after - before}


def memory_of(batch, times):
    model = tiny(width=64)
    adams = (
        keras.optimizers.Adam(2e-4, gradient_accumulation_steps=times if times > 1 else None)
        for _ in range(2)
    )
    model.compile(*adams)
    data = images()[: 3 * 512]
    before = peak()
    model.fit(data, batch_size=batch, verbose=0)
    print(before, peak())


def peak():
    """The most memory that this process has had, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


class Decoding(keras.utils.PyDataset):
    """Photographs that are decoded and made small at every step, as many do."""

    def __init__(self, paths):
        super().__init__()
        self.paths = paths

    def __len__(self):
        return len(self.paths) // BATCH

    def __getitem__(self, i):
        from PIL import Image

        chosen = self.paths[i * BATCH : (i + 1) * BATCH]
        small = [np.asarray(Image.open(path).resize((32, 32), Image.LANCZOS)) for path in chosen]
        return np.stack(small)[..., None]


def slow_input():
    """Files of 1024x1024 pixels: decoded at every step, and once by `data.images`."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        for i, image in enumerate(images()[:320]):
            large = Image.fromarray(image[..., 0]).resize((1024, 1024))
            large.save(Path(folder) / f"{i}.png", compress_level=1)
        paths = sorted(Path(folder).glob("*.png"))
        sets = {
            "decoded at every step": lambda: Decoding(paths),
            "keras_gans.data.images": lambda: keras_gans.data.images(folder, SHAPE, BATCH),
        }
        for name, make in sets.items():
            start = time.perf_counter()
            data, model = make(), tiny()
            made = time.perf_counter() - start
            model.fit(data, epochs=1, verbose=0)  # The trace.
            start = time.perf_counter()
            model.fit(data, epochs=3, verbose=0)
            per_step = (time.perf_counter() - start) / 30
            yield name, {"ms a step": 1000 * per_step, "seconds before": made}


SYMPTOMS = (
    grey_images,
    checkerboards,
    one_image_for_every_latent,
    not_a_number,
    discriminator_at_100_percent,
    out_of_memory,
    slow_input,
)


def main(names):
    if names and names[0].startswith("memory_of="):
        return memory_of(*map(int, names[0].partition("=")[2].split(",")))
    for symptom in SYMPTOMS:
        if not names or symptom.__name__ in names:
            start = time.process_time()
            for case, numbers in symptom():
                told = ", ".join(f"{what} {value:.3g}" for what, value in numbers.items())
                print(f"{symptom.__name__}: {case}: {told}", flush=True)
            print(f"{symptom.__name__}: {time.process_time() - start:.0f} processor seconds")


if __name__ == "__main__":
    main(sys.argv[1:])
