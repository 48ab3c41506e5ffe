"""DCGAN-64 on an accelerator: `fit` on JAX and PyTorch against loops written by hand.

    python -m benchmarks.accelerator [--rounds 2] [--steps 200] [--output results.md]

Batches of 128 images of 64x64 pixels in colour, uint8 in the host's memory, shuffled anew. Each
contender runs in a process of its own, the rounds are interleaved, and nobody waits for the device
inside the window. The loops are what an expert writes who needs this one GAN: one run of the
generator per step, channels last, no gradients for the discriminator's weights in the generator's
phase, on JAX one compiled function that is given its state. Without an accelerator it runs too,
slowly.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

import numpy as np

from benchmarks.throughput.protocol import (
    BETA_1,
    BETA_2,
    IMAGE_SHAPE,
    LATENT_DIM,
    LEARNING_RATE,
    WIDTH,
    Stopwatch,
    Window,
    random_images,
)

BATCH_SIZE = 128
PRECISIONS = ("float32", "mixed_bfloat16")
KINDS = {
    "fit_jax": ("keras_gans `fit`, JAX", "jax"),
    "loop_jax": ("JAX loop by hand", "jax"),
    "fit_torch": ("keras_gans `fit`, PyTorch", "torch"),
    "loop_torch": ("PyTorch loop by hand", "torch"),
    "loop_torch_compiled": ("the same with `torch.compile`", "torch"),
}


def wait_for_the_device():
    """Return when the device has done what it was given; it does so in order."""
    if os.environ["KERAS_BACKEND"] == "jax":
        import jax

        jax.block_until_ready(jax.numpy.zeros(()) + 1)
    else:
        import torch

        if torch.cuda.is_available():
            torch.cuda.synchronize()


def dcgan_networks():
    from keras_gans.networks import dcgan_discriminator, dcgan_generator

    return (
        dcgan_generator(IMAGE_SHAPE, latent_dim=LATENT_DIM, width=WIDTH),
        dcgan_discriminator(IMAGE_SHAPE, width=WIDTH),
    )


def fit(window):
    """The library."""
    import keras

    import keras_gans

    stopwatch = Stopwatch(window)

    class Watch(keras.callbacks.Callback):
        # Not at the end of batches: Keras would then wait for the logs of each.
        def on_train_batch_begin(self, batch, logs=None):
            if stopwatch.is_due(batch):
                wait_for_the_device()
                stopwatch.after(batch, [])

    model = keras_gans.presets.dcgan(IMAGE_SHAPE, latent_dim=LATENT_DIM, width=WIDTH)
    longer = Window(window.warmup, window.steps + 1, window.batch_size)
    data = keras_gans.data.images(random_images(longer), IMAGE_SHAPE, batch_size=window.batch_size)
    history = model.fit(data, verbose=0, callbacks=[Watch()]).history
    return stopwatch, [values[-1] for name, values in history.items() if name.endswith("loss")]


def shuffled(window):
    """Batches of uint8 images, one pass."""
    images = random_images(window)
    for rows in np.array_split(
        np.random.default_rng(0).permutation(len(images)), window.examples // window.batch_size
    ):
        yield images[rows]


def timed(step, window):
    """Times calls of `step` on uint8 batches; it returns tensors that are read at the end only."""
    stopwatch = Stopwatch(window)
    for done, batch in enumerate(shuffled(window), start=1):
        losses = step(batch)
        if stopwatch.is_due(done):
            wait_for_the_device()
            stopwatch.after(done, [])
    return stopwatch, [float(loss) for loss in losses]


def loop_torch(window, compiled=False):
    """PyTorch by hand; bfloat16 by its autocast."""
    import keras
    import torch
    from torch.nn.functional import softplus

    from benchmarks.throughput.gan_torch import dcgan_discriminator, dcgan_generator, initialize
    from benchmarks.throughput.torch_loops import adam, descend, scaled

    device = "cuda" if torch.cuda.is_available() else "cpu"
    half = keras.config.dtype_policy().name == "mixed_bfloat16"
    generator, discriminator = dcgan_generator(), dcgan_discriminator()
    for network in (generator, discriminator):
        network.apply(initialize).to(device, memory_format=torch.channels_last).train()
        if compiled:
            network.compile()
    optimizers = adam(generator), adam(discriminator)

    def step(batch):
        real = scaled(torch.from_numpy(batch).to(device, non_blocking=True))
        latents = torch.randn(len(batch), LATENT_DIM, 1, 1, device=device)
        with torch.autocast(device, torch.bfloat16, enabled=half):
            fake = generator(latents)
            scores = discriminator(real), discriminator(fake.detach())
            discriminator_loss = softplus(-scores[0].float()).mean()
            discriminator_loss = discriminator_loss + softplus(scores[1].float()).mean()
        descend(optimizers[1], discriminator_loss)
        discriminator.requires_grad_(False)
        with torch.autocast(device, torch.bfloat16, enabled=half):
            generator_loss = softplus(-discriminator(fake).float()).mean()
        descend(optimizers[0], generator_loss)
        discriminator.requires_grad_(True)
        return discriminator_loss.detach(), generator_loss.detach()

    return timed(step, window)


def loop_torch_compiled(window):
    return loop_torch(window, compiled=True)


def loop_jax(window):
    """JAX by hand: the same networks as plain functions, Adam written out."""
    import jax
    import jax.numpy as jnp

    generator, discriminator = dcgan_networks()

    def values(variables):
        return [v.value for v in variables]

    def adam(weights, grads, moments, t):
        new = []
        for w, g, (m, v) in zip(weights, grads, moments, strict=True):
            m, v = BETA_1 * m + (1 - BETA_1) * g, BETA_2 * v + (1 - BETA_2) * g * g
            rate = LEARNING_RATE * jnp.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
            new.append((w - rate * m / (jnp.sqrt(v) + 1e-8), (m, v)))
        return [w for w, _ in new], [m for _, m in new]

    def train(state, batch):
        (g, g_stats, g_moments), (d, d_stats, d_moments), key, t = state
        key, draw = jax.random.split(key)
        real = batch.astype("float32") / 127.5 - 1.0
        latents = jax.random.normal(draw, (len(batch), LATENT_DIM))
        fake, pull_back, g_stats = jax.vjp(
            lambda g: generator.stateless_call(g, g_stats, latents, training=True), g, has_aux=True
        )

        def discriminator_loss(d, stats):
            on_real, stats = discriminator.stateless_call(d, stats, real, training=True)
            on_fake, stats = discriminator.stateless_call(d, stats, fake, training=True)
            loss = jax.nn.softplus(-on_real).mean() + jax.nn.softplus(on_fake).mean()
            return loss, stats

        (d_loss, d_stats), grads = jax.value_and_grad(discriminator_loss, has_aux=True)(d, d_stats)
        d, d_moments = adam(d, grads, d_moments, t)

        def generator_loss(fake):
            scores, _ = discriminator.stateless_call(d, d_stats, fake, training=True)
            return jax.nn.softplus(-scores).mean()

        g_loss, cotangent = jax.value_and_grad(generator_loss)(fake)
        g, g_moments = adam(g, pull_back(cotangent)[0], g_moments, t)
        state = (g, g_stats, g_moments), (d, d_stats, d_moments), key, t + 1
        return state, (d_loss, g_loss)

    players = []
    for network in (generator, discriminator):
        weights = values(network.trainable_variables)
        moments = [(jnp.zeros_like(w), jnp.zeros_like(w)) for w in weights]
        players.append((weights, values(network.non_trainable_variables), moments))
    state = (*players, jax.random.key(0), jnp.ones(()))
    train = jax.jit(train, donate_argnums=0)

    def step(batch):
        nonlocal state
        state, losses = train(state, batch)
        return losses

    return timed(step, window)


def contend(kind, precision, window):
    """Run one contender in this process and print its report."""
    import keras

    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(precision)
    function = {"fit_jax": fit, "fit_torch": fit}.get(kind) or globals()[kind]
    stopwatch, losses = function(window)
    if not np.isfinite(losses).all():
        raise RuntimeError(f"{kind} ended with the losses {losses}.")
    print(json.dumps({"images_per_second": stopwatch.images_per_second, "losses": losses}))


def measure(kind, precision, window):
    """Images per second of one contender in a process of its own, or what it said last."""
    command = [sys.executable, "-m", "benchmarks.accelerator", "--contender", kind]
    command += ["--precision", precision, "--steps", str(window.steps)]
    command += ["--warmup", str(window.warmup)]
    environment = {**os.environ, "KERAS_BACKEND": KINDS[kind][1]}
    process = subprocess.run(command, env=environment, capture_output=True, text=True)
    if process.returncode:
        return (process.stderr.strip().splitlines() or ["no word"])[-1]
    return json.loads(process.stdout.strip().splitlines()[-1])["images_per_second"]


def table(speeds):
    """Markdown of the speeds, each `fit` compared with the loops of its backend by round."""
    lines = ["| contender | precision | images/s, median | min | max | `fit` / this |"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: |"]
    for (kind, precision), measured in speeds.items():
        title, backend = KINDS[kind]
        if any(isinstance(speed, str) for speed in measured):
            lines.append(f"| {title} | {precision} | missing: {measured[0]} | | | |")
            continue
        library = speeds[f"fit_{backend}", precision]
        ratio = ""
        if not kind.startswith("fit") and not any(isinstance(speed, str) for speed in library):
            pairs = zip(library, measured, strict=True)
            ratio = f"{statistics.median(fit / loop for fit, loop in pairs):.2f}"
        numbers = " | ".join(f"{f(measured):,.0f}" for f in (statistics.median, min, max))
        lines.append(f"| {title} | {precision} | {numbers} | {ratio} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--steps", type=int, default=200, help="timed steps")
    parser.add_argument("--warmup", type=int, default=20, help="untimed steps before them")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--output", help="also write the table there")
    parser.add_argument("--contender", choices=KINDS, help=argparse.SUPPRESS)
    parser.add_argument("--precision", choices=PRECISIONS, help="this one alone")
    arguments = parser.parse_args()
    window = Window(arguments.warmup, arguments.steps, BATCH_SIZE)
    if arguments.contender:
        contend(arguments.contender, arguments.precision, window)
        return
    precisions = [arguments.precision] if arguments.precision else PRECISIONS
    speeds = {(kind, precision): [] for precision in precisions for kind in arguments.only}
    for _ in range(arguments.rounds):
        for (kind, precision), measured in speeds.items():
            measured.append(measure(kind, precision, window))
            print(kind, precision, measured[-1], file=sys.stderr, flush=True)
    text = table(speeds)
    print(text)
    if arguments.output:
        with open(arguments.output, "w") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
